"""`manage.py create_administrator name@example.org`: a real installation's first way in."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from partners.actions import invitations
from partners.actions.events import acting
from partners.models import Membership, Organisation
from partners.permissions import Role
from vru_portal.core.refusals import Refusal


class Command(BaseCommand):
    help = "Invite the first administrator and print the link. The unit's organisation is made if there is none."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email")
        parser.add_argument("--url", default="http://localhost:8000", help="where people reach the portal")
        parser.add_argument("--another", action="store_true", help="even if there is an administrator already")

    def handle(self, *args, email: str, url: str, another: bool, **options) -> None:
        now = timezone.now()
        if not another and _is_there_an_administrator(now):
            raise CommandError(
                "There is an administrator, who can invite others. Add --another to invite one from here."
            )
        try:
            invitation, link = invitations.invite(
                email=email,
                organisation=_unit(now),
                role=Role.ADMINISTRATOR,
                by=None,
                now=now,
                link_to=lambda secret: url.rstrip("/") + reverse("partners:invitation-accept", args=[secret]),
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Open this link to choose a password ({invitation.email}, valid for 14 days):\n{link}")


def _is_there_an_administrator(now) -> bool:
    memberships = Membership.objects.open_on(timezone.localdate(now))
    return memberships.filter(role=Role.ADMINISTRATOR, user__is_active=True).exists()


def _unit(now) -> Organisation:
    unit = Organisation.objects.filter(kind=Organisation.Kind.UNIT).order_by("id").first()
    if unit is None:
        with acting("partners.organisation.added", by=None, now=now) as act:
            unit = Organisation.objects.create(name=settings.UNIT_NAME, kind=Organisation.Kind.UNIT)
            act.on(unit, organisation=unit)
    return unit
