"""Returns that were unlocked after their acceptance, through the same actions as every other: one that a partner asks
to change, one that can be changed now, one whose days went by, and one that the unit has corrected."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import F
from django.utils import timezone

from outcomes.actions import corrections, decisions, returns, unlocks
from outcomes.demo.people import People
from outcomes.forms.returns import ReturnForm
from outcomes.models import Release, ReturnVersion, UnlockRequest
from outcomes.queries.questions import questions_of
from partners.models import Message
from vru_portal.core.working_days import working_days_after

KINDS = ["outcomes.return_unlocked", "outcomes.correction_ended"]


def load(people: People, today: date) -> int:
    """Once, as it is on that day. Returns how many returns were unlocked or asked for."""
    if UnlockRequest.objects.exists():
        return 0
    done = [act(people, today) for act in (_ended, _in_force, _asked_for, _corrected)]
    _say_that_mail_went_out()
    return sum(done)


def _say_that_mail_went_out() -> None:
    written = Message.objects.filter(kind__in=KINDS)
    written.filter(state=Message.State.QUEUED).update(
        state=Message.State.SENDING, attempts=1, attempted_at=F("created_at")
    )
    written.filter(state=Message.State.SENDING).update(state=Message.State.SENT, sent_at=F("created_at"))


def _ended(people: People, today: date) -> bool:
    begun = today - timedelta(days=30)
    version = _accepted("ED-BHM", before=begun)
    if version is None:
        return False
    sender = people.senders[version.obligation.delivery.partner_id]
    _unlock(version, people, begun, "One ward’s list was left out.", days=3)
    start = {"obligation": version.obligation, "revision_reason": ReturnVersion.RevisionReason.LATE_RETURN}
    corrections.start(**start, by=sender, now=_at(begun, 15))
    unlocks.end_expired(now=_at(working_days_after(begun, 3) + timedelta(days=1), 1))
    return True


def _in_force(people: People, today: date) -> bool:
    version = _accepted("OUTREACH-BOX", before=today - timedelta(days=10))
    if version is not None:
        reason = "The Tuesday group was counted twice, as they told us by telephone."
        _unlock(version, people, today - timedelta(days=1), reason, days=5)
    return version is not None


def _asked_for(people: People, today: date) -> bool:
    version = _accepted("HEAL-HUB", before=today - timedelta(days=10))
    if version is not None:
        unlocks.ask(
            obligation=version.obligation,
            reason="Three sessions at the end of the month were typed into the next one.",
            by=people.senders[version.obligation.delivery.partner_id],
            now=_at(today - timedelta(days=1), 16),
        )
    return version is not None


def _corrected(people: People, today: date) -> bool:
    """By the analyst, from a list that the partner sent; it waits for the next release."""
    published = Release.objects.published().order_by("month").last()
    day = today - timedelta(days=4)
    version = _accepted("ED-DUD", before=day, month=published.month) if published else None
    if version is None:
        return False
    obligation, analyst = version.obligation, people.analyst
    _unlock(version, people, day, "Their list has two visits that the return lacks.", for_person=analyst)
    reason_class = ReturnVersion.RevisionReason.CORRECTION
    second = corrections.start(obligation=obligation, revision_reason=reason_class, by=analyst, now=_at(day, 11))
    typed = second.typed | {"contacts": str(version.latest_submission.contacts + 2)}
    form = ReturnForm(typed, questions=questions_of(obligation))
    form.full_clean()
    sent = returns.backfill(obligation=obligation, answers=form.answers, by=analyst, now=_at(day, 14))
    decisions.accept(submission=sent, by=people.programme_manager, now=_at(today - timedelta(days=2), 9))
    return True


def _accepted(code: str, *, before: date, month: date | None = None) -> ReturnVersion | None:
    """The delivery's newest return that was accepted before a day, or that of the month."""
    found = ReturnVersion.objects.filter(
        obligation__delivery__code=code,
        state=ReturnVersion.State.ACCEPTED,
        decided_at__date__lt=before,
        unlocks=None,  # somebody may have unlocked it meanwhile
    )
    found = found.filter(obligation__month=month) if month else found
    return found.select_related("obligation__delivery__partner").order_by("obligation__month").last()


def _unlock(version: ReturnVersion, people: People, day: date, reason: str, *, days: int = 5, for_person=None) -> None:
    unlocks.unlock(
        obligation=version.obligation,
        for_person=for_person,
        until=working_days_after(day, days),
        reason=reason,
        by=people.programme_manager,
        now=_at(day, 10),
    )


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
