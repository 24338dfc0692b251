"""Programmes and deliveries with what stands around them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from partners.models import Area, User
from partners.models.areas import AreaKind
from programmes.models import Delivery, Programme
from vru_portal.core.revisions import revision_of

EDITABLE = ("name", "setting_id", "starts_on", "ends_on", "is_term_time")


@dataclass(frozen=True)
class DistrictCount:
    """A district and how many deliveries run there. A delivery in two districts counts in each."""

    gss_code: str
    name: str
    deliveries: int


def programmes(today: date) -> QuerySet[Programme]:
    """In the unit's order, with `running` (deliveries on the day) and `partners` (who delivers them)."""
    runs = Q(deliveries__starts_on__lte=today) & (Q(deliveries__ends_on=None) | Q(deliveries__ends_on__gte=today))
    return Programme.objects.annotate(
        running=Count("deliveries", filter=runs, distinct=True),
        partners=Count("deliveries__partner", filter=runs, distinct=True),
    ).order_by("order", "name")


def deliveries_of(programme: Programme, user: User) -> QuerySet[Delivery]:
    """Those that the user sees, by the partner's name."""
    rows = programme.deliveries.visible_to(user).select_related("partner", "setting").prefetch_related("areas")
    return rows.order_by("partner__name", "name")


def by_district(deliveries: QuerySet[Delivery], today: date) -> list[DistrictCount]:
    """How many of the deliveries run in each district on the day."""
    codes = Counter(deliveries.running_in(today, today).order_by().values_list("areas__gss_code", flat=True))
    districts = Area.objects.filter(kind=AreaKind.DISTRICT)
    return [DistrictCount(area.gss_code, area.name, codes[area.gss_code]) for area in districts]


def has_obligations(delivery: Delivery) -> bool:
    """Whether a return is or was owed for it. Its programme, partner and code stay from then on."""
    return delivery.obligations.exists()


def revision_of_delivery(delivery: Delivery) -> str:
    """Changes with what staff say of it."""
    areas = sorted(delivery.areas.values_list("pk", flat=True))
    return revision_of({field: getattr(delivery, field) for field in EDITABLE} | {"areas": areas})


def visible_deliveries(user: User) -> QuerySet[Delivery]:
    return Delivery.objects.visible_to(user).select_related("programme", "partner", "setting").prefetch_related("areas")
