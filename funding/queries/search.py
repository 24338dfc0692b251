"""What of the money is found by its name or its reference, and only where the person may see the page of it."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from funding.models import BridgingFacility, Claim, Fund, GrantReceipt, PartnerAward
from funding.queries.claims import claims
from funding.queries.funds import partner_awards
from partners.models import User
from vru_portal.core.words import holding


def find_funds(user: User, words: list[str]) -> QuerySet[Fund]:
    return holding(Fund.objects.visible_to(user), words, "name").select_related("funder").order_by("name")


def find_awards(user: User, words: list[str], *, today: date) -> QuerySet[PartnerAward]:
    """Those that are agreed: only they have a page."""
    return holding(partner_awards(user=user, as_at=today), words, "reference")


def find_claims(user: User, words: list[str]) -> QuerySet[Claim]:
    """By the references of their awards."""
    seen = Claim.objects.filter(pk__in=claims(user=user).order_by().values("pk"))
    found = holding(seen, words, "award__reference").select_related("award__delivery__partner")
    return found.order_by("-quarter", "award__reference", "id")


def find_receipts(user: User, words: list[str]) -> QuerySet[GrantReceipt]:
    """Without those that were declined, which never came."""
    found = holding(GrantReceipt.objects.visible_to(user).filter(declined_by__isnull=True), words, "reference")
    return found.select_related("award_year__fund").order_by("-on_date", "reference", "id")


def find_facilities(user: User, words: list[str]) -> QuerySet[BridgingFacility]:
    """As they are called: a loan PCC-2021-44."""
    found = holding(BridgingFacility.objects.visible_to(user), words, "kind", "decision_reference")
    return found.select_related("lender").order_by("-starts_on", "decision_reference")
