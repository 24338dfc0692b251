"""Organisations with what stands around them."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from partners.models import Invitation, Membership, Network, Organisation, User
from vru_portal.core.revisions import revision_of
from vru_portal.core.words import holding, words_in

# What staff say of an organisation.
DETAILS = ("name", "kind", "org_id", "district", "telephone", "succeeded_by", "opened_on", "closed_on")


def revision_of_organisation(organisation: Organisation) -> str:
    """Changes with its details."""
    facts = {field: getattr(organisation, Organisation._meta.get_field(field).attname) for field in DETAILS}
    return revision_of(facts)


def find_organisations(user: User, *, today: date, name: str = "", kind: str = "") -> QuerySet[Organisation]:
    """Those that the user sees, with `people` (open memberships) and `running` (deliveries running today); those found
    by `name` with what they are `formerly` called, if that is what was typed."""
    found = Organisation.objects.visible_to(user).select_related("district")
    if name:
        found = _called(found, words_in(name))
    if kind:
        found = found.filter(kind=kind)
    deliveries = Organisation._meta.get_field("deliveries").related_model.objects.running_in(today, today)
    return found.annotate(
        people=_count(Membership.objects.open_on(today), "organisation", "user"),
        running=_count(deliveries, "partner", "pk"),
    ).order_by("name")


def _called(found: QuerySet[Organisation], words: list[str]) -> QuerySet[Organisation]:
    """By their name or identifier, or by a name that they had."""
    before = Organisation.pgh_event_model.objects.filter(pgh_obj=OuterRef("pk")).exclude(name=OuterRef("name"))
    formerly = holding(before, words, "name").order_by("-pk").values("name")[:1]
    today = holding(Organisation.objects.order_by(), words, "name", "org_id").values("pk")
    return found.annotate(formerly=Subquery(formerly)).filter(Q(pk__in=today) | Q(formerly__isnull=False))


def _count(rows: QuerySet, to: str, what: str) -> Coalesce:
    """How many different `what` of the rows belong to each organisation."""
    counted = rows.filter(**{to: OuterRef("pk")}).order_by().values(to).annotate(n=Count(what, distinct=True))
    return Coalesce(Subquery(counted.values("n")), 0, output_field=IntegerField())


def people_of(organisation: Organisation, *, today: date) -> QuerySet[Membership]:
    return organisation.memberships.open_on(today).select_related("user").order_by("user__name", "role")


def open_invitations(organisation: Organisation, *, now: datetime) -> QuerySet[Invitation]:
    return organisation.invitations.open_at(now).select_related("invited_by").order_by("email")


def deliveries_of(organisation: Organisation) -> QuerySet:
    """Every delivery, those without an end first, then the latest."""
    rows = organisation.deliveries.select_related("programme", "setting").prefetch_related("areas")
    return rows.order_by("-ends_on", "name")  # PostgreSQL puts the empty ones first


def networks_near(organisation: Organisation) -> QuerySet[Network]:
    """The networks of the organisation's district."""
    return Network.objects.filter(district=organisation.district).exclude(district=None)
