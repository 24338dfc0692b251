"""What becomes of a return that was sent: returned or accepted. What becomes of an accepted one: `corrections`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from outcomes import notifications
from outcomes.actions import linkage, payment_holds
from outcomes.actions.answers import as_typed
from outcomes.actions.return_access import lock_version, told_at
from outcomes.actions.unlocks import give_time_to_correct
from outcomes.models import Obligation, ReturnVersion, SentBack, Submission
from outcomes.queries.revisions import is_published
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal

State = ReturnVersion.State


# ---- Refusals ----
class NotDecidable(Refusal):
    """There is nothing to accept or return, or not by this person."""


class SentAgain(NotDecidable):
    """What was read is no longer what the partner says."""

    def __init__(self, latest: Submission, now: datetime) -> None:
        when = told_at(latest.submitted_at, now)
        super().__init__(f"Sent again {when} since you opened this page: read the new numbers first.")


# ---- Deciding ----
def return_to_partner(
    *, submission: Submission, reason: str = "", sections: Mapping[str, str] | None = None, by: User, now: datetime
) -> ReturnVersion:
    """Send back the return whose `submission` was read. What is to be changed goes to the partner's people by mail.

    `reason` is about the whole; `sections` says by its key what is to be changed in each. One of them at least.
    `SentAgain` if the partner has sent other numbers since.
    """
    require(by, Permission.REVIEW_RETURN)
    asked = _to_change(submission, reason, sections or {})
    reason = "\n\n".join(f"{title}: {text}" if title else text for title, text in asked.values())
    with acting("outcomes.return.returned", by=by, now=now, reason=reason) as act:
        version = lock_version(submission.version)
        _require_to_be_decided(version, submission, now)
        if not version.typed:  # sent without a form: the partner mends it in one
            version.typed = as_typed(submission)
        version.state, version.reason = State.RETURNED, reason
        version.decided_at, version.decided_by = now, by
        SentBack.objects.bulk_create(
            SentBack(submission=submission, section=key, reason=text, sent_back_at=now, sent_back_by=by)
            for key, (_, text) in asked.items()
        )
        version.save(update_fields=["typed", "state", "reason", "decided_at", "decided_by"])
        act.on(version, organisation=version.obligation.delivery.partner)
        until = give_time_to_correct(version=version, reason=reason, by=by, now=now)
        notifications.return_came_back(version, submission, until=until, now=now)
    return version


def _to_change(submission: Submission, reason: str, sections: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """(title, what to change) by the section's key, in the order of the form; the whole first, under ""."""
    titles = dict(submission.version.template.sections.order_by("order").values_list("key", "title"))
    if not titles.keys() >= sections.keys():
        raise NotDecidable("This return has no such section. Load the page again.")
    if silent := next((titles[key] for key, text in sections.items() if not text.strip()), ""):
        raise NotDecidable(f"Say what the partner should change in {silent}.")
    texts = {"": reason} | dict(sections)
    asked = {key: (title, texts.get(key, "").strip()) for key, title in ({"": ""} | titles).items()}
    found = {key: (title, text) for key, (title, text) in asked.items() if text}
    if not found:
        raise NotDecidable("Say what the partner should change.")
    return found


def accept(*, submission: Submission, by: User, now: datetime) -> ReturnVersion:
    """What was read is the one authoritative version from now on; an earlier accepted one is superseded. The first of a
    month that is published already came late, and revises it.

    `SentAgain` if the partner has sent other numbers than `submission` since.
    """
    require(by, Permission.REVIEW_RETURN)
    with acting("outcomes.return.accepted", by=by, now=now) as act:
        version = lock_version(submission.version)
        _require_to_be_decided(version, submission, now)
        if version.submissions.filter(submitted_by=by).exists():
            raise NotDecidable("You sent this return yourself. Somebody else at the unit has to accept it.")
        obligation = version.obligation
        for earlier in obligation.versions.filter(state=State.ACCEPTED):
            earlier.state = State.SUPERSEDED
            earlier.save(update_fields=["state"])
        if not version.revision_reason and is_published(obligation.period):
            version.revision_reason = ReturnVersion.RevisionReason.LATE_RETURN
        version.state, version.decided_at, version.decided_by = State.ACCEPTED, now, by
        version.save(update_fields=["state", "revision_reason", "decided_at", "decided_by"])
        act.on(version, organisation=obligation.delivery.partner)
        payment_holds.review(delivery=obligation.delivery, now=now)
        linkage.request(by=by, now=now)
    return version


@dataclass(frozen=True)
class AcceptedMany:
    """What became of returns that were accepted together: those accepted, and the others with why not."""

    accepted: tuple[ReturnVersion, ...]
    refused: tuple[tuple[Obligation, str], ...]


def accept_many(*, submissions: Iterable[Submission], by: User, now: datetime) -> AcceptedMany:
    """Accept each as `accept` does, in a transaction of its own: one that is refused keeps no other back."""
    require(by, Permission.REVIEW_RETURN)
    accepted, refused = [], []
    for submission in submissions:
        try:
            accepted.append(accept(submission=submission, by=by, now=now))
        except Refusal as refusal:
            refused.append((submission.version.obligation, refusal.message))
    return AcceptedMany(tuple(accepted), tuple(refused))


def _is_taken_back(version: ReturnVersion) -> bool:
    """Of one that the unit sent back once: it came again and was taken back since."""
    last = SentBack.objects.filter(submission__version=version).order_by("sent_back_at").last()
    return version.state == State.RETURNED and last is not None and last.submission != version.latest_submission


def _require_to_be_decided(version: ReturnVersion, read: Submission, now: datetime) -> None:
    if version.state == State.SUBMITTED:
        latest = version.latest_submission
        if latest != read:
            raise SentAgain(latest, now)
        return
    decided = f" {version.decided_by} did so at {told_at(version.decided_at)}." if version.decided_at else ""
    if version.state == State.DRAFT or _is_taken_back(version):
        raise NotDecidable("The partner has taken this return back to change it. It comes again when it is ready.")
    already = {State.ACCEPTED: "This return is accepted already.", State.RETURNED: "This return was returned already."}
    if version.state in already:
        raise NotDecidable(f"{already[version.state]}{decided}")
    raise NotDecidable("This version of the return is no longer in use, so there is nothing to decide.")
