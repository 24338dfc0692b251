"""Recording the data-sharing agreements of organisations, and ending them before their time."""

from __future__ import annotations

from datetime import date, datetime

from partners.actions.events import acting, require
from partners.models import DataSharingAgreement, Organisation, User
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal


class AgreementRefused(Refusal):
    """It cannot be recorded so."""


class CannotEndEarly(Refusal):
    """It was ended already, or not within its time."""


def record(
    *, organisation: Organisation, starts_on: date, ends_on: date | None, document: str, by: User, now: datetime
) -> DataSharingAgreement:
    """`document` says in words where the signed paper is kept; without `ends_on` it holds until further notice."""
    require(by, Permission.MANAGE_AGREEMENTS)
    document = document.strip()
    if not document:
        raise AgreementRefused("Say where the signed document is kept.")
    if ends_on and ends_on < starts_on:
        raise AgreementRefused("The last day must not be before the first.")
    with acting("partners.agreement.recorded", by=by, now=now) as act:
        locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if locked.agreements.filter(document=document, starts_on=starts_on, ended_on=None).exists():
            raise AgreementRefused("This agreement is recorded already, from the same day on.")
        agreement = DataSharingAgreement.objects.create(
            organisation=locked,
            starts_on=starts_on,
            ends_on=ends_on,
            document=document,
            recorded_at=now,
            recorded_by=by,
        )
        act.on(agreement, organisation=locked)
    return agreement


def end_early(*, agreement: DataSharingAgreement, ended_on: date, reason: str, by: User, now: datetime) -> None:
    """`ended_on` is the first day on which it no longer holds; on its very first day: it never held."""
    require(by, Permission.MANAGE_AGREEMENTS)
    reason = reason.strip()
    if not reason:
        raise CannotEndEarly("Say why it ends early.")
    with acting("partners.agreement.ended_early", by=by, now=now, reason=reason) as act:
        locked = DataSharingAgreement.objects.select_for_update().get(pk=agreement.pk)
        _refuse_outside_its_time(locked, ended_on)
        locked.ended_on, locked.ended_at, locked.ended_by, locked.ended_reason = ended_on, now, by, reason
        locked.save()
        act.on(locked, organisation=locked.organisation)


def _refuse_outside_its_time(agreement: DataSharingAgreement, day: date) -> None:
    if agreement.ended_on is not None:
        raise CannotEndEarly("This agreement was ended early already. Look at what is recorded.")
    if day < agreement.starts_on:
        raise CannotEndEarly(f"It begins on {agreement.starts_on:%-d %B %Y}. Give that day or a later one.")
    if agreement.ends_on and day > agreement.ends_on:
        raise CannotEndEarly(f"It ends on {agreement.ends_on:%-d %B %Y} by itself. Give that day or an earlier one.")
