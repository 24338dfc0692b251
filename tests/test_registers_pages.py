"""A month’s register on the site: sent, looked at, confirmed, counted; and nobody’s name kept anywhere."""

import base64
import io
import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from outcomes.actions import corrections, decisions, linkage, obligations, registers, returns, unlocks
from outcomes.forms import register_workbook
from outcomes.management.commands.count_registers import FILE_NAME
from outcomes.models import RegisterContact, RegisterFile, RegisterIdentity, ReturnVersion
from outcomes.queries.linkage import person_of
from outcomes.queries.registers import counted
from outcomes.registers.reading import Texts
from outcomes.release_figures import figure_rows
from partners.permissions import Role
from programmes.models import CountingBasis
from tests.canaries import everything_in_the_database
from tests.factories import DeliveryFactory, ObligationFactory, noon, user_with
from tests.redis_away import no_answer_from_redis
from tests.registers import inputs_now
from vru_portal.core.how_far import Telling, new_token
from vru_portal.core.periods import Month
from vru_portal.core.working_days import working_days_after

HEADER = (
    "Your reference,First name,Last name,Date of birth,Postcode,District,Sex,Ethnicity,Date of contact,Kind of contact,"
    "Setting,Minutes,Referred on to"
)
AMINA = "A1,Amina,Khan,02/03/2010,B12 3AB,Birmingham,F,Pakistani,{day},one-to-one,School,30,"
JAKUB = "B2,Jakub,Nowak,09/11/2008,WS1 2QQ,Walsall,M,Any other White background,{day},group,School,60,CAMHS"
KOFI = "C3,Kofi,Mensah,21/07/2011,WV1 4AA,Wolverhampton,M,African,{day},brief contact,School,10,"
NAMES = ("Amina", "Khan", "02/03/2010", "2010-03-02", "B12 3AB", "B123AB", "Jakub", "Nowak", "Kofi", "Mensah")


pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]


@pytest.fixture
def delivery(db):
    return DeliveryFactory(counting_basis=CountingBasis.REGISTER)


@pytest.fixture
def obligation(delivery):
    return ObligationFactory(delivery=delivery, month=date(2021, 6, 1))


@pytest.fixture
def partner(delivery):
    return user_with(Role.PARTNER, delivery.partner)


@pytest.fixture
def client(partner):
    client = Client()
    client.force_login(partner)
    return client


def csv_of(*rows: str, day: str = "14/06/2021") -> bytes:
    return "\n".join([HEADER, *(row.format(day=day) for row in rows)]).encode()


def address(name: str, obligation, *more) -> str:
    return reverse(f"outcomes:{name}", args=[obligation.pk, *more])


def upload(client, obligation, data: bytes, name: str = "june.csv", **more):
    return client.post(address("register", obligation), {"file": SimpleUploadedFile(name, data), **more})


def add(client, obligation, data: bytes):
    """Upload and confirm."""
    upload(client, obligation, data)
    file = RegisterFile.objects.filter(version__obligation=obligation).latest("pk")
    return client.post(address("register-change", obligation, file.pk, "take"), follow=True)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(response.content.decode())))


class TestHowFar:
    """Of an upload whose answer is still to come."""

    def test_is_asked_by_the_token_that_the_page_carries(self, client, obligation):
        page = client.get(address("register", obligation)).content.decode()
        [token] = set(re.findall(r'name="how_far" value="(\w+)"', page))
        asked = client.get(address("register-how-far", obligation, token))
        assert address("register-how-far", obligation, token) in page
        assert "Sending the file" in text(asked)
        assert "0 %" in text(asked)

    def test_says_how_much_is_done(self, client, obligation, partner):
        token, seen = new_token(), []
        for step, done in ((1, 25), (2, 25), (3, 0)):
            telling = Telling(partner.pk, token).begin(step, 50)
            telling._next = 0
            telling.done(done)
            page = text(client.get(address("register-how-far", obligation, token)))
            seen.append(re.sub(r" Refresh|^ | $", "", page).strip())
        assert seen == [
            "Reading the rows 20 % 20 %",
            "Turning names into codes 52 % 52 %",
            "Keeping the codes and counting the people 65 % 65 %",
        ]

    @pytest.mark.parametrize("name", ["june.csv", "june.xlsx"])
    def test_leaves_three_numbers_behind_and_nothing_of_the_rows(self, client, obligation, partner, name):
        data, token = csv_of(AMINA, JAKUB), new_token()
        upload(client, obligation, data if name.endswith("csv") else as_workbook(data), name, how_far=token)
        assert cache.get(f"how-far:{partner.pk}:{token}") == (3, 0, 0)

    def test_counts_from_the_moment_when_the_last_row_has_its_codes(self, client, obligation, partner, monkeypatch):
        token, kept, seen = new_token(), registers._of_objectors, []

        def looking(*given):
            seen.append(cache.get(f"how-far:{partner.pk}:{token}"))
            return kept(*given)

        monkeypatch.setattr(registers, "_of_objectors", looking)
        upload(client, obligation, csv_of(AMINA, JAKUB), how_far=token)
        assert seen == [(3, 0, 0)]

    def test_asks_no_more_once_the_return_is_closed_or_its_sender_signed_out(self, client, obligation):
        asked = address("register-how-far", obligation, new_token())
        analyst = user_with(Role.ANALYST)
        obligations.waive(obligation=obligation, reason="The project paused.", by=analyst, now=timezone.now())
        for visitor in (client, Client()):
            answer = visitor.get(asked)
            assert (answer.status_code, answer.content) == (286, b"")

    def test_does_not_keep_an_upload_from_its_answer_where_redis_is_out_of_reach(self, client, obligation, settings):
        with no_answer_from_redis(settings):
            page = text(upload(client, obligation, csv_of(AMINA, JAKUB), how_far=new_token()))
        assert "2 rows read" in page

    def test_is_not_told_to_another_partner(self, obligation):
        other = Client()
        other.force_login(user_with(Role.PARTNER, DeliveryFactory().partner))
        assert other.get(address("register-how-far", obligation, new_token())).status_code == 404


def as_workbook(data: bytes) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for line in data.decode().splitlines():
        book.active.append(line.split(","))
    book.save(out)
    return out.getvalue()


class TestUpload:
    def test_shows_what_it_would_add_before_anything_counts(self, client, obligation):
        page = text(upload(client, obligation, csv_of(AMINA, AMINA, JAKUB)))
        assert "3 rows read" in page
        assert "Different people 2" in page
        assert "2 people met, each counted once; 3 contacts" in page
        assert "1 row stands in it twice" in page
        assert not RegisterFile.objects.filter(state="taken").exists()
        assert ReturnVersion.objects.get(obligation=obligation).typed == {}

    def test_is_one_of_the_parts_of_its_return(self, client, obligation):
        assert "0 of 2 parts done" in text(client.get(address("return-fill-in", obligation)))
        add(client, obligation, csv_of(AMINA))
        assert "1 of 2 parts done" in text(client.get(address("return-fill-in", obligation)))

    def test_offers_each_answer_of_a_typed_row_once(self, client, obligation):
        form = client.get(address("register-row", obligation)).context["form"]
        for name in ("district", "sex", "ethnicity"):
            labels = [label for _, label in form.fields[name].choices]
            assert labels[0] == "Not known"
            assert len(labels) == len(set(labels)) > 2

    def test_puts_people_together_once_for_the_preview_the_confirmation_and_the_page(self, client, obligation):
        person_of.cache_clear()
        add(client, obligation, csv_of(AMINA, AMINA, JAKUB))
        client.get(address("register", obligation))
        assert person_of.cache_info().misses == 1
        row = {"reference": "C3", "forename": "Kofi", "surname": "Mensah", "contact_on": "15/06/2021", "kind": "group"}
        client.post(address("register-row", obligation), row, follow=True)
        assert RegisterContact.objects.count() == 4
        assert person_of.cache_info().misses == 2

    def test_its_workbook_changes_nothing_of_what_is_counted(self, client, obligation):
        add(client, obligation, csv_of(AMINA))
        book = load_workbook(io.BytesIO(client.get(address("return-workbook-file", obligation)).content))
        box = next(row[1] for sheet in book for row in sheet.iter_rows() if row[0].value == "A: new")
        assert box.value == 1
        box.value = 7
        out = io.BytesIO()
        book.save(out)
        answer = client.post(
            address("return-workbook", obligation), {"file": SimpleUploadedFile("a.xlsx", out.getvalue())}
        )
        assert "This is counted from the register. Change the register instead." in text(answer)
        assert answer.context["changes"] == []

    def test_counts_the_people_into_the_return_once_confirmed(self, client, obligation):
        page = text(add(client, obligation, csv_of(AMINA, AMINA, JAKUB)))
        assert "Added to the register" in page
        typed = ReturnVersion.objects.get(obligation=obligation).typed
        assert typed["new_people"] == "2"
        assert typed["contacts"] == "3"
        assert typed["first_seen__age_band__10-13"] == typed["first_seen__age_band__10-13"] == "2"
        assert typed["first_seen__district__E08000025"] == typed["first_seen__district__E08000030"] == "1"

    def test_names_each_wrong_row_and_gives_it_back_in_the_answer_alone(self, client, obligation):
        wrong = JAKUB.replace("09/11/2008", "31/02/2008")
        answer = upload(client, obligation, csv_of(AMINA, wrong))
        page = text(answer)
        assert "Row 3, column D (Date of birth): There is no such day: correct it." in page
        assert "The 1 good row" in page
        found = re.search(r"data:text/csv;base64,([^\"]+)", answer.content.decode())
        mended = base64.b64decode(unescape(found[1])).decode("utf-8-sig")
        assert "Jakub" in mended
        assert "Amina" not in mended
        assert answer["Cache-Control"].find("no-store") >= 0
        assert "Jakub" not in client.get(address("register", obligation)).content.decode()

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "The file is empty"),
            (b"a,b,c\n1,2,3\n", "No row with the names of the columns was found"),
            (csv_of(AMINA).replace(b"Date of birth", b"Born on which day"), "Add a column named “Date of birth”"),
            (csv_of(), "There is no row below the names of the columns"),
        ],
    )
    def test_says_what_to_do_about_a_file_that_is_none(self, client, obligation, data, sentence):
        assert sentence in text(upload(client, obligation, data))
        assert not RegisterFile.objects.exists()

    def test_of_the_same_file_twice_changes_nothing(self, client, obligation):
        add(client, obligation, csv_of(AMINA))
        page = text(upload(client, obligation, csv_of(AMINA), "another name.csv"))
        assert "These rows are in the register already. Nothing was changed." in page
        assert RegisterContact.objects.count() == 1

    def test_of_several_files_makes_one_register(self, client, obligation):
        add(client, obligation, csv_of(AMINA))
        page = text(add(client, obligation, csv_of(AMINA, JAKUB, day="21/06/2021")))
        assert "2 people met, each counted once; 3 contacts" in page

    def test_holds_rows_whose_words_seem_to_name_somebody(self, client, obligation):
        told = AMINA.format(day="14/06/2021") + "ring mum on 07700 900123"
        assert "It seems to hold a telephone number" in text(upload(client, obligation, csv_of(told)))
        assert not RegisterFile.objects.exists()

    def test_asks_about_words_only_where_they_seem_to_name_somebody(self, client, obligation):
        assert 'name="words"' not in client.get(address("register", obligation)).content.decode()
        assert 'name="words"' not in upload(client, obligation, csv_of(JAKUB)).content.decode()
        told = AMINA.format(day="14/06/2021") + "ring mum on 07700 900123"
        page = upload(client, obligation, csv_of(told, JAKUB))
        assert "1 row is held for its words in “Referred on to”: row 2." in text(page)
        assert page.context["again"]["words"].value() == Texts.LEFT_OUT
        assert "07700" not in text(page)

    @pytest.mark.parametrize(("words", "kept"), [("left_out", ""), ("kept", "ring mum on 07700 900123")])
    def test_takes_such_a_row_with_its_words_or_without(self, client, obligation, words, kept):
        told = AMINA.format(day="14/06/2021") + "ring mum on 07700 900123"
        upload(client, obligation, csv_of(told), words=words)
        assert RegisterContact.objects.get().referred_to == kept

    def test_of_another_month_is_said_in_one_sentence_with_the_way_to_its_return(self, client, obligation):
        may = ObligationFactory(delivery=obligation.delivery, month=date(2021, 5, 1))
        answer = upload(client, obligation, csv_of(*[AMINA] * 8, day="10/05/2021"))
        assert "This looks like May 2021’s register: all 8 rows are of that month." in text(answer)
        assert f'href="{address("register", may)}"' in answer.content.decode()
        assert "Row by row" in text(answer)

    def test_of_days_that_nobody_can_read_is_said_in_one_sentence(self, client, obligation):
        page = text(upload(client, obligation, csv_of(*[AMINA] * 8, day="soon")))
        assert "All 8 rows cannot be taken for one reason (Date of contact): It is not a date" in page

    def test_of_an_old_excel_file_says_how_to_save_it(self, client, obligation):
        assert "save it as .xlsx, and choose that" in text(upload(client, obligation, b"old", "june.xls"))

    def test_signed_out_is_not_read_and_the_page_says_so(self, client, obligation):
        answer = upload(Client(), obligation, csv_of(AMINA))
        assert answer.status_code == 302
        back = unquote(answer["Location"].partition("next=")[2])
        assert back.startswith(address("register", obligation))
        assert "You were signed out meanwhile, so what you sent was not read" in text(client.get(back))
        assert not RegisterFile.objects.exists()

    def test_template_is_named_as_the_command_wants_it(self, client, obligation):
        answer = client.get(address("register-template", obligation))
        name = f"{obligation.delivery.code}_2021-06.xlsx"
        assert f'filename="{name}"' in answer["Content-Disposition"]
        assert FILE_NAME.match(name)

    @pytest.mark.parametrize("references_alone", [False, True])
    def test_template_speaks_of_names_only_where_it_asks_for_them(self, references_alone):
        book = load_workbook(io.BytesIO(register_workbook.template(references_alone)))
        columns = [cell.value for cell in book["Register"][1]]
        guidance = " ".join(row[0].value for row in book["How to fill it in"].iter_rows())
        assert ("First name" in columns) == ("A name and a date of birth" in guidance) == (not references_alone)

    def test_of_a_month_that_was_sent_is_refused(self, client, obligation, partner):
        add(client, obligation, csv_of(AMINA))
        send(obligation, partner)
        answer = upload(client, obligation, csv_of(JAKUB))
        assert answer.status_code == 302
        assert RegisterContact.objects.count() == 1

    def test_by_another_partner_is_not_found(self, obligation):
        stranger = Client()
        stranger.force_login(user_with(Role.PARTNER))
        assert stranger.get(address("register", obligation)).status_code == 404

    def test_is_not_offered_where_people_are_counted_by_hand(self, client, partner):
        other = ObligationFactory(delivery=DeliveryFactory(partner=partner.memberships.get().organisation))
        assert client.get(address("register", other)).status_code == 302


class TestPasteAndType:
    def test_takes_rows_pasted_from_a_spreadsheet(self, client, obligation):
        rows = csv_of(AMINA, JAKUB).decode().replace(",", "\t")
        page = text(client.post(address("register", obligation), {"rows": rows}))
        assert "2 rows read" in page

    def test_adds_one_typed_row_at_a_time(self, client, obligation):
        row = {
            "forename": "Amina",
            "surname": "Khan",
            "birth": "02/03/2010",
            "postcode": "B12 3AB",
            "district": "E08000025",
            "contact_on": "14/6/2021",
            "kind": "one_to_one",
        }
        for day in ("14/6/2021", "15 Jun"):
            page = text(client.post(address("register-row", obligation), row | {"contact_on": day}, follow=True))
        assert "Added to the register" in page
        assert "2 contacts with 1 person" in page

    def test_tells_what_is_wrong_beside_the_field_and_keeps_what_was_typed_on_the_page(self, client, obligation):
        row = {"forename": "Amina", "birth": "13/13/2010", "contact_on": "14/6/2021", "kind": "group"}
        answer = client.post(address("register-row", obligation), row)
        assert "It is not a date" in text(answer) or "There is no such day" in text(answer)
        assert 'value="Amina"' in answer.content.decode()
        assert not RegisterFile.objects.exists()

    def test_of_somebody_signed_out_meanwhile_is_kept_nowhere(self, obligation):
        answer = Client().post(address("register-row", obligation), {"forename": "Amina", "surname": "Khan"})
        assert answer.status_code == 302
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_session")
            assert cursor.fetchone() == (0,)


class TestChange:
    def test_takes_a_file_out_again_and_counts_anew(self, client, obligation):
        add(client, obligation, csv_of(AMINA))
        add(client, obligation, csv_of(JAKUB))
        file = RegisterFile.objects.earliest("pk")
        page = text(client.post(address("register-change", obligation, file.pk, "remove"), follow=True))
        assert "Taken out of the register" in page
        assert ReturnVersion.objects.get(obligation=obligation).typed["new_people"] == "1"

    def test_drops_what_nobody_confirmed_within_a_day(self, client, obligation):
        upload(client, obligation, csv_of(AMINA))
        registers.discard_stale(now=timezone.now() + timedelta(hours=23))
        assert RegisterFile.objects.count() == 1
        registers.discard_stale(now=timezone.now() + timedelta(hours=25))
        assert (RegisterFile.objects.count(), RegisterIdentity.objects.count()) == (0, 0)

    def test_leaves_no_way_to_type_over_what_is_counted(self, client, obligation, partner):
        add(client, obligation, csv_of(AMINA))
        version = ReturnVersion.objects.get(obligation=obligation)
        saved = returns.save_draft(
            version=version, typed={"new_people": "900"}, opened={"new_people": "1"}, by=partner, now=timezone.now()
        )
        assert "counted from the register" in saved.held["new_people"]
        version.refresh_from_db()
        assert version.typed["new_people"] == "1"

    def test_refuses_a_nil_return_while_there_are_contacts(self, client, obligation, partner):
        add(client, obligation, csv_of(AMINA))
        with pytest.raises(returns.NotOpen, match="Take its files out first"):
            returns.send_nil(obligation=obligation, reason="Nobody came.", by=partner, now=timezone.now())

    def test_says_so_before_a_reason_is_asked_for(self, client, obligation):
        add(client, obligation, csv_of(AMINA))
        page = text(client.get(address("return-nil", obligation), follow=True))
        assert "There are contacts in this month’s register. Take its files out first, or send it." in page


def send(obligation, partner):
    """By the page that sends it, as its partner does."""
    client = Client()
    client.force_login(partner)
    check = client.get(address("return-check", obligation))
    revision = re.search(r'name="revision" value="(\d+)"', check.content.decode())[1]
    given = {"revision": revision, "provided_by": partner.pk, "signs_off": "on", "comment": "Read twice."}
    answer = client.post(address("return-check", obligation), given)
    assert answer.status_code == 302, text(answer)
    return ReturnVersion.objects.get(obligation=obligation)


def accept(version, by=None):
    by = by or user_with(Role.ANALYST)
    return decisions.accept(submission=version.latest_submission, by=by, now=noon(date(2022, 1, 5)))


class TestCounting:
    def test_tells_new_from_known_from_already_counted(self, client, delivery, partner):
        may = ObligationFactory(delivery=delivery, month=date(2021, 5, 1))
        june = ObligationFactory(delivery=delivery, month=date(2021, 6, 1))
        add(client, may, csv_of(AMINA, day="10/05/2021"))
        send(may, partner)
        add(client, june, csv_of(AMINA, JAKUB))
        found = counted(ReturnVersion.objects.get(obligation=june))
        assert (found.new_people, found.known_people, found.already_counted_people) == (1, 0, 1)

    def test_knows_somebody_of_an_earlier_financial_year(self, client, delivery, partner):
        delivery.starts_on = date(2020, 4, 1)
        delivery.save(update_fields=["starts_on"])
        march = ObligationFactory(delivery=delivery, month=date(2022, 3, 1))
        april = ObligationFactory(delivery=delivery, month=date(2022, 4, 1))
        add(client, march, csv_of(AMINA, day="10/03/2022"))
        send(march, partner)
        add(client, april, csv_of(AMINA, JAKUB, day="10/04/2022"))
        found = counted(ReturnVersion.objects.get(obligation=april))
        assert (found.new_people, found.known_people, found.already_counted_people) == (1, 1, 0)

    def test_makes_reach_over_two_partners_one_number(self, client, obligation, partner):
        add(client, obligation, csv_of(AMINA, JAKUB))
        accept(send(obligation, partner))
        other = DeliveryFactory(counting_basis=CountingBasis.REGISTER, programme=obligation.delivery.programme)
        colleague = user_with(Role.PARTNER, other.partner)
        theirs = ObligationFactory(delivery=other, month=obligation.month)
        second = Client()
        second.force_login(colleague)
        add(second, theirs, csv_of(AMINA.replace("Amina", "AMINAH").replace("A1", "Z9"), KOFI))
        accept(send(theirs, colleague))
        linkage.settle(now=timezone.now())
        june = (Month(2021, 6),)
        rows = [r for r in figure_rows(inputs_now(june[0])) if r.programme is None and r.period.months == june]
        total = next(row for row in rows if not row.district and not row.age_band)
        assert (total.exact_lower, total.exact_upper, total.basis) == (3, 3, "unique")
        birmingham = next(r for r in rows if r.district and r.district.code == "E08000025" and not r.age_band)
        assert (birmingham.exact_lower, birmingham.exact_upper) == (1, 1)


class TestCorrecting:
    def test_begins_with_the_register_that_was_accepted(self, client, obligation, partner):
        add(client, obligation, csv_of(AMINA, JAKUB))
        accepted = accept(send(obligation, partner))
        now = timezone.now()
        manager = user_with(Role.PROGRAMME_MANAGER)
        until = working_days_after(timezone.localdate(now), 3)
        unlocks.unlock(obligation=obligation, until=until, reason="One row too many.", by=manager, now=now)
        version = corrections.start(obligation=obligation, revision_reason="correction", by=partner, now=now)
        assert counted(version) == counted(accepted)
        add(client, obligation, csv_of(KOFI))
        version.refresh_from_db()
        assert version.typed["new_people"] == "3"
        assert accepted.register_files.get().contacts.count() == 2


class TestNothingIdentifying:
    def test_is_in_any_table_of_the_database(self, client, obligation, partner):
        add(client, obligation, csv_of(AMINA, JAKUB, KOFI))
        client.post(
            address("register-row", obligation),
            {"forename": "Amina", "surname": "Khan", "birth": "02/03/2010", "contact_on": "15/6/2021", "kind": "group"},
        )
        send(obligation, partner)
        everything = everything_in_the_database()
        assert "14/06/2021" in everything or "2021-06-14" in everything  # the search does find what is there
        assert [name for name in NAMES if name.lower() in everything.lower()] == []
