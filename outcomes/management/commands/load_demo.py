"""`manage.py load_demo`: the demo region, up to today."""

from __future__ import annotations

import time
from datetime import date, datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outcomes.demo.load import lacks_releases, load_records, load_region, load_releases, records_loaded_at


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
            if today:
                raise CommandError("Releases are loaded as of the day that the records are of. Leave out --today.")
            if not lacks_releases():
                say("No release of the demonstration is missing.")
                return
            self.stdout.write("\nThe releases of the demonstration follow, one by one:")
            now = records_loaded_at()
        load, done = {
            None: (load_region, "The demo region is loaded."),
            "records": (load_records, "The records of the demo region are loaded."),
            "releases": (load_releases, "Every release of the demonstration is there."),
        }[only]
        new = load(today=timezone.localdate(now), now=now, say=say)
        say(done if new else "Nothing to add: the demo region was loaded already.")
