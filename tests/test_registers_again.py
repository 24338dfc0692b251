"""A register that comes again, corrected or grown: what is there already is asked about, and nothing counts twice
without an answer."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outcomes.actions import corrections, objections, registers, unlocks
from outcomes.actions.registers import How
from outcomes.models import RegisterContact, RegisterFile, RegisterIdentity, ReturnVersion
from outcomes.queries import objections as objection_queries
from outcomes.queries.register_keys import key_lines
from outcomes.queries.registers import counted
from outcomes.registers.pseudonyms import Details
from partners.permissions import Role
from programmes.models import CountingBasis
from tests.factories import DeliveryFactory, ObligationFactory, accepted_return, user_with
from tests.test_registers_pages import AMINA, JAKUB, KOFI, accept, add, address, csv_of, send, text, upload
from vru_portal.core.periods import Month
from vru_portal.core.working_days import working_days_after

pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]

TWENTY = (
    *("Zoe", "Yusuf", "Xenia", "Wanda", "Victor", "Una", "Tomasz", "Simon", "Rachel", "Quentin", "Peter", "Olga"),
    *("Nadia", "Miriam", "Leroy", "Kwame", "Jasmine", "Ibrahim", "Hugo", "Gwen"),
)
GOOD = csv_of(AMINA, JAKUB)
GROWN = csv_of(AMINA, JAKUB, KOFI)
TYPED = {
    "reference": "A1",
    "forename": "Amina",
    "surname": "Khan",
    "birth": "02/03/2010",
    "postcode": "B12 3AB",
    "district": "E08000025",
    "sex": "female",
    "contact_on": "14/6/2021",
    "kind": "one_to_one",
    "setting": "school",
}


@pytest.fixture
def obligation(db):
    return ObligationFactory(delivery=DeliveryFactory(counting_basis=CountingBasis.REGISTER), month=date(2021, 6, 1))


@pytest.fixture
def partner(obligation):
    return user_with(Role.PARTNER, obligation.delivery.partner)


@pytest.fixture
def client(partner):
    client = Client()
    client.force_login(partner)
    return client


def staged_file() -> RegisterFile:
    return RegisterFile.objects.filter(state="staged").latest("pk")


def answer(client, preview, how: How):
    """Choose on the preview and go on, as its form does."""
    form = preview.context["take"]
    posted = {"how": how, "seen": form["seen"].value()}
    file = preview.context["preview"].file
    return client.post(address("register-change", file.version.obligation, file.pk, "take"), posted, follow=True)


def contacts_of(obligation) -> int:
    return counted(ReturnVersion.objects.get(obligation=obligation)).contacts


class TestAFileThatHasGrown:
    @pytest.mark.parametrize(("how", "contacts"), [(How.MISSING, 3), (How.INSTEAD, 3), (How.ALL, 5)])
    def test_adds_what_is_chosen(self, client, obligation, how, contacts):
        add(client, obligation, GOOD)
        preview = upload(client, obligation, GROWN)
        page = text(preview)
        assert "2 of these 3 contacts are in this month’s register already" in page
        assert "Add only the 1 contact that is not there yet" in page
        answer(client, preview, how)
        assert contacts_of(obligation) == contacts
        assert ReturnVersion.objects.get(obligation=obligation).typed["contacts"] == str(contacts)

    def test_adds_only_what_is_not_there_yet_where_nothing_is_chosen(self, client, obligation):
        add(client, obligation, GOOD)
        page = text(add(client, obligation, GROWN))
        assert "Added to the register: 1 contact." in page
        assert "1 of the 3 rows sent" in page
        assert contacts_of(obligation) == 3

    def test_is_asked_about_with_the_safe_answer_chosen(self, client, obligation):
        add(client, obligation, GOOD)
        form = upload(client, obligation, GROWN).context["take"]
        assert form["how"].value() == How.MISSING

    def test_says_which_rows_only_the_whole_file_corrects(self, client, obligation):
        add(client, obligation, GOOD)
        page = text(upload(client, obligation, csv_of(AMINA, JAKUB.replace("Walsall", "Dudley"))))
        assert "All 2 contacts are in this month’s register already" in page
        assert "1 of them says something else beside that now" in page

    def test_with_nothing_new_changes_nothing_and_is_not_kept(self, client, obligation):
        add(client, obligation, GROWN)
        page = text(add(client, obligation, GOOD))
        assert "These rows are in the register already. Nothing was changed." in page
        assert RegisterFile.objects.count() == 1

    def test_counts_each_row_of_the_register_for_one_of_the_file(self, client, obligation):
        add(client, obligation, csv_of(AMINA))
        add(client, obligation, csv_of(AMINA, AMINA, JAKUB))
        assert contacts_of(obligation) == 3

    def test_of_other_days_is_not_asked_about(self, client, obligation):
        add(client, obligation, GOOD)
        assert upload(client, obligation, csv_of(AMINA, day="15/06/2021")).context["take"] is None

    def test_keeps_what_was_put_in_its_place_on_record(self, client, obligation):
        add(client, obligation, GOOD)
        answer(client, upload(client, obligation, GROWN), How.INSTEAD)
        assert list(RegisterFile.objects.order_by("pk").values_list("state", flat=True)) == ["removed", "taken"]


class TestTwoTabs:
    def test_add_the_same_rows_once(self, client, obligation):
        add(client, obligation, GOOD)
        first, second = upload(client, obligation, GROWN), upload(client, obligation, GROWN + b"\n")
        answer(client, first, How.MISSING)
        assert "in the register already" in text(answer(client, second, How.MISSING))
        assert contacts_of(obligation) == 3

    @pytest.mark.parametrize("how", [How.INSTEAD, How.ALL])
    def test_refuse_an_answer_about_a_register_that_has_changed(self, client, obligation, how):
        add(client, obligation, GOOD)
        preview = upload(client, obligation, GROWN)
        add(client, obligation, csv_of(KOFI, day="20/06/2021"))
        assert "The register has changed since you looked at it" in text(answer(client, preview, how))
        assert contacts_of(obligation) == 3

    def test_are_told_that_what_was_dropped_waits_no_longer(self, client, obligation):
        upload(client, obligation, GOOD)
        file = staged_file()
        for step in ("drop", "take"):
            page = text(client.post(address("register-change", obligation, file.pk, step), follow=True))
        assert "These rows wait no longer to be added" in page


class TestATypedRow:
    def test_that_is_there_already_is_asked_about(self, client, obligation):
        add(client, obligation, csv_of(AMINA))
        page = client.post(address("register-row", obligation), TYPED)
        assert "are in the register already. Nothing was added." in text(page)
        assert 'name="once_more"' in page.content.decode()
        assert RegisterFile.objects.count() == 1

    def test_is_added_once_it_is_said_that_they_were_met_again(self, client, obligation):
        add(client, obligation, csv_of(AMINA))
        client.post(address("register-row", obligation), TYPED | {"once_more": "on"})
        assert contacts_of(obligation) == 2

    def test_of_another_day_is_added_without_a_question(self, client, obligation):
        add(client, obligation, csv_of(AMINA))
        client.post(address("register-row", obligation), TYPED | {"contact_on": "15/6/2021"})
        assert contacts_of(obligation) == 2


class TestAddNothing:
    def test_drops_the_rows_at_once(self, client, obligation):
        preview = upload(client, obligation, GOOD)
        assert "wait for your answer until" in text(preview)
        drop = address("register-change", obligation, staged_file().pk, "drop")
        assert drop in preview.content.decode()
        page = text(client.post(drop, follow=True))
        assert "Nothing was added, and nothing of it is kept." in page
        assert (RegisterFile.objects.count(), RegisterIdentity.objects.count()) == (0, 0)

    def test_leaves_what_was_confirmed(self, client, obligation):
        add(client, obligation, GOOD)
        file = RegisterFile.objects.get()
        client.post(address("register-change", obligation, file.pk, "drop"))
        assert contacts_of(obligation) == 2

    def test_is_not_for_another_partner(self, client, obligation):
        upload(client, obligation, GOOD)
        stranger = Client()
        stranger.force_login(user_with(Role.PARTNER))
        assert stranger.post(address("register-change", obligation, staged_file().pk, "drop")).status_code == 404
        assert RegisterFile.objects.count() == 1


class TestWhatOnlyWaits:
    def test_is_in_no_count_of_a_keys_contacts(self, client, obligation):
        add(client, obligation, csv_of(AMINA))
        upload(client, obligation, GROWN)
        assert [line.contacts for line in key_lines()] == [1]

    def test_is_told_apart_to_whoever_records_an_objection(self, client, obligation):
        add(client, obligation, csv_of(AMINA))
        upload(client, obligation, GROWN)
        amina = Details(
            partner="", forename="Amina", surname="Khan", birth=date(2010, 3, 2), postcode="B12 3AB", sex="F"
        )
        writings = objection_queries.writings_of(amina)
        found = objection_queries.found(objection_queries.identities_of(writings, None))
        assert (found.rows, found.partners, found.waiting) == (1, 1, 1)
        recorded = objections.record(
            writings=writings, partner=None, channel="written", by=user_with(Role.DIRECTOR), now=timezone.now()
        )
        assert recorded.rows_purged == 1
        assert RegisterContact.objects.count() == 2


class TestTakeOut:
    def test_asks_first_and_says_what_goes(self, client, obligation):
        add(client, obligation, GOOD)
        add(client, obligation, csv_of(KOFI, day="20/06/2021"))
        file = RegisterFile.objects.latest("pk")
        register = client.get(address("register", obligation)).content.decode()
        question = address("register-change", obligation, file.pk, "remove")
        assert f'href="{question}"' in register
        assert f'action="{question}"' not in register
        page = text(client.get(question))
        assert "Take this contact out of the register?" in page
        assert "1 of the register’s 3" in page
        assert contacts_of(obligation) == 3
        client.post(question)
        assert contacts_of(obligation) == 2

    def test_is_no_page_of_what_only_waits(self, client, obligation):
        upload(client, obligation, GOOD)
        file = staged_file()
        for step in ("remove", "take", "drop"):
            assert client.get(address("register-change", obligation, file.pk, step)).status_code == 404

    def test_tells_what_was_accepted_before_from_what_a_correction_adds(self, client, obligation, partner):
        add(client, obligation, GOOD)
        accept(send(obligation, partner))
        now = timezone.now()
        unlocks.unlock(
            obligation=obligation,
            until=working_days_after(timezone.localdate(now), 3),
            reason="One more.",
            by=user_with(Role.PROGRAMME_MANAGER),
            now=now,
        )
        corrections.start(obligation=obligation, revision_reason="correction", by=partner, now=now)
        add(client, obligation, csv_of(KOFI))
        page = text(client.get(address("register", obligation)))
        assert page.count("Accepted before") == 1
        assert "taken over into the correction by" in page


class TestARegisterThatIsUnusual:
    def test_is_said_so_to_the_partner_and_to_the_unit_in_the_same_words(self, client, obligation, partner):
        for month in (3, 4, 5):
            accepted_return(obligation.delivery, Month(2021, month), new_people=10)
        people = (AMINA.replace("A1", f"X{n}").replace("Amina", name) for n, name in enumerate(TWENTY))
        add(client, obligation, csv_of(*people))
        sentence = "A: new: 20; in the months before 10."
        check = text(client.get(address("return-check", obligation)))
        assert "Unusual beside the last months" in check
        assert sentence in check
        send(obligation, partner)
        officer = Client()
        officer.force_login(user_with(Role.ANALYST))
        assert sentence in text(officer.get(address("return-review", obligation)))


class TestTaking:
    def test_needs_few_questions_to_the_database_however_many_rows(self, obligation, client, partner):
        add(client, obligation, GOOD)
        upload(client, obligation, csv_of(*[AMINA.replace("A1", f"A{n}") for n in range(50)]))
        file = staged_file()
        with CaptureQueriesContext(connection) as asked:
            registers.take(file=file, by=partner, now=timezone.now())
        assert len(asked) < 60

    def test_of_a_file_that_was_dropped_is_refused(self, obligation, client, partner):
        upload(client, obligation, GOOD)
        file = staged_file()
        registers.discard_stale(now=timezone.now() + timedelta(hours=25))
        with pytest.raises(registers.NoLongerThere):
            registers.take(file=file, by=partner, now=timezone.now())
