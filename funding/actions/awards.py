"""Committing money to partners: one person proposes an award, another approves it. Corrections are further awards."""

from __future__ import annotations

from datetime import date, datetime

from funding.actions.amounts import AmountWrong, refuse_absurd
from funding.actions.award_years import NoteMissing, lock
from funding.actions.budgets import OutsidePurpose, refuse_outside
from funding.actions.days import refuse_future
from funding.actions.deciding import ReferenceTaken, approve, decline, lock_open, refuse_own
from funding.models import AwardYear, Instalment, PartnerAward, RingFence
from funding.models.awards import MONTHS_APART, PaidBy
from funding.models.grants import SpendCategory
from funding.queries import approved_claims_like, awarded_to_delivery, ring_fence_taken
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from programmes.models import Delivery
from vru_portal.core.money import even_parts, pounds
from vru_portal.core.periods import Month, months_between
from vru_portal.core.refusals import Refusal


class OutsideAwardYear(Refusal):
    about = ("starts_on",)


class LargerThanGrant(Refusal):
    about = ("amount_pence",)


class MoreThanAwarded(Refusal):
    """A correction takes back more than there is."""

    about = ("amount_pence",)


def propose_award(
    *,
    award_year: AwardYear,
    delivery: Delivery,
    ring_fence: RingFence | None = None,
    category: str = SpendCategory.DELIVERY,
    amount_pence: int,
    starts_on: date,
    ends_on: date,
    agreed_on: date,
    reference: str,
    paid_by: str = PaidBy.CLAIMS,
    holds_for_returns: bool = False,
    note: str = "",
    by: User,
    now: datetime,
) -> PartnerAward:
    """Ask for an award to a partner, with the instalments it is paid in, if it is; it commits nothing until somebody
    else approves. Less than nothing, with a note, corrects what was awarded to the delivery before."""
    with acting("funding.award.proposed", by=by, now=now, reason=note) as act:
        require(by, Permission.MANAGE_MONEY)
        locked = lock(award_year)
        award = PartnerAward(
            award_year=locked,
            delivery=delivery,
            ring_fence=ring_fence,
            category=category,
            amount_pence=amount_pence,
            paid_by=paid_by,
            holds_for_returns=holds_for_returns,
            starts_on=starts_on,
            ends_on=ends_on,
            agreed_on=agreed_on,
            reference=reference,
            note=note,
            proposed_by=by,
            proposed_at=now,
        )
        _refuse_wrong_days(award, now)
        _refuse_unfit(award)
        if PartnerAward.objects.filter(reference=reference).exists():
            raise ReferenceTaken(reference)
        award.save()
        Instalment.objects.bulk_create(instalments_of(award))
        act.on(award)
    return award


def instalments_of(award: PartnerAward) -> list[Instalment]:
    """Evenly on the first of its months, or of every third, and what does not divide on the last; none of an award that
    is claimed for."""
    if award.is_claimed or award.amount_pence < 0:
        return []
    months = months_between(Month.of(award.starts_on), Month.of(award.ends_on))[:: MONTHS_APART[PaidBy(award.paid_by)]]
    parts = even_parts(award.amount_pence, len(months))
    if not parts[0]:
        raise AmountWrong("This is too little to be paid in instalments. Let it be claimed.")
    return [
        Instalment(
            award=award,
            number=number,
            due_on=max(month.first, award.starts_on),
            amount_pence=pence,
        )
        for number, (month, pence) in enumerate(zip(months, parts, strict=True), start=1)
    ]


def approve_award(*, award: PartnerAward, by: User, now: datetime) -> PartnerAward:
    """Approve what another proposed: it is committed, and never changes."""
    with acting("funding.award.approved", by=by, now=now, reason=award.note) as act:
        require(by, Permission.APPROVE_MONEY)
        lock(award.award_year)
        asked = lock_open(award, "award_year__fund", "delivery__partner", "ring_fence")
        refuse_own(asked, by)
        _refuse_unfit(asked)
        approve(asked, by=by, now=now)
        act.on(asked, organisation=asked.delivery.partner)
    return asked


def decline_award(*, award: PartnerAward, reason: str, by: User, now: datetime) -> PartnerAward:
    """Say no to a proposed award, with a reason; who proposed it may take it back this way."""
    with acting("funding.award.declined", by=by, now=now, reason=reason) as act:
        asked = lock_open(award)
        decline(asked, reason=reason, by=by)
        act.on(asked)
    return asked


def _refuse_wrong_days(award: PartnerAward, now: datetime) -> None:
    year = award.award_year.year
    refuse_future(award.agreed_on, now)
    if not year.first <= award.starts_on <= award.ends_on <= year.last:
        raise OutsideAwardYear(
            f"The award year {year} runs from {year.first:%-d %B %Y} to {year.last:%-d %B %Y}. "
            "Give a first day and, not before it, a last day between."
        )


def _refuse_unfit(award: PartnerAward) -> None:
    """The rules that the database keeps too (`partneraward_*`), said in sentences."""
    refuse_absurd(award.amount_pence)
    if award.amount_pence == 0:
        raise AmountWrong("Enter the amount of the award. A correction is an amount below zero.")
    refuse_outside(award.ring_fence, award_year=award.award_year, category=award.category)
    if award.amount_pence < 0:
        _refuse_too_much_back(award)
        return
    size = award.award_year.size_pence
    if size is not None and award.amount_pence > size:
        raise LargerThanGrant(f"This grant is {pounds(size)} in all. Give that or less, or correct the grant first.")
    fence = award.ring_fence
    if fence and fence.limit_pence is not None:
        left = fence.limit_pence - ring_fence_taken(fence, but=award)
        if award.amount_pence > left:
            raise OutsidePurpose(f"Only {pounds(left)} is left for “{fence}”. Give that or less.")


def _refuse_too_much_back(award: PartnerAward) -> None:
    if not award.note:
        raise NoteMissing("Say in the note what this amount below zero corrects.")
    awarded = awarded_to_delivery(award)
    if awarded + award.amount_pence < 0:
        raise MoreThanAwarded(
            f"Only {pounds(awarded)} is awarded to {award.delivery.name} from here, paid in this way. "
            "Take back that or less."
        )
    claimed = approved_claims_like(award)[1]
    if awarded + award.amount_pence < claimed:
        raise MoreThanAwarded(
            f"{pounds(claimed)} is claimed and approved. Take back {pounds(awarded - claimed)} or less."
        )
