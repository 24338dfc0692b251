"""What comes in from funders: one person proposes a receipt, another approves it."""

from __future__ import annotations

from datetime import date, datetime

from funding.actions.amounts import AmountWrong, refuse_absurd
from funding.actions.award_years import NoteMissing, RecordedAlready, lock
from funding.actions.days import refuse_future
from funding.actions.deciding import approve, decline, lock_open, refuse_own
from funding.models import AwardYear, GrantClaim, GrantReceipt
from funding.queries.grants import corrected, received_from, total_of
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.refusals import Refusal


class MoreThanReceived(Refusal):
    about = ("amount_pence",)


class MoreThanLeft(Refusal):
    """More than the grant, or the claim, has left to come in."""

    about = ("amount_pence",)


def propose_receipt(
    *,
    award_year: AwardYear,
    amount_pence: int,
    on_date: date,
    reference: str,
    claim: GrantClaim | None = None,
    corrects: GrantReceipt | None = None,
    note: str = "",
    by: User,
    now: datetime,
) -> GrantReceipt:
    """Ask that money came in for an award year, for a claim of it where the funder says so; it counts once somebody
    else approves. Less than nothing, with a note, corrects an earlier receipt. `corrects`: which one it takes back, or
    records again as far as that was taken back."""
    with acting("funding.receipt.proposed", by=by, now=now, reason=note) as act:
        require(by, Permission.MANAGE_MONEY)
        locked = lock(award_year)
        receipt = GrantReceipt(
            award_year=locked,
            amount_pence=amount_pence,
            on_date=on_date,
            reference=reference,
            claim=claim,
            corrects=corrects,
            note=note,
            proposed_by=by,
            proposed_at=now,
        )
        refuse_future(on_date, now)
        _refuse_beyond_corrected(receipt)
        _refuse_unfit(receipt)
        if locked.receipts.filter(reference=reference, declined_by__isnull=True).exists():
            raise RecordedAlready(f"A receipt with the reference {reference} is recorded already.")
        receipt.save()
        act.on(receipt)
    return receipt


def approve_receipt(*, receipt: GrantReceipt, by: User, now: datetime) -> GrantReceipt:
    """Approve what another proposed: it has come in, and never changes."""
    with acting("funding.grant.received", by=by, now=now, reason=receipt.note) as act:
        require(by, Permission.APPROVE_MONEY)
        lock(receipt.award_year)
        asked = lock_open(receipt, "award_year", "claim")
        refuse_own(asked, by)
        _refuse_unfit(asked)
        approve(asked, by=by, now=now)
        act.on(asked)
    return asked


def decline_receipt(*, receipt: GrantReceipt, reason: str, by: User, now: datetime) -> GrantReceipt:
    """Say no to a proposed receipt, with a reason; who proposed it may take it back this way."""
    with acting("funding.receipt.declined", by=by, now=now, reason=reason) as act:
        lock(receipt.award_year)
        asked = lock_open(receipt)
        decline(asked, reason=reason, by=by)
        act.on(asked)
    return asked


def _refuse_beyond_corrected(receipt: GrantReceipt) -> None:
    """The rule that the database keeps too (`grantreceipt_within_corrected`), said in sentences."""
    if receipt.corrects is None:
        return
    one = corrected(receipt.corrects)
    if -receipt.amount_pence > one.left:
        raise MoreThanLeft(f"Only {pounds(one.left)} of {one.receipt.reference} is left to take back.")
    if receipt.amount_pence > one.to_record:
        raise MoreThanLeft(
            f"Only {pounds(one.to_record)} of {one.receipt.reference} is taken back and not recorded again. To take it "
            "back, enter an amount below zero."
        )


def _refuse_unfit(receipt: GrantReceipt) -> None:
    """The rules that the database keeps too (`grantreceipt_*`), said in sentences."""
    if receipt.amount_pence == 0:
        raise AmountWrong("Enter the amount that came in. A correction is an amount below zero.")
    refuse_absurd(receipt.amount_pence)
    others = receipt.award_year.receipts.exclude(pk=receipt.pk)
    if receipt.amount_pence < 0:
        if not receipt.note:
            raise NoteMissing("Say in the note what this amount below zero corrects.")
        _refuse_below_zero(receipt, list(others.at_least()))
        return
    size = receipt.award_year.size_pence
    if size is not None:
        _refuse_more(receipt, size - total_of(others.binding()), "this grant")
    if receipt.claim:
        left = receipt.claim.amount_pence - total_of(others.binding().filter(claim=receipt.claim))
        _refuse_more(receipt, left, f"the claim {receipt.claim.reference}")


def _refuse_more(receipt: GrantReceipt, left: int, what: str) -> None:
    if receipt.amount_pence > left:
        raise MoreThanLeft(
            f"Only {pounds(max(0, left))} of {what} is left to come in, after what waits for approval. Check the "
            "amount, or correct the grant or the claim first."
        )


def _refuse_below_zero(receipt: GrantReceipt, others: list[GrantReceipt]) -> None:
    """A correction takes back no more than had come in on its day or has on any later one."""
    received = received_from(receipt.on_date, others)
    if received + receipt.amount_pence < 0:
        raise MoreThanReceived(
            f"Only {pounds(received)} is recorded as received by {receipt.on_date:%-d %B %Y}. Take back that or less."
        )
