"""The order in which the unit would keep its deliveries."""

from __future__ import annotations

from datetime import date

from django.db import models

from funding.models import AwardYear, DeliveryPriority, PartnerAward
from funding.models.priorities import MOST
from partners.models import User
from programmes.models import Delivery
from vru_portal.core.periods import FinancialYear

# Behind every delivery that has a place.
LAST = MOST + 1


def ranks() -> dict[int, int]:
    """By delivery id its place; 1 would be kept longest."""
    return dict(DeliveryPriority.objects.values_list("delivery", "rank"))


def deliveries_to_rank(*, user: User, today: date) -> models.QuerySet[Delivery]:
    """Whatever is committed to in this financial year or a later one, in the order in which it would be kept."""
    awards = PartnerAward.objects.filter(
        award_year__in=AwardYear.objects.visible_to(user),
        award_year__financial_year__gte=FinancialYear.of(today).start,
        approved_by__isnull=False,
    )
    return (
        Delivery.objects.filter(pk__in=awards.values("delivery"))
        .select_related("partner", "programme", "priority")
        .order_by(models.F("priority__rank").asc(nulls_last=True), "programme__order", "name")
    )
