"""The demo region's releases, through the same action as every other release."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from outcomes.actions import releases
from outcomes.demo.people import People
from outcomes.models import Release
from outcomes.queries.policies import policy_on
from partners.models import User
from vru_portal.core.periods import Month
from vru_portal.core.working_days import working_day_of

FIRST_RELEASED = Month(2021, 12)
YEAR_END = Month(2022, 3)
REVISED_ON = date(2022, 2, 16)
LATEST = 2  # of the latest months, the last of which waits to be approved


def load_first(people: People, today: date) -> int:
    """The first release of April to December 2021, before a late return came. Returns how many releases are new."""
    day = _release_day(FIRST_RELEASED)
    if day >= today or _exists(FIRST_RELEASED):
        return 0
    _publish(FIRST_RELEASED, day, by=people.analyst, approver=people.director)
    return 1


def load_rest(people: People, today: date) -> int:
    """Its revision, the ends of its year and of last year, and the latest months, one of them not yet approved."""
    if not _exists(FIRST_RELEASED):
        return 0  # the day is too early for any
    new = 0
    if today > REVISED_ON and Release.objects.filter(month=FIRST_RELEASED.first).count() == 1:
        _publish(FIRST_RELEASED, REVISED_ON, by=people.analyst, approver=people.programme_manager)
        new += 1
    latest = _latest_month(today)
    last_year_end = Month(latest.financial_year.start, 3)  # what this year's months are drawn beside
    wanted = sorted({YEAR_END, last_year_end, *(latest.plus(-n) for n in range(LATEST))})
    for month in wanted:
        day = _release_day(month)
        if month <= FIRST_RELEASED or day >= today or _exists(month):
            continue
        if month == latest:
            releases.produce(month=month, by=None, now=_at(day, 6))  # the clock made it: anybody may approve
        else:
            _publish(month, day, by=people.analyst, approver=people.director)
        new += 1
    return new


def _publish(month: Month, day: date, *, by: User, approver: User) -> None:
    release = releases.produce(month=month, by=by, now=_at(day, 10))
    if not release.is_published:
        releases.approve(release=release, by=approver, now=_at(day + timedelta(days=1), 9))


def _latest_month(today: date) -> Month:
    """The last month whose release day has passed."""
    month = Month.of(today).plus(-1)
    return month if _release_day(month) < today else month.plus(-1)


def _release_day(month: Month) -> date:
    return working_day_of(month.plus(1), policy_on(month.last).release_working_day)


def _exists(month: Month) -> bool:
    return Release.objects.filter(month=month.first).exists()


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
