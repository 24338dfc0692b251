"""Lines: how each number of a chain of releases moves with what was sent, as far as that is linear."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from outcomes import reach
from outcomes.disclosure.attack import Case
from outcomes.disclosure.published import Release, numbers_of
from outcomes.disclosure.traced import Counted, Leaf, Leaves, terms, trace
from outcomes.release_figures import ONE_NUMBER, FigureRow
from outcomes.release_inputs import ReleaseInputs


@dataclass
class Line:
    """Numbers of releases that move together, of which some are `shown`; `least` to `most` in every world, `true` in
    truth."""

    ends: set[Case]
    terms: Mapping[Leaf, int]
    true: int
    least: float
    most: float
    shown: set[Case] = field(default_factory=set)

    @property
    def is_none(self) -> bool:
        """Whether everybody knows that there was nobody."""
        return self.most == 0 and bool(self.ends) and min(self.terms.values(), default=0) > 0


def lines_of(chain: Sequence[Release], leaves: Sequence[Leaves]) -> list[Line]:
    """At the truth."""
    lines: dict[tuple, Line] = {}
    with without_collecting():
        for which, release in enumerate(chain):
            told = trace(leaves[which], release.inputs)
            for row, counted in zip(release.rows, told, strict=True):
                for line in _lines_of(which, release, row, counted):
                    key = (frozenset(line.terms.items()), line.true, bool(line.ends))
                    known = lines.setdefault(key, line)
                    known.ends |= line.ends
                    known.shown |= line.shown
                    known.least, known.most = max(known.least, line.least), min(known.most, line.most)
    return list(lines.values())


def lines_at(chain: Sequence[Release], leaves: Leaves, told: ReleaseInputs, orders: Collection[int]) -> Iterator[Line]:
    """Some rows of a release as they move where a world (`told`) has come to."""
    release = chain[leaves.which]
    rows = {row.order: row for row in release.rows if row.order in orders}
    for counted in trace(leaves, told, orders):
        yield from _lines_of(leaves.which, release, rows[counted.order], counted)


def _lines_of(which: int, release: Release, row: FigureRow, counted: Counted) -> list[Line]:
    found = []
    for number in numbers_of(row):
        people = counted.people.upper if number.end.which == "upper" else counted.people.lower
        least, most = number.least_and_most(release.inputs.policy)
        ends, upmost = {(which, number.end)}, np.inf if most is None else most
        shown = set() if number.shown is None else set(ends)
        found.append(Line(ends, terms(people), int(people), least, upmost, shown))
    told_apart = reach.are_told_apart(counted.scope.years, counted.period.months)
    if found and len(counted.scope.years) == 1 and not told_apart and row.basis != "estimate":
        # A single delivery's figure says by its basis whether the two ends are the same.
        gap = counted.people.upper - counted.people.lower
        one = row.basis in ONE_NUMBER
        if terms(gap):
            found.append(Line(set(), terms(gap), int(gap), 0 if one else 1, 0 if one else np.inf))
    return found


@contextmanager
def without_collecting() -> Iterator[None]:
    """Millions of small objects, none of them in a circle: looking for circles takes most of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
