"""The unit's awards as open data tells them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db.models import Max

from funding.models import PartnerAward
from funding.open_data import Grant, Party, Place
from partners.models import Organisation, User
from partners.models.organisations import OrganisationKind
from vru_portal.core.refusals import Refusal


class UnitUnknown(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "Open data names who awards. Add the unit to the organisations, of the kind Violence Reduction Unit and "
            "with its org-id."
        )


def publisher() -> Party:
    """The unit; raises `UnitUnknown` while it has no org-id."""
    unit = Organisation.objects.filter(kind=OrganisationKind.UNIT).exclude(org_id="").order_by("pk").first()
    if unit is None:
        raise UnitUnknown()
    return Party(unit.org_id, unit.name)


def open_grants(*, user: User, as_at: date) -> list[Grant]:
    """Each commitment agreed by the day of which something is left, the latest first."""
    funder = publisher()
    awards = (
        PartnerAward.objects.visible_to(user)
        .agreed_by(as_at)
        .select_related("delivery__partner", "delivery__programme", "award_year__fund")
        .prefetch_related("delivery__areas")
        .annotate(modified_at=Max("events__pgh_created_at"))  # by the row history
        .order_by("pk")  # a grant keeps the name of its first award
    )
    accounts: dict[tuple, list[PartnerAward]] = defaultdict(list)
    for award in awards:
        accounts[award.delivery_id, award.award_year_id, award.ring_fence_id].append(award)
    grants = (_grant(account, funder) for account in accounts.values())
    return sorted((grant for grant in grants if grant.awarded_pence > 0), key=lambda g: g.awarded_on, reverse=True)


def _grant(account: Sequence[PartnerAward], funder: Party) -> Grant:
    first = account[0]
    delivery, programme = first.delivery, first.delivery.programme
    return Grant(
        identifier=f"{settings.OPEN_DATA_PREFIX}-{first.reference}",
        title=f"{programme.name}: {delivery.name}, {first.award_year.year}",
        description=programme.summary,
        awarded_pence=sum(award.amount_pence for award in account),
        paid_pence=None,
        awarded_on=first.agreed_on,
        starts_on=min(award.starts_on for award in account),
        ends_on=max(award.ends_on for award in account),
        recipient=_party(delivery.partner),
        funder=funder,
        programme_code=programme.code,
        programme=programme.name,
        places=tuple(Place(area.name, area.gss_code) for area in delivery.areas.all()),
        modified_at=max(award.modified_at for award in account),
    )


def _party(organisation: Organisation) -> Party:
    """By the standard an organisation without an identifier gets one of the publisher's own."""
    return Party(organisation.org_id or f"{settings.OPEN_DATA_PREFIX}-ORG-{organisation.pk}", organisation.name)
