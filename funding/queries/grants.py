"""What came in from funders and what others give beside it, and what of both waits for a second person. Whole pence."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet, Sum

from funding.models import AwardYear, AwardYearStep, GrantReceipt, Match, MatchConfirmation
from partners.models import User


def total_of(receipts: QuerySet[GrantReceipt]) -> int:
    return int(receipts.aggregate(pence=Sum("amount_pence"))["pence"] or 0)


def receipts_of(award_year: AwardYear) -> QuerySet[GrantReceipt]:
    """Those that are approved, in the order of their days."""
    return award_year.receipts.approved().select_related("proposed_by", "approved_by", "claim")


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
