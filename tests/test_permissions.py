"""Every view says who may open it, and each role opens exactly its pages."""

from datetime import date

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from funding.models import DeflatorSeries
from outcomes.models import Recount
from partners.access import PermissionRequired, Public, SignedIn
from partners.models import Network, NetworkMember, NetworkMembership, Organisation
from partners.permissions import PERMISSIONS, Permission, Role
from tests.factories import (
    AwardYearFactory,
    ClaimFactory,
    DataSharingAgreementFactory,
    DeliveryFactory,
    InstalmentAwardFactory,
    MessageFactory,
    ObjectionFactory,
    ObligationFactory,
    OrganisationFactory,
    PartnerAwardFactory,
    PolicyFactory,
    ReturnVersionFactory,
    UnlockFactory,
    UnlockRequestFactory,
    user_with,
)
from vru_portal.core.periods import FinancialYear

# Views that are not ours, and the few of ours that hold no data.
OTHER_DOORS = {"health-live", "health-ready", "unit-css", "api-schema"}
ALLAUTH = ("allauth.",)


def every_view(patterns=None, names=()):
    """(name, callback) of each URL pattern, the name with its namespaces."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            namespace = (pattern.namespace,) if pattern.namespace else ()
            yield from every_view(pattern.url_patterns, names + namespace)
        elif isinstance(pattern, URLPattern):
            yield ":".join([*names, pattern.name or str(pattern.pattern)]), pattern.callback


def access_of(callback) -> str:
    """How a view declares its access level; empty if it does not."""
    view = getattr(callback, "view_class", None)
    if view is not None and issubclass(view, Public):
        return "public"
    if view is not None and issubclass(view, SignedIn):
        return "signed in"
    if view is not None and issubclass(view, PermissionRequired):
        return "permission" if view.permissions() else ""
    viewset = getattr(callback, "cls", None)
    permission = getattr(viewset, "permission", None)
    return "permission" if permission and isinstance(permission, Permission | tuple) else ""


def roles_that_may_open(callback) -> set[Role]:
    """A view that asks for no permission of ours is open to all."""
    view = getattr(callback, "view_class", None)
    if view is None or not issubclass(view, PermissionRequired):
        return set(Role)
    return {role for role, allowed in PERMISSIONS.items() if allowed & set(view.permissions())}


class TestEveryView:
    def test_declares_who_may_open_it(self):
        undeclared = [
            name
            for name, callback in every_view()
            if not access_of(callback)
            and name not in OTHER_DOORS
            and not name.startswith("admin:")  # the site asks for EDIT_REFERENCE_TABLES, below
            and not callback.__module__.startswith(ALLAUTH)
        ]
        assert undeclared == []

    def test_is_found_by_this_test(self):
        names = {name for name, _ in every_view()}
        assert {"home", "partners:history", "outcomes:returns", "admin:index", "release-list"} <= names


STAFF = {Role.ADMINISTRATOR, Role.DIRECTOR, Role.PROGRAMME_MANAGER, Role.ANALYST, Role.FINANCE_OFFICER}
PARTNERS = {Role.PARTNER_LEAD, Role.PARTNER}
READERS = STAFF | {Role.AUDITOR}
MANAGERS = {Role.ADMINISTRATOR, Role.DIRECTOR, Role.PROGRAMME_MANAGER}
EDITORS = {Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.ANALYST}
RETURNS_STAFF = {Role.DIRECTOR, Role.PROGRAMME_MANAGER, Role.ANALYST}
EVERYBODY = set(Role)

# The page, and who opens it. Everybody else meets the 403 page.
PAGES = {
    "home": EVERYBODY,
    "search": EVERYBODY,
    "settings": READERS,
    "message-list": READERS,
    "partners:message-detail": READERS,
    "api-home": EVERYBODY,
    "partners:account": EVERYBODY,
    "partners:organisation-list": READERS,
    "partners:organisation-detail": READERS,
    "partners:organisation-add": MANAGERS,
    "partners:organisation-edit": MANAGERS,
    "partners:agreement-record": MANAGERS,
    "partners:agreement-end": MANAGERS,
    "partners:our-organisation": PARTNERS,
    "partners:invite": MANAGERS | {Role.PARTNER_LEAD},
    "partners:network-list": READERS,
    "partners:network-detail": READERS,
    "partners:network-member-add": EDITORS,
    "partners:network-member-change": EDITORS,
    "partners:network-member-leave": EDITORS,
    "partners:history": {Role.ADMINISTRATOR, Role.AUDITOR},
    "partners:history-subject": {Role.ADMINISTRATOR, Role.AUDITOR},
    "programmes:programme-list": READERS,
    "programmes:programme-detail": READERS,
    "programmes:delivery-detail": READERS | PARTNERS,
    "programmes:delivery-add": MANAGERS,
    "programmes:delivery-edit": MANAGERS,
    "programmes:target-set": MANAGERS,
    "outcomes:our-returns": PARTNERS,
    "outcomes:our-figures": PARTNERS,
    "outcomes:returns": READERS,
    "outcomes:coverage": READERS,
    "outcomes:coverage-csv": READERS,
    "outcomes:obligation-extend": RETURNS_STAFF,
    "outcomes:obligation-waive": RETURNS_STAFF,
    "outcomes:unlock-ask": PARTNERS,
    "outcomes:unlock-give": RETURNS_STAFF,
    "outcomes:unlock-decline": RETURNS_STAFF,
    "outcomes:unlock-take-back": RETURNS_STAFF,
    "outcomes:unlock-list": READERS,
    "outcomes:return-void": RETURNS_STAFF,
    "outcomes:revision-list": READERS,
    "outcomes:return-comments": RETURNS_STAFF | PARTNERS,
    "outcomes:release-list": READERS | {Role.COMMISSIONER},
    "outcomes:release-calendar": READERS | {Role.COMMISSIONER},
    "outcomes:release-announce": RETURNS_STAFF,
    "outcomes:revision-log": READERS | {Role.COMMISSIONER},
    "outcomes:funder-report-list": READERS,
    "outcomes:funder-report-add": {Role.PROGRAMME_MANAGER, Role.ANALYST, Role.FINANCE_OFFICER},
    "outcomes:reach": READERS,
    "outcomes:now": READERS,
    "outcomes:now-people": READERS,
    "outcomes:now-overlap": READERS,
    "outcomes:recount": READERS,
    "outcomes:link-list": READERS,
    "outcomes:link-decisions": READERS,
    "outcomes:link-ledger": READERS,
    "outcomes:register-keys": READERS,
    "outcomes:objections": READERS,
    "outcomes:objection-record": RETURNS_STAFF,
    "outcomes:objection-withdraw": RETURNS_STAFF,
    "outcomes:template-list": READERS,
    "outcomes:template-add": {Role.PROGRAMME_MANAGER, Role.ANALYST},
    "outcomes:measure-list": READERS,
    "outcomes:measure-add": {Role.PROGRAMME_MANAGER, Role.ANALYST},
    "money": READERS,
    "money-file": READERS,
    "funding:priorities": {Role.DIRECTOR, Role.FINANCE_OFFICER},
    "funding:fund-add": {Role.FINANCE_OFFICER},
    "funding:open-data": READERS,
    "funding:open-data-file": READERS,
    "funding:deflators": READERS,
    "funding:deflators-load": {Role.FINANCE_OFFICER},
    "funding:deflators-columns": {Role.FINANCE_OFFICER},
    "funding:deflators-withdraw": {Role.FINANCE_OFFICER},
    "funding:application": READERS,
    "funding:application-file": READERS,
    "funding:application-keep": {Role.FINANCE_OFFICER},
    "funding:spending": READERS,
    "funding:spend-propose": {Role.FINANCE_OFFICER},
    "funding:grant-claim-propose": {Role.FINANCE_OFFICER},
    "funding:budget": READERS,
    "funding:budget-movements": READERS,
    "funding:budget-line-add": {Role.FINANCE_OFFICER},
    "funding:budget-change-propose": {Role.FINANCE_OFFICER},
    "funding:condition-add": {Role.FINANCE_OFFICER},
    "funding:our-money": PARTNERS,
    "funding:award-detail": READERS | PARTNERS,
    "funding:forecast-make": {Role.FINANCE_OFFICER} | PARTNERS,
    "funding:write-off-propose": {Role.FINANCE_OFFICER},
    "funding:claim-list": READERS,
    "funding:claim-detail": READERS | PARTNERS,
    "funding:claim-fill-in": PARTNERS,
    "funding:claim-pay": {Role.FINANCE_OFFICER},
    "funding:instalment-pay": {Role.FINANCE_OFFICER},
    "funding:payment-list": READERS,
    "funding:import": {Role.FINANCE_OFFICER},
    "funding:import-columns": {Role.FINANCE_OFFICER},
    "admin:index": EDITORS,
    "admin:partners_area_changelist": EDITORS,
    "admin:partners_area_import": EDITORS,
    "admin:partners_area_export": EDITORS,
    "api:areas": EVERYBODY,
    "api:settings": EVERYBODY,
    "api:programmes": EVERYBODY,
    "api:categories": EVERYBODY,
    "api:organisations": READERS | PARTNERS,
    "api:deliveries": READERS | PARTNERS,
    "api:returns": READERS | PARTNERS,
    "api:networks": READERS,
    "api:releases": READERS | {Role.COMMISSIONER},
    "api:award-years": READERS,
}


@pytest.fixture
def place(db):
    """Somewhere that everybody can be sent to: a partner with a delivery, and a network."""
    partner = OrganisationFactory(name="Riverbank Youth Trust")
    delivery = DeliveryFactory(partner=partner, starts_on=date(2021, 4, 1))
    obligation = ObligationFactory(delivery=delivery)
    ReturnVersionFactory(obligation=obligation)
    PolicyFactory()
    award_year = AwardYearFactory()
    claim = ClaimFactory(award=PartnerAwardFactory(delivery=delivery, award_year=award_year), at="approved")
    network = Network.objects.create(name="Faith Alliance", kind=Network.Kind.FAITH_ALLIANCE)
    member = NetworkMember.objects.create(name="Amina Yusuf")
    membership = NetworkMembership.objects.create(network=network, member=member, joined_on=date(2021, 4, 1))
    return {
        "partners:organisation-detail": [partner.pk],
        "partners:organisation-edit": [partner.pk],
        "partners:agreement-record": [partner.pk],
        "partners:agreement-end": [DataSharingAgreementFactory(organisation=partner).pk],
        "partners:invite": [partner.pk],
        "partners:network-detail": [network.pk],
        "partners:network-member-add": [network.pk],
        "partners:network-member-change": [membership.pk],
        "partners:network-member-leave": [membership.pk],
        "partners:history-subject": ["partners.organisation", partner.pk],
        "outcomes:coverage-csv": [FinancialYear.of(timezone.localdate()).start],
        "outcomes:obligation-extend": [obligation.pk],
        "outcomes:obligation-waive": [obligation.pk],
        "outcomes:return-comments": [obligation.pk, "numbers"],
        "outcomes:unlock-ask": [obligation.pk],
        "outcomes:unlock-give": [obligation.pk],
        "outcomes:unlock-decline": [UnlockRequestFactory().pk],
        "outcomes:unlock-take-back": [UnlockFactory().pk],
        "outcomes:return-void": [obligation.pk, 1],
        "outcomes:objection-withdraw": [ObjectionFactory().pk],
        "partners:message-detail": [MessageFactory().pk],
        "outcomes:recount": [Recount.objects.create(requested_at=timezone.now(), beat_at=timezone.now()).pk],
        "money-file": ["cover", "csv"],
        "funding:open-data-file": ["json"],
        "funding:import": ["awards"],
        "funding:import-columns": ["payments", "xlsx"],
        "funding:deflators-columns": ["csv"],
        "funding:deflators-withdraw": [
            DeflatorSeries.objects.create(
                name="GDP",
                published_on=date(2026, 9, 30),
                loaded_by=award_year.steps.get().proposed_by,
                loaded_at=timezone.now(),
            ).pk
        ],
        "funding:award-detail": [claim.award_id],
        "funding:forecast-make": [claim.award_id],
        "funding:write-off-propose": [claim.award_id],
        "funding:claim-detail": [claim.pk],
        "funding:claim-fill-in": [claim.pk],
        "funding:claim-pay": [claim.pk],
        "funding:instalment-pay": [InstalmentAwardFactory(delivery=delivery).instalments.first().pk],
        "funding:application": [award_year.pk],
        "funding:application-file": [award_year.pk],
        "funding:application-keep": [award_year.pk],
        "funding:spending": [award_year.pk],
        "funding:spend-propose": [award_year.pk],
        "funding:grant-claim-propose": [award_year.pk],
        "funding:budget": [award_year.pk],
        "funding:budget-movements": [award_year.pk],
        "funding:budget-line-add": [award_year.pk],
        "funding:budget-change-propose": [award_year.pk],
        "funding:condition-add": [award_year.pk],
        "programmes:programme-detail": [delivery.programme.pk],
        "programmes:delivery-detail": [delivery.pk],
        "programmes:delivery-edit": [delivery.pk],
        "programmes:target-set": [delivery.pk, FinancialYear.of(timezone.localdate()).start],
    }


def address(page: str, place: dict) -> str:
    if page.startswith("api:"):
        return f"/api/v1/{page.removeprefix('api:')}/"
    return reverse(page, args=place.get(page, []))


class TestTheAdmin:
    def test_holds_reference_tables_and_nothing_of_accounts(self):
        assert {model._meta.label for model in admin.site._registry} == {
            "partners.Area",
            "partners.Organisation",
            "partners.Network",
            "partners.NetworkMembership",
            "programmes.Setting",
            "programmes.Programme",
            "programmes.Delivery",
            "programmes.SchoolTerm",
            "outcomes.Category",
            "outcomes.Policy",
            "outcomes.Measure",
        }


class TestEachRole:
    @pytest.mark.parametrize("role", Role)
    def test_opens_its_pages_and_no_others(self, role, place, client):
        partner = Organisation.objects.get(name="Riverbank Youth Trust")
        client.force_login(user_with(role, partner if role in PARTNERS else None))
        opened = {page for page in PAGES if client.get(address(page, place), follow=True).status_code == 200}
        assert opened == {page for page, roles in PAGES.items() if role in roles}

    @pytest.mark.parametrize("role", Role)
    def test_is_told_that_it_may_not(self, role, place, client):
        client.force_login(user_with(role))
        for page, roles in PAGES.items():
            if role not in roles:
                assert client.get(address(page, place), follow=True).status_code == 403, page

    def test_signs_in_first(self, place, client):
        for page in PAGES:
            response = client.get(address(page, place), follow=True)
            if page.startswith("api:"):
                assert response.status_code == 401, page
            else:
                assert response.request["PATH_INFO"] == reverse("account_login"), page

    def test_without_an_open_membership_opens_nothing_of_a_role(self, place, client):
        user = user_with(Role.ADMINISTRATOR)
        user.memberships.update(ended_on=date(2020, 5, 1))
        client.force_login(user)
        open_to_all = {"home", "api-home", "partners:account"}
        for page in PAGES.keys() - open_to_all:
            assert client.get(address(page, place), follow=True).status_code == 403, page

    def test_meets_404_for_what_belongs_to_another_partner(self, place, client):
        client.force_login(user_with(Role.PARTNER_LEAD))
        for page in ("partners:invite", "programmes:delivery-detail"):
            assert client.get(address(page, place)).status_code == 404, page
