"""A young person objects: what is stored of them goes, what comes later is left out, and nothing says who it was."""

import re
from datetime import date
from html import unescape
from threading import Event as Signal
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outcomes.actions import linkage, registers
from outcomes.actions import objections as actions
from outcomes.models import (
    Objection,
    ObjectionWriting,
    Presence,
    Recount,
    RegisterContact,
    RegisterFile,
    RegisterIdentity,
    ReturnVersion,
    Submission,
)
from outcomes.queries.objections import found, identities_of, writings_of
from outcomes.queries.registers import counted
from outcomes.registers.ceremony import FIRST, SECOND, new_share
from outcomes.registers.pseudonyms import Details
from partners.models import Event
from partners.permissions import Role
from programmes.models import CountingBasis
from tests.canaries import everything_in_the_database
from tests.ceremony import make as make_key
from tests.factories import DeliveryFactory, ObligationFactory, noon, user_with
from tests.test_registers_pages import (
    AMINA,
    JAKUB,
    KOFI,
    NAMES,
    accept,
    add,
    address,
    csv_of,
    send,
    text,
    upload,
)
from vru_portal.core.refusals import NotAllowed

pytestmark = pytest.mark.usefixtures("reference_tables")

NOW = noon(date(2021, 7, 5))
HER = {"forename": "Amina", "surname": "Khan", "birth": "2/3/2010", "postcode": "B12 3AB"}
TWIN = AMINA.replace("Amina", "Samira").replace("A1", "A9")


class Partner:
    """Somebody of a partner that gives registers, with their browser."""

    def __init__(self, programme=None) -> None:
        more = {"programme": programme} if programme else {}
        self.delivery = DeliveryFactory(counting_basis=CountingBasis.REGISTER, starts_on=date(2020, 4, 1), **more)
        self.user = user_with(Role.PARTNER, self.delivery.partner)
        self.client = Client()
        self.client.force_login(self.user)

    def month(self, first: date = date(2021, 6, 1)):
        return ObligationFactory(delivery=self.delivery, month=first)

    def gives(self, obligation, *people: str):
        return add(self.client, obligation, csv_of(*people, day=f"14/{obligation.month:%m/%Y}"))


@pytest.fixture
def one(db):
    return Partner()


@pytest.fixture
def other(db):
    return Partner()


@pytest.fixture
def manager(db):
    return user_with(Role.PROGRAMME_MANAGER)


@pytest.fixture
def staff(manager):
    client = Client()
    client.force_login(manager)
    return client


def details(**changed) -> Details:
    facts = {"partner": "", "forename": "Amina", "surname": "Khan", "birth": date(2010, 3, 2), "postcode": "B12 3AB"}
    return Details(**facts | changed)


def object_to(by, who: Details | None = None, partner=None) -> Objection:
    """They object."""
    return actions.record(writings=writings_of(who or details()), partner=partner, channel="written", by=by, now=NOW)


def stored() -> int:
    return RegisterContact.objects.count()


@pytest.mark.django_db
class TestRecord:
    def test_takes_out_their_rows_at_every_partner_and_nobody_elses(self, one, other, manager):
        one.gives(one.month(), AMINA, AMINA.replace("Amina", "Aminah"), JAKUB, TWIN)
        other.gives(other.month(), AMINA.replace("A1", "Z9"), KOFI)
        objection = object_to(manager)
        assert (objection.rows_purged, objection.partners_purged) == (3, 2)
        assert (stored(), RegisterIdentity.objects.count()) == (3, 3)
        assert not identities_of(writings_of(details()), None)

    def test_takes_out_what_waits_to_be_confirmed_too(self, one, manager):
        upload(one.client, june := one.month(), csv_of(AMINA, JAKUB))
        assert object_to(manager).rows_purged == 0  # it was part of no register
        assert stored() == 1
        file = RegisterFile.objects.get()
        registers.take(file=file, by=one.user, now=timezone.now())
        assert counted(ReturnVersion.objects.get(obligation=june)).people == 1

    def test_counts_a_return_anew_that_is_not_sent(self, one, manager):
        one.gives(june := one.month(), AMINA, JAKUB)
        object_to(manager)
        version = ReturnVersion.objects.get(obligation=june)
        assert (version.typed["new_people"], version.typed["contacts"]) == ("1", "1")

    def test_leaves_a_return_that_was_sent_its_numbers(self, one, manager):
        one.gives(june := one.month(), AMINA, JAKUB)
        version = send(june, one.user)
        object_to(manager)
        version.refresh_from_db()
        assert (Submission.objects.get().new_people, version.typed["new_people"]) == (2, "2")
        assert counted(version).people == 1

    def test_has_reach_counted_anew(self, one, manager):
        one.gives(june := one.month(), AMINA, JAKUB)
        accept(send(june, one.user))
        linkage.settle(now=NOW)
        assert Presence.objects.count() == 2
        Recount.objects.all().delete()
        object_to(manager)
        assert Recount.objects.get().state == Recount.State.QUEUED
        linkage.settle(now=NOW)
        assert Presence.objects.count() == 1

    def test_takes_out_what_somebody_decided_to_be_theirs(self, one, manager):
        nickname = AMINA.replace("Amina,Khan,02/03/2010", "Mimi,Begum,11/12/2011").replace("A1", "A7")
        one.gives(one.month(), AMINA, nickname, JAKUB)
        first, second, _ = RegisterIdentity.objects.order_by("contacts__row").values_list("pk", flat=True)
        linkage.decide(
            first=first, second=second, are_one=True, reason="They told us.", by=user_with(Role.ANALYST), now=NOW
        )
        assert object_to(manager).rows_purged == 2

    def test_leaves_a_register_page_that_can_be_opened_when_nobody_is_left(self, one, manager):
        one.gives(june := one.month(), AMINA)
        object_to(manager)
        page = text(one.client.get(address("register", june)))
        assert "0 people met" in page

    def test_of_somebody_of_whom_nothing_is_stored_is_recorded(self, one, manager):
        one.gives(one.month(), JAKUB)
        objection = object_to(manager)
        assert (objection.rows_purged, stored(), ObjectionWriting.objects.count()) == (0, 1, 1)

    def test_knows_somebody_by_a_partners_reference_alone(self, one, other, manager):
        one.gives(one.month(), AMINA, JAKUB)
        other.gives(other.month(), KOFI.replace("C3", "A1"))
        partner = one.delivery.partner
        object_to(manager, Details(partner=str(partner.pk), reference="a1"), partner)
        assert set(RegisterContact.objects.values_list("identity__partner", flat=True)) == {
            partner.pk,
            other.delivery.partner.pk,
        }
        assert stored() == 2

    def test_tells_each_partner_of_its_own_rows_and_the_unit_of_all(self, one, other, manager):
        one.gives(one.month(), AMINA, AMINA.replace("30", "45"))
        other.gives(other.month(), AMINA.replace("A1", "Z9"))
        objection = object_to(manager)
        assert Event.objects.about(objection).get().reason == "3 rows taken out"
        theirs = Event.objects.filter(name="outcomes.objection.recorded", organisation=one.delivery.partner).get()
        assert (theirs.reason, theirs.words) == ("2 rows taken out", "Objection recorded")
        assert theirs in Event.objects.visible_to(one.user)
        assert not Event.objects.visible_to(one.user).about(objection).exists()

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.FINANCE_OFFICER, Role.AUDITOR, Role.PARTNER_LEAD])
    def test_by_somebody_who_may_not_is_refused(self, one, role):
        with pytest.raises(NotAllowed):
            object_to(user_with(role))

    def test_after_a_key_was_made_meanwhile_is_refused(self, one, manager):
        with pytest.raises(actions.NotRecorded, match="Type the details again"):
            actions.record(writings={99: b""}, partner=None, channel="written", by=manager, now=NOW)


@pytest.mark.django_db
class TestWhatComesLater:
    def test_is_left_out_and_the_partner_is_told_which_rows(self, one, manager):
        object_to(manager)
        june = one.month()
        page = text(upload(one.client, june, csv_of(JAKUB, AMINA.replace("B12 3AB", ""), TWIN)))
        assert "1 row is of people who have objected to being kept: it is left out (row 3)" in page
        assert "Contacts 2 Different people 2" in page
        file = RegisterFile.objects.get()
        assert (file.rows_read, file.rows_refused) == (3, 1)
        one.client.post(address("register-change", june, file.pk, "take"))
        assert ReturnVersion.objects.get(obligation=june).typed["new_people"] == "2"

    def test_of_them_alone_is_not_taken(self, one, manager):
        object_to(manager)
        page = text(upload(one.client, one.month(), csv_of(AMINA)))
        assert "has objected to being kept in registers, so no row is kept" in page
        assert (RegisterFile.objects.count(), RegisterIdentity.objects.count()) == (0, 0)

    def test_typed_by_hand_is_not_taken(self, one, manager):
        object_to(manager)
        row = HER | {"contact_on": "14/6/2021", "kind": "group", "district": "E08000025"}
        page = text(one.client.post(address("register-row", one.month()), row, follow=True))
        assert "has objected to being kept in registers" in page
        assert stored() == 0

    def test_of_a_namesake_born_otherwise_is_taken(self, one, manager):
        object_to(manager)
        namesake = AMINA.replace("02/03/2010", "17/11/2006").replace("B12 3AB", "CV1 5FB")
        one.gives(one.month(), namesake, JAKUB)
        assert stored() == 2

    def test_is_taken_again_once_it_is_withdrawn(self, one, manager):
        one.gives(june := one.month(), AMINA, JAKUB)
        objection = object_to(manager)
        actions.withdraw(objection=objection, by=manager, now=NOW)
        assert stored() == 1
        one.gives(june, AMINA.replace("30", "45"))
        assert counted(ReturnVersion.objects.get(obligation=june)).people == 2
        with pytest.raises(actions.NotRecorded, match="withdrawn already"):
            actions.withdraw(objection=objection, by=manager, now=NOW)

    @pytest.mark.usefixtures("keys_file")
    def test_is_known_under_a_new_key_by_who_comes_while_both_are_there(self, one, manager):
        object_to(manager)
        make_key((manager, user_with(Role.DIRECTOR)), (new_share(2, FIRST), new_share(2, SECOND)))
        upload(one.client, one.month(), csv_of(AMINA))
        assert set(ObjectionWriting.objects.values_list("key_version", flat=True)) == {1, 2}
        one.gives(one.month(date(2022, 4, 1)), AMINA, KOFI)
        assert stored() == 1

    @pytest.mark.usefixtures("keys_file")
    def test_recorded_under_two_keys_takes_out_both_writings(self, one, manager):
        make_key((manager, user_with(Role.DIRECTOR)), (new_share(2, FIRST), new_share(2, SECOND)))
        one.gives(one.month(), AMINA, JAKUB)
        assert RegisterIdentity.objects.count() == 4
        assert object_to(manager).rows_purged == 1
        assert RegisterIdentity.objects.count() == 2


@pytest.mark.django_db
class TestNothing:
    def test_of_them_stays_anywhere(self, one, manager):
        one.gives(june := one.month(), AMINA, JAKUB)
        send(june, one.user)
        codes = {packed[n : n + 16].hex() for packed in writings_of(details()).values() for n in range(0, 112, 16)}
        assert any(code in everything_in_the_database() for code in codes)
        objection = object_to(manager)
        actions.withdraw(objection=objection, by=manager, now=NOW)
        everything = everything_in_the_database()
        assert [code for code in codes if code in everything] == []

    def test_but_pseudonyms_is_kept_of_an_objection(self, one, staff):
        answer = staff.post(reverse("outcomes:objection-record"), HER | {"channel": "spoken"})
        staff.post(reverse("outcomes:objection-record"), {"them": signed_in(answer)})
        assert ObjectionWriting.objects.count() == 1
        everything = everything_in_the_database().lower()
        assert [name for name in (*NAMES, "2/3/2010") if name.lower() in everything] == []


def signed_in(answer) -> str:
    return unescape(re.search(r'name="them" value="([^"]+)"', answer.content.decode())[1])


@pytest.mark.django_db
class TestPages:
    def type(self, client, **changed):
        return client.post(reverse("outcomes:objection-record"), HER | {"channel": "spoken"} | changed)

    def go_on(self, client, signed: str) -> str:
        return text(client.post(reverse("outcomes:objection-record"), {"them": signed}, follow=True))

    def test_show_what_is_found_in_numbers_before_anything_is_recorded(self, one, other, staff):
        one.gives(one.month(), AMINA, AMINA, JAKUB)
        other.gives(other.month(), AMINA.replace("A1", "Z9"))
        answer = self.type(staff)
        assert "3 rows of 2 partners match" in text(answer)
        assert not re.search("Amina|Khan|B12|2010", answer.content.decode())
        assert "no-store" in answer["Cache-Control"]
        assert not Objection.objects.exists()
        page = self.go_on(staff, signed_in(answer))
        number = Objection.objects.get().pk
        assert f"Objection {number} is recorded" in page
        assert "3 rows of 2 partners In force" in page

    def test_record_an_objection_of_whom_nothing_is_found(self, one, staff):
        answer = self.type(staff)
        assert "No row matches" in text(answer)
        assert "is recorded" in self.go_on(staff, signed_in(answer))

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"birth": "", "postcode": ""}, "too little to tell them from others"),
            ({"surname": ""}, "too little to tell them from others"),
            ({"birth": "31/2/2010"}, "There is no such day"),
            ({"birth": "1/1/2199"}, "The day has not come yet"),
            ({"reference": "A1"}, "Choose whose reference it is"),
            ({"channel": ""}, "How did the objection come?"),
        ],
    )
    def test_say_what_is_wrong_with_what_was_typed(self, one, staff, changed, sentence):
        assert sentence in text(self.type(staff, **changed))

    def test_take_no_others_codes_and_none_from_long_ago(self, one, staff, monkeypatch):
        signed = signed_in(self.type(staff))
        another = Client()
        another.force_login(user_with(Role.ANALYST))
        for client, sent in ((another, signed), (staff, signed[:-1] + ("A" if signed[-1] != "A" else "B"))):
            assert "Type the details again" in self.go_on(client, sent)
        monkeypatch.setattr("outcomes.views.objections.LASTS", -1)
        assert "Type the details again" in self.go_on(staff, signed)
        assert not Objection.objects.exists()

    def test_keep_nothing_for_somebody_signed_out_meanwhile(self, one):
        assert self.type(stranger := Client()).status_code == 302
        assert "sessionid" not in stranger.cookies

    def test_withdraw(self, one, staff, manager):
        objection = object_to(manager)
        page = text(staff.post(reverse("outcomes:objection-withdraw", args=[objection.pk]), follow=True))
        assert f"Objection {objection.pk} is withdrawn" in page
        assert not ObjectionWriting.objects.exists()
        assert staff.get(reverse("outcomes:objection-withdraw", args=[objection.pk])).status_code == 404

    @pytest.mark.usefixtures("keys_file")
    def test_say_that_a_new_key_does_not_know_them(self, one, staff, manager):
        object_to(manager)
        make_key((manager, user_with(Role.DIRECTOR)), (new_share(2, FIRST), new_share(2, SECOND)))
        assert "Not known under version 2" in text(staff.get(reverse("outcomes:objections")))

    def test_are_read_by_an_auditor(self, manager):
        object_to(manager)
        auditor = Client()
        auditor.force_login(user_with(Role.AUDITOR))
        page = text(auditor.get(reverse("outcomes:objections")))
        assert "In force" in page
        assert "Withdraw" not in page


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """On two connections of a real PostgreSQL."""

    @pytest.fixture
    def one(self, db):
        call_command("load_reference_tables", verbosity=0)  # what was committed goes with each test
        return Partner()

    def in_another_connection(self, act) -> Thread:
        def run() -> None:
            try:
                act()
            finally:
                connection.close()

        thread = Thread(target=run)
        thread.start()
        return thread

    def wait_until_somebody_waits(self) -> None:
        for _ in range(600):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                if cursor.fetchone()[0]:
                    return
            Signal().wait(0.05)
        raise AssertionError("Nobody waits.")

    def test_an_objection_waits_for_rows_on_their_way_in_and_takes_them_out(self, one, manager):
        june = one.month()
        staged, may_commit = Signal(), Signal()

        def give() -> None:
            with transaction.atomic():
                upload(one.client, june, csv_of(AMINA, JAKUB))
                staged.set()
                may_commit.wait(60)

        writer = self.in_another_connection(give)
        assert staged.wait(60)
        recorder = self.in_another_connection(lambda: object_to(manager))
        self.wait_until_somebody_waits()
        assert not Objection.objects.exists()
        may_commit.set()
        writer.join(60)
        recorder.join(60)
        assert Objection.objects.exists()
        assert stored() == 1

    def test_rows_wait_for_an_objection_that_is_being_recorded_and_are_left_out(self, one, manager):
        june = one.month()
        recorded, may_commit = Signal(), Signal()

        def record() -> None:
            with transaction.atomic():
                object_to(manager)
                recorded.set()
                may_commit.wait(60)

        recorder = self.in_another_connection(record)
        assert recorded.wait(60)
        writer = self.in_another_connection(lambda: upload(one.client, june, csv_of(AMINA, JAKUB)))
        self.wait_until_somebody_waits()
        may_commit.set()
        recorder.join(60)
        writer.join(60)
        assert stored() == 1
        assert found(identities_of(writings_of(details()), None)).rows == 0
