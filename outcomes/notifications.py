"""Mail about returns. Called after commit, so that nobody hears of what did not happen."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from outcomes.models import ReturnVersion
from partners.models import Organisation, User
from partners.permissions import PARTNER_ROLES


def return_came_back(version_id: int) -> None:
    """Tell the partner's people that a return came back, and why. Each gets a message of their own."""
    version = ReturnVersion.objects.select_related("obligation__delivery__partner", "decided_by").get(pk=version_id)
    obligation = version.obligation
    for person in _people_of(obligation.delivery.partner):
        body = render_to_string(
            "outcomes/return_came_back.txt",
            {"person": person, "version": version, "obligation": obligation, "unit_name": settings.UNIT_NAME},
        )
        send_mail(
            f"Please change your {obligation.period} return: {obligation.delivery}"[:200],
            body,
            settings.DEFAULT_FROM_EMAIL,
            [person.email],
        )


def _people_of(partner: Organisation) -> list[User]:
    today = timezone.localdate()
    memberships = partner.memberships.open_on(today).filter(role__in=PARTNER_ROLES, user__is_active=True)
    return list(User.objects.filter(pk__in=memberships.values("user")))
