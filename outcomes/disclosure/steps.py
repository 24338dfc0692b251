"""Steps: what a walk through worlds may change at once, and by how much each row moves with it.

One more or fewer in a register, or of those exposed; one of a register who was met at one more place; of a return one
person more or fewer, who is in a district and in an age band at once; or a person who was of another district or age
band.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, product

import numpy as np

from outcomes.disclosure.columns import Column
from outcomes.disclosure.worlds import Count, Profile
from outcomes.reach import DISTRICT


class Steps:
    """`first` and `second`: the columns that change (no second: the place after the last column, by nothing). One
    upwards changes the first by one and the second by `times`. `starts`, `rows` and `by`: which rows then move, and by
    how much; `of_row`: the other way about."""

    def __init__(self, columns: Sequence[Column], effects: Sequence[dict[int, int]], rows: int) -> None:
        made = np.array(list(_steps(columns)), dtype=np.int32).reshape(-1, 3)
        lengths = np.array([*map(len, effects), 0])
        starts = np.cumsum([0, *lengths])
        row = np.array([row for each in effects for row in each], dtype=np.int64)
        times = np.array([times for each in effects for times in each.values()], dtype=np.int16)
        keys, moves = [], []
        for columns_changed, by in ((made[:, 0], np.ones(len(made), dtype=np.int16)), (made[:, 1], made[:, 2])):
            steps, places = ranges(starts[columns_changed], lengths[columns_changed])
            keys.append(steps * rows + row[places])
            moves.append(times[places] * by[steps].astype(np.int16))
        key, move = np.concatenate(keys), np.concatenate(moves)
        order = np.argsort(key, kind="stable")
        key, move = key[order], move[order]
        firsts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.array([], dtype=int)
        move = np.add.reduceat(move, firsts) if len(firsts) else move
        step, row = np.divmod(key[firsts][move != 0], rows)
        kept, step = np.unique(step, return_inverse=True)
        self.first, self.second, self.times = made[kept].T
        self.lengths = np.bincount(step, minlength=len(kept))
        self.starts = np.cumsum([0, *self.lengths[:-1]]) if len(kept) else np.array([], dtype=int)
        self.rows, self.by = row.astype(np.int32), move[move != 0]
        order = np.argsort(row, kind="stable")
        self._of_row = step[order].astype(np.int32), self.by[order] > 0
        self._row_starts = np.searchsorted(row[order], np.arange(rows + 1))
        # Of rows that were learnt, one by one; and what there was before.
        self._learnt: list[tuple[np.ndarray, np.ndarray]] = []
        self._before = self.rows, self.by, self.lengths, self.starts

    def of_row(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        """The steps that move the row, and whether upwards."""
        known = len(self._row_starts) - 1
        if row >= known:
            return self._learnt[row - known]
        part = slice(self._row_starts[row], self._row_starts[row + 1])
        return self._of_row[0][part], self._of_row[1][part]

    def part(self, step: int) -> slice:
        """Where the rows stand that the step moves."""
        return slice(self.starts[step], self.starts[step] + self.lengths[step])

    def learn(self, times: np.ndarray) -> None:
        """One more row, that moves so with each column."""
        row = len(self._row_starts) - 1 + len(self._learnt)
        times = np.append(times, 0)
        by = times[self.first] + self.times * times[self.second]
        moved = np.flatnonzero(by)
        ends = (self.starts + self.lengths)[moved]
        self.rows = np.insert(self.rows, ends, row)
        self.by = np.insert(self.by, ends, by[moved])
        self.lengths = self.lengths.copy()
        self.lengths[moved] += 1
        self.starts = np.cumsum([0, *self.lengths[:-1]])
        self._learnt.append((moved, by[moved] > 0))

    def forget(self) -> None:
        """What was learnt."""
        self.rows, self.by, self.lengths, self.starts = self._before
        self._learnt = []


def ranges(starts: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of ranges one after the other: to which each place belongs, and the places."""
    which = np.repeat(np.arange(len(starts)), lengths)
    before = np.cumsum(lengths) - lengths
    return which, np.arange(len(which)) + (starts - before)[which]


def _steps(columns: Sequence[Column]):
    nothing = len(columns)
    together: dict[tuple, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for place, column in enumerate(columns):
        if isinstance(column, Count) and column.dimension:
            together[column[:4]][column.dimension != DISTRICT].append(place)
        else:
            yield place, nothing, 0
    places = {column: place for place, column in enumerate(columns) if isinstance(column, Profile)}
    for more, place in places.items():
        fewer = (more._replace(met=more.met - {one}) for one in sorted(more.met))
        yield from ((place, places[each], -1) for each in fewer if each in places)
    for districts, ages in together.values():
        yield from ((one, other, 1) for one, other in product(districts, ages))
        for alike in (districts, ages):
            yield from ((one, other, -1) for one, other in combinations(alike, 2))
