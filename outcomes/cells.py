"""The cells of a financial year's cube: how many people, of which period, slice of the deliveries and kind of people.

Pure: from `YearReach` to `CellRow`s, by the rules of `outcomes.reach`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import NamedTuple

from pyroaring import BitMap

from outcomes import reach
from outcomes.in_order import in_order, order_of
from outcomes.reach import DISTRICT, NO_PEOPLE, Breakdowns, Cell, Contribution, DeliveryYear, Months
from outcomes.release_figures import Period, periods_of
from outcomes.release_inputs import AGE
from vru_portal.core.periods import FinancialYear, Month, months_between

# Goes up when the same sources come to other cells than before.
RULES = 2
ANY = "any"
# What each delivery adds to a period, if it gave anything, by the identity of its year: it stands in several slices.
Known = dict[int, Contribution | None]
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
    periods = periods_of(this.last_month)
    by_period: dict[Months, Known] = {period.months: {} for period in periods}
    for part in this.slices:
        yield from _cells_of(this, periods, part, by_period)
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


def _cells_of(
    this: YearReach, periods: Sequence[Period], part: Slice, known: Mapping[Months, Known]
) -> Iterator[CellRow]:
    breakdowns = this.breakdowns
    given = {
        months: reach.together(_contributions(part.given, months, breakdowns, found), breakdowns)
        for months, found in known.items()
    }
    order = order_of(tuple(given))
    people = {
        cells: in_order((reach.people_in(each, cells, breakdowns) for each in given.values()), order)
        for cells in _kinds(part, breakdowns)
    }
    places = {months: n for n, months in enumerate(given)}
    for period in periods:
        told = next((c for c in given[period.months] if c.people is not None), None)
        otherwise = _otherwise(part.given, period.months)
        is_unique = reach.are_told_apart([each.year for each in part.given], period.months)
        coverage = _coverage(part, period.months)
        for cells, found in people.items():
            each = found[places[period.months]]
            if each.upper or not cells:
                yield CellRow(
                    *(period.type, period.start, period.end, part.where, part.what),
                    *(dict(cells).get(dimension, "") for dimension in ONE_BY_ONE),
                    *(_told_apart(told, cells, breakdowns), *((None, None) if cells else otherwise)),
                    *(each.lower, each.upper, is_unique, *coverage),
                )


def _kinds(part: Slice, breakdowns: Breakdowns) -> Iterator[tuple[Cell, ...]]:
    """Everybody, each line of a breakdown, and of all deliveries together two lines at once."""
    yield ()
    lines = {dimension: [(dimension, code) for code in breakdowns.codes[dimension].every] for dimension in ONE_BY_ONE}
    yield from ((line,) for dimension in ONE_BY_ONE for line in lines[dimension])
    if part.where == ANY:
        yield from product(*(lines[dimension] for dimension in CROSSED))


def _told_apart(told: Contribution | None, cells: Sequence[Cell], breakdowns: Breakdowns) -> int:
    if told is None:
        return 0
    return len(BitMap.intersection(told.people, *(breakdowns.people_of(cell) for cell in cells)))


def _contributions(
    given: Sequence[Given], months: Sequence[Month], breakdowns: Breakdowns, known: Known
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
    known: Known,
    known_before: Known,
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


def _most_of_one(earlier: Slice, part: Slice, head: Sequence[Month], known_before: Known) -> int:
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
