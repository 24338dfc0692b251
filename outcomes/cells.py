"""The cells of a financial year's cube: how many people, of which period, slice of the deliveries and kind of people.

Pure: from `YearReach` to `CellRow`s, by the rules of `outcomes.reach`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from pyroaring import BitMap

from outcomes import reach
from outcomes.reach import DISTRICT, NO_PEOPLE, Breakdowns, Cell, Contribution, DeliveryYear, Interval
from outcomes.release_figures import AGE, Period, periods_of
from vru_portal.core.periods import FinancialYear, Month, months_between

ANY = "any"
# By what people are told in a cell; the two of the last only where the deliveries are not told from one another.
ONE_BY_ONE, CROSSED = (DISTRICT, AGE, "sex", "ethnicity"), (DISTRICT, AGE)


@dataclass(frozen=True)
class Given:
    """What a delivery gives to a slice. `is_home`: its returns count in the slice's coverage.

    `otherwise`: whom its registers tell of by other thresholds of linking, by threshold and month.
    """

    year: DeliveryYear
    is_home: bool = True
    otherwise: Mapping[str, Mapping[Month, BitMap]] = field(default_factory=dict)


@dataclass(frozen=True)
class Slice:
    """Some of the deliveries: those of a programme, of a partner, …"""

    where: str
    what: str
    given: tuple[Given, ...]


@dataclass(frozen=True)
class YearReach:
    """A financial year's deliveries by every slice, and who the people of its registers are."""

    year: FinancialYear
    last_month: Month
    breakdowns: Breakdowns
    slices: tuple[Slice, ...]

    def slice(self, where: str, what: str) -> Slice:
        return next((s for s in self.slices if (s.where, s.what) == (where, what)), Slice(where, what, ()))


class CellRow(NamedTuple):
    period: str
    start: date
    end: date
    where: str
    what: str
    district: str
    age_band: str
    sex: str
    ethnicity: str
    told: int
    strict: int | None
    loose: int | None
    lower: int
    upper: int
    is_unique: bool
    received: int
    due: int


def cells(this: YearReach, before: YearReach | None) -> Iterator[CellRow]:
    """Every cell in which there may be somebody, and each slice's total in any case.

    `before`: the financial year before, for the twelve months that begin in it.
    """
    for period in periods_of(this.last_month):
        known: dict[int, Contribution | None] = {}
        for part in this.slices:
            yield from _cells_of(this, period, part, known)
    for month in this.year.months_to(this.last_month):
        known, known_before = {}, {}
        for part in this.slices:
            yield _twelve_months(this, before, month, part, known, known_before)
        for part in _gone(this, before):
            row = _twelve_months(this, before, month, part, known, known_before)
            if row.upper:
                yield row


def _gone(this: YearReach, before: YearReach | None) -> list[Slice]:
    """Slices of the year before that this year has none of: a partner that closed, say."""
    there = {(part.where, part.what) for part in this.slices}
    found = before.slices if before else ()
    return [Slice(part.where, part.what, ()) for part in found if (part.where, part.what) not in there]


def _cells_of(this: YearReach, period: Period, part: Slice, known: dict[int, Contribution | None]) -> Iterator[CellRow]:
    breakdowns = this.breakdowns
    given = reach.together(_contributions(part.given, period.months, breakdowns, known), breakdowns)
    told = next((c for c in given if c.people is not None), None)
    everybody = told.people if told else NO_PEOPLE
    coverage = _coverage(part, period.months)
    is_unique = reach.are_told_apart([each.year for each in part.given], period.months)

    def row(people: Interval, apart: int, cells: Mapping[str, str], otherwise=(None, None)) -> CellRow:
        return CellRow(
            *(period.type, period.start, period.end, part.where, part.what),
            *(cells.get(dimension, "") for dimension in ONE_BY_ONE),
            *(apart, *otherwise, people.lower, people.upper, is_unique, *coverage),
        )

    yield row(reach.all_people(given), len(everybody), {}, _otherwise(part.given, period.months))
    for dimension in ONE_BY_ONE:
        for code in breakdowns.codes[dimension].every:
            cell = (dimension, code)
            people = reach.people_of(given, cell, breakdowns)
            if people.upper:
                apart = everybody.intersection_cardinality(breakdowns.people_of(cell))
                yield row(people, apart, {dimension: code})
    if part.where != ANY:
        return
    for cell, other in _pairs(breakdowns):
        people = reach.people_of_both(given, cell, other, breakdowns)
        if people.upper:
            apart = told.crossed(cell, other, breakdowns).lower if told else 0
            yield row(people, apart, dict((cell, other)))


def _pairs(breakdowns: Breakdowns) -> Iterator[tuple[Cell, Cell]]:
    one, other = CROSSED
    for code in breakdowns.codes[one].every:
        for second in breakdowns.codes[other].every:
            yield (one, code), (other, second)


def _contributions(
    given: Sequence[Given], months: Sequence[Month], breakdowns: Breakdowns, known: dict[int, Contribution | None]
) -> list[Contribution]:
    """Of those that gave a return; a delivery stands in several slices and is worked out once."""
    for each in given:
        if id(each.year) not in known:
            gave = any(month in each.year.received for month in months)
            known[id(each.year)] = reach.contribution(each.year, months, breakdowns) if gave else None
    found = (known[id(each.year)] for each in given)
    return [contribution for contribution in found if contribution is not None]


def _coverage(part: Slice, months: Sequence[Month]) -> tuple[int, int]:
    """Returns received, and returns due."""
    home = [each.year for each in part.given if each.is_home]
    received = sum(month in year.received for year in home for month in months)
    return received, sum(month in year.owed for year in home for month in months)


def _otherwise(*spans) -> tuple[int, int]:
    """People told apart by the stricter and by the looser threshold; `spans`: given and months, one after the other."""
    return tuple(
        len(
            BitMap.union(
                NO_PEOPLE,
                *(
                    people
                    for given, months in zip(spans[::2], spans[1::2], strict=True)
                    for each in given
                    if each.year.tells_apart(months) and not each.year.knows_by_reference(months)
                    for month, people in each.otherwise.get(threshold, {}).items()
                    if month in months
                ),
            )
        )
        for threshold in ("strict", "loose")
    )


def _twelve_months(
    this: YearReach,
    before: YearReach | None,
    month: Month,
    part: Slice,
    known: dict[int, Contribution | None],
    known_before: dict[int, Contribution | None],
) -> CellRow:
    """Totals alone: district and age are of a financial year."""
    by_district = this.breakdowns.of(DISTRICT)
    by_district_before = before.breakdowns.of(DISTRICT) if before else by_district
    head = this.year.months_to(month)
    tail = months_between(month.plus(-11), this.year.months[0].plus(-1))
    given = _contributions(part.given, head, by_district, known)
    earlier = before.slice(part.where, part.what) if before and tail else Slice(part.where, part.what, ())
    given_before = _contributions(earlier.given, tail, by_district_before, known_before)
    people = reach.people_over_two_years(
        reach.together(given_before, by_district_before),
        reach.together(given, by_district),
        _most_of_one(earlier, part, head, known_before),
    )
    told = [c.people for c in (*given_before, *given) if c.people is not None]
    received, due = (sum(counts) for counts in zip(_coverage(earlier, tail), _coverage(part, head), strict=True))
    return CellRow(
        *("rolling_year", month.plus(-11).first, month.last, part.where, part.what, "", "", "", ""),
        *(len(BitMap.union(NO_PEOPLE, *told)), *_otherwise(earlier.given, tail, part.given, head)),
        *(people.lower, people.upper),
        *(_all_known(part, head) and _all_known(earlier, tail), received, due),
    )


def _all_known(part: Slice, months: Sequence[Month]) -> bool:
    return all(each.year.tells_apart(months) and not each.year.knows_by_reference(months) for each in part.given)


def _most_of_one(
    earlier: Slice, part: Slice, head: Sequence[Month], known_before: Mapping[int, Contribution | None]
) -> int:
    """The most people that one delivery must have met: those of the tail, and in the head those new to it (A).

    Not of one that gave registers in the head: its A are new to its registers, which may be younger than it is.
    """
    met = {
        each.year.delivery: contribution.total.lower
        for each in earlier.given
        if (contribution := known_before[id(each.year)])
    }
    new = {
        each.year.delivery: sum(each.year.received[month].new for month in head if month in each.year.received)
        for each in part.given
        if not each.year.register
    }
    return max((met.get(delivery, 0) + people for delivery, people in new.items()), default=0)
