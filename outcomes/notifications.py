"""Messages about returns: written with what causes them, so that nobody hears of what did not happen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from outcomes.models import (
    Comment,
    Extension,
    Obligation,
    ReturnVersion,
    Submission,
    TemplateSection,
    Unlock,
    UnlockRequest,
)
from outcomes.queries.clock import DIGEST, Digest
from partners.actions import messages
from partners.models import Membership, Message, User
from partners.permissions import Permission, Role
from partners.queries import people_of


def return_came_back(
    version: ReturnVersion, submission: Submission, *, until: date | None = None, now: datetime
) -> None:
    """Tell the partner's people that a return came back, and why. Each gets a message of their own.

    `until`: a correction can be sent again until the end of that day.
    """
    obligation = version.obligation
    _tell_the_partner(
        obligation,
        f"outcomes.return_came_back:{submission.pk}",
        f"Please change your {obligation.period} return: {obligation.delivery}",
        {"version": version, "until": until},
        now=now,
    )


def due_date_extended(extension: Extension, *, now: datetime) -> None:
    """Tell the partner's people until when they have time now, and why."""
    obligation = extension.obligation
    _tell_the_partner(
        obligation,
        f"outcomes.due_date_extended:{extension.pk}",
        f"More time for your {obligation.period} return: {obligation.delivery}",
        {"extension": extension},
        now=now,
    )


def obligation_waived(obligation: Obligation, *, now: datetime) -> None:
    """Tell the partner's people that nothing is owed for the month after all, and why."""
    _tell_the_partner(
        obligation,
        f"outcomes.obligation_waived:{obligation.pk}",
        f"You owe no {obligation.period} return: {obligation.delivery}",
        {"is_begun": obligation.versions.exists()},
        now=now,
    )


def comment_written(comment: Comment, *, now: datetime) -> None:
    """Tell the other side of the first comment of a day on a section; more of them stand beside it on the page.

    At the unit it is who wrote about this section before, or else the programme managers.
    """
    obligation = comment.obligation
    side = "partner" if comment.is_partners else "unit"
    title = (
        TemplateSection.objects.filter(version__returns__obligation=obligation, key=comment.section).latest("pk").title
    )
    _tell(
        _people_at_the_unit(comment, now) if comment.is_partners else people_of(obligation.delivery.partner, now),
        obligation,
        f"outcomes.comment_written:{obligation.pk}:{comment.section}:{side}:{timezone.localdate(now)}",
        f"A comment on the {obligation.period} return: {obligation.delivery}",
        {"comment": comment, "title": title},
        now=now,
    )


# ---- After acceptance ----
def return_unlocked(unlock: Unlock, obligation: Obligation, *, now: datetime) -> None:
    """Tell the partner's people, and whom it is unlocked for, who may correct the return, why and until when."""
    _tell(
        _who_hears_of(unlock, obligation, now),
        obligation,
        f"outcomes.return_unlocked:{unlock.pk}",
        f"Unlocked to be corrected: the {obligation.period} return of {obligation.delivery}",
        {"unlock": unlock},
        now=now,
    )


def _who_hears_of(unlock: Unlock, obligation: Obligation, now: datetime) -> list[User]:
    people = people_of(obligation.delivery.partner, now)
    return people if unlock.for_person in (None, *people) else [*people, unlock.for_person]


def unlock_declined(request: UnlockRequest, obligation: Obligation, *, now: datetime) -> None:
    """Tell the partner's people that the return stays locked, and why."""
    _tell_the_partner(
        obligation,
        f"outcomes.unlock_declined:{request.pk}",
        f"Not unlocked: the {obligation.period} return of {obligation.delivery}",
        {"request": request},
        now=now,
    )


def unlock_taken_back(unlock: Unlock, obligation: Obligation, *, now: datetime) -> None:
    """Tell who heard of the unlock that it has ended early, and why."""
    _tell(
        _who_hears_of(unlock, obligation, now),
        obligation,
        f"outcomes.unlock_taken_back:{unlock.pk}",
        f"Locked again: the {obligation.period} return of {obligation.delivery}",
        {"unlock": unlock},
        now=now,
    )


def correction_ended(version: ReturnVersion, obligation: Obligation, *, now: datetime) -> None:
    """Tell the partner's people that a correction was not sent in time."""
    _tell_the_partner(
        obligation,
        f"outcomes.correction_ended:{version.pk}",
        f"Not sent in time: the correction of the {obligation.period} return of {obligation.delivery}",
        {"version": version},
        now=now,
    )


def return_voided(version: ReturnVersion, *, now: datetime) -> None:
    """Tell the partner's people that a return does not count, and why."""
    obligation = version.obligation
    _tell_the_partner(
        obligation,
        f"outcomes.return_voided:{version.pk}",
        f"Made void: the {obligation.period} return of {obligation.delivery}",
        {"version": version, "counts": obligation.versions.filter(state=ReturnVersion.State.ACCEPTED).exists()},
        now=now,
    )


# ---- How ----
def _tell_the_partner(obligation: Obligation, what: str, subject: str, context: dict, *, now: datetime) -> None:
    """`what` is the kind, and which one it is; the kind names the template."""
    _tell(people_of(obligation.delivery.partner, now), obligation, what, subject, context, now=now)


def _tell(
    people: Iterable[User], obligation: Obligation, what: str, subject: str, context: dict, *, now: datetime
) -> None:
    kind, _, _ = what.partition(":")
    partner = obligation.delivery.partner
    for person in people:
        messages.write(
            key=f"{what}:{person.pk}",
            kind=kind,
            to=person,
            subject=subject,
            body=_body(kind, context | {"person": person, "obligation": obligation}),
            about=[obligation],
            organisation=partner,
            now=now,
        )


def digest(told: Digest, *, now: datetime) -> Message | None:
    """One mail about everything that waits for a person. None if another clock has written it."""
    return messages.write(
        key=told.key,
        kind=DIGEST,
        to=told.person,
        subject=told.title,
        body=_body(DIGEST, {"digest": told}),
        about=[line.obligation for line in told.lines],
        organisation=told.organisation,
        now=now,
    )


def _body(kind: str, context: dict) -> str:
    more = {"unit_name": settings.UNIT_NAME, "address": settings.PORTAL_ADDRESS}
    return render_to_string(f"{kind.replace('.', '/')}.txt", context | more)


def _people_at_the_unit(comment: Comment, now: datetime) -> list[User]:
    active = User.objects.filter(is_active=True)
    earlier = Comment.objects.filter(obligation=comment.obligation_id, section=comment.section, is_partners=False)
    wrote = [user for user in active.filter(pk__in=earlier.values("written_by")) if user.may(Permission.REVIEW_RETURN)]
    managers = Membership.objects.open_on(timezone.localdate(now)).filter(role=Role.PROGRAMME_MANAGER)
    return wrote or list(active.filter(pk__in=managers.values("user")))
