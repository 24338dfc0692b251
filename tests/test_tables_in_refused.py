"""What is no table, or would fill the memory: refused with a sentence, and read in a process with limits."""

import logging
from collections.abc import Iterator

import psutil
import pytest

from tests.test_tables_in import MAIN, excel, links, packed, refusal, rows, text_cell
from vru_portal.core import tables_in
from vru_portal.core.tables_in import Unreadable, rows_of

ENTITIES = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "The file is empty."),
            (b"reference,name\nA1,Zo\n", "This is not an Excel workbook (.xlsx) or an OpenDocument"),
            (excel(**{"xl/workbook.xml": "<document/>"}), "This is not an Excel workbook (.xlsx) or an OpenDocument"),
            (
                packed({"_rels/.rels": "", "content.xml": ""}),
                "This is not an Excel workbook (.xlsx) or an OpenDocument",
            ),
            (packed({"_rels/.rels": links(officeDocument="xl/workbook.bin")}), "This is not an Excel workbook (.xlsx)"),
            (excel("<row/>")[:700], "The workbook is damaged or was cut short."),
            (excel("<row>"), "The workbook is damaged or was cut short."),
            (excel("<row r='first'/>"), "The workbook is damaged or was cut short."),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                "The workbook is locked with",
            ),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"),
                "This is in an old format of Excel.",
            ),
            (excel(before=ENTITIES), "The workbook defines entities of its own"),
            (excel(**{"xl/styles.xml": ENTITIES + "<x>&b;</x>"}), "The workbook defines entities of its own"),
            (
                excel("<row><c r='XFD1048576'><v>1</v></c></row>"),
                "Cell XFD1048576 holds something, far from any table.",
            ),
            (excel("<row><c r='A200001'><v>1</v></c></row>"), "Cell A200001 holds something"),
            (excel("<row><c r='GS1'><v>1</v></c></row>"), "Cell GS1 holds something"),
            (excel("<row><c r='XFD1048576' t='e'><v>#N/A</v></c></row>"), "Cell XFD1048576 holds something"),
            (excel("<row>" + "<c><v>1</v></c>" * 201 + "</row>"), "Cell GS1 holds something"),
            (excel("<row><c r='GR1'><v>1</v></c><c r='A20001'><v>1</v></c></row>"), "The table has too many cells."),
            (excel("<row><c t='e'><v>#N/A</v></c></row>" * 10_001), "Too many cells hold an error"),
            (excel(f"<row>{text_cell('A1', 'x' * 2_200_000)}</row>"), "Row 1 is longer than a row of a table can be."),
            (
                packed({"_rels/.rels": "", "x": b"0" * (201 * 1024 * 1024)}),
                "The workbook is too large once unpacked.",
            ),
            (
                packed({"_rels/.rels": "", "x": b"0" * (11 * 1024 * 1024)}),
                "The workbook is too large once unpacked.",
            ),
            (
                packed({f"_rels/.rels{n or ''}": "" for n in range(1_001)}),
                "The workbook is too large once unpacked.",
            ),
        ],
        ids=lambda value: "" if isinstance(value, bytes) else value[:40],
    )
    def test_says_what_to_do_with_a_workbook_it_cannot_read(self, data, sentence):
        assert refusal(data).startswith(sentence)

    def test_ends_what_needs_more_memory_than_a_table_does(self, caplog):
        """A megabyte of text that every one of ten thousand cells shows."""
        strings = f"<sst xmlns='{MAIN}' count='1' uniqueCount='1'><si><t>{'x' * 1_000_000}</t></si></sst>"
        data = excel(
            "<row><c t='s'><v>0</v></c></row>" * 10_000,
            **{
                "xl/sharedStrings.xml": strings,
                "xl/_rels/workbook.xml.rels": links(
                    worksheet="worksheets/sheet1.xml", sharedStrings="sharedStrings.xml"
                ),
            },
        )
        with caplog.at_level(logging.WARNING):
            assert refusal(data) == tables_in.TOO_MUCH
        assert "The reader of workbooks ended early" in caplog.text

    def test_waits_no_longer_than_it_should(self, monkeypatch):
        monkeypatch.setattr(tables_in, "MOST_SECONDS_WAITED", 0.01)
        assert refusal(excel("<row/>")) == tables_in.TOO_MUCH

    def test_repeats_nothing_of_a_cell(self):
        """Neither the sentence nor what raised it."""
        for data, name in [
            (b'reference\n"Zarathustra" x\n', "a.csv"),
            (excel(f"<row>{text_cell('ZZZ1', 'Zarathustra')}</row>"), "a.xlsx"),
        ]:
            with pytest.raises(Unreadable) as refused:
                rows(data, name)
            assert "Zarathustra" not in refused.value.message
            assert refused.value.__cause__ is None


def register(rows: int) -> bytes:
    """A workbook of 13 columns; texts stand in the cells, which is what takes most memory."""
    cells = "".join(f"<c t='inlineStr'><is><t>Text %05d of {column}</t></is></c>" for column in range(11))
    row = f"<row><c><v>%d</v></c>{cells}<c><v>1.5</v></c></row>"
    return excel("".join(row % ((number,) * 12) for number in range(rows)))


def readers() -> list[psutil.Process]:
    """The processes that read workbooks for us; browsers and servers of other tests may be children of ours too."""
    return [child for child in psutil.Process().children() if tables_in.READER.name in " ".join(child.cmdline())]


class TestTheOtherProcess:
    def test_and_this_one_stay_within_bounds_for_a_hundred_thousand_rows(self):
        data = register(100_000)
        here = psutil.Process()
        before, ours, theirs, count = here.memory_info().rss, 0, 0, 0
        for count, _ in enumerate(rows_of(data, "register.xlsx"), 1):
            if count % 5_000 == 1:
                ours = max(ours, here.memory_info().rss - before)
                theirs = max([theirs, *(child.memory_info().rss for child in readers())])
        assert count == 100_000
        assert ours < 20_000_000
        assert 50_000_000 < theirs < 250_000_000

    @pytest.fixture
    def child(self) -> Iterator[psutil.Process]:
        """It waits in the middle of a register until somebody reads on."""
        reading = rows_of(register(5_000), "register.xlsx")
        next(reading)
        [child] = readers()
        yield child
        reading.close()
        assert not child.is_running()

    def test_holds_no_secret_and_ends_when_nobody_reads_on(self, child):
        assert not child.environ()

    @pytest.mark.skipif(not hasattr(psutil.Process, "rlimit"), reason="this system does not tell the limits")
    def test_has_limits_and_can_write_nothing(self, child):
        limits = {name: child.rlimit(getattr(psutil, f"RLIMIT_{name}"))[0] for name in ("CORE", "FSIZE", "CPU", "AS")}
        assert limits == {"CORE": 0, "FSIZE": 0, "CPU": 40, "AS": 512 * 1024 * 1024}
