"""What came in from funders and what others give beside it, and what of both waits for a second person. Whole pence."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, Sum

from funding.models import AwardYear, AwardYearStep, GrantReceipt, Match, MatchConfirmation
from partners.models import User


def total_of(receipts: QuerySet[GrantReceipt]) -> int:
    return int(receipts.aggregate(pence=Sum("amount_pence"))["pence"] or 0)


def receipts_of(award_year: AwardYear) -> QuerySet[GrantReceipt]:
    """Those that are approved, in the order of their days."""
    return award_year.receipts.approved().select_related("proposed_by", "approved_by", "claim")


@dataclass(frozen=True)
class WithoutClaim:
    """A receipt that names no claim, and its correction, proposed or approved, if there is one."""

    receipt: GrantReceipt
    correction: GrantReceipt | None

    @property
    def may_be_taken_back(self) -> bool:
        return self.correction is None

    @property
    def may_be_recorded_again(self) -> bool:
        return self.correction is not None and not self.correction.is_open


def receipts_without_claim(award_year: AwardYear) -> list[WithoutClaim]:
    """Those that can still be joined to a claim: taken back, and then recorded again. How far that has come is known by
    the references that are offered for the two. None where there is no claim to join them to."""
    if not award_year.claims.approved().exists():
        return []
    standing = {receipt.reference: receipt for receipt in award_year.receipts.filter(declined_by__isnull=True)}
    return [
        WithoutClaim(receipt, standing.get(receipt.taken_back_as))
        for receipt in standing.values()
        if receipt.amount_pence > 0
        and receipt.claim_id is None
        and not receipt.is_open
        and receipt.recorded_again_as not in standing
    ]


def receipts_waiting(*, user: User) -> QuerySet[GrantReceipt]:
    """Proposed, and decided by nobody yet."""
    return GrantReceipt.objects.visible_to(user).open().select_related("award_year__fund", "proposed_by", "claim")


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
