"""Two register keys side by side: which rows are written under which, and known again."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outcomes.actions import registers
from outcomes.checks import keys_are_there
from outcomes.models import RegisterContact, RegisterFile, RegisterIdentity, ReturnVersion
from outcomes.queries.linkage import identities_in_use
from outcomes.queries.register_keys import keys_for, versions_without_key
from outcomes.queries.registers import counted
from outcomes.registers import keys
from outcomes.registers.keys import Key, NoKey
from partners.permissions import Role
from programmes.models import CountingBasis
from tests.ceremony import OLD, make, shares
from tests.factories import DeliveryFactory, ObligationFactory, noon, user_with
from tests.test_registers_pages import AMINA, JAKUB, KOFI, add, send, text, upload
from tests.test_registers_pages import csv_of as rows
from vru_portal.core.periods import Month


@pytest.fixture
def delivery(reference_tables, db):
    return DeliveryFactory(counting_basis=CountingBasis.REGISTER, starts_on=date(2020, 4, 1))


@pytest.fixture
def partner(delivery):
    return user_with(Role.PARTNER, delivery.partner)


@pytest.fixture
def client(partner):
    client = Client()
    client.force_login(partner)
    return client


def month(delivery, first: date):
    return ObligationFactory(delivery=delivery, month=first)


def give(client, obligation, *people: str):
    """A register of these people, each met on the 10th."""
    return add(client, obligation, rows(*people, day=f"10/{obligation.month:%m/%Y}"))


def writings() -> list[tuple[int, int, bool]]:
    """(key version, contacts, whether it renews another)."""
    found = RegisterIdentity.objects.order_by("pk")
    return [(i.key_version, i.contacts.count(), i.renews_id is not None) for i in found]


class TestWhichKeys:
    def test_are_the_old_and_the_new_until_the_financial_years_end(self, db, keys_file, custodians):
        key = make(custodians)
        assert keys_for(Month(2021, 4)) == [OLD, key]
        assert keys_for(Month(2022, 3)) == [OLD, key]
        assert keys_for(Month(2022, 4)) == [key]

    def test_begin_with_the_one_by_which_that_year_is_linked(self, db, keys_file, custodians):
        second = make(custodians)
        third = make(custodians, shares(3), now=noon(date(2023, 5, 1)))
        assert keys_for(Month(2020, 4)) == keys_for(Month(2021, 6)) == [OLD, second, third]
        assert keys_for(Month(2022, 6)) == keys_for(Month(2023, 6)) == [second, third]
        assert keys_for(Month(2024, 4)) == [third]

    def test_stay_all_where_nobody_recorded_when_they_were_made(self, db, keys_file):
        keys.add(str(keys_file), Key(2, b"\2" * 32))
        assert [key.version for key in keys_for(Month(2026, 4))] == [1, 2]

    def test_are_refused_if_one_is_not_what_was_made(self, db, keys_file, custodians):
        make(custodians)
        keys_file.write_text(f"{OLD.line}\n2 {'ab' * 32}\n")
        with pytest.raises(NoKey, match="not the one that was made"):
            keys_for(Month(2021, 4))


class TestRotation:
    def test_writes_each_row_under_both_keys_and_ties_the_two(self, client, delivery, keys_file, custodians):
        give(client, month(delivery, date(2021, 5, 1)), AMINA)
        make(custodians)
        give(client, month(delivery, date(2021, 6, 1)), AMINA, JAKUB)
        assert writings() == [(1, 2, False), (1, 1, False), (2, 0, True), (2, 0, True)]
        ties = RegisterIdentity.objects.filter(renews__isnull=False)
        assert {tie.renews.key_version for tie in ties} == {1}

    def test_writes_a_later_year_under_the_new_key_alone(self, client, delivery, keys_file, custodians):
        make(custodians)
        give(client, month(delivery, date(2022, 4, 1)), AMINA)
        assert writings() == [(2, 1, False)]

    def test_ties_what_arrives_late_to_what_is_there(self, client, delivery, keys_file, custodians):
        make(custodians)
        give(client, month(delivery, date(2022, 4, 1)), AMINA)
        give(client, month(delivery, date(2022, 3, 1)), AMINA)
        assert sorted(writings()) == [(1, 1, False), (2, 1, True)]

    def test_knows_the_same_file_again_under_either_key(self, client, delivery, keys_file, custodians):
        june = month(delivery, date(2021, 6, 1))
        give(client, june, AMINA)
        make(custodians)
        again = text(upload(client, june, rows(AMINA, day="10/06/2021")))
        assert "These rows are in the register already" in again
        give(client, july := month(delivery, date(2021, 7, 1)), KOFI)
        assert "in the register already" in text(upload(client, july, rows(KOFI, day="10/07/2021")))

    def test_counts_each_person_of_the_year_once(self, client, delivery, keys_file, custodians):
        give(client, month(delivery, date(2021, 5, 1)), AMINA)
        make(custodians)
        give(client, june := month(delivery, date(2021, 6, 1)), AMINA, JAKUB)
        found = counted(ReturnVersion.objects.get(obligation=june))
        assert found.people == 2

    def test_knows_somebody_of_the_year_before(self, client, delivery, partner, keys_file, custodians):
        give(client, may := month(delivery, date(2021, 5, 1)), AMINA.replace("Amina", "Aminah"), KOFI)
        send(may, partner)
        make(custodians)
        give(client, june := month(delivery, date(2021, 6, 1)), AMINA)
        send(june, partner)
        give(client, april := month(delivery, date(2022, 4, 1)), AMINA, JAKUB)
        found = counted(ReturnVersion.objects.get(obligation=april))
        assert (found.new_people, found.known_people) == (1, 1)

    def test_puts_people_together_over_both_years(self, client, delivery, keys_file, custodians):
        make(custodians)
        for first in (date(2022, 3, 1), date(2022, 4, 1)):
            give(client, month(delivery, first), AMINA)
        versions = list(ReturnVersion.objects.values_list("pk", flat=True))
        assert RegisterContact.objects.values("identity").distinct().count() == 2
        assert len(set(identities_in_use(versions).linked().groups.tolist())) == 1

    def test_drops_both_writings_of_what_nobody_confirmed(self, client, delivery, keys_file, custodians):
        make(custodians)
        give(client, june := month(delivery, date(2021, 6, 1)), AMINA)
        upload(client, june, rows(AMINA, JAKUB, day="11/06/2021"))
        assert len(writings()) == 4
        registers.discard_stale(now=timezone.now() + timedelta(hours=25))
        assert writings() == [(1, 1, False), (2, 0, True)]
        assert RegisterFile.objects.count() == 1

    def test_counts_what_stands_under_each_key(self, client, delivery, keys_file, custodians):
        staff = Client()
        staff.force_login(user_with(Role.FINANCE_OFFICER))
        make(custodians)
        give(client, month(delivery, date(2021, 6, 1)), AMINA, JAKUB)
        page = text(staff.get(reverse("outcomes:register-keys")))
        assert "0 2 ways of writing people tied to the key before Configured" in page
        assert "not made in a ceremony 2 Configured" in page


class TestCheck:
    def test_warns_of_rows_whose_key_is_not_configured(self, client, delivery, keys_file):
        give(client, month(delivery, date(2021, 6, 1)), AMINA)
        assert (versions_without_key(), keys_are_there()) == ([], [])
        keys_file.write_text(f"2 {'ab' * 32}\n")
        (warning,) = keys_are_there()
        assert "stand under version 1 of the key" in warning.msg
        assert RegisterContact.objects.exists()

    def test_warns_of_a_file_that_cannot_be_read(self, db, keys_file):
        keys_file.write_text("nonsense")
        assert keys_are_there()[0].id == "outcomes.W001"
