"""What was known of award years and facilities at the end of a day. All amounts in whole pence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils import timezone

from funding.models import AwardYear, AwardYearStep, BridgeMovement, BridgingFacility, GrantReceipt
from funding.models.bridging import BridgeMovementKind
from funding.models.grants import EXITS, HOPED_FOR_STATES, SECURED_STATES, STATED_AMOUNT, AwardYearState, size_of


@dataclass(frozen=True)
class Standing:
    """An award year on a day, read from its steps. An amount is None until a step has stated it. `received`: what came
    in, less what went back. `was_signed`: whether its agreement ever was."""

    state: AwardYearState
    announced: int | None
    applied: int | None
    awarded: int | None
    received: int = 0
    was_signed: bool = False

    @property
    def secured(self) -> int:
        """The whole award once the agreement is signed. Of one that was reduced or ended then, what is in the bank."""
        if self.state in SECURED_STATES:
            return self.awarded or 0
        return self.received if self.has_ended and self.was_signed else 0

    @property
    def has_ended(self) -> bool:
        """Whether what was agreed holds no longer."""
        return self.state in EXITS

    @property
    def hoped_for(self) -> int:
        """Told of and not secured: what was announced; once approved or reduced, what the funder said then."""
        if self.state not in HOPED_FOR_STATES:
            return 0
        told = self.announced if self.awarded is None else self.awarded
        return max(0, (told or 0) - self.secured)

    @property
    def size(self) -> int | None:
        return size_of(awarded=self.awarded, announced=self.announced, applied=self.applied)

    @property
    def tag(self) -> str:
        """The word of its tag; its label is the state."""
        if self.state in SECURED_STATES:
            return "secured"
        return "announced" if self.state in HOPED_FOR_STATES else "void"


def standing_at(steps: Iterable[AwardYearStep], day: date, received: int = 0) -> Standing | None:
    """From an award year's steps in their order, approved by the end of the day; None when nothing was known of it
    yet."""
    known = [
        step
        for step in steps
        if step.on_date <= day and step.approved_at and timezone.localdate(step.approved_at) <= day
    ]
    if not known:
        return None
    stated: dict[str, int] = {}
    for step in known:
        if step.amount_pence is not None:
            stated[STATED_AMOUNT[AwardYearState(step.state)]] = step.amount_pence
    return Standing(
        state=AwardYearState(known[-1].state),
        announced=stated.get("announced_pence"),
        applied=stated.get("applied_pence"),
        awarded=stated.get("awarded_pence"),
        received=received,
        was_signed=any(step.state in SECURED_STATES for step in known),
    )


def award_years_known(award_years: Iterable[AwardYear], day: date) -> list[tuple[AwardYear, Standing]]:
    """Each award year of which something was known on the day; `steps` should be prefetched."""
    received = received_by(day)
    found = [(each, standing_at(each.steps.all(), day, received.get(each.pk, 0))) for each in award_years]
    return [(award_year, standing) for award_year, standing in found if standing is not None]


def received_by(day: date) -> Mapping[int, int]:
    """By award year, what came in by the end of the day, less what went back."""
    summed = GrantReceipt.objects.known_by(day).order_by().values_list("award_year").annotate(Sum("amount_pence"))
    return {award_year: int(pence) for award_year, pence in summed}


@dataclass(frozen=True)
class Bridge:
    """A facility and its movements known on a day."""

    facility: BridgingFacility
    movements: tuple[BridgeMovement, ...]

    def drawn(self, day: date) -> int:
        return self._sum(BridgeMovementKind.DRAWDOWN, day)

    def repaid(self, day: date) -> int:
        return self._sum(BridgeMovementKind.REPAYMENT, day)

    def settled(self, day: date) -> int:
        """What of it is owed no longer: repaid, or written off by the lender."""
        return self.repaid(day) + self._sum(BridgeMovementKind.WRITE_OFF, day)

    def owed(self, day: date) -> int:
        return self.drawn(day) - self.settled(day)

    def is_open(self, day: date) -> bool:
        return self.facility.starts_on <= day <= self.facility.expires_on

    def drawable(self, day: date) -> int:
        """What could still be drawn on the day; what was repaid cannot be drawn again."""
        return self.facility.limit_pence - self.drawn(day) if self.is_open(day) else 0

    def due(self, day: date) -> int:
        """What is owed after the last day of the facility."""
        return self.owed(day) if day > self.facility.expires_on else 0

    def _sum(self, kind: BridgeMovementKind, day: date) -> int:
        return sum(m.amount_pence for m in self.movements if m.kind == kind and m.on_date <= day)


def known_movements(movements: Iterable[BridgeMovement], day: date) -> tuple[BridgeMovement, ...]:
    """Those of days until then that were approved by the end of the day."""
    return tuple(m for m in movements if m.approved_at and max(m.on_date, timezone.localdate(m.approved_at)) <= day)


def bridges_known(facilities: Iterable[BridgingFacility], day: date) -> list[Bridge]:
    """Each facility agreed by the day, with its movements to that day; `movements` should be prefetched."""
    return [
        Bridge(facility, known_movements(facility.movements.all(), day))
        for facility in facilities
        if facility.agreed_on <= day
    ]
