"""`manage.py load_demo`: the demo region, up to today."""

from __future__ import annotations

import time
from datetime import date, datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outcomes.demo.load import load_records, load_region, load_releases, records_loaded_at


class Command(BaseCommand):
    help = "Load the demo region. Loading it again changes nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            help="Load what had happened by this day, e.g. 2026-11-22. The present day if it is not given.",
        )
        parser.add_argument(
            "--only",
            choices=["records", "releases"],
            help="Load the records alone; or the releases of the records that are there, as of the day they are of.",
        )

    def handle(self, *args, today: date | None, only: str | None, **options) -> None:
        began = time.monotonic()

        def say(line: str) -> None:
            self.stdout.write(f"{time.monotonic() - began:5.1f} s  {line}")
            self.stdout.flush()

        now = timezone.make_aware(datetime.combine(today, datetime.min.time())) if today else timezone.now()
        if only == "releases":
            now = records_loaded_at()
            if now is None:
                raise CommandError("There are no records of the demo region. Load them first: manage.py load_demo.")
        load = {"records": load_records, "releases": load_releases}.get(only, load_region)
        new = load(today=timezone.localdate(now), now=now, say=say)
        what = {"records": "The records of the demo region are loaded.", "releases": "Every release is there."}
        done = what.get(only, "The demo region is loaded.")
        say(done if new else "Nothing to add: the demo region was loaded already.")
