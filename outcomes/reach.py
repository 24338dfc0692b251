"""Counting people from monthly counts: ranges that are true whatever the overlap between deliveries.

Pure functions over plain values; nothing here reads the database. The rules are those of docs/counting.md.

Within a delivery a partner tells apart, each month, the people first seen this financial year (A + B) from those it
has already counted this year (C), so a delivery's count of distinct people is exact from April to any month. Between
such deliveries nobody is told apart: the lower end of a range takes everybody who could be the same person as the same
person, the upper end takes nobody to be. Deliveries that give registers are told apart person by person: together they
are one contribution, and an exact one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from pyroaring import BitMap

from vru_portal.core.periods import Month

# (dimension, code): one line of a breakdown.
Cell = tuple[str, str]
DISTRICT = "district"
# A period: consecutive months of a financial year.
Months = tuple[Month, ...]


class Interval(NamedTuple):
    """At least `lower`, at most `upper` people."""

    lower: int
    upper: int


NOBODY = Interval(0, 0)


@dataclass(frozen=True)
class MonthCounts:
    """What one accepted return says: people by cell; a cell that is not there is a true zero.

    `new`: those of the first seen whom the delivery had never met before, in any year.
    """

    first_seen: Mapping[Cell, int] = field(default_factory=dict)
    already_counted: Mapping[Cell, int] = field(default_factory=dict)
    exposed: int = 0
    new: int = 0


@dataclass(frozen=True)
class Codes:
    """The category codes of a breakdown, and which of them say nothing of the person."""

    every: tuple[str, ...]
    not_known: frozenset[str]


@dataclass(frozen=True)
class Breakdowns:
    """By what people are told, and, of everybody in registers by number, who is of which cell all through the year."""

    codes: Mapping[str, Codes]
    everybody: Mapping[Cell, BitMap] = field(default_factory=dict)

    def people_of(self, cell: Cell) -> BitMap:
        return self.everybody.get(cell, NO_PEOPLE)

    def of(self, *dimensions: str) -> Breakdowns:
        """By fewer things: each costs its time."""
        return Breakdowns({dimension: self.codes[dimension] for dimension in dimensions}, self.everybody)


NO_PEOPLE = BitMap()


@dataclass(frozen=True)
class DeliveryYear:
    """A delivery's financial year so far: the months for which it owes a return, and those that it gave.

    `register`: whom it met in each month that it gave, by number, where it gives registers. `by_reference`: months of
    which it knows them by references of its own alone, so whom another met may be any of them.
    """

    delivery: str
    owed: frozenset[Month]
    received: Mapping[Month, MonthCounts]
    register: Mapping[Month, BitMap] | None = None
    by_reference: frozenset[Month] = frozenset()

    def tells_apart(self, months: Iterable[Month]) -> bool:
        """Whether each return that it gave came with a register."""
        return self.register is not None and all(m in self.register for m in months if m in self.received)

    def knows_by_reference(self, months: Iterable[Month]) -> bool:
        return not self.by_reference.isdisjoint(months)

    def met_in(self, months: Sequence[Month]) -> BitMap | None:
        """Everybody of its registers of the months; None if it does not tell people apart."""
        if not self.tells_apart(months):
            return None
        return BitMap.union(NO_PEOPLE, *(self.register[month] for month in months if month in self.register))


@dataclass(frozen=True)
class Cells:
    """The people of one breakdown by category code; `not_known` are the codes that say nothing of the person."""

    people: Mapping[str, Interval]
    not_known: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Contribution:
    """What a delivery adds to a period: people by dimension, district of residence always among them, and altogether.

    `people`: who they are, where registers tell.
    """

    cells: Mapping[str, Cells]
    total: Interval
    people: BitMap | None = None
    _crossed: dict[tuple[Cell, Cell], Interval] = field(default_factory=dict, repr=False)

    def crossed(self, cell: Cell, other: Cell, breakdowns: Breakdowns) -> Interval:
        """The people of both cells: counted where they are told apart, Fréchet's bounds where they are not."""
        known = self._crossed.get((cell, other))
        if known is None:
            known = self._crossed[cell, other] = self._cross(cell, other, breakdowns)
        return known

    def _cross(self, cell: Cell, other: Cell, breakdowns: Breakdowns) -> Interval:
        if self.people is not None:
            of_one = self.people & breakdowns.people_of(cell)
            return _exactly(of_one.intersection_cardinality(breakdowns.people_of(other)))
        one, two = self.cells[cell[0]].people[cell[1]], self.cells[other[0]].people[other[1]]
        return Interval(max(0, one.lower + two.lower - self.total.upper), min(one.upper, two.upper))

    def at_least_of_both(self, cell: Cell, breakdowns: Breakdowns) -> Iterator[tuple[str, int]]:
        """The people of the cell in each district where people are known to live: at least so many, where any."""
        dimension, code = cell
        if self.people is not None:
            for district, _ in self._districts_by_size:
                yield district, self.crossed((DISTRICT, district), cell, breakdowns).lower
            return
        others = self.total.upper - self.cells[dimension].people[code].lower
        for district, people in self._districts_by_size:
            if people <= others:
                return  # they may all be others, and so in each smaller district
            yield district, people - others

    @cached_property
    def _districts_by_size(self) -> list[tuple[str, int]]:
        known = ((d, people.lower) for d, people in self.districts.people.items() if d not in self.districts.not_known)
        return sorted(known, key=lambda one: -one[1])

    @property
    def districts(self) -> Cells:
        return self.cells[DISTRICT]


def people_seen(year: DeliveryYear, months: Sequence[Month], cell: Cell) -> Interval:
    """Distinct people of one cell of the breakdowns whom the delivery saw in consecutive months of a financial year.

    One month: A + B + C. From April: the sum of A + B, exact. Other spans lie between the larger of the largest
    month and the sum of A + B, and the sum of A + B + C (or the count from April, where that is smaller). Where a
    return is missing, those it would have counted first may appear in a later C, so those C widen the range. Where a C
    holds more people of a cell than were counted first, the lower end believes A + B and the upper end believes C.
    """
    return _seen(*_told(_spans(year, months), cell))


# A + B and C of each month, and whether it is loose.
_Told = Sequence[tuple[int, int, bool]]


@dataclass(frozen=True)
class _Span:
    """The returns received of consecutive months, and of each whether it is loose: whether its C may not be inside the
    span's A + B. It is inside if every month that could have counted them first is received in the span.
    """

    received: tuple[tuple[MonthCounts, bool], ...]

    def of(self, cell: Cell) -> _Told:
        """Nothing, where no return says anything of the cell."""
        if not any(cell in counts.first_seen or cell in counts.already_counted for counts, _ in self.received):
            return ()
        return [
            (counts.first_seen.get(cell, 0), counts.already_counted.get(cell, 0), is_loose)
            for counts, is_loose in self.received
        ]


def _spans(year: DeliveryYear, months: Sequence[Month]) -> tuple[_Span, ...]:
    """These months and, where they do not begin in April, those from April to their end."""
    april_on = months[0].financial_year.months_to(months[-1])
    return tuple(_span(year, each) for each in ((months, april_on) if len(april_on) > len(months) else (months,)))


def _span(year: DeliveryYear, months: Sequence[Month]) -> _Span:
    received = [month for month in months if month in year.received]
    first_missing = min(year.owed.difference(received), default=None)
    return _Span(
        tuple((year.received[month], first_missing is not None and first_missing < month) for month in received)
    )


def _told(spans: Sequence[_Span], cell: Cell) -> list[_Told]:
    return [span.of(cell) for span in spans]


def _seen(these: _Told, *from_april: _Told) -> Interval:
    if not these:
        return NOBODY
    return Interval(_least(these, *from_april), min(map(_most, (these, *from_april))))


def _least(these: _Told, from_april: _Told | None = None) -> int:
    """If each A + B is right: no month holds more people than had been counted first by then, or may have been."""
    known, largest = 0, []
    for first, again, is_loose in from_april or these:
        known += first + (again if is_loose else 0)
        largest.append(min(first + again, known))
    return max(sum(first for first, _, _ in these), *largest[-len(these) :])


def _most(months: _Told) -> int:
    """If each C is right too: whoever it holds beyond those counted first was forgotten there."""
    people = 0
    for first, again, is_loose in months:
        people = first + (people + again if is_loose else max(people, again))
    return people


def contribution(year: DeliveryYear, months: Sequence[Month], breakdowns: Breakdowns) -> Contribution:
    if (people := year.met_in(months)) is not None:
        found = of_people(people, breakdowns)
        return replace(found, people=None) if year.knows_by_reference(months) else found
    spans = _spans(year, months)
    told = {
        dimension: {code: _told(spans, (dimension, code)) for code in codes.every}
        for dimension, codes in breakdowns.codes.items()
    }
    cells = {dimension: {code: _seen(*each) for code, each in of.items()} for dimension, of in told.items()}
    total = _total({dimension: _added_up(of.values()) for dimension, of in told.items()}, cells)
    return Contribution(
        {
            dimension: Cells(
                {code: Interval(each.lower, min(each.upper, total.upper)) for code, each in found.items()},
                breakdowns.codes[dimension].not_known,
            )
            for dimension, found in cells.items()
        },
        total,
    )


def _total(told: Mapping[str, list[_Told]], cells: Mapping[str, Mapping[str, Interval]]) -> Interval:
    """Of the districts' sum, and never fewer than the partner saw in one month, whatever its C said; no more than any
    breakdown adds up to that is whole."""
    everybody = told[DISTRICT]
    added_up = [
        sum(each.upper for each in of.values()) for dimension, of in cells.items() if told[dimension] == everybody
    ]
    lower = sum(each.lower for each in cells[DISTRICT].values())
    largest = max((first + again for first, again, _ in everybody[0]), default=0)
    return _range(max(lower, largest), min(*added_up, *map(_most, everybody)))


def _added_up(cells: Iterable[Sequence[_Told]]) -> list[_Told]:
    """The cells of a breakdown together, over each span."""
    return [
        [
            (sum(first for first, _, _ in month), sum(again for _, again, _ in month), month[0][2])
            for month in zip(*filter(None, span), strict=True)
        ]
        for span in zip(*cells, strict=True)
    ]


def of_people(people: BitMap, breakdowns: Breakdowns) -> Contribution:
    """What people who are told apart come to."""

    def number(cell: Cell) -> Interval:
        return _exactly(people.intersection_cardinality(breakdowns.people_of(cell)))

    cells = {
        dimension: Cells({code: number((dimension, code)) for code in codes.every}, codes.not_known)
        for dimension, codes in breakdowns.codes.items()
    }
    return Contribution(cells, _exactly(len(people)), people)


def together(contributions: Sequence[Contribution], breakdowns: Breakdowns) -> list[Contribution]:
    """Those that tell people apart as one contribution, and the others."""
    told = [c.people for c in contributions if c.people is not None]
    others = [c for c in contributions if c.people is None]
    return [of_people(BitMap.union(*told), breakdowns), *others] if told else others


def are_told_apart(years: Sequence[DeliveryYear], months: Sequence[Month]) -> bool:
    """Whether everybody whom these deliveries met is told from everybody else."""
    if len(years) == 1:
        return years[0].tells_apart(months)
    return bool(years) and all(year.tells_apart(months) and not year.knows_by_reference(months) for year in years)


def all_people(contributions: Sequence[Contribution]) -> Interval:
    """Distinct people over deliveries.

    Nobody lives in two districts, so the largest contribution of each district can be added up. Those whose district
    is not known may be among them, but no total is smaller than that of any one delivery; the larger of the two is
    also reached, so no better lower bound follows from these counts.
    """
    by_district = sum(_largest(c.districts.people[code] for c in contributions) for code in _known(contributions))
    largest = _largest(c.total for c in contributions)
    return _range(max(by_district, largest), sum(c.total.upper for c in contributions))


def people_of(contributions: Sequence[Contribution], cell: Cell, breakdowns: Breakdowns) -> Interval:
    """Distinct people recorded in one line of a breakdown.

    Beside the largest single contribution, the people who must be of this line in each district (by the totals of
    each delivery) can be added up over districts.
    """
    dimension, code = cell
    people = [c.cells[dimension].people[code] for c in contributions]
    lower, upper = _largest(people), sum(each.upper for each in people)
    if dimension == DISTRICT:
        return Interval(lower, upper)
    largest: dict[str, int] = {}
    for c in contributions:
        for district, there in c.at_least_of_both(cell, breakdowns):
            largest[district] = max(largest.get(district, 0), there)
    return _range(max(lower, sum(largest.values())), upper)


def people_of_both(contributions: Sequence[Contribution], cell: Cell, other: Cell, breakdowns: Breakdowns) -> Interval:
    """Bounds for two breakdowns crossed, which no return gives: Fréchet's within each delivery, then the union."""
    crossed = [c.crossed(cell, other, breakdowns) for c in contributions]
    return Interval(_largest(crossed), sum(each.upper for each in crossed))


def people_in(contributions: Sequence[Contribution], cells: Sequence[Cell], breakdowns: Breakdowns) -> Interval:
    """Distinct people of none, one or two lines of breakdowns: everybody, those of a line, those of both."""
    if len(cells) == 2:
        return people_of_both(contributions, *cells, breakdowns)
    return people_of(contributions, *cells, breakdowns) if cells else all_people(contributions)


def people_over_two_years(before: Sequence[Contribution], after: Sequence[Contribution], new: int) -> Interval:
    """Distinct people of the last months of one financial year and the first of the next, of deliveries together.

    Districts and ages are of a financial year, so nothing but totals joins the two. `before` and `after`: as
    `together` gives them, each with those that tell people apart first. `new`: the most people that one delivery met
    in the second part and in no year before, beside those whom it met in the first.
    """
    told = [c.people for c in (*before, *after) if c.people is not None]
    counted = [c.total.upper for c in (*before, *after) if c.people is None]
    apart = len(BitMap.union(NO_PEOPLE, *told))
    lower = max(apart, new, all_people(before).lower, all_people(after).lower)
    return Interval(lower, apart + sum(counted))


def people_exposed(years: Sequence[DeliveryYear], months: Sequence[Month]) -> int:
    """The same people pass every month, and each delivery has its own: the largest month of each, added up."""
    return sum(max((year.received[m].exposed for m in months if m in year.received), default=0) for year in years)


def _known(contributions: Sequence[Contribution]) -> set[str]:
    """The codes of districts in which people are known to live."""
    return {code for c in contributions for code in c.districts.people if code not in c.districts.not_known}


def _largest(intervals: Iterable[Interval]) -> int:
    """The largest lower end: all of these people could be the same."""
    return max([interval.lower for interval in intervals], default=0)


def _exactly(people: int) -> Interval:
    return Interval(people, people)


def _range(lower: int, upper: int) -> Interval:
    """What partners' slips contradict cannot make a lower end that is above the upper one."""
    return Interval(min(lower, upper), upper)
