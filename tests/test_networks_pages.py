"""Members of networks on the pages: who reads them, adding, correcting, leaving, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from django.utils import timezone

from partners.actions import networks as actions
from partners.models import Event, Network, NetworkMember, NetworkMembership
from partners.permissions import Role
from partners.queries import networks
from partners.queries.history import row_changes
from tests.database import refused
from tests.factories import AreaFactory, user_with
from vru_portal.core.refusals import NotAllowed

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
MAY, JUNE, SEPTEMBER = date(2021, 5, 1), date(2021, 6, 1), date(2021, 9, 1)
EDITORS = [Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.ANALYST]


@pytest.fixture
def editor(client):
    user = user_with(Role.PROGRAMME_MANAGER, name="Sam Osei")
    client.force_login(user)
    return user


@pytest.fixture
def alliance():
    return Network.objects.create(name="Faith Alliance", kind="faith_alliance")


@pytest.fixture
def together():
    return Network.objects.create(name="Walsall Together", kind="community")


@pytest.fixture
def walsall():
    return AreaFactory(gss_code="E08000030")


@pytest.fixture
def amina(walsall):
    return NetworkMember.objects.create(name="Amina Yusuf", belongs_to="a mosque", district=walsall)


def joined(network, member, joined_on=MAY, left_on=None) -> NetworkMembership:
    return NetworkMembership.objects.create(network=network, member=member, joined_on=joined_on, left_on=left_on)


def on(name: str, day: date) -> dict:
    return {f"{name}_{part}": getattr(day, part) for part in ("day", "month", "year")}


def shown(client, name: str, pk: int, asked=None) -> str:
    return unescape(client.get(reverse(f"partners:{name}", args=[pk]), asked or {}).text)


def sent(client, name: str, pk: int, typed: dict):
    return client.post(reverse(f"partners:{name}", args=[pk]), typed, follow=True)


def said(response) -> str:
    return unescape(response.text)


def as_typed(client, membership) -> dict:
    """What the page for changing somebody would send back unchanged."""
    form = client.get(reverse("partners:network-member-change", args=[membership.pk])).context["form"]
    typed = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, date):
            typed |= on(bound.name, value)
        elif value is not None:
            typed[bound.name] = getattr(value, "pk", value)
    return typed


TODAY_COME = "This day has not come yet. Record it once they have "


class TestNetworksPage:
    def test_is_reached_from_the_home_of_staff(self, editor, client, alliance):
        partners, listed, own = (
            reverse("partners:organisation-list"),
            reverse("partners:network-list"),
            reverse("partners:network-detail", args=[alliance.pk]),
        )
        for page, leads_to in [(reverse("home"), partners), (partners, listed), (listed, own)]:
            assert f'href="{leads_to}"' in client.get(page).text

    def test_leads_to_adding_changing_and_leaving(self, editor, client, alliance, amina):
        membership = joined(alliance, amina)
        page = client.get(reverse("partners:network-detail", args=[alliance.pk])).text
        assert reverse("partners:network-member-add", args=[alliance.pk]) in page
        assert reverse("partners:network-member-change", args=[membership.pk]) in page
        assert reverse("partners:network-member-leave", args=[membership.pk]) in page

    @pytest.mark.parametrize("role", [*EDITORS, Role.AUDITOR])
    def test_names_members_to_those_who_keep_the_table_and_to_auditors(self, client, alliance, amina, role):
        joined(alliance, amina, joined_on=timezone.localdate())
        client.force_login(user_with(role))
        page = shown(client, "network-detail", alliance.pk)
        assert "Amina Yusuf joined on" in page
        assert ("Add a member" in page) == (role != Role.AUDITOR)

    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.FINANCE_OFFICER])
    def test_shows_stocks_to_other_staff(self, client, alliance, amina, role):
        joined(alliance, amina, joined_on=timezone.localdate())
        client.force_login(user_with(role))
        page = shown(client, "network-detail", alliance.pk, {"name": "Amina", "who": "left"} | on("day", JUNE))
        page += shown(client, "network-detail", alliance.pk)
        assert "Faith Alliance: 1 member on" in page
        assert "Yusuf" not in page
        assert "a mosque" not in page

    @pytest.mark.parametrize("role", [Role.PARTNER_LEAD, Role.PARTNER, Role.COMMISSIONER])
    def test_is_closed_to_partners_and_commissioners(self, client, alliance, amina, role):
        membership = joined(alliance, amina)
        client.force_login(user_with(role))
        for name, pk in [
            ("network-detail", alliance.pk),
            ("network-member-add", alliance.pk),
            ("network-member-change", membership.pk),
            ("network-member-leave", membership.pk),
        ]:
            response = client.get(reverse(f"partners:{name}", args=[pk]))
            assert response.status_code == 403
            assert "Amina" not in response.text

    def test_finds_members_by_a_part_of_the_name(self, editor, client, alliance, amina):
        joined(alliance, amina)
        joined(alliance, NetworkMember.objects.create(name="Ben Allsopp"))
        page = shown(client, "network-detail", alliance.pk, {"name": "yus"} | on("day", SEPTEMBER))
        assert "Faith Alliance: 2 members on 1 September 2021" in page
        assert "Members: 1 found" in page
        assert "Ben Allsopp" not in page

    @pytest.mark.parametrize("day", [{}, {"day_day": "", "day_month": "", "day_year": ""}])
    def test_finds_members_of_today_where_no_day_is_said(self, editor, client, alliance, amina, day):
        joined(alliance, amina)
        joined(alliance, NetworkMember.objects.create(name="Ben Allsopp"))
        page = shown(client, "network-detail", alliance.pk, {"name": "ami"} | day)
        assert "There is a problem" not in page
        assert f"2 members on {timezone.localdate():%-d %B %Y}" in page
        assert "Members: 1 found" in page

    def test_lists_those_who_had_left(self, editor, client, alliance, amina):
        joined(alliance, amina, left_on=SEPTEMBER)
        before = shown(client, "network-detail", alliance.pk, {"who": "left"} | on("day", SEPTEMBER - timedelta(1)))
        after = shown(client, "network-detail", alliance.pk, {"who": "left"} | on("day", SEPTEMBER))
        assert "Nobody had left by that day." in before
        assert '<td data-label="Left on">1 September 2021</td>' in after

    def test_is_paged_with_what_was_looked_for(self, editor, client, alliance):
        for number in range(51):
            joined(alliance, NetworkMember.objects.create(name=f"Member {number:02}"))
        page = client.get(
            reverse("partners:network-detail", args=[alliance.pk]), {"name": "member", "page": 2} | on("day", JUNE)
        )
        assert [row.member.name for row in page.context["page"]] == ["Member 50"]
        assert "name=member" in page.text

    def test_counts_nobody_on_a_day_to_come(self, editor, client, alliance, amina):
        asked = {"day_day": 1, "day_month": 1, "day_year": 2030}
        for page in (reverse("partners:network-list"), reverse("partners:network-detail", args=[alliance.pk])):
            found = client.get(page, asked).content.decode()
            assert "Choose today or an earlier day: who joins or leaves later is not known yet" in found
            assert "1 January 2030" not in found

    def test_turns_its_page_without_a_day(self, editor, client, alliance):
        for number in range(51):
            joined(alliance, NetworkMember.objects.create(name=f"Member {number:02}"))
        page = shown(client, "network-detail", alliance.pk, {"page": "2"})
        assert "Member 50" in page
        assert "There is a problem" not in page


class TestAddAMember:
    def typed(self, walsall, **changed) -> dict:
        person = {"name": "Amina Yusuf", "belongs_to": "a mosque", "district": walsall.pk}
        return person | on("joined_on", MAY) | changed

    def test_adds_to_the_stock_from_the_day_on(self, editor, client, alliance, walsall):
        page = said(sent(client, "network-member-add", alliance.pk, self.typed(walsall)))
        assert "Amina Yusuf is a member of Faith Alliance, from 1 May 2021 on." in page
        days = (MAY - timedelta(1), MAY)
        assert [alliance.memberships.members_on(day) for day in days] == [0, 1]

    def test_records_who_did_it_and_no_name_for_all_to_read(self, editor, client, alliance, walsall):
        sent(client, "network-member-add", alliance.pk, self.typed(walsall))
        event = Event.objects.get(name="partners.network_member.added")
        assert (event.by, event.words) == (editor, "Member of a network added")
        assert event.subject == "somebody in Faith Alliance"
        client.force_login(user_with(Role.FINANCE_OFFICER))
        home = client.get(reverse("home")).text
        assert "somebody in Faith Alliance" in home
        assert "Amina" not in home

    def test_is_read_without_the_name_in_events_that_said_it(self, editor, client):
        said_then = {"partners.networkmember": "Amina Yusuf", "partners.networkmembership": "Amina Yusuf in Faith"}
        for subject_type, subject in said_then.items():
            Event.objects.create(
                name="partners.reference_table.imported",
                occurred_at=NOW,
                by=editor,
                subject_type=subject_type,
                subject_id=1,
                subject=subject,
            )
        assert client.get(reverse("home")).text.count("Amina Yusuf") == 2
        client.force_login(user_with(Role.FINANCE_OFFICER))
        home = client.get(reverse("home")).text
        assert home.count("Reference table imported, somebody in a network") == 2
        assert "Amina" not in home

    def test_begins_with_the_district_of_the_network(self, editor, client, walsall):
        network = Network.objects.create(name="Walsall Together", kind="community", district=walsall)
        assert f'<option value="{walsall.pk}" selected>' in shown(client, "network-member-add", network.pk)

    def test_takes_the_same_name_group_and_district_for_the_same_person(
        self, editor, client, alliance, together, amina, walsall
    ):
        joined(together, amina)
        sent(client, "network-member-add", alliance.pk, self.typed(walsall))
        assert NetworkMember.objects.count() == 1
        assert networks.people_on(JUNE) == 1

    def test_takes_another_group_for_another_person(self, editor, client, alliance, amina, walsall):
        joined(alliance, amina)
        sent(client, "network-member-add", alliance.pk, self.typed(walsall, belongs_to="a food bank"))
        assert alliance.memberships.members_on(JUNE) == 2

    def test_refuses_a_day_to_come_and_keeps_what_was_typed(self, editor, client, alliance, walsall):
        tomorrow = timezone.localdate() + timedelta(1)
        page = said(sent(client, "network-member-add", alliance.pk, self.typed(walsall, **on("joined_on", tomorrow))))
        assert f'<a href="#id_joined_on_0">{TODAY_COME}joined.</a>' in page
        assert 'value="a mosque"' in page
        assert not NetworkMember.objects.exists()

    def test_refuses_whoever_is_a_member_already(self, editor, client, alliance, amina, walsall):
        joined(alliance, amina)
        page = said(sent(client, "network-member-add", alliance.pk, self.typed(walsall, **on("joined_on", JUNE))))
        sentence = (
            "Amina Yusuf is a member of Faith Alliance already, since 1 May 2021. A day that is wrong is corrected "
            "with “Change” on the page of Faith Alliance."
        )
        assert f'<a href="#id_name">{sentence}</a>' in page
        assert alliance.memberships.count() == 1

    def test_lets_whoever_left_join_again(self, editor, client, alliance, amina, walsall):
        joined(alliance, amina, left_on=SEPTEMBER)
        page = said(sent(client, "network-member-add", alliance.pk, self.typed(walsall, **on("joined_on", SEPTEMBER))))
        assert "Amina Yusuf is a member of Faith Alliance again, from 1 September 2021 on." in page
        assert NetworkMember.objects.count() == 1

    def test_says_again_of_nobody_who_never_was_a_member(self, editor, client, alliance, amina, walsall):
        joined(alliance, amina, left_on=MAY)
        page = said(sent(client, "network-member-add", alliance.pk, self.typed(walsall, **on("joined_on", SEPTEMBER))))
        assert "Amina Yusuf is a member of Faith Alliance, from 1 September 2021 on." in page

    def test_refuses_joining_again_before_leaving(self, editor, client, alliance, amina, walsall):
        joined(alliance, amina, left_on=SEPTEMBER)
        page = said(sent(client, "network-member-add", alliance.pk, self.typed(walsall, **on("joined_on", JUNE))))
        assert (
            "Amina Yusuf was a member of Faith Alliance from 1 May 2021 on and left on 1 September 2021. To join "
            "again, give that day or a later one."
        ) in page

    def test_does_not_mind_a_membership_that_never_held(self, editor, client, alliance, amina, walsall):
        joined(alliance, amina, joined_on=JUNE, left_on=JUNE)
        sent(client, "network-member-add", alliance.pk, self.typed(walsall))
        assert alliance.memberships.members_on(JUNE) == 1

    def test_asks_for_a_name_and_a_day(self, editor, client, alliance):
        page = said(sent(client, "network-member-add", alliance.pk, {"name": " ", "belongs_to": "a mosque"}))
        for field in ("#id_name", "#id_joined_on_0"):
            assert f'<a href="{field}">' in page
        assert 'value="a mosque"' in page

    def test_is_refused_to_those_who_may_not(self, alliance):
        with pytest.raises(NotAllowed):
            actions.add_member(
                network=alliance,
                name="Amina",
                belongs_to="",
                district=None,
                joined_on=MAY,
                by=user_with(Role.DIRECTOR),
                now=NOW,
            )
        assert not NetworkMember.objects.exists()


class TestChangeAMember:
    def test_corrects_the_day_of_joining_and_keeps_the_old_one_in_the_history(self, editor, client, alliance, amina):
        membership = joined(alliance, amina, joined_on=JUNE)
        page = said(
            sent(client, "network-member-change", membership.pk, as_typed(client, membership) | on("joined_on", MAY))
        )
        assert "What is recorded of Amina Yusuf is changed." in page
        assert alliance.memberships.members_on(MAY) == 1
        newest = row_changes(membership)[0]
        assert (newest.event, newest.by) == ("Member of a network corrected", "Sam Osei")
        assert [(each.old, each.new) for each in newest.changes] == [("1 June 2021", "1 May 2021")]

    def test_corrects_the_person_in_all_networks(self, editor, client, alliance, together, amina):
        membership = joined(alliance, amina)
        joined(together, amina)
        assert "is or was also in Walsall Together" in shown(client, "network-member-change", membership.pk)
        typed = as_typed(client, membership) | {"name": "Amina Yousuf", "district": ""}
        sent(client, "network-member-change", membership.pk, typed)
        assert {(each.member.name, each.member.district) for each in NetworkMembership.objects.all()} == {
            ("Amina Yousuf", None)
        }
        event = Event.objects.get(name="partners.network_member.changed")
        assert (event.subject_type, event.subject) == ("partners.networkmember", "somebody in a network")

    def test_makes_one_person_of_two_who_are_called_the_same_then(self, editor, client, alliance, together, amina):
        joined(together, amina)
        twin = NetworkMember.objects.create(name="Amina Yousuf", belongs_to="a mosque", district=amina.district)
        membership = joined(alliance, twin)
        typed = as_typed(client, membership) | {"name": "Amina Yusuf"}
        sent(client, "network-member-change", membership.pk, typed)
        assert NetworkMember.objects.get() == amina
        assert networks.people_on(JUNE) == 1

    def test_does_not_make_one_of_two_members_of_the_same_network(self, editor, client, alliance, amina):
        joined(alliance, amina)
        twin = NetworkMember.objects.create(name="Amina Yousuf", belongs_to="a mosque", district=amina.district)
        membership = joined(alliance, twin)
        page = said(
            sent(
                client,
                "network-member-change",
                membership.pk,
                as_typed(client, membership) | {"name": "Amina Yusuf"},
            )
        )
        assert "Amina Yusuf is a member of Faith Alliance already, since 1 May 2021." in page
        assert NetworkMember.objects.count() == 2

    def test_corrects_the_day_of_leaving_or_takes_it_back(self, editor, client, alliance, amina):
        membership = joined(alliance, amina, left_on=SEPTEMBER)
        typed = as_typed(client, membership)
        sent(client, "network-member-change", membership.pk, typed | on("left_on", JUNE))
        membership.refresh_from_db()
        assert membership.left_on == JUNE
        nothing = {"left_on_day": "", "left_on_month": "", "left_on_year": ""}
        sent(client, "network-member-change", membership.pk, as_typed(client, membership) | nothing)
        membership.refresh_from_db()
        assert membership.left_on is None

    def test_does_not_ask_a_member_for_a_day_of_leaving(self, editor, client, alliance, amina):
        assert 'name="left_on' not in shown(client, "network-member-change", joined(alliance, amina).pk)

    @pytest.mark.parametrize(
        ("field", "day", "sentence"),
        [
            ("joined_on", date(2198, 1, 1), f"{TODAY_COME}joined."),
            ("left_on", date(2198, 1, 1), f"{TODAY_COME}left."),
            ("left_on", date(2021, 4, 30), "They joined on 1 May 2021. Give that day or a later one."),
        ],
    )
    def test_refuses_days_that_cannot_be(self, editor, client, alliance, amina, field, day, sentence):
        membership = joined(alliance, amina, left_on=SEPTEMBER)
        page = said(sent(client, "network-member-change", membership.pk, as_typed(client, membership) | on(field, day)))
        assert f'<a href="#id_{field}_0">{sentence}</a>' in page
        membership.refresh_from_db()
        assert (membership.joined_on, membership.left_on) == (MAY, SEPTEMBER)

    def test_lets_a_name_be_corrected_beside_a_day_to_come_from_a_file(self, editor, client, alliance, amina):
        membership = joined(alliance, amina, left_on=date(2098, 1, 1))
        sent(client, "network-member-change", membership.pk, as_typed(client, membership) | {"name": "Amina Yousuf"})
        amina.refresh_from_db()
        assert amina.name == "Amina Yousuf"

    def test_keeps_an_area_that_is_no_district(self, editor, client, alliance, amina):
        force = AreaFactory(gss_code="E23000014", name="West Midlands", kind="police_force")
        NetworkMember.objects.update(district=force)
        membership = joined(alliance, amina)
        sent(client, "network-member-change", membership.pk, as_typed(client, membership) | {"name": "Amina Yousuf"})
        amina.refresh_from_db()
        assert (amina.name, amina.district) == ("Amina Yousuf", force)

    def test_keeps_what_another_saved_meanwhile(self, editor, client, alliance, amina):
        membership = joined(alliance, amina)
        typed = as_typed(client, membership)
        actions.change_member(membership=membership, joined_on=JUNE, by=editor, now=NOW)
        refused = sent(client, "network-member-change", membership.pk, typed | {"belongs_to": "a food bank"})
        assert "Amina Yusuf was changed after you opened this page. Now it has" in said(refused)
        assert "joined on: 1 June 2021" in said(refused)
        again = typed | {"belongs_to": "a food bank", "revision": refused.context["form"]["revision"].value()}
        sent(client, "network-member-change", membership.pk, again)
        membership.refresh_from_db()
        assert (membership.joined_on, membership.member.belongs_to) == (MAY, "a food bank")

    def test_takes_back_no_leaving_that_another_recorded_meanwhile(self, editor, client, alliance, amina):
        membership = joined(alliance, amina)
        typed = as_typed(client, membership) | {"belongs_to": "a food bank"}
        actions.record_leaving(membership=membership, left_on=SEPTEMBER, by=editor, now=NOW)
        answer = sent(client, "network-member-change", membership.pk, typed)
        assert "Now it has belongs to: a mosque; left on: 1 September 2021." in said(answer)
        drawn = answer.context["form"]
        day = dict(zip(on("left_on", SEPTEMBER), drawn["left_on"].value(), strict=True))
        assert day == {part: str(value) for part, value in on("left_on", SEPTEMBER).items()}
        again = typed | day | {"revision": drawn["revision"].value()}
        sent(client, "network-member-change", membership.pk, again)
        membership.refresh_from_db()
        assert (membership.left_on, membership.member.belongs_to) == (SEPTEMBER, "a food bank")

    def test_lets_what_overlaps_from_before_be_corrected(self, editor, client, alliance, amina):
        first, second = joined(alliance, amina, left_on=SEPTEMBER), joined(alliance, amina, joined_on=JUNE)
        sent(client, "network-member-change", second.pk, as_typed(client, second) | {"name": "Amina Yousuf"})
        amina.refresh_from_db()
        assert amina.name == "Amina Yousuf"
        sent(client, "network-member-change", first.pk, as_typed(client, first) | on("left_on", JUNE))
        first.refresh_from_db()
        assert first.left_on == JUNE
        page = said(sent(client, "network-member-change", second.pk, as_typed(client, second) | on("joined_on", MAY)))
        assert "Amina Yousuf was a member of Faith Alliance from 1 May 2021 on and left on 1 June 2021." in page

    def test_makes_one_of_two_where_the_second_overlaps_with_itself(self, editor, client, alliance, together, amina):
        twin = NetworkMember.objects.create(name="Amina Yousuf", belongs_to="a mosque", district=amina.district)
        joined(together, amina)
        joined(alliance, twin, left_on=SEPTEMBER)
        membership = joined(alliance, twin, joined_on=JUNE)
        typed = as_typed(client, membership) | {"name": "Amina Yusuf"}
        sent(client, "network-member-change", membership.pk, typed)
        assert NetworkMember.objects.get() == amina

    def test_makes_one_of_two_on_no_day_that_overlaps(self, editor, client, alliance, amina):
        twin = NetworkMember.objects.create(name="Amina Yousuf", belongs_to="a mosque", district=amina.district)
        joined(alliance, twin, left_on=JUNE)
        membership = joined(alliance, twin, joined_on=SEPTEMBER)
        typed = as_typed(client, membership) | {"name": "Amina Yusuf"} | on("joined_on", MAY)
        page = said(sent(client, "network-member-change", membership.pk, typed))
        assert "was a member of Faith Alliance from 1 May 2021 on and left on 1 June 2021." in page
        assert NetworkMember.objects.count() == 2

    def test_records_nothing_when_nothing_changed(self, editor, client, alliance, amina):
        membership = joined(alliance, amina)
        sent(client, "network-member-change", membership.pk, as_typed(client, membership))
        assert not Event.objects.exists()

    def test_is_refused_to_those_who_may_not(self, alliance, amina):
        membership = joined(alliance, amina)
        with pytest.raises(NotAllowed):
            actions.change_member(membership=membership, name="X", by=user_with(Role.AUDITOR), now=NOW)

    def test_leads_to_deleting_whoever_was_never_a_member(self, editor, client, alliance, amina):
        membership = joined(alliance, amina)
        address = reverse("admin:partners_networkmembership_delete", args=[membership.pk])
        assert address in shown(client, "network-member-change", membership.pk)
        client.post(address, {"post": "yes"})
        assert not NetworkMembership.objects.exists()
        assert not NetworkMember.objects.exists()

    def test_leads_to_deleting_nobody_who_is_elsewhere(self, editor, client, alliance, together, amina):
        membership = joined(alliance, amina)
        joined(together, amina)
        client.post(reverse("admin:partners_networkmembership_delete", args=[membership.pk]), {"post": "yes"})
        assert NetworkMembership.objects.get().member == amina


class TestHasLeft:
    def test_takes_them_out_of_the_stock_from_the_day_on(self, editor, client, alliance, amina):
        membership = joined(alliance, amina)
        page = said(sent(client, "network-member-leave", membership.pk, on("left_on", SEPTEMBER)))
        assert "Amina Yusuf is no longer a member of Faith Alliance." in page
        days = (SEPTEMBER - timedelta(1), SEPTEMBER)
        assert [alliance.memberships.members_on(day) for day in days] == [1, 0]
        assert Event.objects.get().words == "Member left a network"

    @pytest.mark.parametrize(
        ("day", "sentence"),
        [
            (date(2198, 1, 1), f"{TODAY_COME}left."),
            (date(2021, 4, 30), "They joined on 1 May 2021. Give that day or a later one."),
        ],
    )
    def test_refuses_days_that_cannot_be(self, editor, client, alliance, amina, day, sentence):
        membership = joined(alliance, amina)
        page = said(sent(client, "network-member-leave", membership.pk, on("left_on", day)))
        assert f'<a href="#id_left_on_0">{sentence}</a>' in page
        assert f'value="{day.year}"' in page
        membership.refresh_from_db()
        assert membership.left_on is None

    def test_is_recorded_where_two_overlap_from_before(self, editor, client, alliance, amina):
        joined(alliance, amina, left_on=SEPTEMBER)
        membership = joined(alliance, amina, joined_on=JUNE)
        sent(client, "network-member-leave", membership.pk, on("left_on", SEPTEMBER))
        membership.refresh_from_db()
        assert membership.left_on == SEPTEMBER

    def test_is_not_recorded_a_second_time(self, editor, client, alliance, amina):
        membership = joined(alliance, amina, left_on=SEPTEMBER)
        page = said(sent(client, "network-member-leave", membership.pk, on("left_on", JUNE)))
        assert "Amina Yusuf left on 1 September 2021 already." in page
        membership.refresh_from_db()
        assert membership.left_on == SEPTEMBER

    def test_is_refused_to_those_who_may_not(self, alliance, amina):
        membership = joined(alliance, amina)
        with pytest.raises(NotAllowed):
            actions.record_leaving(membership=membership, left_on=JUNE, by=user_with(Role.FINANCE_OFFICER), now=NOW)


class TestInSettings:
    def test_whoever_is_a_member_already_is_refused_once_and_in_the_same_words(self, editor, client, alliance, amina):
        joined(alliance, amina)
        typed = {"network": alliance.pk, "member": amina.pk, "joined_on": "2021-06-01", "left_on": ""}
        page = said(client.post(reverse("admin:partners_networkmembership_add"), typed))
        assert page.count("Amina Yusuf is a member of Faith Alliance already, since 1 May 2021.") == 1
        assert "and has not left it" not in page
        assert alliance.memberships.count() == 1


class TestTheDatabase:
    def refuses(self, name: str, **fields) -> None:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            NetworkMembership.objects.create(**fields)

    def test_refuses_leaving_before_joining(self, alliance, amina):
        self.refuses("networkmembership_dates_in_order", network=alliance, member=amina, joined_on=JUNE, left_on=MAY)

    def test_refuses_a_second_open_membership(self, alliance, amina):
        joined(alliance, amina)
        self.refuses("networkmembership_open_once", network=alliance, member=amina, joined_on=JUNE)

    def test_refuses_a_second_person_of_one_name_group_and_district(self, amina):
        for person in ({"name": "Amina Yusuf", "belongs_to": "a mosque", "district": amina.district}, {"name": "Ben"}):
            NetworkMember.objects.get_or_create(**person)
            with refused("networkmember_once"):
                NetworkMember.objects.create(**person)

    def test_makes_one_of_several_from_before_the_rule(self, alliance, together):
        before = ("partners", "0004_one_open_invitation")
        MigrationExecutor(connection).migrate([before])
        then = MigrationExecutor(connection).loader.project_state([before]).apps
        networks_then = then.get_model("partners", "Network").objects
        first, second, other = [
            then.get_model("partners", "NetworkMember").objects.create(name=name) for name in ("Amina", "Amina", "Ben")
        ]

        def belonged(member, network, joined_on, left_on=None):
            network = networks_then.get(pk=network.pk)
            member.memberships.create(network=network, joined_on=joined_on, left_on=left_on)

        belonged(first, alliance, JUNE, SEPTEMBER)
        belonged(second, alliance, MAY, JUNE)
        belonged(first, together, MAY, SEPTEMBER)
        belonged(second, together, JUNE)
        belonged(other, together, MAY)
        MigrationExecutor(connection).migrate([("partners", "0005_members_of_networks_once")])
        assert set(NetworkMember.objects.values_list("pk", flat=True)) == {first.pk, other.pk}
        held = NetworkMembership.objects.filter(member=first.pk)
        assert set(held.values_list("network", "joined_on", "left_on")) == {
            (alliance.pk, MAY, JUNE),
            (alliance.pk, JUNE, SEPTEMBER),
            (together.pk, MAY, None),
        }


class TestWithoutJavaScript:
    """Every way is a link or a form's button, and what the pages say does not wait for a script."""

    def test_each_form_sends_itself(self, editor, client, alliance, amina):
        membership = joined(alliance, amina)
        for name, pk in [
            ("network-member-add", alliance.pk),
            ("network-member-change", membership.pk),
            ("network-member-leave", membership.pk),
        ]:
            page = shown(client, name, pk)
            assert '<form method="post" novalidate>' in page
            assert "csrfmiddlewaretoken" in page
            assert '<button class="govuk-button"' in page
