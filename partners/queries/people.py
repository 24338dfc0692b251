"""Who belongs to whom."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from partners.models import Membership, Organisation, User
from partners.permissions import PARTNER_ROLES
from vru_portal.core.words import holding


def people_of(partner: Organisation, now: datetime) -> list[User]:
    """Who is written to about what the partner does for the unit."""
    memberships = partner.memberships.open_on(timezone.localdate(now)).filter(role__in=PARTNER_ROLES)
    return list(User.objects.filter(pk__in=memberships.values("user"), is_active=True))


def find_people(words: list[str], *, today: date) -> QuerySet[Membership]:
    """Each role that somebody of this name or address has on the day, by their names."""
    found = holding(Membership.objects.open_on(today), words, "user__name", "user__email")
    return found.select_related("user", "organisation").order_by("user__name", "organisation__name", "role")
