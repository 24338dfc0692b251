"""Adding and changing organisations."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError

from partners.actions.events import acting, require
from partners.models import Organisation, User
from partners.permissions import Permission
from partners.queries.organisations import DETAILS, revision_of_organisation
from vru_portal.core.refusals import Refusal
from vru_portal.core.revisions import ChangedMeanwhile


class OrganisationRefused(Refusal):
    """Some detail cannot be kept."""


def add_organisation(*, by: User, now: datetime, **details) -> Organisation:
    """`details` are the fields named in DETAILS; `name` and `kind` are required."""
    require(by, Permission.MANAGE_PARTNERS)
    with acting("partners.organisation.added", by=by, now=now) as act:
        organisation = Organisation()
        _keep(organisation, details)
        act.on(organisation, organisation=organisation)
    return organisation


def edit_organisation(
    *, organisation: Organisation, by: User, now: datetime, revision: str = "", **details
) -> Organisation:
    """Only the fields given are changed. Gives the organisation as it is now.

    `revision` is what the person saw (`revision_of_organisation`); raises `ChangedMeanwhile` if that is past.
    """
    require(by, Permission.MANAGE_PARTNERS)
    with acting("partners.organisation.edited", by=by, now=now) as act:
        locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
        _refuse_what_is_past(locked, revision, details)
        before = [getattr(locked, field) for field in DETAILS]
        _keep(locked, details)
        if before != [getattr(locked, field) for field in DETAILS]:
            act.on(locked, organisation=locked)
    return locked


def _refuse_what_is_past(organisation: Organisation, revision: str, details: dict) -> None:
    now = revision_of_organisation(organisation)
    if revision and revision != now:
        differs = [field for field in details if details[field] != getattr(organisation, field)]
        kept = {str(Organisation._meta.get_field(field).verbose_name): _said(organisation, field) for field in differs}
        raise ChangedMeanwhile(organisation.name, kept, now)


def _said(organisation: Organisation, field: str) -> object:
    return organisation.get_kind_display() if field == "kind" else getattr(organisation, field)


def _keep(organisation: Organisation, details: dict) -> None:
    unknown = set(details) - set(DETAILS)
    if unknown:
        raise TypeError(f"not a detail of an organisation: {sorted(unknown)}")
    for field, value in details.items():
        setattr(organisation, field, value)
    try:
        organisation.full_clean()
    except ValidationError as error:
        raise OrganisationRefused(" ".join(error.messages)) from error
    organisation.save()
