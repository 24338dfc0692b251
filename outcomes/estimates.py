"""Estimates for missing returns: the delivery's own last months, carried forward.

Pure functions over plain values. The rules, and why they are so, stand in docs/counting.md, "Estimates".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from outcomes import reach
from outcomes.reach import DISTRICT, NO_PEOPLE, Breakdowns, DeliveryYear, Months
from vru_portal.core.periods import Month


@dataclass(frozen=True)
class Estimate:
    """What a missing return would have told of if its month was like the delivery's last: people met, and of these the
    people first seen this financial year. `made_of`: those months, a return of each of which was accepted."""

    delivery: str
    month: Month
    met: int
    first_seen: int
    made_of: Months


def of_missing(year: DeliveryYear, using: int) -> Iterator[Estimate]:
    """Of each missing return before which the last `using` were accepted: of the financial year, all that were
    received until then of one kind, and the last not longer ago than so many months."""
    for month in sorted(year.owed.difference(year.received)):
        before = sorted(given for given in year.received if given < month)
        window = tuple(before[-using:])
        is_recent = len(window) == using and month <= window[-1].plus(using)
        if is_recent and len({_kind(year, each) for each in before}) == 1:
            told = [_told(year, each) for each in window]
            met, first_seen = (_mean(numbers) for numbers in zip(*told, strict=True))
            yield Estimate(year.delivery, month, met, first_seen, window)


def _kind(year: DeliveryYear, month: Month) -> tuple[bool, bool]:
    return year.tells_apart([month]), month in year.by_reference


def _told(year: DeliveryYear, month: Month) -> tuple[int, int]:
    """People met in the month, and of these the people first seen in it this financial year."""
    if year.tells_apart([month]):
        earlier = [people for each, people in year.register.items() if each < month]
        new = year.register[month] - BitMap.union(NO_PEOPLE, *earlier)
        return len(year.register[month]), len(new)
    counts = year.received[month]
    first, again = (
        sum(people for (dimension, _), people in part.items() if dimension == DISTRICT)
        for part in (counts.first_seen, counts.already_counted)
    )
    return first + again, first


def _mean(numbers: Sequence[int]) -> int:
    """Halves up."""
    return (2 * sum(numbers) + len(numbers)) // (2 * len(numbers))


def within(estimates: Iterable[Estimate], people: int, at_most: int) -> list[Estimate]:
    """A programme's estimates of one month, in which its returns tell of so many people: all of them if they are no
    more than `at_most` percent of both together, else none."""
    found = [each for each in estimates if each.met]
    added = sum(each.met for each in found)
    return found if 100 * added <= at_most * (people + added) else []


def added(year: DeliveryYear, estimates: Sequence[Estimate], months: Months, breakdowns: Breakdowns) -> int:
    """How many more people the delivery met in the period at most, with what its missing returns would have told of:
    whoever was met in them; but from April on, only who was first seen in them."""
    if not any(each.month in months for each in estimates):
        return 0
    april_on = tuple(months[0].financial_year.months_to(months[-1]))
    there = _at_most(year, months, breakdowns)
    to_date = _at_most(year, april_on, breakdowns) + sum(e.first_seen for e in estimates if e.month in april_on)
    met = there + sum(each.met for each in estimates if each.month in months)
    return max(0, (to_date if months == april_on else min(met, to_date)) - there)


def _at_most(year: DeliveryYear, months: Months, breakdowns: Breakdowns) -> int:
    if not any(month in year.received for month in months):
        return 0
    return reach.contribution(year, months, breakdowns).total.upper


def share(added_people: int, people: int) -> int:
    """Of all of them, in percent, in steps of five: at most so much."""
    return -(-20 * added_people // people) * 5 if people else 0
