"""Which rows of registers are compared at all: those that agree in all parts of one block."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from outcomes.registers.evidence import Rows, mixed

LARGEST_BLOCK = 400
PENDING = 300_000  # pairs that are looked through together for those found before

# Rows that agree in all parts of one of these are compared.
BLOCKS = (
    ("forename_whole", "surname_whole"),
    ("forename_family", "surname_family"),
    ("forename_sound", "surname_whole"),
    ("forename_whole", "surname_sound"),
    ("forename_whole", "birth"),
    ("forename_family", "birth"),
    ("forename_head", "birth"),
    ("forename_tail", "birth"),
    ("surname_whole", "birth"),
    ("surname_head", "birth"),
    ("surname_tail", "birth"),
    ("birth", "postcode"),
    ("birth", "postcode_out"),
    ("birth", "postcode_in"),
    ("forename_whole", "postcode"),
    ("forename_sound", "postcode"),
    ("forename_head", "postcode"),
    ("surname_whole", "postcode"),
    ("surname_sound", "postcode"),
    ("forename_sound", "birth_any_order"),
    ("surname_sound", "birth_any_order"),
    *(
        (f"forename_{part}", f"surname_{part}", date)
        for part in ("sound", "head", "tail")
        for date in ("birth_year_month", "birth_year_day", "birth_month_day")
    ),
    ("nhs_number",),
    ("upn",),
)


def candidates(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows that agree in all parts of a block, the smaller number first, each once."""
    once, pending = np.zeros(0, dtype=int), []
    for key in (*(partial(_key, rows, block) for block in BLOCKS), partial(_crosswise_key, rows)):
        pairs = _pairs_within(key())
        pairs.sort(axis=0)
        pending.append(pairs[0] * len(rows) + pairs[1])
        if sum(map(len, pending)) > PENDING:
            once, pending = np.unique(np.concatenate([once, *pending])), []
    once = np.unique(np.concatenate([once, *pending]))
    return once // len(rows), once % len(rows)


def _key(rows: Rows, block: Sequence[str]) -> np.ndarray:
    return mixed([rows.of(name) for name in block])


def _crosswise_key(rows: Rows) -> np.ndarray:
    """The same for “Ann Lee” and “Lee Ann”."""
    there = _key(rows, ("forename_family", "surname_family"))
    return np.minimum(there, _key(rows, ("surname_family", "forename_family")))


def _pairs_within(key: np.ndarray) -> np.ndarray:
    """2 × pairs of rows with one key. A key of more than `LARGEST_BLOCK` rows says too little and is passed over."""
    order = np.argsort(key, kind="stable")
    order = order[key[order] != 0]
    sorted_key = key[order]
    starts = np.flatnonzero(np.r_[True, sorted_key[1:] != sorted_key[:-1]]) if len(order) else np.zeros(0, dtype=int)
    sizes = np.diff(np.r_[starts, len(order)])
    wanted = (sizes > 1) & (sizes <= LARGEST_BLOCK)
    starts, sizes = starts[wanted], sizes[wanted]
    found = []
    for gap in range(1, int(sizes.max(initial=0))):
        longer = sizes > gap
        starts, sizes = starts[longer], sizes[longer]
        here = np.repeat(starts - np.r_[0, np.cumsum(sizes - gap)[:-1]], sizes - gap) + np.arange((sizes - gap).sum())
        found.append(np.stack([order[here], order[here + gap]]))
    return np.concatenate(found, axis=1) if found else np.zeros((2, 0), dtype=int)
