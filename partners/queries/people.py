"""Who belongs to whom."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from partners.models import Organisation, User
from partners.permissions import PARTNER_ROLES


def people_of(partner: Organisation, now: datetime) -> list[User]:
    """Who is written to about what the partner does for the unit."""
    memberships = partner.memberships.open_on(timezone.localdate(now)).filter(role__in=PARTNER_ROLES)
    return list(User.objects.filter(pk__in=memberships.values("user"), is_active=True))
