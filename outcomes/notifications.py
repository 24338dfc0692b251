"""Messages about returns: written with what causes them, so that nobody hears of what did not happen."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from outcomes.models import ReturnVersion, Submission
from partners.actions import messages
from partners.models import Organisation, User
from partners.permissions import PARTNER_ROLES


def return_came_back(version: ReturnVersion, submission: Submission, *, now: datetime) -> None:
    """Tell the partner's people that a return came back, and why. Each gets a message of their own."""
    obligation = version.obligation
    partner = obligation.delivery.partner
    for person in _people_of(partner, now):
        body = render_to_string(
            "outcomes/return_came_back.txt",
            {"person": person, "version": version, "obligation": obligation, "unit_name": settings.UNIT_NAME},
        )
        messages.write(
            key=f"outcomes.return_came_back:{submission.pk}:{person.pk}",
            kind="outcomes.return_came_back",
            to=person,
            subject=f"Please change your {obligation.period} return: {obligation.delivery}",
            body=body,
            about=[obligation],
            organisation=partner,
            now=now,
        )


def _people_of(partner: Organisation, now: datetime) -> list[User]:
    memberships = partner.memberships.open_on(timezone.localdate(now)).filter(role__in=PARTNER_ROLES)
    return list(User.objects.filter(pk__in=memberships.values("user"), is_active=True))
