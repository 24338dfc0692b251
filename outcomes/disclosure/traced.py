"""How each published number moves with what was sent: the ordinary counting code, run with numbers that remember.

A `Traced` number is an int that knows of which numbers it was added up; `max` and `min` hand back the one that they
chose. So the end of a range that the counting code returns says by itself which counts and which people it stands on
at this point. It is a search's guide alone: whether a world holds is decided by counting it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from outcomes import reach
from outcomes.disclosure.remembered import Lately, Remembered
from outcomes.disclosure.worlds import EXPOSED, PARTS, Count, Profile, Sources
from outcomes.reach import Breakdowns, Cell, Cells, Contribution, DeliveryYear, Interval, MonthCounts, Months
from outcomes.release_figures import (
    Line,
    Period,
    Scope,
    added_by_estimate,
    contributions,
    estimates_of,
    given_to,
    lines_of,
    people_of,
)
from outcomes.release_inputs import ReleaseInputs


class Met(NamedTuple):
    """Everybody of registers whom some deliveries met in some months, and who is of each of the cells."""

    release: int
    deliveries: frozenset[str]
    months: Months
    cells: tuple[Cell, ...]

    def is_of(self, profile: Profile) -> bool:
        """Whether they are of its cells, wherever they were met."""
        of = {reach.DISTRICT: profile.district}
        return all(of.get(dimension, profile.age_band) == code for dimension, code in self.cells)

    def holds(self, profile: Profile) -> bool:
        return self.is_of(profile) and any(
            delivery in self.deliveries and month in self.months for delivery, month in profile.met
        )


Leaf = Count | Met


class Traced(int):
    """An int, and of what it was made."""

    leaf: Leaf | None
    parts: tuple[tuple[int, Traced], ...]

    def __new__(cls, value: int, leaf: Leaf | None = None, parts: tuple[tuple[int, Traced], ...] = ()):
        made = super().__new__(cls, value)
        made.leaf, made.parts = leaf, parts
        return made

    def __add__(self, other: int) -> Traced:
        return Traced(int(self) + int(other), None, ((1, self), (1, other)))

    def __radd__(self, other: int) -> Traced:
        return Traced(int(self) + int(other), None, ((1, other), (1, self)))

    def __sub__(self, other: int) -> Traced:
        return Traced(int(self) - int(other), None, ((1, self), (-1, other)))

    def __rsub__(self, other: int) -> Traced:
        return Traced(int(other) - int(self), None, ((1, other), (-1, self)))


def terms(number: int) -> dict[Leaf, int]:
    """How much the number moves when a leaf grows by one."""
    found: dict[Leaf, int] = defaultdict(int)
    open_parts = [(1, number)]
    while open_parts:
        times, part = open_parts.pop()
        if isinstance(part, Traced):
            if part.leaf is not None:
                found[part.leaf] += times
            open_parts.extend((times * sign, each) for sign, each in part.parts)
    return {leaf: times for leaf, times in found.items() if times}


class Counted(NamedTuple):
    """A figure by its place in the release's file, and its two ends, traced."""

    order: int
    scope: Scope
    period: Period
    people: Interval


def trace(leaves: Leaves, told: ReleaseInputs, orders: Collection[int] | None = None) -> Iterator[Counted]:
    """The figures of a release as they would be in `told` (a world, or the truth), in their order; or some of them."""
    inputs = leaves.of(told)
    lines = list(lines_of(inputs))
    periods = {line.period.months for line in lines}
    wanted: dict[int | None, list[Line]] = defaultdict(list)
    for line in lines:
        if orders is None or line.order in orders:
            wanted[line.scope.id].append(line)
    counted, added = [], added_by_estimate(inputs, estimates_of(inputs))
    for each in wanted.values():
        scope, kinds = each[0].scope, {line.cells for line in each}
        # A period's figures lean on those of each period within it.
        needed = {months for months in periods if any(set(months) <= set(line.period.months) for line in each)}
        given = {months: _given(inputs, scope, months, leaves) for months in needed}
        people = people_of(inputs, scope, given, kinds, added)
        counted += [Counted(line.order, scope, line.period, people[line.cells][line.period.months]) for line in each]
    yield from sorted(counted, key=lambda one: one.order)


def _given(inputs: ReleaseInputs, scope: Scope, months: Months, leaves: Leaves) -> list[Contribution]:
    found = contributions(_of(inputs, scope), months, leaves.contributed)
    found = _traced_people(found, inputs, leaves.which, months)
    return _union_traced(given_to(scope, found, inputs.breakdowns), scope, found, leaves.which, months)


def _of(inputs: ReleaseInputs, scope: Scope) -> ReleaseInputs:
    """The inputs with the scope's deliveries alone: the others cost their time."""
    return inputs if scope.programme is None else replace(inputs, deliveries={scope.programme.id: scope.years})


def counts_alone(year: DeliveryYear) -> bool:
    """Whether the delivery gave counts and no register for any month."""
    return year.register is None


class Leaves:
    """The inputs of a release with every count a leaf of its own, those that are zero too; C not in April."""

    def __init__(self, sources: Sources, which: int) -> None:
        self.sources, self.which = sources, which
        self.true = {y.delivery: y for years in sources.inputs[which].deliveries.values() for y in years}
        self.cells = [(d, code) for d, codes in sources.inputs[which].breakdowns.codes.items() for code in codes.every]
        self.years = {delivery: self._leaves(year) for delivery, year in self.true.items()}
        self.contributed = Remembered(self.years.values())
        self.lately = Lately(1_000)

    def of(self, told: ReleaseInputs) -> ReleaseInputs:
        deliveries = {p: tuple(self._year(year) for year in years) for p, years in told.deliveries.items()}
        return replace(told, deliveries=deliveries)

    def _year(self, year: DeliveryYear) -> DeliveryYear:
        if year is self.true[year.delivery]:
            return self.years[year.delivery]
        return self.lately(year, None, lambda: self._leaves(year))

    def _leaves(self, year: DeliveryYear) -> DeliveryYear:
        if not counts_alone(year):
            return year
        received = {}
        for month, counts in year.received.items():
            version = self.sources.version(year.delivery, month, self.true[year.delivery].received[month])
            parts = []
            for part in PARTS:
                said = getattr(counts, part)
                grows = part == "first_seen" or month.place_in_year > 0
                parts.append(
                    {
                        cell: Traced(said.get(cell, 0), Count(year.delivery, month, version, part, *cell))
                        for cell in self.cells
                    }
                    if grows
                    else said
                )
            exposed = Traced(counts.exposed, Count(year.delivery, month, version, EXPOSED, "", ""))
            received[month] = MonthCounts(*parts, exposed, counts.new)
        return replace(year, received=received)


@dataclass(frozen=True)
class _Crowd(Contribution):
    """People of registers, whose numbers are leaves."""

    leaf_of: Callable[[int, tuple[Cell, ...]], Traced] = field(default=lambda people, cells: Traced(people), repr=False)

    def _cross(self, cell: Cell, other: Cell, breakdowns: Breakdowns) -> Interval:
        both = super()._cross(cell, other, breakdowns)
        if self.people is None:
            return both
        leaf = self.leaf_of(both.lower, (cell, other))
        return Interval(leaf, leaf)


def _crowd(met: Contribution, release: int, deliveries: frozenset[str], months: Months) -> Contribution:
    def leaf(people: int, of: tuple[Cell, ...]) -> Traced:
        return Traced(people, Met(release, deliveries, months, of))

    cells = {}
    for dimension, each in met.cells.items():
        numbers = {code: leaf(people.lower, ((dimension, code),)) for code, people in each.people.items()}
        cells[dimension] = Cells({code: Interval(n, n) for code, n in numbers.items()}, each.not_known)
    total = sum(number.lower for number in cells[reach.DISTRICT].people.values())
    return _Crowd(cells, Interval(total, total), met.people, leaf_of=leaf)


def _traced_people(
    found: Mapping[str, Contribution], inputs: ReleaseInputs, release: int, months: Months
) -> dict[str, Contribution]:
    """Those that know people by references of their own stand by themselves, as exact as registers."""
    by_reference = {
        year.delivery
        for years in inputs.deliveries.values()
        for year in years
        if year.knows_by_reference(months) and year.tells_apart(months)
    }
    return {
        delivery: _crowd(each, release, frozenset([delivery]), months) if delivery in by_reference else each
        for delivery, each in found.items()
    }


def _union_traced(
    given: list[Contribution], scope: Scope, found: Mapping[str, Contribution], release: int, months: Months
) -> list[Contribution]:
    if not given or given[0].people is None:
        return given
    told = frozenset(y.delivery for y in scope.years if y.delivery in found and found[y.delivery].people is not None)
    return [_crowd(given[0], release, told, months), *given[1:]]
