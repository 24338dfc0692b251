"""What we write to people about their access."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from partners.models import Invitation


def send_invitation(invitation: Invitation, link: str) -> None:
    """The only place, besides the inviter's screen, where the link's secret appears."""
    context = {"invitation": invitation, "link": link, "unit_name": settings.UNIT_NAME}
    send_mail(
        f"You are invited to the portal of the {settings.UNIT_NAME}",
        render_to_string("partners/invitation_mail.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [invitation.email],
    )
