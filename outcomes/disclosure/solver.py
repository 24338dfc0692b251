"""The solver of linear programmes, as all of disclosure control uses it: silent, and on one core."""

from __future__ import annotations

import os
from functools import cache

import highspy


def solver(lp: highspy.HighsLp, **options: float) -> highspy.Highs:
    _greet()
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


@cache
def _greet() -> None:
    """The first solver of a process names itself on standard output, before any option can tell it not to: let it do so
    where nobody reads it."""
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        highspy.Highs()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
