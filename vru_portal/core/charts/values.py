"""What a page hands over to a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vru_portal.core.periods import Month


@dataclass(frozen=True)
class MonthPoint:
    """One month of a measure. `lower` None: nothing is known, and `reason` says why."""

    month: Month
    lower: float | None
    upper: float | None = None
    provisional: bool = False
    reason: str = ""
    # Its upper end is, in part.
    estimated: bool = False

    @property
    def top(self) -> float | None:
        return self.lower if self.upper is None else self.upper

    @property
    def is_range(self) -> bool:
        return self.lower is not None and self.top != self.lower

    @property
    def words(self) -> str:
        if self.lower is None:
            return self.reason or "not available"
        words = f"between {grouped(self.lower)} and {grouped(self.top)}" if self.is_range else grouped(self.lower)
        words = f"{words} (e: upper end partly estimated)" if self.estimated else words
        return f"{words}, provisional" if self.provisional else words


@dataclass(frozen=True)
class Break:
    """From `month` on something else is counted: a dotted line before it, with its words in the key."""

    month: Month
    words: str


@dataclass(frozen=True)
class CoverMonth:
    """Money up to the end of a month, cumulative, in whole pence."""

    month: Month
    secured: int
    bridge: int
    match: int
    announced: int
    commitments: int
    # What is not covered, where the reckoning knows more than these sums (ring-fences, several funds).
    exposure: int | None = None
    supposed: int = 0  # what nobody has signed for, in a what-if

    @property
    def cover(self) -> int:
        """What stands behind commitments; an announcement does not."""
        return self.secured + self.bridge + self.match + self.supposed

    @property
    def uncovered(self) -> int:
        return max(0, self.commitments - self.cover) if self.exposure is None else self.exposure

    @property
    def is_uncovered(self) -> bool:
        return self.uncovered > 0


@dataclass(frozen=True)
class Table:
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    caption: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture with the finding as its title and the table that it is drawn from."""

    title: str
    subtitle: str
    svg: str
    source: str = ""
    table: Table | None = None
    heading: int = 2


AREAS = {
    "E08000025": "Birmingham",
    "E08000026": "Coventry",
    "E08000027": "Dudley",
    "E08000028": "Sandwell",
    "E08000029": "Solihull",
    "E08000030": "Walsall",
    "E08000031": "Wolverhampton",
}


@dataclass(frozen=True)
class Tile:
    """One district of the tile map. `level` 0 to 4 is its shade; the number is in words or figures."""

    code: str
    number: str
    note: str = ""
    url: str = ""
    level: int = 0
    sparkline: str = ""
    is_chosen: bool = False

    @property
    def name(self) -> str:
        return AREAS[self.code]

    @property
    def place(self) -> str:
        return self.name.lower()


def grouped(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:,.1f}"
