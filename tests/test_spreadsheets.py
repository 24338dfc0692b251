"""Tables with a header: taken from files, refused with a sentence, written safely."""

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru_portal.core import spreadsheets
from vru_portal.core.tables_in import Unreadable


def workbook(**sheets: list[list]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file.getvalue()


class TestReading:
    @pytest.mark.parametrize("data", [b"PK no workbook", b"a,b\n1,2\n"])
    def test_refuses_what_is_no_workbook(self, data):
        with pytest.raises(Unreadable, match=r"not an Excel workbook|damaged"):
            spreadsheets.read_table(data, "a.xlsx")

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "The file is empty"),
            (b"\n\n", "The file is empty"),
            (b"a,,b\n1,2,3\n", "The first row must hold the name of each column"),
            (b"\na,b\n1,2\n", "The first row must hold the name of each column"),
            (b"a,a\n1,2\n", "“a” is there twice"),
            (b"a,b\n1,2,3\n", "Row 2 has more cells"),
            (b"a\0b\n", "not a CSV file"),
            (b"a\n" + b"1\n" * 20_001, "The table has more than 20,000 rows"),
        ],
    )
    def test_says_what_is_wrong_with_a_csv_file(self, data, sentence):
        with pytest.raises(Unreadable, match=sentence):
            spreadsheets.read_table(data, "a.csv")

    def test_reads_what_older_excel_saved(self):
        data = "name\nCafé – Ouest\n".encode("cp1252")
        assert spreadsheets.read_table(data, "a.csv").dict == [{"name": "Café – Ouest"}]

    def test_keeps_empty_rows_so_that_the_others_keep_their_numbers(self):
        table = spreadsheets.read_table(workbook(Clubs=[["name", "age"], ["Elm", 12], [], ["Oak"]]), "a.xlsx")
        assert list(table) == [("Elm", 12), ("", ""), ("Oak", "")]

    def test_takes_the_one_sheet_that_holds_something(self):
        rows = [["name"], ["Elm"]]
        assert spreadsheets.read_table(workbook(Empty=[], Clubs=rows), "a.xlsx").dict == [{"name": "Elm"}]
        with pytest.raises(Unreadable, match="More than one sheet holds something"):
            spreadsheets.read_table(workbook(Notes=rows, Clubs=rows), "a.xlsx")

    def test_takes_no_formula_without_its_result_for_nothing(self):
        with pytest.raises(Unreadable, match=r"Row 2 holds a formula without its result\. Put a value there"):
            spreadsheets.read_table(workbook(Clubs=[["name", "age"], ["Elm", "=1+1"]]), "a.xlsx")


class TestFormulas:
    @given(st.text())
    def test_an_escaped_one_comes_back_as_it_was(self, text):
        escaped = spreadsheets.escape_formula(text)
        assert not escaped.startswith(spreadsheets.FORMULA_STARTS)
        if not text.startswith("'"):
            assert spreadsheets.unescape_formula(escaped) == text
