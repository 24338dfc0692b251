"""What one person proposed about money and a second decides: for the Money page, and the start page of who decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from funding import queries
from partners.models import User
from vru_portal.core.money import pounds


@dataclass(frozen=True)
class Waiting:
    """`words` begin a sentence and have no end; `url`: where it is decided."""

    words: str
    url: str
    proposed_by: User


def waiting(*, user: User, today: date) -> list[Waiting]:
    """Of all that waits what the person may see, in the order of how the money goes."""
    return list(_waiting(user, today))


def _waiting(user: User, today: date) -> Iterable[Waiting]:
    for step in queries.steps_waiting(user=user):
        words = f"Step of {step.award_year}: {step.get_state_display().lower()}, {step.on_date:%-d %B %Y}"
        yield _at("funding:award-year-detail", step.award_year_id, words, step)
    for confirmation in queries.confirmations_waiting(user=user):
        match = confirmation.match
        words = f"Match of {pounds(match.amount_pence)} from {match.organisation}, {match.evidence}"
        yield _at("funding:award-year-detail", match.award_year_id, words, confirmation)
    for receipt in queries.receipts_waiting(user=user):
        words = f"Receipt of {pounds(receipt.amount_pence)}, {receipt}"
        yield _at("funding:award-year-detail", receipt.award_year_id, words, receipt)
    for award in queries.awards_waiting(user=user):
        words = f"Award of {pounds(award.amount_pence)} to {award.delivery.partner}, {award.reference}"
        yield _at("funding:award-year-detail", award.award_year_id, words, award)
    for movement in queries.movements_waiting(user=user):
        what = f"{movement.get_kind_display()} of {pounds(movement.amount_pence)}"
        words = f"{what}, {movement.reference}, {movement.facility}"
        yield _at("funding:facility-detail", movement.facility_id, words, movement)
    for change in queries.budget_changes_waiting(user=user):
        yield _at("funding:budget", change.award_year_id, f"{change} of the budget of {change.award_year}", change)
    for claim in queries.grant_claims_waiting(user=user):
        words = f"Claim of {pounds(claim.amount_pence)} to the funder, {claim}"
        yield _at("funding:award-year-detail", claim.award_year_id, words, claim, "#claims")
    for spend in queries.spends_waiting(user=user):
        words = f"Spending of {pounds(spend.amount_pence)} on {spend.line}, {spend}"
        yield _at("funding:spending", spend.line.award_year_id, words, spend)
    for payment in queries.payments_waiting(user=user, today=today):
        words = f"Payment of {pounds(payment.amount_pence)} to {payment.award.delivery.partner}, {payment}"
        yield _at("funding:payment-list", None, words, payment)
    for write_off in queries.write_offs_waiting(user=user):
        yield _at(
            "funding:award-detail",
            write_off.award_id,
            f"Write-off of {pounds(write_off.amount_pence)}, {write_off}",
            write_off,
        )


def _at(view: str, pk: int | None, words: str, proposal, part: str = "") -> Waiting:
    return Waiting(words, reverse(view, args=[] if pk is None else [pk]) + part, proposal.proposed_by)
