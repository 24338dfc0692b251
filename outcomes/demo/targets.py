"""What each delivery is to reach in each financial year, about what it does reach; a few years have no target."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from django.utils import timezone

from outcomes.demo.deliveries import DELIVERIES, DeliverySpec
from outcomes.demo.dice import dice
from outcomes.demo.people import People
from outcomes.demo.profiles import PROFILES
from programmes.models import Delivery, Target
from programmes.queries import years_to_plan
from vru_portal.core.periods import FinancialYear, Month, months_between

WITHOUT = {"NEXT-DUD", "FAITH-WLV"}
RAISED = {("ED-COV", 2023), ("ED-COV", 2026)}  # in September
IN_SPRING = "Agreed with the partner in the plan for the year."
IN_AUTUMN = "Raised: a second youth worker since September."


def load(deliveries: dict[str, Delivery], people: People, today: date) -> int:
    """The targets that were set by the day; those that are there already are left alone. Returns how many are new."""
    known = set(Target.objects.values_list("delivery", "year", "reason"))
    new = [
        target
        for spec in DELIVERIES
        if spec.code not in WITHOUT
        for target in _targets(spec, deliveries[spec.code], people, today)
        if timezone.localdate(target.set_at) < today and (target.delivery_id, target.year, target.reason) not in known
    ]
    return len(Target.objects.bulk_create(new))


def _targets(spec: DeliverySpec, delivery: Delivery, people: People, today: date) -> Iterator[Target]:
    for year in years_to_plan(delivery, today):
        many, start = _expected(spec, year), year.start
        yield _target(delivery, year, many, IN_SPRING, date(start, 3, 24), people)
        if (spec.code, start) in RAISED:
            yield _target(delivery, year, _rounded(many * 1.2), IN_AUTUMN, date(start, 9, 14), people)


def _target(delivery: Delivery, year: FinancialYear, many: int, reason: str, day: date, people: People) -> Target:
    set_at: datetime = timezone.make_aware(datetime.combine(day, time(10, 30)))
    return Target(
        delivery=delivery, year=year.start, people=many, reason=reason, set_at=set_at, set_by=people.programme_manager
    )


def _expected(spec: DeliverySpec, year: FinancialYear) -> int:
    """The year's level times the months in which it runs, less those who come again; somewhat off, as plans are."""
    profile, grown = PROFILES[spec.programme], (1 + spec.growth) ** (year.start - 2021)
    plan = dice(spec.code, year.start, "target").uniform(1.0, 1.1)
    if spec.programme == "school-routes":
        return _rounded(spec.level * grown * plan)
    first = max(year.months[0], Month.of(spec.starts_on))
    last = min(year.months[-1], Month.of(spec.ends_on)) if spec.ends_on else year.months[-1]
    season = sum(profile.season[month.number - 1] for month in months_between(first, last))
    # In the year's first months hardly anybody can have been counted before.
    return _rounded(spec.level * grown * plan * ((1 - profile.returning) * season + 1.3 * profile.returning))


def _rounded(many: float) -> int:
    step = 10 if many < 500 else 50 if many < 2000 else 100
    return max(step, round(many / step) * step)
