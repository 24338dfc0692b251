"""Finding worlds: from what was sent, change few people so that a hidden number moves and published ones stay.

One integer programme holds every count and everybody who could have been sent otherwise. A linear one asks first for
the least that must change, and names the few columns among which whole people are then looked for. Nothing here is
trusted: a world counts for what the ordinary counting code makes of it (`outcomes.disclosure.certificate`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

import highspy
import numpy as np

from outcomes.disclosure.attack import Case
from outcomes.disclosure.columns import Beliefs, Column, Effects, Row, columns_of
from outcomes.disclosure.lines import Line
from outcomes.disclosure.solver import solver
from outcomes.disclosure.worlds import Count, Profile, Sources, World

# No column differs by more people from the truth.
MOST_TIMES = 30
# Branches that a search for whole people may open: the same everywhere, as seconds would not be.
NODES = 20
# So many published numbers are named that stand in the way.
FEW = 3
WHOLE = 1e-6
DUAL_SIMPLEX = 1


class Effort(NamedTuple):
    """How long the linear programme may look for the least change, and among how many columns whole people are looked
    for."""

    steps: int
    columns: int


# What is wished is most often had with few changes: what is tried of each number first, and then of those left.
EFFORTS = (Effort(400, 150), Effort(4000, 600))


@dataclass(frozen=True)
class Wish:
    """That the number come to `people` or more (`up`), or to so many or fewer."""

    end: Case
    people: int
    up: bool


class Programme:
    """How the lines, and what is believed of people, move with each column. Columns that move the same are one."""

    def __init__(self, sources: Sources, lines: list[Line], dice: Random) -> None:
        self.sources, self.lines, self.dice = sources, lines, dice
        self.beliefs = Beliefs(sources)
        effects = Effects(lines)
        alike: dict[tuple, tuple[int, Column]] = {}
        nobody = {place for place, line in enumerate(lines) if line.is_none}
        for column in columns_of(sources, lines):
            effect = effects.of(column)
            if nobody.isdisjoint(effect):
                key = tuple(sorted([*effect.items(), *self.beliefs.of(column)], key=str))
                there = self.beliefs.said(column)
                if key and (key not in alike or there > alike[key][0]):
                    alike[key] = there, column
        self.columns = [column for _, column in alike.values()]
        self.there = np.array([there for there, _ in alike.values()], dtype=float)
        self.rows: dict[Row, int] = {}
        moved = [[(self.rows.setdefault(row, len(self.rows)), times) for row, times in key if times] for key in alike]
        self.starts = np.cumsum([0, *map(len, moved)])
        self.index = np.array([row for each in moved for row, _ in each], dtype=int)
        self.value = np.array([times for each in moved for _, times in each], dtype=float)
        # Of those that need as few changes, one.
        self.effort = np.array([1 + 0.01 * dice.random() for _ in range(2 * len(self.columns))])
        self.lines_of: dict[Case, list[int]] = defaultdict(list)
        for place, line in enumerate(lines):
            self._find(place, line)
        room = [self._room(row) for row in self.rows]
        self.least, self.most = np.array(room, dtype=float).reshape(-1, 2).T

    def _find(self, place: int, line: Line) -> None:
        for end in line.ends if place in self.rows else ():
            self.lines_of[end].append(place)

    def wished(self, wish: Wish) -> dict[int, float]:
        """By row, by how many people it has to move from the truth."""
        lines = self.lines_of.get(wish.end, ())
        return {self.rows[line]: wish.people - self.lines[line].true for line in lines}

    def _room(self, row: Row) -> tuple[float, float]:
        if not isinstance(row, int):
            return self.beliefs.room(row)
        line = self.lines[row]
        # What partners' slips contradict is no nearer to the truth than the truth is.
        return min(line.least - line.true, 0), max(line.most - line.true, 0)

    def learn(self, lines: Sequence[Line], world: World) -> None:
        """Numbers that moved otherwise in the world than was thought: hold these ways of moving too."""
        changed = [*world.counts.items(), *world.people.items()]
        for line in lines:
            effects = Effects([line])
            line.true -= sum(n * effects.of(column).get(0, 0) for column, n in changed)
            times = np.array([effects.of(column).get(0, 0) for column in self.columns], dtype=float)
            self.rows[len(self.lines)] = len(self.rows)
            self.lines.append(line)
            self._find(len(self.lines) - 1, line)
            least, most = self._room(len(self.lines) - 1)
            self.least, self.most = np.append(self.least, least), np.append(self.most, most)
            moves = times != 0
            ends = self.starts[1:][moves]
            self.index = np.insert(self.index, ends, len(self.rows) - 1)
            self.value = np.insert(self.value, ends, times[moves])
            self.starts = self.starts + np.concatenate([[0], np.cumsum(moves)])


class Change:
    """A world in the making: how often each column was changed, by how much each row has moved, and the programme that
    is asked for more. Every wish that came true holds from then on."""

    def __init__(self, programme: Programme, before: Change | None = None) -> None:
        """`before`: the same before the programme learnt something."""
        self.programme = p = programme
        columns = len(p.columns)
        self.times = np.zeros(columns, dtype=int) if before is None else before.times
        self.moved = np.zeros(len(p.rows))
        np.add.at(self.moved, p.index, p.value * np.repeat(self.times, np.diff(p.starts)))
        self.least, self.most = p.least.copy(), p.most.copy()
        if before is not None:
            known = len(before.least)
            self.least[:known], self.most[:known] = before.least, before.most
        self.starts = np.concatenate([p.starts, p.starts[-1] + p.starts[1:]])
        self.index, self.value = np.tile(p.index, 2), np.concatenate([p.value, -p.value])
        lp = _linear(p.effort, self.room, self.least - self.moved, self.most - self.moved)
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = self.starts, self.index, self.value
        self.highs = solver(lp, presolve="off", simplex_strategy=DUAL_SIMPLEX)
        self.highs.run()
        self.untouched = self.highs.getBasis()

    @property
    def room(self) -> np.ndarray:
        """So many people may be added to each column, and so many taken away."""
        more, fewer = MOST_TIMES - self.times, np.minimum(MOST_TIMES, self.programme.there + self.times)
        return np.maximum(np.concatenate([more, fewer]), 0)

    def world(self, found: np.ndarray) -> World:
        times = self.times + found
        changed = [(self.programme.columns[n], int(times[n])) for n in np.flatnonzero(times)]
        return World(
            {column: times for column, times in changed if isinstance(column, Count)},
            {column: times for column, times in changed if isinstance(column, Profile)},
        )

    def holds(self, wish: Wish) -> bool:
        """Whether it has come true already."""
        moved = [(self.moved[row], people) for row, people in self.programme.wished(wish).items()]
        return bool(moved) and all(now >= people if wish.up else now <= people for now, people in moved)

    def keep(self, wish: Wish) -> None:
        for row, (least, most) in self._wished(wish).items():
            self.least[row], self.most[row] = least, most
            self._show(row)

    def ask(self, wish: Wish, *, effort: Effort) -> np.ndarray | None:
        """By how much to change each column for the wish to come true."""
        wished, found = self._wished(wish), None
        if wished and all(least <= most for least, most in wished.values()):
            for row, (least, most) in wished.items():
                self.highs.changeRowBounds(row, least - self.moved[row], most - self.moved[row])
            found = self._asked(wished, effort)
            for row in wished:
                self._show(row)
        return None if found is None else found[: len(self.times)] - found[len(self.times) :]

    def in_the_way(self) -> list[Case]:
        """The published numbers that cost most to get round, by what was asked last."""
        prices = np.abs(self.highs.getSolution().row_dual)
        lines = {row: line for line, row in self.programme.rows.items() if isinstance(line, int)}
        dearest = [row for row in np.argsort(-prices, kind="stable")[: 4 * FEW] if prices[row] > WHOLE and row in lines]
        shown = (self.programme.lines[lines[row]] for row in dearest)
        ends = [min(line.ends) for line in shown if line.ends and (line.least > 0 or line.most < np.inf)]
        return ends[:FEW]

    def make(self, found: np.ndarray, wish: Wish) -> None:
        p = self.programme
        self.keep(wish)
        self.times = self.times + found
        rows: set[int] = set()
        room = self.room
        for column in np.flatnonzero(found):
            part = slice(p.starts[column], p.starts[column + 1])
            self.moved[p.index[part]] += p.value[part] * found[column]
            rows.update(p.index[part].tolist())
            for place in (column, len(self.times) + column):
                self.highs.changeColBounds(int(place), 0.0, float(room[place]))
        for row in rows:
            self._show(row)

    def _wished(self, wish: Wish) -> dict[int, tuple[float, float]]:
        """By row the least and the most by which it may have moved in the end."""
        found = {}
        for row, people in self.programme.wished(wish).items():
            least, most = self.least[row], self.most[row]
            found[row] = (max(least, people), most) if wish.up else (least, min(most, people))
        return found

    def _asked(self, wished: Mapping[int, tuple[float, float]], effort: Effort) -> np.ndarray | None:
        self.highs.setOptionValue("simplex_iteration_limit", effort.steps)
        self.highs.setBasis(self.untouched)
        self.highs.run()
        status = self.highs.getModelStatus()
        is_best = status == highspy.HighsModelStatus.kOptimal
        if not is_best and status != highspy.HighsModelStatus.kIterationLimit:
            return None
        solution = self.highs.getSolution()
        times, prices = np.array(solution.col_value), np.abs(solution.col_dual)
        used = np.abs(times) > WHOLE
        if is_best and (np.abs(times - np.rint(times)) < WHOLE).all():
            return np.rint(times).astype(int)
        prices[used] = -1
        return self._whole(np.sort(np.argsort(prices, kind="stable")[: effort.columns]), wished)

    def _whole(self, columns: np.ndarray, wished: Mapping[int, tuple[float, float]]) -> np.ndarray | None:
        """Whole people, among these columns."""
        parts = [np.arange(self.starts[column], self.starts[column + 1]) for column in columns]
        rows, places = np.unique(self.index[np.concatenate(parts)], return_inverse=True)
        if not set(wished).issubset(rows.tolist()):
            return None
        low, high = self.least.copy(), self.most.copy()
        rows_wished = list(wished)
        low[rows_wished], high[rows_wished] = zip(*wished.values(), strict=True)
        low, high = low - self.moved, high - self.moved
        lp = _linear(self.programme.effort[columns], self.room[columns], low[rows], high[rows])
        lp.a_matrix_.start_ = np.cumsum([0, *map(len, parts)])
        lp.a_matrix_.index_, lp.a_matrix_.value_ = places, self.value[np.concatenate(parts)]
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(columns)
        # The first that is found will do.
        highs = solver(lp, mip_max_nodes=NODES, mip_rel_gap=10.0, mip_max_improving_sols=1)
        highs.run()
        solution = highs.getSolution()
        if not solution.value_valid:
            return None
        found = np.zeros(len(self.room), dtype=int)
        found[columns] = np.rint(solution.col_value)
        return found

    def _show(self, row: int) -> None:
        self.highs.changeRowBounds(
            int(row), float(self.least[row] - self.moved[row]), float(self.most[row] - self.moved[row])
        )


def _linear(cost: np.ndarray, room: np.ndarray, least: np.ndarray, most: np.ndarray) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(least)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(len(cost)), room.astype(float)
    lp.row_lower_, lp.row_upper_ = least, most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    return lp
