"""CSV files and Excel workbooks as people have them: read, refused with a sentence, written safely."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru_portal.core import spreadsheets


class TestReading:
    @pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no workbook", b"a,b\n1,2\n"])
    def test_refuses_what_is_no_workbook(self, data):
        with pytest.raises(spreadsheets.Unreadable, match="not an Excel workbook"):
            spreadsheets.read_xlsx(data)

    def test_refuses_a_workbook_that_unpacks_to_too_much(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * (spreadsheets.MOST_UNPACKED_BYTES + 1))
        with pytest.raises(spreadsheets.Unreadable, match="too large once unpacked"):
            spreadsheets.read_xlsx(file.getvalue())

    def test_refuses_a_cell_in_the_far_corner(self):
        book, file = openpyxl.Workbook(), io.BytesIO()
        book.active["A1"], book.active["XFD1048576"] = "name", "x"
        book.save(file)
        with pytest.raises(spreadsheets.Unreadable, match="more than"):
            spreadsheets.read_xlsx(file.getvalue())

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "The file is empty"),
            (b"\n\n", "The file is empty"),
            (b"a,,b\n1,2,3\n", "The first row must hold the name of each column"),
            (b"a,a\n1,2\n", "“a” is there twice"),
            (b"a,b\n1,2,3\n", "Row 2 has more cells"),
            (b"a\0b\n", "not a CSV file"),
        ],
    )
    def test_says_what_is_wrong_with_a_csv_file(self, data, sentence):
        with pytest.raises(spreadsheets.Unreadable, match=sentence):
            spreadsheets.read_csv(data)

    def test_reads_what_older_excel_saved(self):
        assert spreadsheets.read_csv("name\nCafé – Ouest\n".encode("cp1252")).dict == [{"name": "Café – Ouest"}]


class TestFormulas:
    @given(st.text())
    def test_an_escaped_one_comes_back_as_it_was(self, text):
        escaped = spreadsheets.escape_formula(text)
        assert not escaped.startswith(spreadsheets.FORMULA_STARTS)
        if not text.startswith("'"):
            assert spreadsheets.unescape_formula(escaped) == text
