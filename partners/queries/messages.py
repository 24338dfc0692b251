"""What was written to people, and what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from partners.models import Invitation, Message, Organisation, User
from partners.permissions import Permission

UNSETTLED = "unsettled"
INVITATIONS_SHOWN_FOR = timedelta(days=60)


def find_messages(
    user: User, *, state: str = "", kind: str = "", organisation: Organisation | None = None, to: str = ""
) -> QuerySet[Message]:
    """Those that the user sees, the newest first. `state` may be UNSETTLED: not sent, or perhaps not."""
    found = Message.objects.visible_to(user).select_related("to_user", "organisation").defer("body")
    if state:
        found = found.unsettled() if state == UNSETTLED else found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    if organisation:
        found = found.filter(organisation=organisation)
    if to:
        found = found.filter(to_email__icontains=to) | found.filter(to_user__name__icontains=to)
    return found.order_by("-created_at", "-pk")


def invitations_lately(
    user: User, *, now: datetime, organisation: Organisation | None = None, to: str = ""
) -> QuerySet[Invitation]:
    """What was sent in the last 60 days, the newest first, for those who see all messages: no invitation is one of
    them, since its link lets somebody in."""
    if not user.may(Permission.VIEW_MESSAGES):
        return Invitation.objects.none()
    found = Invitation.objects.filter(invited_at__gt=now - INVITATIONS_SHOWN_FOR, email__icontains=to)
    if organisation:
        found = found.filter(organisation=organisation)
    return found.select_related("organisation", "invited_by").order_by("-invited_at", "-pk")


def kinds() -> list[str]:
    """Each kind that was ever written."""
    return list(Message.objects.order_by("kind").values_list("kind", flat=True).distinct())


def latest_to(organisation: Organisation, user: User, most: int = 5) -> QuerySet[Message]:
    """The newest to an organisation's people."""
    return find_messages(user, organisation=organisation)[:most]


def unsettled_count(user: User) -> int:
    return Message.objects.visible_to(user).unsettled().count()
