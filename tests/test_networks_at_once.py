"""Members of networks on real connections: two who change them at once, on the pages or from a file."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime
from time import sleep

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from partners.actions import networks as actions
from partners.actions import reference_tables
from partners.models import Network, NetworkMember, NetworkMembership
from partners.permissions import Role
from partners.resources import NetworkMembershipResource
from tests.factories import user_with
from tests.test_returns_concurrency import at_once
from vru_portal.core.spreadsheets import read_table

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
BEHIND_US = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
MAY, JUNE, SEPTEMBER = date(2021, 5, 1), date(2021, 6, 1), date(2021, 9, 1)


@pytest.fixture
def editor():
    return user_with(Role.PROGRAMME_MANAGER)


@pytest.fixture
def networks():
    return [Network.objects.create(name=f"Network {n}", kind="community") for n in range(4)]


@pytest.fixture
def amina():
    return NetworkMember.objects.create(name="Amina Yusuf")


@pytest.fixture
def twin():
    return NetworkMember.objects.create(name="Amina Yousuf")


def joined(network, member, left_on=None) -> NetworkMembership:
    return NetworkMembership.objects.create(network=network, member=member, joined_on=MAY, left_on=left_on)


def add(network, name: str, by, joined_on=MAY) -> NetworkMembership:
    person = {"name": name, "belongs_to": "", "district": None}
    return actions.add_member(network=network, **person, joined_on=joined_on, by=by, now=NOW)


def imported(network, name: str, by):
    rows = f"network,member,joined_on\n{network},{name},2021-05-01\n"
    return reference_tables.import_table(
        table=NetworkMembershipResource(),
        dataset=read_table(rows.encode(), "members.csv"),
        file_name="members.csv",
        by=by,
        now=NOW,
    )


def until_it_waits_or_is_done(act: Future) -> None:
    """Waits itself: the other has begun, and now stands before a lock of ours or has come to its end."""
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute(BEHIND_US)
            waiting = cursor.fetchone()[0]
        if waiting or act.done():
            return
        sleep(0.02)
    raise AssertionError("It neither waits nor ends.")


def while_another(act: Callable, *, first: Callable, then: Callable = lambda: None) -> object:
    """In one transaction `first` and `then`, and between them `act` by somebody else: what it gave, or its refusal."""

    def by_another():
        try:
            return act()
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            other = pool.submit(by_another)
            until_it_waits_or_is_done(other)
            then()
        return other.result(60)


class TestOnePerson:
    def test_added_to_four_networks_at_once_is_counted_once(self, networks, editor):
        assert at_once(4, lambda n: add(networks[n], "Amina Yusuf", editor)) == {"NetworkMembership": 4}
        assert NetworkMember.objects.count() == 1
        assert NetworkMembership.objects.members_on(JUNE) == 1

    def test_on_the_page_and_in_a_file_at_once_is_counted_once(self, networks, editor):
        found = while_another(
            lambda: add(networks[1], "Amina Yusuf", editor),
            first=lambda: imported(networks[0], "Amina Yusuf", editor),
        )
        assert isinstance(found, NetworkMembership)
        assert NetworkMember.objects.get() == found.member


class TestOneMembership:
    def test_in_settings_waits_for_one_that_is_added_on_the_page(self, networks, amina, editor):
        client = Client()
        client.force_login(editor)
        row = {"network": networks[0].pk, "member": amina.pk, "joined_on": "2021-05-01", "left_on": "2021-09-01"}
        answer = while_another(
            lambda: client.post(reverse("admin:partners_networkmembership_add"), row),
            first=lambda: add(networks[0], "Amina Yusuf", editor, JUNE),
        )
        assert "Amina Yusuf is a member of Network 0 already, since 1 June 2021." in answer.text
        assert networks[0].memberships.count() == 1


class TestMakingOneOfTwo:
    def merge(self, membership, by):
        actions.change_member(membership=membership, name="Amina Yusuf", by=by, now=NOW)

    def test_lets_the_one_who_goes_be_added_elsewhere_meanwhile(self, networks, amina, twin, editor):
        membership = joined(networks[0], twin)
        added = while_another(
            lambda: add(networks[1], "Amina Yousuf", editor), first=lambda: self.merge(membership, editor)
        )
        assert isinstance(added, NetworkMembership), added
        assert added.member.name == "Amina Yousuf"

    def test_refuses_the_one_who_stays_where_the_other_was_on_that_day(self, networks, amina, twin, editor):
        membership = joined(networks[0], twin)
        joined(networks[1], twin, left_on=SEPTEMBER)
        refusal = while_another(
            lambda: add(networks[1], "Amina Yusuf", editor, JUNE), first=lambda: self.merge(membership, editor)
        )
        assert isinstance(refusal, actions.MembershipRefused), refusal
        assert networks[1].memberships.count() == 1

    def test_does_not_stand_against_somebody_who_records_that_they_left_another(self, networks, amina, twin, editor):
        here, there = joined(networks[0], twin), joined(networks[1], twin)
        left = while_another(
            lambda: actions.record_leaving(membership=there, left_on=SEPTEMBER, by=editor, now=NOW),
            first=lambda: actions.change_member(membership=here, name="Amina Y", by=editor, now=NOW),
            then=lambda: self.merge(here, editor),
        )
        assert left is None
        there.refresh_from_db()
        assert (there.member, there.left_on) == (amina, SEPTEMBER)
