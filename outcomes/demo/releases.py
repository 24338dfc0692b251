"""The demo region's releases, through the same action as every other release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from functools import partial

from django.db import transaction
from django.utils import timezone

from outcomes.actions import publishing, releases
from outcomes.demo.people import People
from outcomes.models import Release
from outcomes.queries.policies import policy_on
from outcomes.queries.publishing import announced, is_settled, usual_moment
from partners.models import User
from vru_portal.core.periods import Month
from vru_portal.core.working_days import working_day_of, working_days_after

FIRST_RELEASED = Month(2021, 12)
YEAR_END = Month(2022, 3)
REVISED_ON = date(2022, 2, 16)
LATEST = 2  # of the latest months, the last of which waits to be approved

# Looking for other populations takes minutes; the worker does it while the demonstration goes on.
MADE_UP = "Made-up data. It was approved while other populations were still looked for."


def load_first(people: People, today: date) -> int:
    """The first release of April to December 2021, before a late return came. Returns how many releases are new."""
    day = _release_day(FIRST_RELEASED)
    if day >= today or _exists(FIRST_RELEASED):
        return 0
    _announce(FIRST_RELEASED, usual_moment(FIRST_RELEASED))
    _publish(FIRST_RELEASED, day, by=people.analyst, approver=people.director)
    return 1


def rest(people: People, today: date, now: datetime) -> Iterator[tuple[str, Callable[[], int]]]:
    """Steps that load its revision, the ends of its year and of last year, whose figures may be final by now, and the
    latest months, one of them not yet approved; and the days of those to come. Each tells how many releases are new."""
    if not _exists(FIRST_RELEASED):
        return  # the day is too early for any
    yield "Its revision", partial(_revise, people, today)
    *_, latest = months = _months(today)
    last_year_end = _last_year_end(latest)
    for month in months:
        if month > FIRST_RELEASED:
            yield f"The release of {month}", partial(_load_month, month, people, is_latest=month == latest)
    yield f"The final one of {last_year_end}", partial(_publish_final, last_year_end, people, today)
    yield "Days of releases to come", lambda: len(publishing.announce_due(now=now))


def produced_on(today: date) -> dict[Month, date]:
    """Of each month that the region's releases hold by the day: when the first of them is produced."""
    found = {}
    for month in reversed(_months(today)):
        found |= {held: _release_day(month) for held in month.financial_year.months if held <= month}
    return found


def _months(today: date) -> list[Month]:
    """Whose first release is produced by the day, in their order."""
    latest = _latest_month(today)
    wanted = {FIRST_RELEASED, YEAR_END, _last_year_end(latest), *(latest.plus(-n) for n in range(LATEST))}
    return sorted(month for month in wanted if month >= FIRST_RELEASED and _release_day(month) < today)


def _last_year_end(latest: Month) -> Month:
    """What this year's months are drawn beside."""
    return Month(latest.financial_year.start, 3)


def _revise(people: People, today: date) -> int:
    if today <= REVISED_ON or Release.objects.filter(month=FIRST_RELEASED.first).count() != 1:
        return 0
    _publish(FIRST_RELEASED, REVISED_ON, by=people.analyst, approver=people.programme_manager)
    return 1


def _load_month(month: Month, people: People, *, is_latest: bool) -> int:
    if _exists(month):
        return 0
    day = _release_day(month)
    if is_latest:
        # The clock made it: anybody may approve, and it is public at once, for its day has passed.
        _announce(month, _at(day, 10))
        releases.produce(month=month, by=None, now=_at(day, 6))
    else:
        _announce(month, usual_moment(month))
        _publish(month, day, by=people.analyst, approver=people.director)
    return 1


def _publish_final(march: Month, people: People, today: date) -> int:
    """As the clock asks for it, on the first release day after the year's figures are settled."""
    made = Release.objects.filter(month=march.first)
    if not made.exists() or made.filter(status=Release.Status.FINAL).exists():
        return 0
    month = march
    while not is_settled(march, month.last):
        month = month.plus(1)
    day = working_day_of(month, policy_on(march.last).release_working_day)
    if working_days_after(day, 1) >= today:
        return 0
    _publish(march, day, by=people.analyst, approver=people.director)
    return 1


def _announce(month: Month, public_at: datetime) -> None:
    """When the month begins, as the clock does."""
    if announced(month) is None:
        publishing.announce(month=month, public_at=public_at, reason="", by=None, now=_at(month.first, 7))


def _publish(month: Month, day: date, *, by: User, approver: User) -> None:
    """At once: the worker looks for no certificate of what is decided, and begins with the release that waits."""
    with transaction.atomic():
        release = releases.produce(month=month, by=by, now=_at(day, 10))
        if not release.is_approved:
            approved_at = _at(working_days_after(day, 1), 9)
            releases.approve(release=release, by=approver, now=approved_at, unproven_reason=MADE_UP)


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
