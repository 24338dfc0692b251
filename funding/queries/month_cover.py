"""One month of cover."""

from __future__ import annotations

from dataclasses import dataclass

from vru_portal.core.periods import Month


@dataclass(frozen=True)
class MonthCover:
    """One month, cumulative from April of its financial year, in pence."""

    month: Month
    secured: int = 0
    supposed: int = 0  # what the scenario adds: nobody has signed for it
    announced: int = 0  # told of, and neither secured nor supposed: never cover
    match: int = 0
    bridge_drawn: int = 0
    bridge_drawable: int = 0
    ring_fenced_idle: int = 0  # secured, and nothing outside its purpose may use it
    committed: int = 0
    spent: int = 0  # by the unit itself, which no award to a partner is for
    repaid: int = 0
    repayment_due: int = 0
    brought_forward: int = 0
    exposure: int = 0  # what is not covered

    @property
    def bridge(self) -> int:
        return self.bridge_drawn + self.bridge_drawable

    @property
    def cover(self) -> int:
        return self.secured + self.supposed + self.match + self.bridge

    @property
    def needed(self) -> int:
        return self.committed + self.spent + self.repaid + self.repayment_due + self.brought_forward
