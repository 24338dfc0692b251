"""What becomes of an accepted return afterwards: corrected by a new version, or void where it should never have
counted. Nothing is overwritten; the next release revises what is published."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from outcomes import notifications
from outcomes.actions import linkage
from outcomes.actions.answers import as_typed
from outcomes.actions.register_lock import while_rows_come_in
from outcomes.actions.return_access import NotOpen, is_own, lock, lock_version, require_writer
from outcomes.models import Obligation, RegisterContact, RegisterFile, ReturnVersion
from outcomes.models.returns import ReturnVersionRevisionReason
from outcomes.queries.standing import open_version
from outcomes.queries.unlocks import unlock_for
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal

State = ReturnVersion.State


class NotVoidable(Refusal):
    """It does not count, or something is to be decided first."""


def start(*, obligation: Obligation, revision_reason: str, by: User, now: datetime) -> ReturnVersion:
    """A new version of an accepted return that is unlocked for `by`, filled with what was accepted, which stays in
    force until then."""
    if revision_reason not in ReturnVersionRevisionReason.values:
        raise NotOpen("Choose why the return changes.")
    with acting("outcomes.return.correction_started", by=by, now=now, reason=revision_reason) as act:
        while_rows_come_in()  # those of the accepted register, once more
        obligation = lock(obligation.pk)
        require_writer(by, obligation, now)
        if version := open_version(obligation):
            return version
        accepted = obligation.versions.filter(state=State.ACCEPTED).first()
        if accepted is None:
            raise NotOpen("Only an accepted return can be corrected. Fill in this one instead.")
        version = ReturnVersion.objects.create(
            obligation=obligation,
            number=obligation.versions.count() + 1,
            template=accepted.template,
            counting_basis=accepted.counting_basis,
            typed=as_typed(accepted.latest_submission),
            unlock=unlock_for(by, obligation, timezone.localdate(now)),
            revision_reason=revision_reason,
            is_backfilled=not is_own(by, obligation),
            created_at=now,
            created_by=by,
        )
        _copy_register(accepted, version, by=by, now=now)
        act.on(version, organisation=obligation.delivery.partner)
    return version


def _copy_register(accepted: ReturnVersion, version: ReturnVersion, *, by: User, now: datetime) -> None:
    """The correction begins with the register that was accepted: to take out of it, and to add to it."""
    for file in accepted.register_files.filter(state=RegisterFile.State.TAKEN):
        contacts = list(file.contacts.all())
        copied = RegisterFile.objects.create(
            version=version,
            digest=file.digest,
            rows_read=file.rows_read,
            rows_refused=file.rows_refused,
            staged_at=now,
            staged_by=by,
        )
        for contact in contacts:
            contact.pk, contact.file = None, copied
        RegisterContact.objects.bulk_create(contacts, batch_size=5_000)
        copied.state, copied.taken_at, copied.taken_by = RegisterFile.State.TAKEN, now, by
        copied.save(update_fields=["state", "taken_at", "taken_by"])


def void(*, version: ReturnVersion, reason: str, by: User, now: datetime) -> ReturnVersion:
    """It should never have counted, and does not from now on: the month is owed again. It stays on record, and so do
    the releases that it is in; the next one leaves it out. The partner's people hear why."""
    require(by, Permission.VOID_RETURN)
    reason = reason.strip()
    if not reason:
        raise NotVoidable("Say why it should never have counted.")
    with acting("outcomes.return.voided", by=by, now=now, reason=reason) as act:
        version = lock_version(version)
        if why := why_not_void(version):
            raise NotVoidable(why)
        version.state, version.reason, version.voided_at, version.voided_by = State.VOID, reason, now, by
        version.save(update_fields=["state", "reason", "voided_at", "voided_by"])
        act.on(version, organisation=version.obligation.delivery.partner)
        notifications.return_voided(version, now=now)
        linkage.request(by=by, now=now)
    return version


def why_not_void(version: ReturnVersion) -> str:
    """Why this version cannot be made void; empty when it can."""
    if version.state == State.VOID:
        return "This version is void already."
    if version.state == State.SUPERSEDED:
        return "This version counts no longer: a later one has taken its place."
    if version.state == State.ACCEPTED:
        if version.obligation.versions.filter(state__in=ReturnVersion.OPEN_STATES).exists():
            return "A correction of it is open. Decide that first, or make it void."
        return ""
    return "" if version.submissions.exists() else "Nothing of it was sent, so there is nothing to make void."
