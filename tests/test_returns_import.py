"""Past months from a table: previewed, all or nothing, and twice is once."""

import csv
import io
from datetime import date
from html import unescape

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outcomes.models import ReturnVersion, Submission
from partners.models import Event
from partners.permissions import Role
from programmes.models import Rung
from tests.factories import DeliveryFactory, ObligationFactory, ProgrammeFactory, user_with
from vru_portal.core.periods import Month

ROW = {
    "delivery": "CLUB-1",
    "month": "2021-06",
    "new_people": "3",
    "known_people": "1",
    "already_counted_people": "0",
    "contacts": "9",
    "first_seen__age_band__14-15": "4",
    "first_seen__sex__female": "4",
    "first_seen__ethnicity__not-known": "4",
    "first_seen__district__E08000030": "4",
}


pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]


@pytest.fixture
def delivery(db):
    delivery = DeliveryFactory(code="CLUB-1")
    for month in (5, 6):
        ObligationFactory(delivery=delivery, month=date(2021, month, 1))
    return delivery


@pytest.fixture
def client(delivery) -> Client:
    client = Client()
    client.force_login(user_with(Role.ANALYST, name="Priya Shah"))
    return client


def as_csv(*rows: dict, name: str = "past.csv") -> SimpleUploadedFile:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(column for row in rows for column in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile(name, text.getvalue().encode(), "text/csv")


def preview(client: Client, file) -> tuple[str, str]:
    """The page, and the key that confirms it (empty when there is nothing to confirm)."""
    response = client.post(reverse("outcomes:returns-import"), {"file": file})
    return unescape(response.content.decode()), response.context.get("key", "")


def confirm(client: Client, key: str) -> str:
    response = client.post(reverse("outcomes:returns-import"), {"confirm": key}, follow=True)
    return unescape(response.content.decode())


class TestImportReturns:
    def test_shows_what_it_would_do_and_then_does_it(self, client):
        page, key = preview(client, as_csv(ROW, ROW | {"month": "2021-05-31", "new_people": "3"}))
        assert "2 new, 0 there already and unchanged." in page
        assert not Submission.objects.exists()
        assert "2 returns were entered from past.csv. A colleague reads and accepts them." in confirm(client, key)
        assert ReturnVersion.objects.filter(is_backfilled=True, state=ReturnVersion.State.SUBMITTED).count() == 2
        assert Event.objects.filter(name="outcomes.return.backfilled", reason="From the file past.csv").count() == 2

    def test_the_same_file_twice_changes_nothing(self, client):
        _, key = preview(client, as_csv(ROW))
        confirm(client, key)
        page, key = preview(client, as_csv(ROW))
        assert "0 new, 1 there already and unchanged." in page
        assert key == ""
        assert Submission.objects.count() == 1

    def test_refuses_other_numbers_for_what_was_sent(self, client):
        _, key = preview(client, as_csv(ROW))
        confirm(client, key)
        page, _ = preview(client, as_csv(ROW | {"contacts": "10"}))
        assert "This return is sent with other numbers. Correct it on its page." in page

    def test_takes_none_if_one_row_is_wrong_and_says_which(self, client):
        page, key = preview(client, as_csv(ROW, ROW | {"month": "2021-05", "first_seen__sex__female": "3"}))
        assert key == ""
        assert '<th scope="row">3</th>' in page
        assert "Sex of the 4 people first seen this year adds up to 3. Add 1, or put them under Not known." in page

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"delivery": "CLUB-2"}, "There is no delivery “CLUB-2”"),
            ({"month": "2019-06"}, "No return is owed by CLUB-1 for June 2019: it did not run then."),
            ({"month": "last June"}, "“last June” is not a month: write it as 2021-06."),
            ({"month": ""}, "is not a month"),
            ({"new_people": "three"}, "A: new: enter a whole number, like 12"),
            ({"new_people": "2.5"}, "A: new: enter a whole number, like 12"),
            ({"contacts": ""}, "Enter the contacts"),
            ({"exposed_people": "40"}, "“exposed_people” is not asked of this return. Leave it empty."),
        ],
    )
    def test_gives_each_mistake_a_sentence(self, client, changes, sentence):
        page, key = preview(client, as_csv(ROW | changes))
        assert sentence in page
        assert key == ""

    def test_finds_the_same_return_twice_in_one_file(self, client):
        page, _ = preview(client, as_csv(ROW, ROW))
        assert "Row 2 is the same return. Delete one of them." in page

    def test_waits_until_a_month_is_over(self, client, delivery):
        present = Month.of(timezone.localdate())
        ObligationFactory(delivery=delivery, month=present.first)
        page, _ = preview(client, as_csv(ROW | {"month": present.code}))
        assert f"{present} is not over yet." in page

    @pytest.mark.parametrize(
        ("file", "sentence"),
        [
            (SimpleUploadedFile("a.txt", b"x"), "Choose a file that ends in .csv, .xlsx or .ods"),
            (SimpleUploadedFile("a.csv", b""), "The file is empty"),
            (SimpleUploadedFile("a.xlsx", b"not a workbook"), "This is not an Excel workbook"),
            (SimpleUploadedFile("a.csv", b"month,contacts\n2021-06,1\n"), "The table lacks the column “delivery”"),
            (SimpleUploadedFile("a.csv", b"delivery,month,colour\nA,2021-06,red\n"), "The column “colour” is not one"),
        ],
    )
    def test_refuses_what_is_no_table_of_returns(self, client, file, sentence):
        file.seek(0)
        page, _ = preview(client, file)
        assert sentence in page

    def test_reads_excel_with_its_numbers_and_dates(self, client):
        workbook = openpyxl.Workbook()
        workbook.active.append(list(ROW))
        workbook.active.append(
            [date(2021, 6, 1) if c == "month" else int(v) if v.isdigit() else v for c, v in ROW.items()]
        )
        data = io.BytesIO()
        workbook.save(data)
        page, key = preview(client, SimpleUploadedFile("past.xlsx", data.getvalue()))
        assert "1 new" in page
        confirm(client, key)
        assert Submission.objects.get().people == 4

    def test_reads_estimates(self, client):
        obligation = ObligationFactory(
            delivery__programme=ProgrammeFactory(rung=Rung.EXPOSURE), delivery__code="GATE", month=date(2021, 6, 1)
        )
        row = {"delivery": "gate", "month": "2021-06", "exposed_people": "900", "exposure_method": "Counted twice."}
        _, key = preview(client, as_csv(row))
        confirm(client, key)
        assert Submission.objects.get(version__obligation=obligation).exposed_people == 900

    def test_asks_for_the_file_again_when_the_preview_is_gone(self, client):
        assert "no longer kept here. Choose it again." in confirm(client, "gone")

    def test_looks_again_before_it_takes_the_file(self, client, delivery):
        _, key = preview(client, as_csv(ROW))
        _, other = preview(client, as_csv(ROW | {"contacts": "12"}))
        confirm(client, other)
        assert "with other numbers" in confirm(client, key)
        assert Submission.objects.count() == 1

    def test_offers_the_columns(self, client):
        header = client.get(reverse("outcomes:returns-import-columns")).content.decode()
        assert header.startswith("delivery,month,new_people,known_people,already_counted_people,contacts,first_seen__")
        assert set(ROW) <= set(header.strip().split(","))

    def test_is_closed_to_partners(self, delivery):
        client = Client()
        client.force_login(user_with(Role.PARTNER, delivery.partner))
        assert client.get(reverse("outcomes:returns-import")).status_code == 403
