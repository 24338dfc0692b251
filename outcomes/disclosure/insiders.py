"""Insiders: a partner knows what it sent itself, so what it must not learn is how few others contributed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from outcomes.disclosure.attack import Attack
from outcomes.disclosure.finding import Finding
from outcomes.disclosure.published import Case, End, Number, Release, numbers_of, without_numbers
from outcomes.reach import Interval, Months
from outcomes.release_figures import (
    FigureRow,
    Place,
    Scope,
    added_by_estimate,
    contributions,
    estimates_of,
    figure_rows,
    given_to,
    people_of,
    scopes,
)
from outcomes.release_inputs import ReleaseInputs

Cells = tuple[tuple[str, str], ...]
People = Mapping[Cells, Mapping[Months, Interval]]


def audit_insider(chain: Sequence[Release], deliveries: Collection[str]) -> list[Finding]:
    """What a partner can say of the others, knowing what its own deliveries contributed.

    Protected are the numbers of people whom others contributed, in hidden numbers to which it contributed itself. What
    it could say as far if no number were shown at all is not told.
    """
    attack, before = Attack(chain), Attack([without_numbers(release) for release in chain])
    found = []
    for which, release in enumerate(chain):
        own = _exact(_only(release.inputs, deliveries, mine=True))
        others = _exact(_only(release.inputs, deliveries, mine=False))
        attack.knows(which, own)
        before.knows(which, own)
        for row in release.rows:
            for number in numbers_of(row):
                mine, theirs = own.get(number.end.place), others.get(number.end.place)
                if number.shown is not None or number.end.which == "lower" or mine is None or theirs is None:
                    continue
                # What others contributed is the rest only where nobody was met by both.
                is_rest = mine[1] + theirs[1] == number.exact
                if mine[1] and is_rest and 0 < theirs[1] < release.inputs.policy.hide_below:
                    found.append(((which, number.end), mine[1]))
    findings = attack.intervals(found)
    # The attack takes for known which of several numbers is the largest in truth: that can say something by itself.
    return [
        finding.beyond(before.interval(finding.release, finding.end, own=own)) if finding.is_told else finding
        for finding, (_, own) in zip(findings, found, strict=True)
    ]


def _exact(inputs: ReleaseInputs) -> dict[Place, tuple[int, int]]:
    return {row.place: (row.exact_lower, row.exact_upper) for row in figure_rows(inputs) if row.exact_lower is not None}


def _only(inputs: ReleaseInputs, deliveries: Collection[str], *, mine: bool) -> ReleaseInputs:
    left = {
        programme: tuple(year for year in years if (year.delivery in deliveries) == mine)
        for programme, years in inputs.deliveries.items()
    }
    return replace(inputs, deliveries=left)


class Insider:
    """What a partner knows of a chain of releases, by its deliveries."""

    def __init__(self, parts: Sequence[Parts], deliveries: Collection[str]) -> None:
        self.parts, self.deliveries = parts, frozenset(deliveries)
        # How many people of each number it contributed itself, at least.
        self.own = {(which, end): people for which, part in enumerate(parts) for end, people in part.own(deliveries)}

    def few_others(self, hidden: Iterable[Case]) -> dict[Case, int]:
        """Those of hidden numbers to which others contributed few, each with how many are its own."""
        return {case: self.own[case] for case in hidden if case in self.own and self._has_few_others(case)}

    def _has_few_others(self, case: Case) -> bool:
        which, end = case
        return end.which != "lower" and self.parts[which].has_few_others(self.deliveries, end, self.own[case])


class Parts:
    """What deliveries contributed to the figures of a release."""

    def __init__(self, release: Release) -> None:
        self.release, self.inputs = release, release.inputs
        self.scopes = {scope.id: scope for scope in scopes(self.inputs) if not scope.counts_exposure}
        self.numbers = {n.end: (row, n) for row in release.rows if _scope(row) in self.scopes for n in numbers_of(row)}
        self.of_scope: dict[int | None, list[tuple[Cells, Months, Number]]] = defaultdict(list)
        for row, number in self.numbers.values():
            self.of_scope[_scope(row)].append((_cells(row), row.period.months, number))
        self.kinds = {pk: {cells for cells, _, _ in each} for pk, each in self.of_scope.items()}
        self._others: dict[tuple, Mapping[Months, Interval]] = {}

    @cached_property
    def _found(self):
        return {
            months: contributions(self.inputs, months) for months in {row.period.months for row in self.release.rows}
        }

    @cached_property
    def _added(self):
        return added_by_estimate(self.inputs, estimates_of(self.inputs))

    def own(self, deliveries: Collection[str]) -> Iterator[tuple[End, int]]:
        for pk, people in self._own_people(deliveries).items():
            for cells, months, number in self.of_scope[pk]:
                found = people.get(cells, {}).get(months)
                if found and found.upper:
                    people_of_it = found.lower if number.end.which == "lower" else found.upper
                    yield number.end, min(number.exact, people_of_it)

    def _own_people(self, deliveries: Collection[str]) -> dict[int | None, People]:
        """By scope. Whatever a partner delivers counts in a programme and in all of them, and is worked out once."""
        same: dict[tuple[str, ...], list[int | None]] = defaultdict(list)
        for pk, scope in self.scopes.items():
            same[tuple(year.delivery for year in scope.years if year.delivery in deliveries)].append(pk)
        same.pop((), None)
        found = {}
        for pks in same.values():
            kinds = set().union(*(self.kinds.get(pk, ()) for pk in pks))
            single, crossed = ({kind for kind in kinds if (len(kind) == 2) == two} for two in (False, True))
            people = self._people(self.scopes[pks[0]], deliveries, single, mine=True)
            some = {kind for kind, periods in people.items() if any(each.upper for each in periods.values())}
            crossed = {kind for kind in crossed if all((cell,) in some or (cell,) not in people for cell in kind)}
            people = {**people, **self._people(self.scopes[pks[0]], deliveries, crossed, mine=True)}
            found |= dict.fromkeys(pks, people)
        return found

    def has_few_others(self, deliveries: frozenset[str], end: End, own: int) -> bool:
        """What others contributed is the rest only where nobody was met by both."""
        row, number = self.numbers[end]
        if not own or not 0 < number.exact - own < self.inputs.policy.hide_below:
            return False
        key = deliveries, _scope(row), _cells(row)
        if key not in self._others:
            self._others[key] = self._people(self.scopes[key[1]], deliveries, {key[2]}, mine=False).get(key[2], {})
        rest = self._others[key].get(row.period.months)
        return rest is not None and rest.upper == number.exact - own

    def _people(self, scope: Scope, deliveries: Collection[str], kinds: Collection[Cells], *, mine: bool) -> People:
        if not kinds:
            return {}
        part = replace(scope, years=tuple(y for y in scope.years if (y.delivery in deliveries) == mine))
        given = {months: given_to(part, each, self.inputs.breakdowns) for months, each in self._found.items()}
        there = {months: each for months, each in given.items() if each}
        return people_of(self.inputs, part, there, kinds, self._added) if there else {}


def _scope(row: FigureRow) -> int | None:
    return row.programme.id if row.programme else None


def _cells(row: FigureRow) -> Cells:
    parts = (("district", row.district), ("age_band", row.age_band))
    return tuple((kind, category.code) for kind, category in parts if category)
