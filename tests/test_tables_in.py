"""Tables as people have them: every row with its number, whatever the program; refused with a sentence otherwise.

The files are made here, the bombs too: a few lines of XML are enough for a cell in the far corner.
"""

import io
import os
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from vru_portal.core import tables_in
from vru_portal.core.tables_in import Fault, Row, Unreadable, rows_of

RETURNS = Path(__file__).resolve().parents[2] / "shared" / "returns"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HALF_PAST_TEN = datetime.fromisoformat("2026-06-01T10:30")  # in no time zone: a cell has none
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def rows(data: bytes, name: str = "table.xlsx") -> list[tuple]:
    """(number, *cells) of each row."""
    return [(row.number, *row.cells) for row in rows_of(data, name)]


def refusal(data: bytes, name: str = "table.xlsx") -> str:
    with pytest.raises(Unreadable) as refused:
        rows(data, name)
    return refused.value.message


def packed(parts: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def excel(data: str = "", *, before: str = "", **parts: str) -> bytes:
    """A workbook of one sheet whose rows are the XML `data`."""
    sheets = "<sheets><sheet name='One' sheetId='1' r:id='a'/></sheets>"
    dimension = "<dimension ref='A1:XFD1048576'/>"  # as some programs write it whatever there is
    return packed(
        {
            "_rels/.rels": links(officeDocument="xl/workbook.xml"),
            "xl/workbook.xml": f"<workbook xmlns='{MAIN}' xmlns:r='{LINKS}'>{sheets}</workbook>",
            "xl/_rels/workbook.xml.rels": links(worksheet="worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": (
                f"{before}<worksheet xmlns='{MAIN}'>{dimension}<sheetData>{data}</sheetData></worksheet>"
            ),
            **parts,
        }
    )


def links(**targets: str) -> str:
    """The XML of what a part refers to; their identifiers are a, b and so on."""
    each = zip("abc", targets.items(), strict=False)
    found = (f"<Relationship Id='{key}' Type='{LINKS}/{kind}' Target='{target}'/>" for key, (kind, target) in each)
    return f"<Relationships xmlns='{PACKAGE}'>{''.join(found)}</Relationships>"


def text_cell(address: str, text: str) -> str:
    return f"<c r='{address}' t='inlineStr'><is><t>{text}</t></is></c>"


def open_document(tables: str, *, styles: str = "", manifest: str = "") -> bytes:
    spaces = " ".join(f"xmlns:{name}='{OPEN}:{name}:1.0'" for name in ("office", "table", "text", "style"))
    content = (
        f"<office:document-content {spaces} xmlns:calcext='urn:calcext'>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    about = f"<manifest:manifest xmlns:manifest='{OPEN}:manifest:1.0'>{manifest}</manifest:manifest>"
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": about,
        }
    )


def table(rows: str, attributes: str = "table:name='One'") -> str:
    return f"<table:table {attributes}>{rows}</table:table>"


def open_cell(text: str, attributes: str = "office:value-type='string'") -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


class TestCsv:
    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    def test_knows_the_separator(self, separator):
        text = "\n".join(separator.join(row) for row in [("code", "name"), ("A1", "Zoë"), ("A2", "")])
        assert rows(text.encode(), "a.csv") == [(1, "code", "name"), (2, "A1", "Zoë"), (3, "A2")]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
    def test_knows_the_letters(self, encoding):
        text = "reference;name;place\r\nA1;Zoë Müller;Café – Ouest\r\n"
        assert rows(text.encode(encoding), "a.csv")[1] == (2, "A1", "Zoë Müller", "Café – Ouest")

    def test_knows_utf_16_of_the_other_order_by_its_mark(self):
        assert rows("\ufeffcode,name\nA1,Zoë\n".encode("utf-16-be"), "a.csv") == [(1, "code", "name"), (2, "A1", "Zoë")]

    def test_tells_a_separator_from_a_list_in_a_cell_and_from_a_title(self):
        text = "Register; April, 2026\n\ncode,settings\nA1,street;school;home;hub\nA2,street;school;home;hub\n"
        assert rows(text.encode(), "a.csv")[1:] == [
            (3, "code", "settings"),
            (4, "A1", "street;school;home;hub"),
            (5, "A2", "street;school;home;hub"),
        ]
        text = "name;minutes;note\nZoë;1,5;a, b\nBo;2,5;c, d\n"
        assert rows(text.encode(), "a.csv")[1] == (2, "Zoë", "1,5", "a, b")

    def test_numbers_rows_as_a_spreadsheet_does(self):
        text = '\n\nname,note\n"Zoë","two\nlines"\n,,\n   ,\nBo,x,,\n'
        assert rows(text.encode(), "a.csv") == [(3, "name", "note"), (4, "Zoë", "two\nlines"), (7, "Bo", "x")]

    def test_gives_text_as_it_stands_and_nothing_for_empty(self):
        text = "a,b,c,d\n007,,  x ,=1+1\n"
        assert rows(text.encode(), "a.csv")[1] == (2, "007", None, "  x ", "=1+1")

    def test_leaves_a_nul_for_the_row_to_be_refused_by(self):
        text = "reference,name of the person,postcode\nA1,Kh\0an and nobody else,B12 3AB\n"
        assert rows(text.encode(), "a.csv")[1] == (2, "A1", "Kh\0an and nobody else", "B12 3AB")

    def test_leaves_a_very_long_cell_for_the_row_to_be_refused_by(self):
        assert len(rows(f"a,b\n1,{'x' * 200_000}\n".encode(), "a.csv")[1][2]) == 200_000

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "The file is empty. Choose another."),
            (bytes(range(256)) * 40, tables_in.NO_CSV),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + os.urandom(2_000), tables_in.NO_CSV),
            ("a,b\n".encode("utf-32"), tables_in.NO_CSV),
            (b"name,place\nZo\x81,x\n", tables_in.UNKNOWN_LETTERS),
            (b"\xef\xbb\xbfname\nZo\xeb\n", tables_in.UNKNOWN_LETTERS),
            (b'a,b\n1,2\n1,"never closed\n', tables_in.STRAY_QUOTE.format(3)),
            (b'a,b\n1,"2" 3\n', tables_in.STRAY_QUOTE.format(2)),
            (b'a,b\n"' + b"1,2\n" * 300_000, tables_in.STRAY_QUOTE.format(2)),
            (b"a,b\n1" + b",1" * 200 + b"\n", "Row 2 has more than 200 columns."),
            (b"1\n" * 200_001, "The table has more than 200,000 rows."),
            (b"1" * (tables_in.MOST_BYTES + 1), "The file is larger than 20 MB."),
        ],
        ids=lambda value: "" if isinstance(value, bytes) else value[:30],
    )
    def test_says_what_to_do_with_what_it_cannot_read(self, data, sentence):
        assert refusal(data, "a.csv").startswith(sentence)


class TestExcel:
    def test_gives_each_kind_of_cell_in_its_column(self):
        book = openpyxl.Workbook()
        book.active["B3"], book.active["C3"], book.active["D3"], book.active["E3"] = "x", 12, 1.5, True
        book.active["G3"], book.active["H3"] = date(2026, 6, 1), HALF_PAST_TEN
        book.active["I3"], book.active["J3"] = time(9, 5), timedelta(hours=30)
        book.active["B5"] = "  "
        book.active["A6"] = "  y"
        [third, sixth] = rows(saved(book))
        when = (date(2026, 6, 1), HALF_PAST_TEN, time(9, 5), timedelta(hours=30))
        assert third == (3, None, "x", 12, 1.5, True, None, *when)
        assert [type(cell) for cell in third[3:6]] == [int, float, bool]
        assert sixth == (6, "  y")

    def test_goes_through_the_visible_sheets_in_order(self):
        book = openpyxl.Workbook()
        book.active.title = "Guidance"
        for title, state in (("Old", "hidden"), ("Older", "veryHidden"), ("Empty", "visible"), ("R & D", "visible")):
            book.create_sheet(title).sheet_state = state
        for sheet in book.worksheets:
            if sheet.title != "Empty":
                sheet["A2"] = sheet.title
        assert list(rows_of(saved(book), "a.xlsx")) == [
            Row("Guidance", 2, ("Guidance",)),
            Row("R & D", 2, ("R & D",)),
        ]

    def test_reads_the_same_dates_from_a_workbook_that_counts_from_1904(self):
        book = openpyxl.Workbook()
        book.epoch = CALENDAR_MAC_1904
        book.active["A1"] = date(2010, 3, 2)
        assert rows(saved(book)) == [(1, date(2010, 3, 2))]

    def test_gives_the_stored_value_of_a_formula_and_says_where_there_is_none(self):
        data = (
            "<row r='1'><c r='A1'><f>15+15</f><v>30</v></c><c r='B1'><f>15+15</f><v/></c><c r='C1'><f>1+1</f></c>"
            "<c r='D1' t='str'><f>T(1)</f><v></v></c><c r='E1' t='str'><f>T(2)</f><v>two</v></c></row>"
            "<row r='4'><c r='C4'><f>1</f></c></row>"
        )
        assert rows(excel(data)) == [(1, 30, Fault(), Fault(), None, "two"), (4, None, None, Fault())]
        assert str(Fault()) == "a formula without its result"

    def test_tells_an_error_from_nothing(self):
        data = (
            "<row r='2'><c r='A2' t='e'><v>#N/A</v></c><c r='B2'><v>1</v></c>"
            "<c r='C2' t='e'><f>1/0</f><v>#DIV/0!</v></c></row>"
        )
        assert rows(excel(data)) == [(2, Fault("#N/A"), 1, Fault("#DIV/0!"))]

    def test_takes_a_number_beyond_all_numbers_for_an_error(self):
        assert rows(excel("<row r='1'><c r='A1'><v>1E999</v></c><c r='B1'><v>1</v></c></row>")) == [
            (1, Fault("#NUM!"), 1)
        ]

    def test_counts_cells_and_rows_that_do_not_say_where_they_stand(self):
        assert rows(excel("<row><c><v>1</v></c><c t='e'><v>#REF!</v></c></row><row><c><v>2</v></c></row>")) == [
            (1, 1, Fault("#REF!")),
            (2, 2),
        ]

    def test_does_not_mind_empty_cells_that_are_only_coloured(self):
        assert rows(
            excel("<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576' s='1'/></row>")
        ) == [(1, 1)]

    def test_is_known_by_what_it_holds_and_not_by_its_name(self):
        assert rows(excel(f"<row>{text_cell('A1', 'x')}</row>"), "register.csv") == [(1, "x")]


class TestOpenDocument:
    def test_gives_each_kind_of_cell(self):
        cells = [
            open_cell("x"),
            open_cell("12", "office:value-type='float' office:value='12'"),
            open_cell("01/06/2026", "office:value-type='date' office:date-value='2026-06-01'"),
            open_cell("yes", "office:value-type='boolean' office:boolean-value='true'"),
        ]
        data = open_document(table(f"<table:table-row>{''.join(cells)}</table:table-row>"))
        assert rows(data, "a.ods") == [(1, "x", 12, date(2026, 6, 1), True)]

    def test_counts_what_is_repeated_and_leaves_out_what_is_hidden(self):
        empty = "<table:table-cell table:number-columns-repeated='{}'/>"
        body = (
            f"<table:table-row table:number-rows-repeated='4'>{empty.format(16384)}</table:table-row>"
            f"<table:table-row table:number-rows-repeated='2'>{empty.format(2)}{open_cell('x')}</table:table-row>"
            f"<table:table-row table:number-rows-repeated='1048570'>{empty.format(16384)}</table:table-row>"
        )
        hidden = "<style:table-properties table:display='false'/>"
        hidden = f"<style:style style:name='h' style:family='table'>{hidden}</style:style>"
        tables = table(body, "table:name='Old' table:style-name='h'") + table(body)
        assert list(rows_of(open_document(tables, styles=hidden), "a.ods")) == [
            Row("One", 5, (None, None, "x")),
            Row("One", 6, (None, None, "x")),
        ]

    def test_tells_an_error_and_a_formula_without_its_result_from_nothing(self):
        error = open_cell("#N/A", "table:formula='of:=NA()' office:value-type='string' calcext:value-type='error'")
        data = table(
            f"<table:table-row>{open_cell('x')}{error}<table:table-cell table:formula='of:=1'/></table:table-row>"
        )
        assert rows(open_document(data), "a.ods") == [(1, "x", Fault("#N/A"), Fault())]

    @pytest.mark.parametrize(
        ("rows", "columns", "address"),
        [(1_048_576, 1, "A1048576"), (1, 16_384, "XFD1"), (2, 1_000_000_000, "BDWGNSZ2")],
    )
    def test_refuses_a_cell_in_the_far_corner_or_repeated_to_there(self, rows, columns, address):
        cell = open_cell("x", f"office:value-type='string' table:number-columns-repeated='{columns}'")
        data = open_document(table(f"<table:table-row table:number-rows-repeated='{rows}'>{cell}</table:table-row>"))
        assert refusal(data, "a.ods").startswith("Cell ")

    def test_refuses_one_with_a_password(self):
        entry = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
        assert "locked with a password" in refusal(open_document(table(""), manifest=entry), "a.ods")


class TestHowMany:
    def test_rows_a_sheet_has_is_told_before_them(self):
        book = openpyxl.Workbook()
        for sheet, size in ((book.active, 3), (book.create_sheet(), 5)):
            for number in range(size):
                sheet.append([number])
        told = []
        found = [(row.sheet, told[-1]) for row in rows_of(saved(book), "table.xlsx", expect=told.append)]
        assert told == [3, 5]
        assert found == [("Sheet", 3)] * 3 + [("Sheet1", 5)] * 5

    def test_rows_an_open_document_has_is_told(self):
        told = []
        two = "".join(f"<table:table-row>{open_cell(word)}</table:table-row>" for word in ("Amina", "Jakub"))
        assert len(list(rows_of(open_document(table(two)), "table.ods", expect=told.append))) == 2
        assert told == [2]

    def test_lines_a_csv_file_has_are_told(self):
        told = []
        list(rows_of(b"name\nAmina\n\nJakub\n", "table.csv", expect=told.append))
        assert told == [4]


REFUSED = {
    "empty.csv": "The file is empty.",
    "not_a_workbook.xlsx": "This is not an Excel workbook",
    "cut_short.xlsx": "The workbook is damaged or was cut short.",
    "picture_named.csv": "This is not a CSV file.",
    "unpacks_huge.xlsx": "The workbook is too large once unpacked.",
    "entities.xlsx": "The workbook defines entities of its own",
    "far_corner.xlsx": "Cell XFD1048576 holds something",
    "locked_with_password.xlsx": "The workbook is locked with a password.",
    "old_format.xls": "This is in an old format of Excel.",
}


@pytest.mark.shared
@pytest.mark.skipif(not RETURNS.exists(), reason="../shared is not here")
class TestSharedReturns:
    def test_reads_every_row_under_the_number_that_is_known(self):
        known: dict[str, set[int]] = {}
        for number, (name, row, _) in (
            (row.number, row.cells) for row in rows_of((RETURNS / "truth.csv").read_bytes(), "truth.csv")
        ):
            if number > 1:
                known.setdefault(name, set()).add(int(row))
        assert len(known) == 12
        for name, numbers in known.items():
            long = {row.number for row in rows_of((RETURNS / name).read_bytes(), name) if len(row.cells) >= 11}
            assert numbers == long - {min(long)}, name

    @pytest.mark.parametrize(("name", "sentence"), REFUSED.items())
    def test_refuses_what_cannot_be_read(self, name, sentence):
        assert refusal((RETURNS / "bad" / name).read_bytes(), name).startswith(sentence)

    def test_reads_all_others(self):
        others = [path for path in (RETURNS / "bad").iterdir() if path.name not in REFUSED]
        assert len(others) > 20
        for path in others:
            assert rows(path.read_bytes(), path.name)[0][0] == 1, path.name
