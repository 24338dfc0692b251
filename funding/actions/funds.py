"""What money there is to speak of: funds, and the ring-fences, match and bridging that belong to them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models

from funding.actions.amounts import AmountWrong, refuse_absurd
from funding.actions.days import refuse_future
from funding.actions.deciding import approve, decline, lock_open
from funding.models import AwardYear, BridgingFacility, Fund, Match, MatchConfirmation, RingFence
from funding.models.ring_fences import RingFenceAmountKind
from funding.queries import ring_fence_taken
from funding.queries.budgets import planned_in
from partners.actions.events import acting, require
from partners.models import Organisation, User
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.refusals import Refusal


class NamedAlready(Refusal):
    """There is one of this name, purpose, evidence or decision."""

    about = ("name", "purpose", "evidence", "decision_reference")


class LessThanAwarded(Refusal):
    """More of a ring-fence is awarded, spent or planned."""

    about = ("amount_pence",)


class ConfirmedAlready(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "This match is confirmed or waits to be, and stays as it is. Record what changed as another one."
        )


class InUse(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "Money was proposed on this facility, and it stays as it is. Add what was agreed since as another."
        )


class PurposeInUse(Refusal):
    about = ("category",)

    def __init__(self) -> None:
        super().__init__("Money is budgeted or awarded out of this ring-fence, so its kind of spending stays.")


class DatesOutOfOrder(Refusal):
    about = ("ends_on", "expires_on")

    def __init__(self) -> None:
        super().__init__("The last day must not be before the first.")


def save_fund(
    *,
    fund: Fund | None = None,
    funder: Organisation,
    name: str,
    purpose: str,
    announced_wording: str = "",
    announced_on: date | None = None,
    announced_total_pence: int | None = None,
    by: User,
    now: datetime,
) -> Fund:
    """A fund with its announcement, word for word; a new one, or `fund` changed. Its parts are its award years."""
    with acting(f"funding.fund.{'changed' if fund else 'added'}", by=by, now=now) as act:
        require(by, Permission.MANAGE_MONEY)
        kept = Fund.objects.select_for_update().get(pk=fund.pk) if fund else Fund()
        refuse_absurd(announced_total_pence)
        refuse_future(announced_on, now)
        _refuse_second(
            Fund.objects.filter(name__iexact=name), kept, f"There is a fund named {name} already. Give another name."
        )
        kept.funder, kept.name, kept.purpose = funder, name, purpose
        kept.announced_wording, kept.announced_on = announced_wording, announced_on
        kept.announced_total_pence = announced_total_pence
        kept.save()
        act.on(kept)
    return kept


def save_ring_fence(
    *,
    award_year: AwardYear,
    ring_fence: RingFence | None = None,
    purpose: str,
    amount_kind: str,
    amount_pence: int | None = None,
    category: str = "",
    by: User,
    now: datetime,
) -> RingFence:
    """A purpose for which a part of the award year is kept; a new one, or `ring_fence` changed."""
    with acting(f"funding.ring_fence.{'changed' if ring_fence else 'added'}", by=by, now=now) as act:
        require(by, Permission.MANAGE_MONEY)
        AwardYear.objects.select_for_update().get(pk=award_year.pk)  # no award in between
        kept = RingFence.objects.get(pk=ring_fence.pk) if ring_fence else RingFence(award_year=award_year)
        refuse_absurd(amount_pence)
        if (amount_pence is None) != (amount_kind == RingFenceAmountKind.UNKNOWN):
            raise AmountWrong("Enter the amount, or choose “amount not known” and leave it empty.")
        _refuse_second(
            award_year.ring_fences.filter(purpose__iexact=purpose),
            kept,
            "This award year has a ring-fence for this purpose already. Change that one.",
        )
        if kept.pk and amount_kind in {RingFenceAmountKind.FIXED, RingFenceAmountKind.MAXIMUM}:
            taken = ring_fence_taken(kept)
            if amount_pence < taken:
                raise LessThanAwarded(f"{pounds(taken)} of it is awarded or spent. Give that or more.")
            if amount_pence < (planned := planned_in(kept)):
                raise LessThanAwarded(f"{pounds(planned)} of it is planned. Give that or more, or plan less first.")
        if kept.pk and kept.category != category and (kept.partner_awards.exists() or kept.budget_lines.exists()):
            raise PurposeInUse()
        kept.purpose, kept.amount_kind, kept.amount_pence = purpose, amount_kind, amount_pence
        kept.category = category
        kept.save()
        act.on(kept)
    return kept


def save_match(
    *,
    award_year: AwardYear,
    match: Match | None = None,
    organisation: Organisation,
    kind: str,
    amount_pence: int,
    evidence: str,
    confirmed_on: date | None = None,
    by: User,
    now: datetime,
) -> Match:
    """What somebody gives beside the grant; a new one, or `match` changed. With the day on which its giver confirmed
    it, that is proposed too: it counts once somebody else approves, and nobody changes the match from then on."""
    with acting(f"funding.match.{'changed' if match else 'added'}", by=by, now=now) as act:
        require(by, Permission.MANAGE_MONEY)
        kept = Match.objects.select_for_update().get(pk=match.pk) if match else Match(award_year=award_year)
        if kept.pk and kept.confirmations.filter(declined_by__isnull=True).exists():
            raise ConfirmedAlready()
        refuse_absurd(amount_pence)
        refuse_future(confirmed_on, now)
        _refuse_second(
            Match.objects.filter(organisation=organisation, evidence__iexact=evidence),
            kept,
            f"This evidence from {organisation} counts already, and counts once.",
        )
        kept.organisation, kept.kind, kept.amount_pence = organisation, kind, amount_pence
        kept.evidence = evidence
        kept.save()
        act.on(kept)
        if confirmed_on:
            MatchConfirmation.objects.create(match=kept, confirmed_on=confirmed_on, proposed_by=by, proposed_at=now)
    return kept


def approve_confirmation(*, confirmation: MatchConfirmation, by: User, now: datetime) -> MatchConfirmation:
    """Approve what another proposed: the match counts, and stays as it is."""
    with acting("funding.match.confirmed", by=by, now=now) as act:
        require(by, Permission.APPROVE_MONEY)
        asked = lock_open(confirmation, "match")
        approve(asked, by=by, now=now)
        act.on(asked.match)
    return asked


def decline_confirmation(*, confirmation: MatchConfirmation, reason: str, by: User, now: datetime) -> MatchConfirmation:
    """Say no, with a reason; who proposed it may take it back this way. The match may be changed again."""
    with acting("funding.match.confirmation_declined", by=by, now=now, reason=reason) as act:
        asked = lock_open(confirmation, "match")
        decline(asked, reason=reason, by=by)
        act.on(asked.match)
    return asked


def save_facility(
    *,
    fund: Fund,
    facility: BridgingFacility | None = None,
    lender: Organisation,
    kind: str,
    limit_pence: int,
    decision_reference: str,
    agreed_on: date,
    starts_on: date,
    expires_on: date,
    purposes: str,
    by: User,
    now: datetime,
) -> BridgingFacility:
    """What somebody lends or promises until the fund's grant comes; a new facility, or `facility` changed, which
    nobody may once money was proposed on it."""
    with acting(f"funding.facility.{'changed' if facility else 'added'}", by=by, now=now) as act:
        require(by, Permission.MANAGE_MONEY)
        kept = (
            BridgingFacility.objects.select_for_update().get(pk=facility.pk)
            if facility
            else BridgingFacility(fund=fund)
        )
        if kept.pk and kept.movements.exists():
            raise InUse()
        refuse_absurd(limit_pence)
        refuse_future(agreed_on, now)
        if expires_on < starts_on:
            raise DatesOutOfOrder()
        _refuse_second(
            BridgingFacility.objects.filter(decision_reference__iexact=decision_reference),
            kept,
            f"The decision {decision_reference} has a facility already. Give another reference.",
        )
        kept.lender, kept.kind, kept.limit_pence = lender, kind, limit_pence
        kept.decision_reference, kept.agreed_on = decision_reference, agreed_on
        kept.starts_on, kept.expires_on, kept.purposes = starts_on, expires_on, purposes
        kept.save()
        act.on(kept)
    return kept


def _refuse_second(like: models.QuerySet, kept: models.Model, sentence: str) -> None:
    if like.exclude(pk=kept.pk).exists():
        raise NamedAlready(sentence)
