"""Organisations, networks, the history and the account, as people meet them."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from partners.actions import accounts
from partners.actions.events import acting
from partners.actions.organisations import OrganisationRefused, add_organisation, edit_organisation
from partners.models import Event, Network, NetworkMember, NetworkMembership, Organisation
from partners.permissions import Role
from partners.queries import history, networks
from tests.factories import AreaFactory, DeliveryFactory, MembershipFactory, OrganisationFactory, user_with
from vru_portal.core.refusals import NotAllowed

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


@pytest.fixture
def manager(db, client):
    user = user_with(Role.PROGRAMME_MANAGER)
    client.force_login(user)
    return user


@pytest.fixture
def auditor(db, client):
    user = user_with(Role.AUDITOR)
    client.force_login(user)
    return user


def text(response) -> str:
    return response.content.decode()


# ---- Organisations ----


class TestOrganisationActions:
    def test_add_and_edit_are_recorded(self, manager):
        club = add_organisation(name="Old Oak Club", kind="charity", by=manager, now=NOW)
        edit_organisation(organisation=club, telephone="0121 496 0000", by=manager, now=NOW)
        names = Event.objects.about(club).order_by("id").values_list("name", flat=True)
        assert list(names) == ["partners.organisation.added", "partners.organisation.edited"]

    def test_an_edit_that_changes_nothing_is_not_recorded(self, manager):
        club = add_organisation(name="Old Oak Club", kind="charity", by=manager, now=NOW)
        edit_organisation(organisation=club, name="Old Oak Club", by=manager, now=NOW)
        assert not Event.objects.filter(name="partners.organisation.edited").exists()

    @pytest.mark.parametrize(
        ("details", "sentence"),
        [
            ({"name": "Riverbank", "kind": "charity"}, "already exists"),
            ({"name": "Old Oak Club", "kind": "charity", "org_id": "1234567"}, "GB-CHC-1234567"),
            ({"name": "", "kind": "charity"}, "cannot be blank"),
        ],
    )
    def test_refuse_what_cannot_be_kept(self, manager, details, sentence):
        OrganisationFactory(name="Riverbank")
        with pytest.raises(OrganisationRefused, match=sentence):
            add_organisation(**details, by=manager, now=NOW)

    @pytest.mark.parametrize("role", [Role.ANALYST, Role.PARTNER_LEAD, Role.AUDITOR])
    def test_are_refused_to_those_who_may_not(self, db, role):
        with pytest.raises(NotAllowed):
            add_organisation(name="Old Oak Club", kind="charity", by=user_with(role), now=NOW)


class TestOrganisationPages:
    def test_the_list_counts_what_it_finds(self, manager, client):
        DeliveryFactory(partner=OrganisationFactory(name="Old Oak Club"), starts_on=date(2021, 4, 1))
        OrganisationFactory(name="New Elm Club", kind="faith")
        page = text(client.get(reverse("partners:organisation-list"), {"name": "oak"}))
        assert "Partners: 1 organisation found" in page
        assert "New Elm Club" not in page
        assert "Partners: 1 organisation found" in text(
            client.get(reverse("partners:organisation-list"), {"kind": "faith"})
        )

    def test_an_organisation_is_added_and_edited(self, manager, client):
        response = client.post(
            reverse("partners:organisation-add"), {"name": "Old Oak Club", "kind": "charity"}, follow=True
        )
        assert "Old Oak Club is saved." in text(response)
        club = Organisation.objects.get(name="Old Oak Club")
        fields = {"name": "Old Oak Club", "kind": "charity", "closed_on_day": "1", "closed_on_month": "4"}
        page = text(client.post(reverse("partners:organisation-edit", args=[club.pk]), fields))
        assert "Add a year" in page
        client.post(reverse("partners:organisation-edit", args=[club.pk]), fields | {"closed_on_year": "2026"})
        club.refresh_from_db()
        assert club.closed_on == date(2026, 4, 1)

    def test_the_page_shows_people_deliveries_and_networks(self, manager, client):
        walsall = AreaFactory(gss_code="E08000030")
        club = OrganisationFactory(name="Old Oak Club", district=walsall, org_id="GB-CHC-1234567")
        MembershipFactory(organisation=club, user__name="Amina Yusuf")
        DeliveryFactory(partner=club, name="Boxing on Mondays")
        Network.objects.create(name="Walsall Together", kind="community", district=walsall)
        page = text(client.get(reverse("partners:organisation-detail", args=[club.pk])))
        for words in ("GB-CHC-1234567", "Amina Yusuf", "Boxing on Mondays", "Walsall Together"):
            assert words in page

    def test_a_partner_sees_its_own_and_no_staff_links(self, client, db):
        lead = user_with(Role.PARTNER_LEAD)
        OrganisationFactory(name="Somebody Else")
        client.force_login(lead)
        page = text(client.get(reverse("partners:our-organisation")))
        assert lead.memberships.get().organisation.name in page
        assert "Somebody Else" not in page
        assert "Invite somebody" in page


# ---- Networks ----


@pytest.fixture
def members(db):
    """Two community networks: Amina in both, Ben left, Cerys joins later."""
    walsall, dudley = (Network.objects.create(name=name, kind="community") for name in ("Walsall", "Dudley"))
    amina, ben, cerys = (NetworkMember.objects.create(name=name) for name in ("Amina", "Ben", "Cerys"))
    rows = [
        (walsall, amina, date(2021, 4, 1), None),
        (dudley, amina, date(2021, 5, 1), None),
        (walsall, ben, date(2021, 4, 1), date(2021, 8, 1)),
        (dudley, cerys, date(2021, 10, 1), None),
    ]
    for network, member, joined_on, left_on in rows:
        NetworkMembership.objects.create(network=network, member=member, joined_on=joined_on, left_on=left_on)
    return walsall, dudley


class TestNetworks:
    @pytest.mark.parametrize(
        ("day", "people"),
        [
            (date(2021, 3, 31), 0),
            (date(2021, 7, 31), 2),
            (date(2021, 8, 1), 1),  # the first day on which Ben's membership no longer holds
            (date(2021, 10, 1), 2),
        ],
    )
    def test_are_a_stock_on_a_day_with_each_person_once(self, members, day, people):
        (kind,) = networks.stocks_on(day)
        assert (kind.people, networks.people_on(day)) == (people, people)

    def test_have_joiners_and_leavers_that_explain_each_stock(self, members):
        for network in members:
            quarters = networks.quarters_to(network, date(2021, 12, 31))
            for before, after in pairwise(quarters):
                assert after.members == before.members + after.joined - after.left
        flow = networks.quarters_to(members[0], date(2021, 12, 31))[-2]
        assert (str(flow.quarter), flow.joined, flow.left, flow.members) == ("Quarter 2 of 2021/22", 0, 1, 1)

    def test_end_the_running_quarter_on_the_day(self, members):
        flow = networks.quarters_to(members[1], date(2021, 9, 30))[-1]
        assert (flow.last, flow.members) == (date(2021, 9, 30), 1)

    def test_pages_take_a_day(self, members, manager, client):
        day = {"day_day": "31", "day_month": "7", "day_year": "2021"}
        assert "Networks: 2 people on 31 July 2021" in text(client.get(reverse("partners:network-list"), day))
        page = text(client.get(reverse("partners:network-detail", args=[members[0].pk]), day))
        assert "Walsall: 2 members on 31 July 2021" in page

    def test_pages_say_what_is_wrong_with_a_day(self, members, manager, client):
        page = text(
            client.get(reverse("partners:network-list"), {"day_day": "31", "day_month": "2", "day_year": "2021"})
        )
        assert "There is no day 31 in that month" in page


# ---- The history ----


class TestHistory:
    def test_is_filtered_by_person_organisation_name_and_day(self, auditor):
        manager = user_with(Role.PROGRAMME_MANAGER)
        club = add_organisation(name="Old Oak Club", kind="charity", by=manager, now=NOW)
        add_organisation(name="New Elm Club", kind="charity", by=manager, now=NOW + timedelta(days=2))

        def found(**wanted) -> list[str]:
            return [event.subject for event in history.find_events(auditor, **wanted)]

        assert found() == ["New Elm Club", "Old Oak Club"]
        assert found(organisation=club) == ["Old Oak Club"]
        assert found(person=auditor) == []
        assert found(last=NOW.date()) == ["Old Oak Club"]
        assert found(first=NOW.date() + timedelta(days=1)) == ["New Elm Club"]
        assert found(name="partners.organisation.edited") == []

    def test_shows_old_and_new_values_with_who_and_why(self, auditor, client):
        manager = user_with(Role.PROGRAMME_MANAGER, name="Sam Osei")
        club = add_organisation(name="Old Oak Club", kind="charity", by=manager, now=NOW)
        edit_organisation(organisation=club, kind="faith", closed_on=date(2026, 4, 1), by=manager, now=NOW)
        changed, added = history.row_changes(club)
        assert {(c.field, c.old, c.new) for c in changed.changes} == {
            ("Kind", "Charity", "Faith body"),
            ("Closed on", "", "1 April 2026"),
        }
        assert (changed.by, changed.event) == ("Sam Osei", "Organisation edited")
        assert added.what == "Added"
        page = text(client.get(reverse("partners:history-subject", args=["partners.organisation", club.pk])))
        assert "Faith body" in page

    def test_opens_on_what_people_did_and_leads_to_what_the_clock_did(self, auditor, client):
        manager = user_with(Role.PROGRAMME_MANAGER)
        add_organisation(name="Old Oak Club", kind="charity", by=manager, now=NOW)
        with acting("partners.reference_table.imported", by=None, now=NOW + timedelta(days=1)) as act:
            act.on(AreaFactory(name="Eastborough"))
        address = reverse("partners:history")

        def shown(**query) -> list[str]:
            return [event.subject for event in client.get(address, query).context["page"]]

        assert shown() == ["Old Oak Club"]
        assert 'href="/partners/history/?doer=clock"' in text(client.get(address))
        assert shown(doer="clock") == ["Eastborough"]
        assert shown(doer="all") == ["Eastborough", "Old Oak Club"]
        assert shown(last_day="10", last_month="6", last_year="2026") == ["Old Oak Club"]
        assert shown(doer="clock", person=manager.pk) == ["Old Oak Club"]

    def test_is_the_auditors_home_and_leads_to_the_last_seven_days(self, auditor, client):
        manager, now = user_with(Role.PROGRAMME_MANAGER), timezone.now()
        add_organisation(name="Old Oak Club", kind="charity", by=manager, now=now - timedelta(days=9))
        assert "History:" in text(client.get(reverse("home")))
        assert "nobody did anything" in text(client.get(reverse("home")))
        add_organisation(name="New Elm Club", kind="charity", by=manager, now=now)
        (link,) = re.findall(r'people did 1 thing. <a href="([^"]+)">Read it<', text(client.get(reverse("home"))))
        page = client.get(unescape(link)).context["page"]
        assert [event.subject for event in page] == ["New Elm Club"]

    def test_says_what_is_wrong_with_a_filter(self, auditor, client):
        page = text(
            client.get(reverse("partners:history"), {"first_day": "1", "first_month": "13", "first_year": "2026"})
        )
        assert "The month must be a number from 1 to 12" in page

    @pytest.mark.parametrize(
        "subject", [("partners.organisation", 999), ("auth.group", 1), ("sessions.session", 1), ("nonsense", 1)]
    )
    def test_has_no_page_for_what_is_not_ours(self, auditor, client, subject):
        assert client.get(reverse("partners:history-subject", args=subject)).status_code == 404

    def test_never_shows_a_password_or_a_token(self, auditor, client):
        page = text(client.get(reverse("partners:history-subject", args=["partners.user", auditor.pk])))
        assert "pbkdf2" not in page
        assert "argon2" not in page
        assert auditor.password not in page


# ---- The account ----


class TestAccount:
    def test_a_name_is_changed(self, manager, client):
        client.post(reverse("partners:account"), {"name": "Sam Osei"})
        manager.refresh_from_db()
        assert manager.name == "Sam Osei"

    def test_a_token_is_shown_once_and_reads_the_api(self, manager, client):
        page = client.post(reverse("partners:token-create"))
        secret = page.context["secret"]
        assert secret in text(page)
        assert secret not in text(client.get(reverse("partners:account")))
        client.logout()
        response = client.get("/api/v1/areas/", headers={"authorization": f"Token {secret}"})
        assert response.status_code == 200

    def test_a_token_is_valid_for_90_days(self, manager):
        accounts.create_token(by=manager, now=timezone.now())
        token = AuthToken.objects.get()
        assert token.expiry.date() == (timezone.now() + timedelta(days=90)).date()

    def test_a_revoked_token_opens_nothing(self, manager, client):
        secret = accounts.create_token(by=manager, now=timezone.now())
        client.post(reverse("partners:token-revoke", args=[AuthToken.objects.get().digest]))
        client.logout()
        assert client.get("/api/v1/areas/", headers={"authorization": f"Token {secret}"}).status_code == 401

    def test_nobody_revokes_anothers_token(self, manager):
        accounts.create_token(by=manager, now=timezone.now())
        with pytest.raises(accounts.NoSuchToken):
            accounts.revoke_token(digest=AuthToken.objects.get().digest, by=user_with(Role.ANALYST), now=NOW)

    def test_there_are_five_tokens_at_most(self, manager, client):
        for _ in range(5):
            accounts.create_token(by=manager, now=timezone.now())
        page = text(client.post(reverse("partners:token-create"), follow=True))
        assert "You have 5 tokens. Revoke one that you no longer use." in page
