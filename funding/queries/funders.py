"""Whose money pays for a delivery, and when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from funding.models import PartnerAward
from partners.models import Organisation, User


@dataclass(frozen=True)
class Span:
    """A funder pays for a delivery from the first day to the last."""

    funder: Organisation
    starts_on: date
    ends_on: date


def funders_of_deliveries(*, user: User, first: date, last: date) -> dict[int, list[Span]]:
    """By the delivery's id, whose approved awards pay for it on some day from the first to the last.

    An award whose corrections took all of it back pays for nothing.
    """
    approved = PartnerAward.objects.visible_to(user).filter(approved_by__isnull=False)
    within = approved.filter(starts_on__lte=last, ends_on__gte=first)
    left = within.values("delivery", "award_year").annotate(left=Sum("amount_pence"))
    paying = {(row["delivery"], row["award_year"]) for row in left.order_by() if row["left"] > 0}
    found: dict[int, list[Span]] = defaultdict(list)
    for award in within.filter(amount_pence__gt=0).select_related("award_year__fund__funder"):
        if (award.delivery_id, award.award_year_id) in paying:
            found[award.delivery_id].append(Span(award.award_year.fund.funder, award.starts_on, award.ends_on))
    return found
