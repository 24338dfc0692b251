"""What was written to people, and what became of it."""

from __future__ import annotations

from django.db.models import QuerySet

from partners.models import Message, Organisation, User

UNSETTLED = "unsettled"


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


def kinds() -> list[str]:
    """Each kind that was ever written."""
    return list(Message.objects.order_by("kind").values_list("kind", flat=True).distinct())


def latest_to(organisation: Organisation, user: User, most: int = 5) -> QuerySet[Message]:
    """The newest to an organisation's people."""
    return find_messages(user, organisation=organisation)[:most]


def unsettled_count(user: User) -> int:
    return Message.objects.visible_to(user).unsettled().count()
