"""What came in from funders and what others give beside it, and what of both waits for a second person. Whole pence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain, count

from django.db.models import Prefetch, QuerySet, Sum

from funding.models import AwardYear, AwardYearStep, GrantReceipt, Match, MatchConfirmation
from partners.models import User


def total_of(receipts: QuerySet[GrantReceipt]) -> int:
    return int(receipts.aggregate(pence=Sum("amount_pence"))["pence"] or 0)


def receipts_of(award_year: AwardYear) -> QuerySet[GrantReceipt]:
    """Those that are approved, in the order of their days."""
    return award_year.receipts.approved().select_related("proposed_by", "approved_by", "claim", "corrects")


def received_from(day: date, receipts: Iterable[GrantReceipt]) -> int:
    """The least that these come to on the day or on any later one."""
    receipts = list(receipts)
    ends = {day, *(receipt.on_date for receipt in receipts if receipt.on_date > day)}
    return min(sum(receipt.amount_pence for receipt in receipts if receipt.on_date <= end) for end in ends)


@dataclass(frozen=True)
class Corrected:
    """A receipt, and what takes it back or records it again, proposed or approved."""

    receipt: GrantReceipt
    corrections: list[GrantReceipt]

    @property
    def left(self) -> int:
        """What nothing takes back yet."""
        return self.receipt.amount_pence - self._taken(self.corrections)

    @property
    def to_record(self) -> int:
        """What two people took back, and what is not recorded again."""
        again = sum(each.amount_pence for each in self.corrections if each.amount_pence > 0)
        return self._taken(each for each in self.corrections if not each.is_open) - again

    @property
    def is_waiting(self) -> bool:
        """To be taken back."""
        return any(each.is_open and each.amount_pence < 0 for each in self.corrections)

    @staticmethod
    def _taken(corrections: Iterable[GrantReceipt]) -> int:
        return -sum(each.amount_pence for each in corrections if each.amount_pence < 0)


def corrected(receipt: GrantReceipt) -> Corrected:
    return Corrected(receipt, list(receipt.corrections.filter(declined_by__isnull=True)))


@dataclass(frozen=True)
class WithoutClaim:
    """A receipt that names no claim, and how far it has come on the way to one: `to_take_back` and `to_record` are what
    is offered to be done next, in pence, and the others under which references."""

    receipt: GrantReceipt
    to_take_back: int
    to_record: int
    is_waiting: bool
    taken_back_as: str
    recorded_again_as: str


def receipts_without_claim(award_year: AwardYear) -> list[WithoutClaim]:
    """Those that can still be joined to a claim: taken back, and then recorded again. None where there is no claim to
    join them to."""
    if not award_year.claims.approved().exists():
        return []
    standing = list(award_year.receipts.filter(declined_by__isnull=True))
    at_least = [receipt for receipt in standing if receipt.amount_pence < 0 or not receipt.is_open]
    in_use = {receipt.reference for receipt in standing}
    corrections = defaultdict(list)
    for receipt in standing:
        corrections[receipt.corrects_id].append(receipt)
    found = [
        _without_claim(Corrected(receipt, corrections[receipt.pk]), received_from(receipt.on_date, at_least), in_use)
        for receipt in standing
        if receipt.amount_pence > 0 and receipt.claim_id is None and not receipt.is_open
    ]
    return [each for each in found if each.to_take_back or each.to_record or each.is_waiting]


def _without_claim(one: Corrected, received: int, in_use: set[str]) -> WithoutClaim:
    return WithoutClaim(
        receipt=one.receipt,
        to_take_back=max(0, min(one.left, received)),
        to_record=one.to_record,
        is_waiting=one.is_waiting,
        taken_back_as=_reference(one.receipt, "taken back", in_use),
        recorded_again_as=_reference(one.receipt, "again", in_use),
    )


def _reference(receipt: GrantReceipt, ending: str, in_use: set[str]) -> str:
    """Its own, which is in use, with an ending that makes it another that is not."""
    most = GrantReceipt._meta.get_field("reference").max_length
    endings = chain([f" {ending}"], (f" {ending} {number}" for number in count(2)))
    offered = (f"{receipt.reference[: most - len(end)]}{end}" for end in endings)
    return next(reference for reference in offered if reference not in in_use)


def receipts_waiting(*, user: User) -> QuerySet[GrantReceipt]:
    """Proposed, and decided by nobody yet."""
    waiting = GrantReceipt.objects.visible_to(user).open()
    return waiting.select_related("award_year__fund", "proposed_by", "claim", "corrects")


def steps_waiting(*, user: User) -> QuerySet[AwardYearStep]:
    """Proposed, and decided by nobody yet."""
    waiting = AwardYearStep.objects.filter(award_year__in=AwardYear.objects.visible_to(user)).open()
    return waiting.select_related("award_year__fund", "proposed_by")


def matches_of(award_year: AwardYear) -> QuerySet[Match]:
    """Each with its `standing` confirmation, approved or waiting, as a list of one or none."""
    people = ("proposed_by", "approved_by")
    standing = MatchConfirmation.objects.filter(declined_by__isnull=True).select_related(*people)
    found = award_year.matches.select_related("organisation")
    return found.prefetch_related(Prefetch("confirmations", standing, to_attr="standing"))


def confirmations_waiting(*, user: User) -> QuerySet[MatchConfirmation]:
    """Proposed, and decided by nobody yet."""
    waiting = MatchConfirmation.objects.filter(match__in=Match.objects.visible_to(user)).open()
    return waiting.select_related("match__award_year__fund", "match__organisation", "proposed_by")
