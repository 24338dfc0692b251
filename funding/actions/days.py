"""What every day has to be before something is recorded of it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from vru_portal.core.refusals import Refusal


class InTheFuture(Refusal):
    about = ("on_date", "agreed_on", "confirmed_on", "announced_on", "met_on")

    def __init__(self) -> None:
        super().__init__("This date has not come yet. Record it on the day or later.")


def refuse_future(day: date | None, now: datetime) -> None:
    """Raise `InTheFuture` for a day after that of `now`."""
    if day and day > timezone.localdate(now):
        raise InTheFuture()
