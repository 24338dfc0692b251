"""Counting people from monthly counts: ranges that are true whatever the overlap between deliveries.

Pure functions over plain values; nothing here reads the database. The rules are those of docs/counting.md.

Within a delivery a partner tells apart, each month, the people first seen this financial year (A + B) from those it
has already counted this year (C), so a delivery's count of distinct people is exact from April to any month. Between
deliveries nobody is told apart: the lower end of a range takes everybody who could be the same person as the same
person, the upper end takes nobody to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from vru_portal.core.periods import Month

NOT_KNOWN = "not-known"


@dataclass(frozen=True)
class Interval:
    """At least `lower`, at most `upper` people."""

    lower: int
    upper: int


NOBODY = Interval(0, 0)


@dataclass(frozen=True)
class MonthCounts:
    """What one accepted return says: people by (dimension, category code); a cell that is not there is a true zero."""

    first_seen: Mapping[tuple[str, str], int] = field(default_factory=dict)
    already_counted: Mapping[tuple[str, str], int] = field(default_factory=dict)
    exposed: int = 0


@dataclass(frozen=True)
class DeliveryYear:
    """A delivery's financial year so far: the months for which it owes a return, and those that it gave."""

    delivery: str
    owed: frozenset[Month]
    received: Mapping[Month, MonthCounts]


@dataclass(frozen=True)
class Contribution:
    """What a delivery adds to a period: people by district of residence and by age band."""

    districts: Mapping[str, Interval]
    ages: Mapping[str, Interval]

    @cached_property
    def total(self) -> Interval:
        return _sum(self.districts.values())


def people_seen(year: DeliveryYear, months: Sequence[Month], cell: tuple[str, str]) -> Interval:
    """Distinct people of one cell of the breakdowns whom the delivery saw in consecutive months of a financial year.

    One month: A + B + C. From April: the sum of A + B, exact. Other spans lie between the larger of the largest
    month and the sum of A + B, and the sum of A + B + C (or the count from April, where that is smaller). Where a
    return is missing, those it would have counted first may appear in a later C, so those C widen the range.
    """
    received = [month for month in months if month in year.received]
    if not received:
        return NOBODY
    first_seen = {m: year.received[m].first_seen.get(cell, 0) for m in received}
    already = {m: year.received[m].already_counted.get(cell, 0) for m in received}
    if not any(first_seen.values()) and not any(already.values()):
        return NOBODY
    if len(months) == 1:
        return _exactly(first_seen[received[0]] + already[received[0]])

    counted_here = set(received)
    # A month's C is inside this period's A + B if every month that could have counted them first is.
    loose = sum(
        people
        for m, people in already.items()
        if people and not all(owed in counted_here for owed in year.owed if owed < m)
    )
    upper = sum(first_seen.values()) + loose
    april_on = months[0].financial_year.months_to(months[-1])
    if len(april_on) > len(months):
        upper = min(upper, people_seen(year, april_on, cell).upper)
    lower = max(sum(first_seen.values()), *(first_seen[m] + already[m] for m in received))
    return Interval(min(lower, upper), upper)


def contribution(
    year: DeliveryYear, months: Sequence[Month], districts: Iterable[str], ages: Iterable[str]
) -> Contribution:
    return Contribution(
        districts={code: people_seen(year, months, ("district", code)) for code in districts},
        ages={code: people_seen(year, months, ("age_band", code)) for code in ages},
    )


def all_people(contributions: Sequence[Contribution]) -> Interval:
    """Distinct people over deliveries.

    Nobody lives in two districts, so the largest contribution of each district can be added up. Those whose district
    is not known may be among them, but no total is smaller than that of any one delivery; the larger of the two is
    also reached, so no better lower bound follows from these counts.
    """
    known = {code for c in contributions for code in c.districts if code != NOT_KNOWN}
    by_district = sum(max(c.districts[code].lower for c in contributions) for code in known)
    largest = max((c.total.lower for c in contributions), default=0)
    return Interval(max(by_district, largest), sum(c.total.upper for c in contributions))


def people_in_district(contributions: Sequence[Contribution], district: str) -> Interval:
    """Distinct people recorded as living in the district."""
    return _union([c.districts[district] for c in contributions], contributions, district, "districts")


def people_of_age(contributions: Sequence[Contribution], age: str) -> Interval:
    """Distinct people recorded in the age band.

    Beside the largest single contribution, the people who must be of this age in each district (by the totals of
    each delivery) can be added up over districts.
    """
    union = _union([c.ages[age] for c in contributions], contributions, age, "ages")
    if age == NOT_KNOWN or not contributions:
        return union
    known = {code for c in contributions for code in c.districts if code != NOT_KNOWN}
    over_districts = sum(max(_crossed(c, code, age).lower for c in contributions) for code in known)
    return Interval(max(union.lower, over_districts), union.upper)


def people_of_age_in_district(contributions: Sequence[Contribution], district: str, age: str) -> Interval:
    """Bounds for two breakdowns crossed, which no return gives: Fréchet's within each delivery, then the union."""
    crossed = [_crossed(c, district, age) for c in contributions]
    upper = sum(c.upper for c in crossed)
    if NOT_KNOWN in (district, age):
        return Interval(max((c.lower for c in crossed), default=0) if len(crossed) == 1 else 0, upper)
    return Interval(max((c.lower for c in crossed), default=0), upper)


def people_exposed(years: Sequence[DeliveryYear], months: Sequence[Month]) -> int:
    """The same people pass every month, and each delivery has its own: the largest month of each, added up."""
    return sum(max((year.received[m].exposed for m in months if m in year.received), default=0) for year in years)


def _crossed(c: Contribution, district: str, age: str) -> Interval:
    in_district, of_age = c.districts[district], c.ages[age]
    return Interval(max(0, in_district.lower + of_age.lower - c.total.upper), min(in_district.upper, of_age.upper))


def _union(cells: Sequence[Interval], contributions: Sequence[Contribution], code: str, dimension: str) -> Interval:
    upper = sum(cell.upper for cell in cells)
    if code != NOT_KNOWN:
        return Interval(max((cell.lower for cell in cells), default=0), upper)
    # Whoever one delivery does not know may be known to any other.
    known = [
        sum(cell.upper for other, cell in getattr(c, dimension).items() if other != NOT_KNOWN) for c in contributions
    ]
    everywhere = sum(known)
    lowers = (cell.lower - (everywhere - own) for cell, own in zip(cells, known, strict=True))
    return Interval(max(0, max(lowers, default=0)), upper)


def _exactly(people: int) -> Interval:
    return Interval(people, people)


def _sum(intervals: Iterable[Interval]) -> Interval:
    intervals = list(intervals)
    return Interval(sum(i.lower for i in intervals), sum(i.upper for i in intervals))
