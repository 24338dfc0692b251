"""The nearest world by a linear programme: the fewest people who have to differ, if people could be parted.

It knows at once of most wishes that cannot be granted, which a walk never does. And what it says is mostly of whole
people where only few must differ: then it is a world that is near the truth, where the model is right.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np

from outcomes.disclosure.solver import solver


class Nearest:
    """`effects`: of each column the rows that move with it; changed `fewest` times at least and `most` at most."""

    def __init__(self, effects: Sequence[dict[int, int]], rows: int, fewest: np.ndarray, most: int) -> None:
        self.columns, self.rows = len(effects), rows
        self.is_mending = False
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = 2 * self.columns, rows
        # Each column twice: by so many people more, and by so many fewer.
        lp.col_cost_ = np.ones(2 * self.columns)
        lp.col_lower_ = np.zeros(2 * self.columns)
        lp.col_upper_ = np.concatenate([np.full(self.columns, float(most)), -fewest])
        lp.row_lower_, lp.row_upper_ = np.full(rows, -np.inf), np.full(rows, np.inf)
        times = np.array([times for each in effects for times in each.values()], dtype=float)
        index = np.array([row for each in effects for row in each], dtype=int)
        starts = np.cumsum([0, *map(len, effects)])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.concatenate([starts, starts[-1] + starts[1:]])
        lp.a_matrix_.index_ = np.concatenate([index, index])
        lp.a_matrix_.value_ = np.concatenate([times, -times])
        # The truth is near: the simplex begins there, and goes on from its last answer where a row was learnt of that.
        self.highs = solver(lp, presolve="off", solver="simplex")

    def learn(self, times: np.ndarray) -> None:
        """One more row, that moves so with each column."""
        places = np.flatnonzero(times).astype(np.int32)
        twice = np.concatenate([places, places + self.columns]).astype(np.int32)
        moves = np.concatenate([times[places], -times[places]]).astype(float)
        self.highs.addRow(-np.inf, np.inf, len(twice), twice, moves)
        self.rows += 1
        self.is_mending = True

    def forget(self, known: int) -> None:
        """The rows after so many."""
        gone = np.arange(known, self.rows, dtype=np.int32)
        self.highs.deleteRows(len(gone), gone)
        self.rows, self.is_mending = known, False

    def ask(self, least: np.ndarray, most: np.ndarray) -> tuple[np.ndarray | None, np.ndarray]:
        """How often each column is changed from the truth, so that each row moves within these bounds (None: it
        cannot); and how much each row stands in the way."""
        self.highs.changeRowsBounds(self.rows, np.arange(self.rows, dtype=np.int32), least, most)
        if not self.is_mending:
            self.highs.clearSolver()
        self.is_mending = False
        self.highs.run()
        if self.highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            _, _, ray = self.highs.getDualRay()
            return None, np.abs(ray)
        solution = self.highs.getSolution()
        more, fewer = np.array(solution.col_value).reshape(2, -1)
        return more - fewer, np.abs(solution.row_dual)
