"""What may be shown of a number by the release's policy, and what whoever knows the policy infers from it.

This is the primary rule, which looks at one number at a time. What several numbers together give away is the business
of `outcomes.disclosure.protection`.
"""

from __future__ import annotations

from typing import Literal

# One number, or one of the two ends of a range: each is rounded in its own way.
Which = Literal["number", "lower", "upper"]


def shown(people: int, *, round_to: int, hide_below: int) -> int | None:
    """A number as published: None if it is hidden, zero if it is zero, else to the nearest `round_to` (halves up)."""
    if people == 0:
        return 0
    if people < hide_below:
        return None
    return max((people * 2 + round_to) // (2 * round_to) * round_to, round_to)


def shown_range(lower: int, upper: int, *, round_to: int, hide_below: int) -> tuple[int | None, int | None]:
    """The two ends as published, rounded outwards: “at least” and “at most” stay true. Each is hidden by itself."""
    return (
        None if 0 < lower < hide_below else lower // round_to * round_to,
        None if 0 < upper < hide_below else -(-upper // round_to) * round_to,
    )


def is_at_least(lower: float | None, upper: float | None, *, received: int, due: int) -> bool:
    """One number while returns are missing: there may be more."""
    return lower is not None and lower == upper and received < due


def inferred(number: int | None, which: Which, *, round_to: int, hide_below: int) -> tuple[int, int | None]:
    """The least and the most people behind a published number; no most (None) where it is hidden.

    Why a number is hidden is never told, so a hidden one may be any, zero too.
    """
    if number is None:
        return 0, None
    if which == "number":
        if number == 0:
            return 0, 0
        least = 1 if number == round_to else -(-(2 * number - round_to) // 2)
        return max(least, hide_below), (2 * number + round_to - 1) // 2
    if which == "upper":
        return (max(number - round_to + 1, hide_below), number) if number else (0, 0)
    most = number + round_to - 1
    if number == 0:
        return 0, most if hide_below < round_to else 0
    return max(number, hide_below), most
