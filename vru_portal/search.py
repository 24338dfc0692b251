"""Finding a partner, a delivery, an award by its name: what each app finds among what the person may see, in groups
that lead to the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Model, QuerySet, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.generic import TemplateView

from funding.models import BridgingFacility, Claim, Fund, GrantReceipt, PartnerAward
from funding.queries import search as money
from funding.views import ShowAward, ShowAwardYear, ShowClaim, ShowFacility, ShowFund
from outcomes.models import Release
from outcomes.queries.figures import find_releases
from outcomes.views.releases import ShowRelease
from partners.access import PermissionRequired
from partners.models import Membership, Network, Organisation, User
from partners.permissions import Permission
from partners.queries.networks import find_networks
from partners.queries.organisations import find_organisations
from partners.queries.people import find_people
from partners.views.networks import ShowNetwork
from partners.views.organisations import OurOrganisation, ShowOrganisation
from programmes.models import Delivery, Programme
from programmes.queries import find_deliveries, find_programmes
from programmes.views import ShowDelivery, ShowProgramme
from vru_portal.core.words import words_in

MOST = 10  # of a group
LONGEST = 100


@dataclass(frozen=True)
class Asked:
    """Who looks for what, and when."""

    user: User
    typed: str
    today: date

    @property
    def words(self) -> list[str]:
        return words_in(self.typed)


@dataclass(frozen=True)
class Line:
    """What is found: its name, which links to its page, and what tells it from others of the name."""

    name: str
    url: str
    beside: str


@dataclass(frozen=True)
class Kind:
    """What can be looked for by whoever may open one of its `pages`. `every`: the list that shows all that is found."""

    label: str
    by: str
    pages: tuple[type[PermissionRequired], ...]
    find: Callable[[Asked], QuerySet]
    line: Callable[[Any, User], Line]
    every: str = ""

    def is_open_to(self, user: User) -> bool:
        return any(user.may(permission) for page in self.pages for permission in page.permissions())


@dataclass(frozen=True)
class Group:
    label: str
    count: int
    lines: list[Line]
    every: str

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def search(asked: Asked) -> list[Group]:
    """What is found, at most so many of each kind. Asks the database once for each kind that the person may see."""
    groups = [_group(kind, asked) for kind in kinds_open_to(asked.user)]
    return [group for group in groups if group.count]


def kinds_open_to(user: User) -> list[Kind]:
    return [kind for kind in KINDS if kind.is_open_to(user)]


def _group(kind: Kind, asked: Asked) -> Group:
    rows = list(kind.find(asked).annotate(in_all=Window(Count("pk")))[:MOST])
    every = f"{reverse(kind.every)}?{urlencode({'name': asked.typed})}" if kind.every else ""
    return Group(kind.label, rows[0].in_all if rows else 0, [kind.line(row, asked.user) for row in rows], every)


# ---- What each line says ----


def _at(name: str, row: Model) -> str:
    return reverse(name, args=[row.pk])


def _organisation(organisation: Organisation, user: User) -> Line:
    is_any = user.may(Permission.VIEW_PARTNERS)
    url = _at("partners:organisation-detail", organisation) if is_any else reverse("partners:our-organisation")
    formerly = f", formerly {organisation.formerly}" if organisation.formerly else ""
    return Line(str(organisation), url, organisation.get_kind_display() + formerly)


def _person(membership: Membership, user: User) -> Line:
    url = _at("partners:organisation-detail", membership.organisation)
    return Line(str(membership.user), url, f"{membership.get_role_display()}, {membership.organisation}")


def _programme(programme: Programme, user: User) -> Line:
    return Line(str(programme), _at("programmes:programme-detail", programme), programme.get_rung_display())


def _delivery(delivery: Delivery, user: User) -> Line:
    return Line(str(delivery), _at("programmes:delivery-detail", delivery), f"{delivery.code}, {delivery.partner}")


def _network(network: Network, user: User) -> Line:
    return Line(str(network), _at("partners:network-detail", network), network.get_kind_display())


def _fund(fund: Fund, user: User) -> Line:
    return Line(str(fund), _at("funding:fund-detail", fund), str(fund.funder))


def _award(award: PartnerAward, user: User) -> Line:
    return Line(str(award), _at("funding:award-detail", award), f"{award.delivery}, {award.delivery.partner}")


def _claim(claim: Claim, user: User) -> Line:
    beside = f"{claim.get_state_display()}, {claim.award.delivery.partner}"
    return Line(str(claim), _at("funding:claim-detail", claim), beside)


def _receipt(receipt: GrantReceipt, user: User) -> Line:
    url = _at("funding:award-year-detail", receipt.award_year)
    return Line(str(receipt), f"{url}#received", str(receipt.award_year))


def _facility(facility: BridgingFacility, user: User) -> Line:
    return Line(str(facility), _at("funding:facility-detail", facility), str(facility.lender))


def _release(release: Release, user: User) -> Line:
    standing = "" if release.is_published else ", discarded" if release.is_discarded else ", not public"
    beside = f"{release.code}, {release.get_status_display().lower()}{standing}"
    return Line(str(release), _at("outcomes:release-detail", release), beside)


KINDS = [
    Kind(
        "Organisations",
        "name, former name or identifier",
        (ShowOrganisation, OurOrganisation),
        lambda asked: find_organisations(asked.user, today=asked.today, name=asked.typed),
        _organisation,
        every="partners:organisation-list",
    ),
    Kind(
        "People who sign in",
        "name or email address",
        (ShowOrganisation,),
        lambda asked: find_people(asked.words, today=asked.today),
        _person,
    ),
    Kind("Programmes", "name", (ShowProgramme,), lambda asked: find_programmes(asked.words), _programme),
    Kind(
        "Deliveries",
        "name or code",
        (ShowDelivery,),
        lambda asked: find_deliveries(asked.user, asked.words),
        _delivery,
    ),
    Kind("Networks", "name", (ShowNetwork,), lambda asked: find_networks(asked.words), _network),
    Kind("Funds", "name", (ShowFund,), lambda asked: money.find_funds(asked.user, asked.words), _fund),
    Kind(
        "Awards",
        "reference",
        (ShowAward,),
        lambda asked: money.find_awards(asked.user, asked.words, today=asked.today),
        _award,
    ),
    Kind(
        "Claims",
        "reference of the award",
        (ShowClaim,),
        lambda asked: money.find_claims(asked.user, asked.words),
        _claim,
    ),
    Kind(
        "Receipts of grant",
        "reference",
        (ShowAwardYear,),
        lambda asked: money.find_receipts(asked.user, asked.words),
        _receipt,
    ),
    Kind(
        "Bridging facilities",
        "reference",
        (ShowFacility,),
        lambda asked: money.find_facilities(asked.user, asked.words),
        _facility,
    ),
    Kind(
        "Releases",
        "month, as in December 2021, or code",
        (ShowRelease,),
        lambda asked: find_releases(asked.user, asked.words),
        _release,
    ),
]


# ---- The page ----


class SearchForm(forms.Form):
    """What the service bar sends."""

    q = forms.CharField(
        max_length=LONGEST,
        error_messages={
            "required": "Type what you look for in the box at the top",
            "max_length": f"Type {LONGEST} letters or fewer",
        },
    )

    def clean_q(self) -> str:
        typed = self.cleaned_data["q"]
        if all(len(word) < 2 for word in words_in(typed)):
            raise ValidationError("Type two letters or more")
        return typed


class Search(PermissionRequired, TemplateView):
    permission = (Permission.VIEW_PARTNERS, Permission.VIEW_OWN_RETURNS, Permission.VIEW_PUBLISHED_RELEASE)
    template_name = "portal/search.html"

    def get_context_data(self, **kwargs) -> dict:
        user, form = self.request.user, SearchForm(self.request.GET)
        typed = form.cleaned_data["q"] if form.is_valid() else ""
        groups = search(Asked(user, typed, timezone.localdate())) if typed else []
        return super().get_context_data(**kwargs) | {
            "looked_for": self.request.GET.get("q", "").strip(),
            "problem": next(iter(form.errors.get("q", [])), ""),
            "groups": groups,
            "count": sum(group.count for group in groups),
            "kinds": kinds_open_to(user),
        }
