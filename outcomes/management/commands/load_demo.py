"""`manage.py load_demo`: the demo region, up to today."""

from __future__ import annotations

import time
from datetime import date, datetime

from django.core.management.base import BaseCommand
from django.utils import timezone

from outcomes.demo.load import load_region


class Command(BaseCommand):
    help = "Load the demo region. Loading it again changes nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            help="Load what had happened by this day, e.g. 2026-11-22. The present day if it is not given.",
        )

    def handle(self, *args, today: date | None, **options) -> None:
        began = time.monotonic()

        def say(line: str) -> None:
            self.stdout.write(f"{time.monotonic() - began:5.1f} s  {line}")
            self.stdout.flush()

        now = timezone.make_aware(datetime.combine(today, datetime.min.time())) if today else timezone.now()
        new = load_region(today=timezone.localdate(now), now=now, say=say)
        say("The demo region is loaded." if new else "Nothing to add: the demo region was loaded already.")
