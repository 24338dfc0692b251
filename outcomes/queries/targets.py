"""How far a delivery is on the way to its target of the financial year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from outcomes.models import Obligation, ReturnVersion, Submission
from outcomes.queries.standing import latest_submissions
from programmes.models import Delivery, Target
from programmes.queries import part_of_year, target_of, targets_in_force
from vru_portal.core.periods import FinancialYear, Month

State = ReturnVersion.State
Said = dict[Obligation, Submission | None]


@dataclass(frozen=True)
class Progress:
    """What the returns from April to a month come to beside the target, which is None where none is set.

    `accepted` and `waiting` (for review): people first seen, or the largest estimate; `sent`: how many months are in
    them; `missing`: owed months that are not; `part`: hundredths of the year's months that are over, None for
    estimates, whose months are not added up.
    """

    month: Month
    target: Target | None
    accepted: int
    waiting: int
    sent: int
    missing: int
    part: int | None

    @property
    def year(self) -> FinancialYear:
        return self.month.financial_year

    @property
    def is_owed(self) -> bool:
        """Whether a return is owed for a month of it."""
        return bool(self.sent or self.missing)

    @property
    def words(self) -> str:
        """“412 accepted and 18 waiting for review of 900 this year up to May 2021, 48 % after 17 % of the year”."""
        if not self.sent:
            goal = f"{self.target.people:,} this year; nothing" if self.target else "Nothing"
            return f"{goal} is sent up to {self.month}"
        when = "this year" if self.part is not None else "in this year’s largest month"
        people = self._people if self.target is None else f"{self._people} of {self.target.people:,}"
        return f"{people} {when} up to {self.month}{self._pace}"

    @property
    def remark(self) -> str:
        """What is far from the pace that the target asks for; empty in the year's first quarter."""
        if self.target is None or not self.sent or self.part is None or self.part < 25:
            return ""
        if self._share * 2 < self.part:
            return "That is under half of what this part of the year should bring."
        return "That is more than twice what this part of the year should bring." if self._share > 2 * self.part else ""

    @property
    def _reached(self) -> int:
        return max(self.accepted, self.waiting) if self.part is None else self.accepted + self.waiting

    @property
    def _people(self) -> str:
        if self._reached == self.accepted:
            return f"{self.accepted:,}"
        if not self.accepted:
            return f"{self.waiting:,} waiting for review"
        joined = "or" if self.part is None else "and"
        return f"{self.accepted:,} accepted {joined} {self.waiting:,} waiting for review"

    @property
    def _pace(self) -> str:
        if self.target is None:
            return ""
        return f", {self._share} %" + ("" if self.part is None else f" after {self.part} % of the year")

    @property
    def _share(self) -> int:
        return round(100 * self._reached / self.target.people)


def progress(delivery: Delivery, month: Month) -> Progress:
    """From April to the month."""
    year = month.financial_year
    return _progress(delivery, month, _said([delivery], year)[delivery.pk], target_of(delivery, year))


def progress_so_far(deliveries: Collection[Delivery], year: FinancialYear, today: date) -> dict[int, Progress]:
    """By the delivery's id: from April to the last month that is sent or accepted, or that should be by now, so that
    who is late is not on course; to its first month while there is none."""
    said, targets = _said(deliveries, year), targets_in_force(deliveries, year)
    return {
        each.pk: _progress(each, _last_month(each, year, said[each.pk], today), said[each.pk], targets.get(each.pk))
        for each in deliveries
    }


def _said(deliveries: Collection[Delivery], year: FinancialYear) -> dict[int, Said]:
    """What each says to each return that it owes: what is accepted, until its correction is; or what waits for review;
    None where neither is there."""
    owed = list(Obligation.objects.owed().filter(delivery__in=deliveries, month__range=(year.first, year.last)))
    last = latest_submissions(owed, (State.SUBMITTED,)) | latest_submissions(owed, (State.ACCEPTED,))
    found: dict[int, Said] = {each.pk: {} for each in deliveries}
    for obligation in owed:
        found[obligation.delivery_id][obligation] = last.get(obligation.pk)
    return found


def _last_month(delivery: Delivery, year: FinancialYear, said: Said, today: date) -> Month:
    told = [owed.period for owed, one in said.items() if one or owed.due_date < today]
    first = max(year.months[0], Month.of(delivery.starts_on))
    return max(told, default=min((owed.period for owed in said), default=first))


def _progress(delivery: Delivery, month: Month, said: Said, target: Target | None) -> Progress:
    owed = [one for obligation, one in said.items() if obligation.period <= month]
    sent = [one for one in owed if one]
    counts_exposure = delivery.programme.counts_exposure

    def people(state: str) -> int:
        told = [one for one in sent if one.version.state == state]
        if counts_exposure:
            return max((one.exposed_people or 0 for one in told), default=0)
        return sum(one.first_seen_people or 0 for one in told)

    return Progress(
        month=month,
        target=target,
        accepted=people(State.ACCEPTED),
        waiting=people(State.SUBMITTED),
        sent=len(sent),
        missing=len(owed) - len(sent),
        part=None if counts_exposure else part_of_year(delivery, month),
    )
