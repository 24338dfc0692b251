"""What was proposed of an award year and declined, in words: nothing that somebody asked for is lost from its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from funding.models import AwardYear, AwardYearStep, MatchConfirmation
from funding.models.deciding import DecidedByTwo, DecidedQuerySet
from vru_portal.core.money import pounds


@dataclass(frozen=True)
class Declined:
    """`words`: what was asked for, without a full stop."""

    words: str
    row: DecidedByTwo


def declined_of(award_year: AwardYear) -> list[Declined]:
    """In the order in which it was proposed. Whoever asks has found the award year visible."""
    return sorted(_declined(award_year), key=lambda each: (each.row.proposed_at, each.row.pk))


def _declined(award_year: AwardYear) -> Iterable[Declined]:
    for step in _rows(award_year.steps):
        yield Declined(_step(step), step)
    for receipt in _rows(award_year.receipts):
        yield Declined(f"Receipt of {pounds(receipt.amount_pence)}, {receipt}", receipt)
    for each in _rows(MatchConfirmation.objects.filter(match__award_year=award_year), "match__organisation"):
        words = f"Match of {pounds(each.match.amount_pence)} from {each.match.organisation}"
        yield Declined(f"{words}, confirmation on {each.confirmed_on:%-d %B %Y}", each)
    for claim in _rows(award_year.claims):
        yield Declined(f"Claim of {pounds(claim.amount_pence)} to the funder, {claim}", claim)
    for award in _rows(award_year.partner_awards, "delivery"):
        yield Declined(f"Award of {pounds(award.amount_pence)} for {award.delivery.name}, {award}", award)


def _rows(found: DecidedQuerySet, *more: str) -> DecidedQuerySet:
    return found.declined().select_related("proposed_by", "declined_by", *more)


def _step(step: AwardYearStep) -> str:
    stated = "" if step.amount_pence is None else f", {pounds(step.amount_pence)}"
    return f"{step.get_state_display()} on {step.on_date:%-d %B %Y}{stated}"
