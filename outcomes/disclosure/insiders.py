"""Insiders: a partner knows what it sent itself, so what it must not learn is how few others contributed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from outcomes.disclosure.attack import Attack, Case, Finding
from outcomes.disclosure.published import Place, Release, numbers_of, place_of
from outcomes.reach import Interval, Months
from outcomes.release_figures import (
    FigureRow,
    ReleaseInputs,
    Scope,
    added_by_estimate,
    contributions,
    estimates_of,
    figure_rows,
    given_to,
    people_of,
    scopes,
)

Cells = tuple[tuple[str, str], ...]
# By scope, the kinds of its figures, and the periods.
Rows = Mapping[int | None, Sequence[FigureRow]]


@dataclass(frozen=True)
class Insider:
    """A partner: how many people of each number it contributed itself, at least, and the hidden numbers to which others
    contributed few, each with how many are its own."""

    own: Mapping[Case, int]
    cases: Mapping[Case, int]


def audit_insider(chain: Sequence[Release], deliveries: Collection[str]) -> list[Finding]:
    """What a partner can say of the others, knowing what its own deliveries contributed.

    Protected are the numbers of people whom others contributed, in hidden numbers to which it contributed itself.
    """
    attack = Attack(chain)
    found = []
    for which, release in enumerate(chain):
        own = _exact(_only(release.inputs, deliveries, mine=True))
        others = _exact(_only(release.inputs, deliveries, mine=False))
        attack.knows(which, own)
        for row in release.rows:
            for number in numbers_of(row):
                mine, theirs = own.get(number.end.place), others.get(number.end.place)
                if number.shown is not None or number.end.which == "lower" or mine is None or theirs is None:
                    continue
                # What others contributed is the rest only where nobody was met by both.
                is_rest = mine[1] + theirs[1] == number.exact
                if mine[1] and is_rest and 0 < theirs[1] < release.inputs.policy.hide_below:
                    found.append((which, number.end, mine[1]))
    return [attack.interval(which, end, own=mine) for which, end, mine in found]


def _exact(inputs: ReleaseInputs) -> dict[Place, tuple[int, int]]:
    return {
        place_of(row): (row.exact_lower, row.exact_upper) for row in figure_rows(inputs) if row.exact_lower is not None
    }


def _only(inputs: ReleaseInputs, deliveries: Collection[str], *, mine: bool) -> ReleaseInputs:
    left = {
        programme: tuple(year for year in years if (year.delivery in deliveries) == mine)
        for programme, years in inputs.deliveries.items()
    }
    return replace(inputs, deliveries=left)


class Insiders:
    """What partners know of a chain of releases, by their deliveries."""

    def __init__(self, chain: Sequence[Release]) -> None:
        self.parts = [_Parts(release) for release in chain]
        self.owned: dict[frozenset[str], Mapping[Case, int]] = {}

    def knowing(self, deliveries: Collection[str], hidden: Sequence[Collection]) -> Insider | None:
        """`hidden`: of each release, the ends that are hidden. None where others are not to be told from anything."""
        cases = {
            (which, end): people
            for which, part in enumerate(self.parts)
            for end, people in part.few_others(deliveries, hidden[which])
        }
        if not cases:
            return None
        return Insider(self._own(frozenset(deliveries)), cases)

    def _own(self, deliveries: frozenset[str]) -> Mapping[Case, int]:
        known = self.owned.get(deliveries)
        if known is None:
            found = ((which, each) for which, part in enumerate(self.parts) for each in part.own(deliveries))
            known = self.owned[deliveries] = {(which, end): people for which, (end, people) in found}
        return known


class _Parts:
    """What deliveries contributed to the figures of a release."""

    def __init__(self, release: Release) -> None:
        self.release, self.inputs = release, release.inputs
        self.scopes = scopes(self.inputs)

    @cached_property
    def _found(self):
        return {
            months: contributions(self.inputs, months) for months in {row.period.months for row in self.release.rows}
        }

    @cached_property
    def _added(self):
        return added_by_estimate(self.inputs, estimates_of(self.inputs))

    @cached_property
    def _rows(self) -> Rows:
        found = defaultdict(list)
        for row in self.release.rows:
            if row.exact_lower is not None:
                found[row.programme.id if row.programme else None].append(row)
        return found

    def own(self, deliveries: Collection[str]) -> Iterator[tuple]:
        for scope, rows in self._of(deliveries):
            people = self._people(scope, deliveries, rows, mine=True)
            for row in rows:
                found = _at(people, row)
                for number in numbers_of(row) if found else ():
                    yield number.end, min(number.exact, found.lower if number.end.which == "lower" else found.upper)

    def few_others(self, deliveries: Collection[str], hidden: Collection) -> Iterator[tuple]:
        """Hidden numbers, and how many of each are the partner's own: what others contributed is the rest only where
        nobody was met by both."""
        least = self.inputs.policy.hide_below
        for scope, rows in self._of(deliveries):
            some = [(row, n) for row in rows for n in numbers_of(row) if n.end in hidden and n.end.which != "lower"]
            mine = self._people(scope, deliveries, [row for row, _ in some], mine=True)
            near = []
            for row, number in some:
                people = _at(mine, row)
                if people and people.upper and 0 < number.exact - people.upper < least:
                    near.append((row, number, people.upper))
            others = self._people(scope, deliveries, [row for row, _, _ in near], mine=False)
            for row, number, people in near:
                rest = _at(others, row)
                if rest and rest.upper == number.exact - people:
                    yield number.end, people

    def _of(self, deliveries: Collection[str]) -> Iterator[tuple[Scope, Sequence[FigureRow]]]:
        for scope in self.scopes:
            if any(year.delivery in deliveries for year in scope.years) and not scope.counts_exposure:
                yield scope, self._rows[scope.id]

    def _people(
        self, scope: Scope, deliveries: Collection[str], rows: Sequence[FigureRow], *, mine: bool
    ) -> Mapping[Cells, Mapping[Months, Interval]]:
        if not rows:
            return {}
        part = replace(scope, years=tuple(y for y in scope.years if (y.delivery in deliveries) == mine))
        given = {months: given_to(part, each, self.inputs.breakdowns) for months, each in self._found.items()}
        there = {months: each for months, each in given.items() if each}
        return people_of(self.inputs, part, there, {_cells(row) for row in rows}, self._added) if there else {}


def _cells(row: FigureRow) -> Cells:
    place = place_of(row)
    return tuple((kind, code) for kind, code in (("district", place.district), ("age_band", place.age_band)) if code)


def _at(people: Mapping[Cells, Mapping[Months, Interval]], row: FigureRow) -> Interval | None:
    return people.get(_cells(row), {}).get(row.period.months)
