"""Who may read a release before it is public, and who did."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from outcomes.models import EarlyAccess, Release
from partners.models import Membership, User
from partners.permissions import Role


def open_to(user: User) -> QuerySet[EarlyAccess]:
    """What the user may read now and others may not."""
    return EarlyAccess.objects.filter(
        user=user, ended_at=None, granted_at__lte=Now(), release__in=Release.objects.under_embargo()
    ).select_related("release__policy", "release__produced_by", "release__approved_by")


def readers(release: Release) -> QuerySet[EarlyAccess]:
    """Everybody who could read it before others, with the days on which they did."""
    return release.early_access.select_related("user", "granted_by", "ended_by").prefetch_related("readings")


def who_may_be_let() -> QuerySet[User]:
    """The commissioners."""
    open_today = Membership.objects.open_on(timezone.localdate()).filter(role=Role.COMMISSIONER)
    return User.objects.filter(is_active=True, memberships__in=open_today).distinct().order_by("name")
