"""What may be shown of a figure: rounding and the hiding of small numbers, by the release's policy.

This is the primary rule only. The secondary cells, the attack over linked tables and the certificate are not here
yet, and README says so.
"""

from __future__ import annotations


def protect(people: int, *, round_to: int, hide_below: int) -> int | None:
    """A number as published: None if it is hidden, zero if it is zero, else to the nearest `round_to` (halves up)."""
    if people == 0:
        return 0
    if people < hide_below:
        return None
    return max((people * 2 + round_to) // (2 * round_to) * round_to, round_to)


def protect_range(lower: int, upper: int, *, round_to: int, hide_below: int) -> tuple[int | None, int | None]:
    """The two ends as published, rounded outwards: “at least” and “at most” stay true. Each is hidden by itself."""
    return (
        None if 0 < lower < hide_below else lower // round_to * round_to,
        None if 0 < upper < hide_below else -(-upper // round_to) * round_to,
    )
