"""The numbers of a release one by one: where each stands, what is shown of it, and whether it must be protected."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from outcomes.disclosure.rule import Which, inferred
from outcomes.release_figures import ONE_NUMBER, FigureRow, Place
from outcomes.release_inputs import PolicyInput, ReleaseInputs


class End(NamedTuple):
    """One number of a figure: the only one, or an end of its range."""

    place: Place
    which: Which


# A number of a release, by the release's place in the chain.
Case = tuple[int, End]


@dataclass(frozen=True)
class Release:
    """What a release was counted from, and its rows as they were published."""

    inputs: ReleaseInputs
    rows: Sequence[FigureRow]


class Number(NamedTuple):
    """`exact` people, published as `shown` (None: hidden). `is_at_least`: it is one number, and returns are missing."""

    end: End
    exact: int
    shown: int | None
    is_at_least: bool = False

    def least_and_most(self, policy: PolicyInput) -> tuple[int, int | None]:
        """What somebody who knows the rule infers of it, from it alone."""
        is_down = self.is_at_least and policy.rounds_missing_down and self.shown
        which = "lower" if is_down else self.end.which
        return inferred(self.shown, which, round_to=policy.round_to, hide_below=policy.hide_below)

    def is_protected(self, policy: PolicyInput) -> bool:
        return 0 < self.exact < policy.hide_below


def numbers_of(row: FigureRow) -> Iterator[Number]:
    """None of a row for which nothing was received."""
    if row.exact_lower is None:
        return
    place = row.place
    if row.basis in ONE_NUMBER:
        yield Number(End(place, "number"), row.exact_lower, row.lower, row.returns_received < row.returns_due)
        return
    yield Number(End(place, "lower"), row.exact_lower, row.lower)
    yield Number(End(place, "upper"), row.exact_upper, row.upper)


def hidden_ends(rows: Sequence[FigureRow]) -> set[End]:
    return {number.end for row in rows for number in numbers_of(row) if number.shown is None}


def touched(end: End, ends: Collection[End]) -> bool:
    """Whether one of the ends is this one, or was when the figure was a range, or one number."""
    if end.which == "number":
        return any(End(end.place, which) in ends for which in ("number", "lower", "upper"))
    return end in ends or End(end.place, "number") in ends


def hide(row: FigureRow, ends: Collection[End]) -> FigureRow:
    """The row without the numbers of these ends."""
    for number in numbers_of(row):
        if number.end in ends:
            both = number.end.which == "number"
            lower = None if both or number.end.which == "lower" else row.lower
            upper = None if both or number.end.which == "upper" else row.upper
            row = replace(row, lower=lower, upper=upper, symbol="c")
    return row


def without_numbers(release: Release) -> Release:
    """All of it hidden."""
    return replace(release, rows=[hide(row, {number.end for number in numbers_of(row)}) for row in release.rows])
