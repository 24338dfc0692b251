"""The clock that reminds: one mail a person a day at most, on working days, in working hours."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from outcomes import notifications
from outcomes.queries.clock import digests
from partners.actions.events import acting
from vru_portal.core.working_days import is_working_day

# Local hours: what waited for the clock overnight is not sent at night.
FIRST_HOUR, LAST_HOUR = 7, 19


def send_due(*, now: datetime) -> int:
    """Write today's digests that are not written yet. Returns how many."""
    local = timezone.localtime(now)
    if not is_working_day(local.date()) or not FIRST_HOUR <= local.hour < LAST_HOUR:
        return 0
    written = 0
    for digest in digests(local.date()):
        with acting("outcomes.digest.written", by=None, now=now) as act:
            message = notifications.digest(digest, now=now)
            if message is not None:  # None: another clock was faster
                act.on(message, organisation=digest.organisation)
                written += 1
    return written
