"""When things happened in the demo region."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone


def midday(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
