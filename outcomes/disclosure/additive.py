"""Protecting tables that add up: totals, their parts, and the quarters of a year to date.

Each published number is a sum of atoms, which nobody publishes: what the same returns say of one place. So whatever can
be subtracted from what is a matter of the atoms that numbers have in common, within a release and between releases.
Nothing here reads the database, and nothing knows what is counted.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from outcomes.disclosure.rule import inferred
from outcomes.disclosure.solver import answer, solver

SLACK = 1e-6
# More than any place tells of.
MOST = 1e7


@dataclass(frozen=True)
class Sum:
    """A number: how often each atom is in it, what it is, and what is published of it (None: hidden).

    `dear`: how much readers would miss it.
    """

    key: Hashable
    terms: Mapping[Hashable, int]
    exact: int
    shown: int | None
    dear: int = 0

    @property
    def same(self) -> frozenset:
        """What it is the sum of: two that are alike are one number."""
        return frozenset(self.terms.items())


@dataclass(frozen=True)
class Hidden:
    """`keys`: what to hide beside the small numbers. `told`: what can be told even so, by what is public already."""

    keys: frozenset
    told: tuple


def protect(sums: Sequence[Sum], earlier: Sequence[Sum] = (), *, round_to: int, hide_below: int) -> Hidden:
    """What else to hide of `sums`, so that no small number among them or the earlier ones can be told.

    Of each number that is told, hide the one that readers miss least among those that tell it, and so on; then show
    again what need not be hidden, the dearest first.
    """
    attack = Attack([*sums, *earlier], round_to=round_to, hide_below=hide_below)
    public = {each.same for each in earlier if each.shown is not None}
    mine = {each.same for each in sums if each.shown is not None} - public
    dear = {each.same: (each.dear, each.exact) for each in sums}
    order = {same: place for place, same in enumerate(dear)}
    hidden: list[frozenset] = []
    hopeless: dict[frozenset, None] = {}
    while cases := [same for same in attack.told() if same not in hopeless]:
        for same in cases:
            while (by := attack.telling(same)) is not None:
                candidates = [one for one in by if one in mine and one not in attack.hidden]
                if not candidates:
                    hopeless[same] = None
                    break
                hidden.append(min(candidates, key=lambda one: (dear[one], order[one])))
                attack.hide(hidden[-1])
    for one in sorted(hidden, key=lambda one: (dear[one], order[one]), reverse=True):
        attack.show(one)
        if set(attack.told()) - hopeless.keys():
            attack.hide(one)
    keys = frozenset(each.key for each in sums if each.shown is not None and each.same in attack.hidden)
    told = tuple(each.key for each in sums if each.same in hopeless)
    return Hidden(keys, told)


class Attack:
    """What somebody who knows every published number, the rules and a solver can say of the hidden ones."""

    def __init__(self, sums: Iterable[Sum], *, round_to: int, hide_below: int) -> None:
        self.hide_below = hide_below
        self.hidden: set[frozenset] = set()
        self.exact: dict[frozenset, int] = {}
        self.bounds: dict[frozenset, tuple[float, float]] = {}
        for each in sums:
            least, most = inferred(each.shown, "number", round_to=round_to, hide_below=hide_below)
            low, high = self.bounds.get(each.same, (0, MOST))
            self.exact[each.same] = each.exact
            self.bounds[each.same] = (max(low, least), min(high, MOST if most is None else most))
        self.row = {same: place for place, same in enumerate(self.bounds)}
        self.column = {atom: n for n, atom in enumerate(dict.fromkeys(atom for same in self.row for atom, _ in same))}
        self.model: highspy.Highs | None = None
        # Of each small number that is not told, the atoms in which it is large, and those in which it is one or none.
        self.answers: dict[tuple[frozenset, highspy.ObjSense], Sequence[float]] = {}

    def told(self) -> list[frozenset]:
        """The small numbers that can be told to be small, or to be more than one."""
        small = [same for same, exact in self.exact.items() if 0 < exact < self.hide_below]
        return [same for same in small if self.telling(same) is not None]

    def telling(self, same: frozenset) -> list[frozenset] | None:
        """The published numbers by which it is told; None if it is not."""
        for sense, enough in ((highspy.ObjSense.kMaximize, self.hide_below), (highspy.ObjSense.kMinimize, 1)):
            if (same, sense) in self.answers:
                continue
            found = self._extreme(same, sense)
            people = self._people(same, found.col_value)
            if people < enough - SLACK if sense == highspy.ObjSense.kMaximize else people > enough + SLACK:
                duals = found.row_dual
                return [one for one, row in self.row.items() if abs(duals[row]) > SLACK]
            self.answers[same, sense] = found.col_value
        return None

    def interval(self, same: frozenset) -> tuple[float, float]:
        senses = (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize)
        return tuple(self._people(same, self._extreme(same, sense).col_value) for sense in senses)

    def hide(self, same: frozenset) -> None:
        """Whatever was possible stays so."""
        self.hidden.add(same)
        self._highs().changeRowBounds(self.row[same], 0, MOST)

    def show(self, same: frozenset) -> None:
        self.hidden.discard(same)
        low, high = self.bounds[same]
        self._highs().changeRowBounds(self.row[same], low, high)
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
        if self.model is None:
            self.model = _model(list(self.bounds), list(self.bounds.values()), self.column)
        return self.model


def _model(rows: Sequence[frozenset], bounds: Sequence[tuple[float, float]], column: Mapping) -> highspy.Highs:
    low, high = np.array(bounds, dtype=float).T
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(column), len(rows)
    lp.col_cost_ = np.zeros(len(column))
    lp.col_lower_, lp.col_upper_ = np.zeros(len(column)), np.full(len(column), MOST)
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *map(len, rows)])
    lp.a_matrix_.index_ = np.array([column[atom] for row in rows for atom, _ in row], dtype=int)
    lp.a_matrix_.value_ = np.array([times for row in rows for _, times in row], dtype=float)
    return solver(lp)
