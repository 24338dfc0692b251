"""Partner and unit write to each other about a section of a return. What was written stays."""

from __future__ import annotations

from datetime import datetime

from outcomes import notifications
from outcomes.actions.return_access import NotYours, is_own, lock
from outcomes.models import Comment, Obligation, TemplateSection
from partners.actions.events import acting
from partners.models import User
from partners.permissions import Permission
from vru_portal.core import free_text
from vru_portal.core.refusals import Refusal


class NotToBeWritten(Refusal):
    """There is nothing to say, nothing to say it about, or it names somebody."""


def may_comment(user: User, obligation: Obligation) -> bool:
    """The partner's own people, and those at the unit who read returns."""
    return is_own(user, obligation) or user.may(Permission.REVIEW_RETURN)


def comment(*, obligation: Obligation, section: str, text: str, by: User, now: datetime) -> Comment:
    """Write to the other side about the section with this key. Its people are told, once a day for each section.

    `NotToBeWritten` for an empty text, one by which somebody could be known, or a section that the return has not.
    """
    text = text.strip()
    if not text:
        raise NotToBeWritten("Write your comment.")
    if sentence := free_text.sentence("The comment", text):  # before it is written anywhere, the history included
        raise NotToBeWritten(sentence)
    with acting("outcomes.comment.written", by=by, now=now) as act:
        obligation = lock(obligation.pk)
        if not may_comment(by, obligation):
            raise NotYours()
        sections = TemplateSection.objects.filter(version__returns__obligation=obligation)
        if not sections.filter(key=section).exists():
            raise NotToBeWritten("This return is not begun, or has no such section.")
        written = Comment.objects.create(
            obligation=obligation,
            section=section,
            text=text,
            is_partners=is_own(by, obligation),
            written_at=now,
            written_by=by,
        )
        act.on(obligation, organisation=obligation.delivery.partner)
        notifications.comment_written(written, now=now)
    return written
