"""Finding worlds: from what was sent, change few people so that hidden numbers move and published ones stay.

Moves that leave most published numbers alone (two partners exchange people of two districts) are the columns of a
small integer programme, the published numbers that they touch its rows. Nothing here is trusted: a world counts for
what the ordinary counting code makes of it (`outcomes.disclosure.certificate`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np

from outcomes.disclosure.moves import Column, Move, Moves
from outcomes.disclosure.published import End
from outcomes.disclosure.solver import solver
from outcomes.disclosure.traced import Leaf, Met
from outcomes.disclosure.worlds import Count, Profile, Sources, World

# No move is made more often in one step.
MOST_TIMES = 6
# Branches that one integer programme may open: the same everywhere, as seconds would not be.
NODES = 30
# What a move of two people costs, so that worlds stay near to the truth; a wish is worth 1.
EFFORT = 0.002


@dataclass
class Line:
    """A number of a release, and how it moves; `least` to `most` in every world."""

    ends: set[End]
    terms: Mapping[Leaf, int]
    true: int
    least: float
    most: float


@dataclass(frozen=True)
class Wish:
    """That the number of the line come to `people` or more (`up`), or to so many or fewer."""

    line: int
    people: int
    up: bool


@dataclass
class Change:
    """A world in the making, and by how much its lines moved as far as they are linear."""

    columns: dict[Column, int]
    moved: np.ndarray

    def copy(self) -> Change:
        return Change(dict(self.columns), self.moved.copy())

    @property
    def world(self) -> World:
        return World(
            {column: n for column, n in self.columns.items() if isinstance(column, Count) and n},
            {column: n for column, n in self.columns.items() if isinstance(column, Profile) and n},
        )


@dataclass(eq=False)
class Search:
    sources: Sources
    lines: list[Line]

    def start(self) -> Change:
        return Change({}, np.zeros(len(self.lines)))

    @cached_property
    def moves(self) -> Moves:
        return Moves(self.sources)

    @cached_property
    def _leaves(self) -> dict[Leaf, list[tuple[int, int]]]:
        """By leaf the lines that it moves, and by how much."""
        found: dict[Leaf, list[tuple[int, int]]] = defaultdict(list)
        for place, line in enumerate(self.lines):
            for leaf, times in line.terms.items():
                found[leaf].append((place, times))
        return found

    @cached_property
    def _met(self) -> Mapping[tuple, Mapping[tuple, list[Met]]]:
        """Leaves of registers by their cells, and by whom and when."""
        found = defaultdict(lambda: defaultdict(list))
        for leaf in self._leaves:
            if isinstance(leaf, Met):
                found[leaf.cells][leaf.release, leaf.deliveries, leaf.months].append(leaf)
        return found

    @cached_property
    def _column_moves(self) -> dict[Column, dict[int, int]]:
        return {}

    def _moved_by(self, column: Column) -> Mapping[int, int]:
        known = self._column_moves.get(column)
        if known is None:
            known = self._column_moves[column] = self._work_out(column)
        return known

    def _work_out(self, column: Column) -> dict[int, int]:
        if isinstance(column, Count):
            return dict(self._leaves.get(column, ()))
        found: dict[int, int] = defaultdict(int)
        district, age = ("district", column.district), ("age_band", column.age_band)
        for cells in ((district,), (age,), (district, age)):
            for (_, deliveries, months), leaves in self._met.get(cells, {}).items():
                if any(d in deliveries and m in months for d, m in column.met):
                    for leaf in leaves:
                        for place, times in self._leaves[leaf]:
                            found[place] += times
        return found

    def moves_of(self, line: Line, world: World) -> int:
        """By how much the line differs in the world, as far as it is linear."""
        found = 0
        for leaf, times in line.terms.items():
            if isinstance(leaf, Count):
                found += times * world.counts.get(leaf, 0)
            else:
                found += times * sum(change for profile, change in world.people.items() if leaf.holds(profile))
        return found

    def moved_in(self, world: World) -> np.ndarray:
        moved = np.zeros(len(self.lines))
        for column, times in (*world.counts.items(), *world.people.items()):
            for line, each in self._moved_by(column).items():
                moved[line] += times * each
        return moved

    def learn(self, lines: Sequence[Line]) -> None:
        """Numbers that move otherwise than was thought: hold these ways of moving too."""
        for line in lines:
            place = len(self.lines)
            self.lines.append(line)
            for leaf, times in line.terms.items():
                self._leaves[leaf].append((place, times))
            met = {leaf: times for leaf, times in line.terms.items() if isinstance(leaf, Met)}
            for leaf in met:
                known = self._met[leaf.cells][leaf.release, leaf.deliveries, leaf.months]
                if leaf not in known:
                    known.append(leaf)
            for column, moves in self._column_moves.items():
                if isinstance(column, Count):
                    times = line.terms.get(column, 0)
                else:
                    times = sum(each for leaf, each in met.items() if leaf.holds(column))
                if times:
                    moves[place] = times

    def improve(self, change: Change, moves: Sequence[Move], wishes: Sequence[Wish]) -> bool:
        """Make moves so that as many of the wishes as possible come true. Whether any was made."""
        programme = _Programme(self, change, moves)
        found = programme.solve(wishes)
        if found is None or not found.any():
            return False
        for place in np.flatnonzero(found):
            for column, times in moves[place]:
                change.columns[column] = change.columns.get(column, 0) + times * int(found[place])
        change.moved += programme.effect(found)
        return True


class _Programme:
    """An integer programme: how often each move is made."""

    def __init__(self, search: Search, change: Change, moves: Sequence[Move]) -> None:
        self.search, self.change, self.moves = search, change, moves
        self.rows: dict[object, int] = {}
        self.starts, self.index, self.value = [0], [], []
        beliefs = search.moves.beliefs
        for move in moves:
            effect: dict[object, int] = defaultdict(int)
            for column, times in move:
                for line, each in search._moved_by(column).items():
                    effect[line] += times * each
                for belief, each in beliefs.of(column):
                    effect[belief] += times * each
            for row, times in effect.items():
                if times:
                    self.index.append(self.rows.setdefault(row, len(self.rows)))
                    self.value.append(times)
            self.starts.append(len(self.index))

    def solve(self, wishes: Sequence[Wish]) -> np.ndarray | None:
        least, most = self._bounds()
        wished = self._wish(wishes, least, most)
        if not wished:
            return None
        moves, count = len(self.moves), len(wished)
        # Beside the moves a column for each wish.
        alone = [len(move) == 1 for move in self.moves]
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = moves + count, len(self.rows)
        lp.col_cost_ = np.array([*(0 if one else EFFORT for one in alone), *[-1] * count], dtype=float)
        lp.col_lower_ = np.array([*(-MOST_TIMES if one else 0 for one in alone), *[0] * count], dtype=float)
        lp.col_upper_ = np.array([*[MOST_TIMES] * moves, *[1] * count], dtype=float)
        lp.row_lower_, lp.row_upper_ = least, most
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.array([*self.starts, *(self.starts[-1] + 1 + n for n in range(count))])
        lp.a_matrix_.index_ = np.array([*self.index, *(row for row, _ in wished)])
        lp.a_matrix_.value_ = np.array([*self.value, *(value for _, value in wished)], dtype=float)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * (moves + count)
        return _solved(lp, moves)

    def _wish(self, wishes: Sequence[Wish], least: np.ndarray, most: np.ndarray) -> list[tuple[int, float]]:
        """The row of each wish, and how much it takes from it; no wished number moves the wrong way."""
        found = []
        for wish in wishes:
            row = self.rows.get(wish.line)
            if row is None:
                continue
            now = self.search.lines[wish.line].true + self.change.moved[wish.line]
            need = max(0, wish.people - now if wish.up else now - wish.people)
            if wish.up:
                least[row] = max(least[row], 0 if need else wish.people - now)
            else:
                most[row] = min(most[row], 0 if need else wish.people - now)
            if need:
                found.append((row, -need if wish.up else need))
        return found

    def _bounds(self) -> tuple[np.ndarray, np.ndarray]:
        least, most = np.empty(len(self.rows)), np.empty(len(self.rows))
        for row, place in self.rows.items():
            if isinstance(row, int):
                line = self.search.lines[row]
                now = line.true + self.change.moved[row]
                least[place], most[place] = line.least - now, line.most - now
            else:
                least[place], most[place] = self.search.moves.beliefs.room(row, self.change.columns)
        return np.minimum(least, 0), np.maximum(most, 0)

    def effect(self, found: np.ndarray) -> np.ndarray:
        moved = np.zeros(len(self.search.lines))
        lines = {place: row for row, place in self.rows.items() if isinstance(row, int)}
        for column in np.flatnonzero(found):
            for at in range(self.starts[column], self.starts[column + 1]):
                if self.index[at] in lines:
                    moved[lines[self.index[at]]] += self.value[at] * found[column]
        return moved


def _solved(lp: highspy.HighsLp, columns: int) -> np.ndarray | None:
    highs = solver(lp, mip_max_nodes=NODES, mip_rel_gap=0.05)
    highs.run()
    solution = highs.getSolution()
    if not solution.value_valid:
        return None
    return np.rint(np.array(solution.col_value[:columns])).astype(int)
