"""Columns: the counts and the people of registers that a world may change, and what people could have produced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product

import numpy as np

from outcomes.disclosure.lines import Line
from outcomes.disclosure.traced import Met, counts_alone
from outcomes.disclosure.worlds import PARTS, Count, Profile, Sources
from outcomes.reach import DISTRICT, Cell
from outcomes.release_inputs import AGE
from vru_portal.core.periods import Month

Column = Count | Profile
# What a column moves: a line (by its place), or what is believed of people.
Row = int | tuple


# So many kinds of people are thought of as met elsewhere too, for each delivery and hidden number; and so many of those
# whom the same deliveries met in other months.
FEW, AGAIN = 3, 8


def columns_of(sources: Sources, lines: Sequence[Line]) -> list[Column]:
    """Every count of every return; everybody of registers; anybody who might have been met once; and those of whom few
    were met, as known from elsewhere. Without those who would be seen where everybody knows that there was nobody."""
    nobody = {leaf for line in lines if line.is_none for leaf in line.terms}
    people = sources.people[-1]
    codes = sources.inputs[-1].breakdowns.codes
    counts = {leaf for line in lines for leaf in line.terms if isinstance(leaf, Count)}
    counts |= set(_beside(counts, sources, [(dimension, code) for dimension, of in codes.items() for code in of.every]))
    places = {place for profile in people for place in profile.met}
    once = [frozenset([place]) for place in sorted(places)]
    cells = list(product(codes[DISTRICT].every, codes[AGE].every))
    known = sorted(people, key=lambda p: (sorted(p.met), p.district, p.age_band))
    anybody = [Profile(met, *cell) for met in once for cell in cells]
    others = dict.fromkeys([*anybody, *_met_too(sources, lines, known, places)])
    return [*sorted(counts - nobody), *known, *(profile for profile in others if profile not in people)]


def _met_too(
    sources: Sources, lines: Sequence[Line], known: Sequence[Profile], places: Collection[tuple[str, Month]]
) -> Iterator[Profile]:
    """Of whom a hidden number counts, some who were met elsewhere as well: whoever knows them from there finds them
    there still. Those whom the same deliveries met in other months are no more people over all of the months."""
    number = {profile: len(there) for profile, there in sources.people[-1].items()}
    most_first = sorted(known, key=lambda profile: -number[profile])
    hidden = (line for line in lines if line.ends and (line.least, line.most) == (0, np.inf))
    for leaf in dict.fromkeys(leaf for line in hidden for leaf in line.terms if isinstance(leaf, Met)):
        elsewhere = [p for p in most_first if leaf.is_of(p) and not leaf.holds(p)]
        last = dict(sorted(place for place in places if place[0] in leaf.deliveries and place[1] in leaf.months))
        yield from (p._replace(met=p.met | {place}) for p in elsewhere[:FEW] for place in last.items())
        again = ((p, met_by) for p in elsewhere if (met_by := sorted({d for d, _ in p.met} & last.keys())))
        yield from (p._replace(met=p.met | {(d, last[d])}) for p, met_by in islice(again, AGAIN) for d in met_by)


def _beside(counts: Collection[Count], sources: Sources, cells: Sequence[Cell]) -> Iterator[Count]:
    """Those of the same deliveries that move no number by themselves: where fewer were counted again, fewer need have
    been seen before."""
    deliveries = {count.delivery for count in counts if count.dimension}
    for (delivery, month), versions in sources.versions.items():
        if delivery in deliveries:
            parts = PARTS if month.place_in_year else PARTS[:1]
            for version, part, cell in product(range(len(versions)), parts, cells):
                yield Count(delivery, month, version, part, *cell)


class Effects:
    """Which lines a column moves, and by how much."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._of_count: dict[Count, dict[int, int]] = defaultdict(dict)
        # By whom and when, and then by cells, the lines that somebody met so moves.
        self._of_met: dict[tuple, dict[tuple, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
        for place, line in enumerate(lines):
            for leaf, times in line.terms.items():
                if isinstance(leaf, Count):
                    self._of_count[leaf][place] = times
                else:
                    self._of_met[leaf.release, leaf.deliveries, leaf.months][leaf.cells].append((place, times))
        self._windows: dict[frozenset, list] = {}

    def of(self, column: Column) -> dict[int, int]:
        if isinstance(column, Count):
            return dict(self._of_count.get(column, {}))
        found: dict[int, int] = defaultdict(int)
        district, age = (DISTRICT, column.district), (AGE, column.age_band)
        for of_cells in self._seen_in(column.met):
            for cells in ((district,), (age,), (district, age)):
                for place, times in of_cells.get(cells, ()):
                    found[place] += times
        return found

    def _seen_in(self, met: frozenset) -> list:
        known = self._windows.get(met)
        if known is None:
            known = self._windows[met] = [
                of_cells
                for (_, deliveries, months), of_cells in self._of_met.items()
                if any(delivery in deliveries and month in months for delivery, month in met)
            ]
        return known


@dataclass(eq=False)
class Beliefs:
    """What people could have produced: breakdowns add up to the same, and nobody is counted again who was not seen
    before. And nobody is fewer than nobody."""

    sources: Sources

    def of(self, column: Column) -> Iterator[tuple[tuple, int]]:
        """The rows in which the column stands, and how often."""
        if isinstance(column, Count) and column.dimension:
            yield ("alike", column[:4]), 1 if column.dimension == DISTRICT else -1
            for row in self._again.get(column[:3], ()):
                times = 1 if column.part == "already_counted" else -1
                if (column.part == "already_counted") == (row[1] == column.month):
                    yield ("again", row, column[4:]), times

    def room(self, row: tuple) -> tuple[float, float]:
        """By how much the row may move from the truth."""
        kind, what = row[:2]
        if kind == "alike":
            return 0, 0
        (delivery, month, before, version), cell = what, row[2]
        now = Count(delivery, month, version, "already_counted", *cell)
        earlier = (Count(delivery, m, v, "first_seen", *cell) for m, v in before)
        return -np.inf, max(0, sum(map(self.said, earlier)) - self.said(now))

    def said(self, column: Column) -> int:
        """How many there are to be taken away."""
        if isinstance(column, Profile):
            return min(
                len(people.get(column.among(places), ())) if column.among(places).met else 0
                for people, places in zip(self.sources.people, self._places, strict=True)
                if column.among(places).met or places is self._places[-1]
            )
        returns = self.sources.versions[column.delivery, column.month][column.version]
        return returns.exposed if column.part not in PARTS else getattr(returns, column.part).get(column[4:], 0)

    @cached_property
    def _places(self) -> list[set[tuple[str, Month]]]:
        return [
            {(y.delivery, m) for years in inputs.deliveries.values() for y in years for m in y.register or ()}
            for inputs in self.sources.inputs
        ]

    @cached_property
    def _again(self) -> Mapping[tuple[str, Month, int], list[tuple]]:
        """By version, the rows (delivery, month, versions of the months before, version) in which it stands."""
        rows: dict[tuple, None] = {}
        for inputs in self.sources.inputs:
            for year in (y for years in inputs.deliveries.values() for y in years if counts_alone(y)):
                version = {m: self.sources.version(year.delivery, m, c) for m, c in year.received.items()}
                for month in version:
                    if not any(m < month and m not in version for m in year.owed):
                        before = tuple(sorted((m, v) for m, v in version.items() if m < month))
                        rows[year.delivery, month, before, version[month]] = None
        found = defaultdict(list)
        for row in rows:
            delivery, month, before, version = row
            for m, v in (*before, (month, version)):
                found[delivery, m, v].append(row)
        return found
