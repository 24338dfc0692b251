"""How far a delivery is on the way to its target of the financial year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from outcomes.models import Obligation, ReturnVersion
from outcomes.queries.standing import latest_submissions
from programmes.models import Delivery, Target
from programmes.queries import part_of_year, target_of
from vru_portal.core.periods import FinancialYear, Month

State = ReturnVersion.State


@dataclass(frozen=True)
class Progress:
    """What the returns from April to a month come to beside the target, which is None where none is set.

    `reached`: people first seen, or the largest estimate; `missing`: owed months that are not in it; `part`: hundredths
    of the year's months that are over, None for estimates, whose months are not added up.
    """

    year: FinancialYear
    target: Target | None
    reached: int
    missing: int
    part: int | None

    @property
    def words(self) -> str:
        """“412 of 900 this year, 46 % after 50 % of the year”."""
        of_target = f"{self.reached:,} of {self.target.people:,}"
        if self.part is None:
            return f"{of_target} in this year’s largest month, {self._share} %"
        return f"{of_target} this year, {self._share} % after {self.part} % of the year"

    @property
    def remark(self) -> str:
        """What is far from the pace that the target asks for; empty in the year's first quarter."""
        if self.part is None or self.part < 25:
            return ""
        if self._share * 2 < self.part:
            return "That is under half of what this part of the year should bring."
        return "That is more than twice what this part of the year should bring." if self._share > 2 * self.part else ""

    @property
    def _share(self) -> int:
        return round(100 * self.reached / self.target.people)


def progress(delivery: Delivery, month: Month, states: Iterable[str] = (State.SUBMITTED, State.ACCEPTED)) -> Progress:
    """From April to the month, of returns in one of the states."""
    year = month.financial_year
    owed = Obligation.objects.owed().filter(delivery=delivery, month__range=(year.first, month.first))
    said = latest_submissions(owed, states).values()
    counts_exposure = delivery.programme.counts_exposure
    reached = (
        max((one.exposed_people or 0 for one in said), default=0)
        if counts_exposure
        else sum(one.first_seen_people or 0 for one in said)
    )
    return Progress(
        year=year,
        target=target_of(delivery, year),
        reached=reached,
        missing=owed.count() - len(said),
        part=None if counts_exposure else part_of_year(delivery, month),
    )
