"""What was written to partners about the returns that came back. One mailbox was full."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string

from outcomes.demo.people import BOXING_CLUB
from outcomes.models import ReturnVersion
from partners.models import Message, MessageSubject
from partners.permissions import PARTNER_ROLES, Role

KIND = "outcomes.return_came_back"
FULL = "The mail server refused it: 552 5.2.2 Mailbox full"


def load() -> int:
    """The messages that are not there yet. Returns how many."""
    returned = ReturnVersion.objects.filter(state=ReturnVersion.State.RETURNED)
    known = set(Message.objects.filter(kind=KIND).values_list("key", flat=True))
    new = [
        _message(version, membership)
        for version in returned.select_related("obligation__delivery__partner", "decided_by").order_by("pk")
        for membership in version.obligation.delivery.partner.memberships.filter(role__in=PARTNER_ROLES)
        if _key(version, membership) not in known
    ]
    Message.objects.bulk_create([message for message, _ in new])
    MessageSubject.objects.bulk_create(
        MessageSubject(message=message, subject_type=one._meta.label_lower, subject_id=one.pk, subject=str(one)[:250])
        for message, one in new
    )
    return len(new)


def _key(version: ReturnVersion, membership) -> str:
    return f"{KIND}:{version.latest_submission.pk}:{membership.user_id}"


def _message(version: ReturnVersion, membership):
    obligation, person, at = version.obligation, membership.user, version.decided_at
    is_full = obligation.delivery.partner.name == BOXING_CLUB and membership.role == Role.PARTNER
    body = render_to_string(
        "outcomes/return_came_back.txt",
        {"person": person, "version": version, "obligation": obligation, "unit_name": settings.UNIT_NAME},
    )
    message = Message(
        key=_key(version, membership),
        kind=KIND,
        to_user=person,
        to_email=person.email,
        organisation=obligation.delivery.partner,
        subject=f"Please change your {obligation.period} return: {obligation.delivery}"[:200],
        body=body,
        created_at=at,
        state=Message.State.FAILED if is_full else Message.State.SENT,
        attempts=1,
        attempted_at=at,
        problem=FULL if is_full else "",
        sent_at=None if is_full else at,
    )
    return message, obligation
