"""The solver of linear programmes, as all of disclosure control uses it: silent, and on one core."""

from __future__ import annotations

import highspy


def solver(lp: highspy.HighsLp, **options: float) -> highspy.Highs:
    highs = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, **options}.items():
        highs.setOptionValue(name, value)
    highs.passModel(lp)
    return highs


def answer(highs: highspy.Highs) -> highspy.HighsSolution:
    """Of a programme that the truth solves: where it has no answer it is wrong, and what it says is nothing."""
    highs.run()
    status = highs.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"The attack found no answer: {highs.modelStatusToString(status)}.")
    return highs.getSolution()
