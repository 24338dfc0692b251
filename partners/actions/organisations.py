"""Adding and changing organisations."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError

from partners.actions.events import acting, require
from partners.models import Organisation, User
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal

DETAILS = ("name", "kind", "org_id", "district", "telephone", "succeeded_by", "opened_on", "closed_on")


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


def edit_organisation(*, organisation: Organisation, by: User, now: datetime, **details) -> Organisation:
    """Only the fields given are changed. Gives the organisation as it is now."""
    require(by, Permission.MANAGE_PARTNERS)
    with acting("partners.organisation.edited", by=by, now=now) as act:
        locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
        before = [getattr(locked, field) for field in DETAILS]
        _keep(locked, details)
        if before != [getattr(locked, field) for field in DETAILS]:
            act.on(locked, organisation=locked)
    return locked


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
