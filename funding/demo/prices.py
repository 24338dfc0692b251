"""The demo region's deflator series, loaded from a file as staff load the Treasury's. Its numbers are invented."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.utils import timezone

from funding import deflator_csv
from funding.actions import deflators
from partners.models import User

FILE = Path(__file__).with_name("prices.csv")


def load(*, by: User, now: datetime) -> None:
    """What was published by then."""
    series = deflator_csv.read(FILE.read_bytes(), FILE.name)
    today = timezone.localdate(now)
    deflators.load(series=[each for each in series if each.published_on <= today], by=by, now=now)
