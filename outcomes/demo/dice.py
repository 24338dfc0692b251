"""Random numbers that are the same each time somebody asks."""

from __future__ import annotations

import random

SEED = "west-midlands"


def dice(*of: object) -> random.Random:
    """Random numbers that belong to something, e.g. to a delivery's month."""
    return random.Random(":".join([SEED, *map(str, of)]))  # noqa: S311
