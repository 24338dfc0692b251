"""The cheapest choice that takes one from each of several sets."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import highspy
import numpy as np

from outcomes.disclosure.solver import answer, solver


def cheapest(costs: Mapping[int, float], wishes: Collection[tuple[frozenset[int], int | None]]) -> set[int]:
    """One at least of each set; of a set beside which another one is named only if that is chosen."""
    named = sorted({one for these, only_if in wishes for one in (*these, only_if) if one is not None})
    if not named:
        return set()
    column = {one: place for place, one in enumerate(named)}
    rows = [
        [(column[one], 1.0) for one in sorted(these)] + ([] if only_if is None else [(column[only_if], -1.0)])
        for these, only_if in wishes
    ]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(named), len(rows)
    lp.col_cost_ = np.array([costs[one] for one in named], dtype=float)
    lp.col_lower_, lp.col_upper_ = np.zeros(len(named)), np.ones(len(named))
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(named)
    lp.row_lower_ = np.array([only_if is None for _, only_if in wishes], dtype=float)
    lp.row_upper_ = np.full(len(rows), np.inf)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *map(len, rows)])
    lp.a_matrix_.index_ = np.array([place for row in rows for place, _ in row], dtype=int)
    lp.a_matrix_.value_ = np.array([times for row in rows for _, times in row], dtype=float)
    taken = answer(solver(lp, mip_rel_gap=0.0)).col_value
    return {one for one, is_taken in zip(named, taken, strict=True) if is_taken > 0.5}
