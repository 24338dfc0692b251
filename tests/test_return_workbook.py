"""A return by workbook: what is downloaded, filled in and uploaded again, and what becomes of each box."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from outcomes.actions import returns
from outcomes.models import ReturnVersion
from partners.models import Area
from tests.factories import accepted_return
from tests.test_fill_in_pages import NOW, NUMBERS, WHO, address, browser, fill, give, kept, text
from tests.test_fill_in_pages import client as client
from tests.test_fill_in_pages import colleague as colleague
from tests.test_fill_in_pages import obligation as obligation
from tests.test_fill_in_pages import partner as partner
from vru_portal.core.periods import Month

pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]

LABELS = {"A: new": 12, "B: known from an earlier year": 4, "C: already counted": 2, "Contacts": 1030}


def download(client, obligation) -> openpyxl.Workbook:
    answer = client.get(address("return-workbook-file", obligation))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def cell_of(book, label: str, column: str = "B"):
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_col=1):
            if row[0].value == label:
                return sheet[f"{column}{row[0].row}"]
    raise AssertionError(label)


def upload(client, obligation, book, name="filled in.xlsx"):
    out = io.BytesIO()
    book.save(out)
    return client.post(address("return-workbook", obligation), {"file": SimpleUploadedFile(name, out.getvalue())})


def confirm(client, obligation, preview):
    given = {"confirm": preview.context["confirm"], "opened": preview.context["opened"]}
    return client.post(address("return-workbook", obligation), given, follow=True)


class TestDownload:
    def test_has_a_sheet_for_each_section_and_no_formula_from_a_label(self, client, obligation):
        book = download(client, obligation)
        assert book.sheetnames == ["Read me", "1 Numbers", "2 Who they were"]
        assert "not the place to report a safeguarding concern" in str([c.value for c in book["Read me"]["A"]])

    def test_says_whom_to_call_about_a_child(self, client, obligation):
        Area.objects.filter(name="Coventry").update(safeguarding="Children’s services: 01632 960301")
        obligation.delivery.areas.set(Area.objects.filter(name="Coventry"))
        lines = [cell.value for cell in download(client, obligation)["Read me"]["A"]]
        assert lines[-1].startswith("Coventry: Children’s services: 01632 960301.")

    def test_holds_what_is_typed_as_numbers(self, client, obligation):
        fill(client, obligation, "numbers", NUMBERS)
        book = download(client, obligation)
        assert {label: cell_of(book, label).value for label in LABELS} == LABELS

    def test_checks_that_it_adds_up(self, client, obligation):
        book = download(client, obligation)
        sheet = book["2 Who they were"]
        must_be = cell_of(book, "Must be")
        assert must_be.value == "='1 Numbers'!$B$2+'1 Numbers'!$B$3"
        assert sheet[f"D{must_be.row}"].value.startswith("=IF(OR(")
        rules = {rule.type for rule in sheet.data_validations.dataValidation}
        assert rules == {"whole"}

    def test_is_refused_once_it_is_sent(self, client, partner, obligation):
        returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW)
        answer = client.get(address("return-workbook-file", obligation), follow=True)
        assert "This return has been sent" in text(answer)


class TestUpload:
    def test_shows_what_it_changes_and_keeps_it_when_confirmed(self, client, obligation):
        book = download(client, obligation)
        for label, value in LABELS.items():
            cell_of(book, label).value = value
        preview = upload(client, obligation, book)
        assert "Keep 4 changes" in text(preview)
        assert not ReturnVersion.objects.exists()
        page = text(confirm(client, obligation, preview))
        assert "4 answers were taken from the workbook" in page
        assert kept(obligation) == {name: value.replace(",", "") for name, value in NUMBERS.items()}

    def test_changes_nothing_the_second_time(self, client, obligation):
        book = download(client, obligation)
        cell_of(book, "Contacts").value = 40
        confirm(client, obligation, upload(client, obligation, book))
        revision = obligation.versions.get().revision
        again = upload(client, obligation, book)
        assert "It changes nothing" in text(again)
        assert obligation.versions.get().revision == revision

    def test_names_each_wrong_box_by_sheet_row_and_column(self, client, obligation):
        book = download(client, obligation)
        wrong = cell_of(book, "14–15", "C")
        cell_of(book, "Contacts").value = "lots"
        wrong.value = 2.5
        cell_of(book, "A: new").value = 12
        preview = upload(client, obligation, book)
        assert preview.context["wrong"] == [
            ("Sheet “1 Numbers”, row 5, column B", "Contacts: enter a whole number, like 12."),
            (
                f"Sheet “2 Who they were”, row {wrong.row}, column C",
                "Age 14–15, already counted this year: enter a whole number, like 12.",
            ),
        ]
        confirm(client, obligation, preview)
        assert kept(obligation) == {"new_people": "12"}

    def test_takes_no_formula_without_its_result_for_an_answer(self, client, obligation):
        book = download(client, obligation)
        box = cell_of(book, "Contacts")
        box.value = "=20+20"  # as a program saves it that does not calculate
        preview = upload(client, obligation, book)
        sentence = "This holds a formula without its result. Type the answer itself."
        assert preview.context["wrong"] == [(f"Sheet “1 Numbers”, row {box.row}, column B", sentence)]

    def test_takes_no_personal_details_anywhere(self, client, obligation):
        book = download(client, obligation)
        cell_of(book, "Contacts").value = "Ring 07700 900123"
        preview = upload(client, obligation, book)
        assert "seems to hold a telephone number" in text(preview)
        assert "900123" not in text(preview)

    def test_finds_boxes_whose_rows_were_moved(self, client, obligation):
        book = download(client, obligation)
        cell_of(book, "Contacts").value = 40
        book["1 Numbers"].insert_rows(2, 3)
        preview = upload(client, obligation, book)
        assert json.loads(preview.context["confirm"])["contacts"] == "40"

    def test_refuses_the_workbook_of_another_template(self, client, obligation):
        give(obligation, "school-support")
        book = download(client, obligation)
        give(obligation, "counts")
        assert "is not asked in this return. Download this return's workbook" in text(upload(client, obligation, book))

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("return.csv", b"a,b", "Choose a workbook that ends in .xlsx"),
            ("return.xlsx", b"not a workbook", "This is not an Excel workbook"),
            ("return.xlsx", b"", "The file is empty"),
            ("return.xlsx", b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
        ],
    )
    def test_refuses_what_is_no_workbook(self, client, obligation, name, content, sentence):
        answer = client.post(address("return-workbook", obligation), {"file": SimpleUploadedFile(name, content)})
        assert sentence in text(answer)

    def test_refuses_a_workbook_of_something_else(self, client, obligation):
        assert "holds no boxes of a return" in text(upload(client, obligation, openpyxl.Workbook()))

    def test_leaves_to_a_colleague_what_they_have_changed_meanwhile(self, client, colleague, obligation):
        book = download(client, obligation)
        cell_of(book, "Contacts").value = 40
        preview = upload(client, obligation, book)
        fill(browser(colleague), obligation, "numbers", {"contacts": "41"}, action="list")
        page = text(confirm(client, obligation, preview))
        assert "Bo Lin changed this at" in page
        assert kept(obligation) == {"contacts": "41"}

    def test_shows_what_is_likely_the_same_and_what_was_there_last_month(self, client, obligation):
        accepted_return(obligation.delivery, Month(2021, 5), new_people=37)
        assert "Last month: 37." in cell_of(download(client, obligation), "A: new", "E").value

    def test_can_be_sent_afterwards(self, client, obligation):
        fill(client, obligation, "numbers", NUMBERS)
        fill(client, obligation, "who", WHO)
        upload(client, obligation, download(client, obligation))
        assert "Check your June 2021 return" in text(client.get(address("return-check", obligation)))
