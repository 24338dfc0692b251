"""Protecting tables that add up: totals, their parts, and the quarters of a year to date.

Each published number is a sum of atoms, which nobody publishes: what the same returns say of one place. So whatever can
be subtracted from what is a matter of the atoms that numbers have in common, within a release and between releases.
Nothing here reads the database, and nothing knows what is counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil

import highspy
import numpy as np

from outcomes.disclosure.finding import LEAST, MOST_OF, SENSES, Finding, is_further
from outcomes.disclosure.rule import inferred
from outcomes.disclosure.solver import answer, solver

SLACK = 1e-6
# More than any place tells of.
MOST = 1e7


@dataclass(frozen=True)
class Sum:
    """A number: how often each atom is in it, what it is, what is published of it (None: hidden), and by which rule.

    `dear`: how much readers would miss it.
    """

    key: Hashable
    terms: Mapping[Hashable, int]
    exact: int
    shown: int | None
    round_to: int
    hide_below: int
    dear: int = 0

    @property
    def same(self) -> frozenset:
        """What it is the sum of: two that are alike are one number."""
        return frozenset(self.terms.items())

    @property
    def least_and_most(self) -> tuple[int, int | None]:
        """What somebody who knows the rule infers of it, from it alone."""
        return inferred(self.shown, "number", round_to=self.round_to, hide_below=self.hide_below)


@dataclass(frozen=True)
class Hidden:
    """`keys`: what to hide beside the small numbers. `told`: what can be told even so, by what is public already."""

    keys: frozenset
    told: tuple


@dataclass(frozen=True)
class Insider:
    """Somebody who contributed. `own`: how much, by atom. `alone`: the atoms to which nobody else did."""

    own: Mapping[Hashable, Decimal]
    alone: frozenset


def protect(
    sums: Sequence[Sum],
    earlier: Sequence[Sum] = (),
    *,
    hide_below: int,
    insiders: Iterable[Insider] = (),
) -> Hidden:
    """What else to hide of `sums`, so that no small number among them or the earlier ones can be told, and nobody who
    contributed to a hidden number can tell how few the others were.

    Of each number that is told, hide the one that readers miss least among those that tell it, and so on; then show
    again what need not be hidden, the dearest first.
    """
    known = [*sums, *earlier]
    readers = [Attack(known, None, hide_below), *(Attack(known, insider, hide_below) for insider in insiders)]
    hiding = _Hiding(readers)
    public = {each.same for each in earlier if each.shown is not None}
    mine = {each.same for each in sums if each.shown is not None} - public
    dear = {each.same: (each.dear, each.exact) for each in sums}
    order = {same: place for place, same in enumerate(dear)}
    while cases := list(hiding.told()):
        for reader, same in cases:
            while (by := reader.telling(same)) is not None:
                candidates = [one for one in by if one in mine and one not in hiding.hidden]
                if candidates:
                    hiding.hide(min(candidates, key=lambda one: (dear[one], order[one])))
                else:
                    reader.give_up(same)
    for one in sorted(hiding.hidden, key=lambda one: (dear[one], order[one]), reverse=True):
        hiding.show(one)
        if any(hiding.told()):
            hiding.hide(one)
    keys = frozenset(each.key for each in sums if each.shown is not None and each.same in hiding.hidden)
    given_away = {same for reader in readers for same, _ in reader.given_away}
    return Hidden(keys, tuple(each.key for each in sums if each.same in given_away))


def audit(said: Iterable[tuple[int, Sum]], *, hide_below: int, insider: Insider | None = None) -> Iterator[Finding]:
    """What can be said of each small number that is hidden by what a chain of releases published. `said`: each with the
    place of its release in the chain."""
    shown_by: dict[frozenset, list[tuple[int, Hashable]]] = defaultdict(list)
    hidden_by: dict[frozenset, list[tuple[int, Hashable]]] = defaultdict(list)
    sums = []
    for which, each in said:
        sums.append(each)
        (hidden_by if each.shown is None else shown_by)[each.same].append((which, each.key))
    attack = Attack(sums, insider, hide_below)
    for same, places in hidden_by.items():
        if attack.is_protected(same):
            found = attack.finding(same)
            by = dict.fromkeys((place for _, one in found.by for place in shown_by[one]), 1.0)
            for which, key in places:
                yield replace(found, release=which, end=key, by=by)


class _Hiding:
    """What is hidden beside the small numbers, from all readers at once."""

    def __init__(self, readers: Sequence[Attack]) -> None:
        self.readers = readers
        self.hidden: list[frozenset] = []

    def told(self) -> Iterator[Case]:
        return ((reader, same) for reader in self.readers for same in reader.told())

    def hide(self, same: frozenset) -> None:
        self.hidden.append(same)
        for reader in self.readers:
            reader.hide(same)

    def show(self, same: frozenset) -> None:
        self.hidden.remove(same)
        for reader in self.readers:
            reader.show(same)


class Attack:
    """What somebody who knows every published number, the rules and a solver can say of the hidden ones. An insider
    knows its own part too: then every number here is what the others contributed."""

    def __init__(self, sums: Iterable[Sum], insider: Insider | None, hide_below: int) -> None:
        self.hide_below, self.insider = hide_below, insider
        self.own: dict[frozenset, int] = {}
        self.exact: dict[frozenset, int] = {}
        self.bounds: dict[frozenset, tuple[float, float]] = {}
        # Parts of people do not add up where each sum is rounded to whole ones by itself.
        loose = int(insider is not None and any(part % 1 for part in insider.own.values()))
        for each in sums:
            least, most = each.least_and_most
            own = self.own.setdefault(each.same, self._own(each))
            low, high = self.bounds.get(each.same, (0, MOST))
            self.exact[each.same] = each.exact - own
            self.bounds[each.same] = (
                max(low, least - own - loose),
                min(high, MOST if most is None else most - own + loose),
            )
        self.never_shown = {same for same, bounds in self.bounds.items() if bounds == (0, MOST)}
        self.hidden: set[frozenset] = set()
        self.row = {same: place for place, same in enumerate(self.bounds)}
        self.column = {atom: n for n, atom in enumerate(dict.fromkeys(atom for same in self.row for atom, _ in same))}
        self.model: highspy.Highs | None = None
        # Of each small number that is not told, the atoms in which it is large, and those in which it is one or none.
        self.answers: dict[tuple[frozenset, highspy.ObjSense], Sequence[float]] = {}
        # How many people one is of at most, or at least, by what cannot be hidden any more.
        self.given_away: dict[tuple[frozenset, highspy.ObjSense], float] = {}

    def _own(self, number: Sum) -> int:
        if self.insider is None:
            return 0
        return ceil(sum(times * self.insider.own.get(atom, 0) for atom, times in number.terms.items()))

    def told(self) -> Iterator[frozenset]:
        """The small numbers that can be told to be small, or to be more than one. An insider's are the hidden ones to
        which it contributed itself."""
        return (same for same in self.exact if self.is_protected(same) and self.telling(same) is not None)

    def is_protected(self, same: frozenset) -> bool:
        if not 0 < self.exact[same] < self.hide_below:
            return False
        return self.insider is None or (self.own[same] > 0 and (same in self.never_shown or same in self.hidden))

    def telling(self, same: frozenset) -> list[frozenset] | None:
        """The published numbers by which it is told; None if it is not."""
        for sense in SENSES:
            if (same, sense) in self.answers:
                continue
            found = self._extreme(same, sense)
            if self._is_told(same, sense, self._people(same, found.col_value)):
                duals = found.row_dual
                return [one for one, row in self.row.items() if abs(duals[row]) > SLACK]
            self.answers[same, sense] = found.col_value
        return None

    def give_up(self, same: frozenset) -> None:
        """It is told by what cannot be hidden any more: it must be told no further."""
        bounds = ((sense, self._people(same, self._extreme(same, sense).col_value)) for sense in SENSES)
        sense, people = next((sense, people) for sense, people in bounds if self._is_told(same, sense, people))
        self.given_away[same, sense] = people

    def _is_told(self, same: frozenset, sense: highspy.ObjSense, people: float) -> bool:
        known = self.given_away.get((same, sense))
        too_far = people < self.hide_below - SLACK if sense == MOST_OF else people > 1 + SLACK
        return too_far and (known is None or is_further(people, known, sense))

    def finding(self, same: frozenset) -> Finding[frozenset]:
        """What can be said of a small number."""
        least, most = (self._people(same, self._extreme(same, sense).col_value) for sense in (LEAST, MOST_OF))
        low, high = least > 1 + SLACK, most < self.hide_below - SLACK
        by = dict.fromkeys(((0, one) for one in self.telling(same) or ()), 1.0)
        return Finding(0, same, round(least, 6), None if most > MOST / 2 else round(most, 6), low, high, by)

    def hide(self, same: frozenset) -> None:
        """Whatever was possible stays so."""
        self.hidden.add(same)
        if self.model is not None:
            self.model.changeRowBounds(self.row[same], 0, MOST)

    def show(self, same: frozenset) -> None:
        self.hidden.discard(same)
        low, high = self.bounds[same]
        if self.model is not None:
            self.model.changeRowBounds(self.row[same], low, high)
        self.answers = {
            side: values
            for side, values in self.answers.items()
            if low - SLACK <= self._people(same, values) <= high + SLACK
        }

    def _people(self, same: frozenset, values: Sequence[float]) -> float:
        return sum(times * values[self.column[atom]] for atom, times in same)

    def _extreme(self, same: frozenset, sense: highspy.ObjSense) -> highspy.HighsSolution:
        highs = self._highs()
        places = np.array([self.column[atom] for atom, _ in same], dtype=np.int32)
        highs.changeObjectiveSense(sense)
        highs.changeColsCost(len(places), places, np.array([times for _, times in same], dtype=float))
        solution = answer(highs)
        highs.changeColsCost(len(places), places, np.zeros(len(places)))
        return solution

    def _highs(self) -> highspy.Highs:
        """Made when the first question comes: most insiders have none."""
        if self.model is None:
            bounds = [(0, MOST) if same in self.hidden else found for same, found in self.bounds.items()]
            alone = self.insider.alone if self.insider else frozenset()
            most = [0 if atom in alone else MOST for atom in self.column]
            self.model = _model(list(self.bounds), bounds, self.column, most)
        return self.model


Case = tuple[Attack, frozenset]


def _model(
    rows: Sequence[frozenset], bounds: Sequence[tuple[float, float]], column: Mapping, most: Sequence[float]
) -> highspy.Highs:
    low, high = np.array(bounds, dtype=float).T
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(column), len(rows)
    lp.col_cost_ = np.zeros(len(column))
    lp.col_lower_, lp.col_upper_ = np.zeros(len(column)), np.array(most, dtype=float)
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *map(len, rows)])
    lp.a_matrix_.index_ = np.array([column[atom] for row in rows for atom, _ in row], dtype=int)
    lp.a_matrix_.value_ = np.array([times for row in rows for _, times in row], dtype=float)
    return solver(lp)
