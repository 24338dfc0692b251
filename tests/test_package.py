"""The files of a release, as a commissioner gets them: read by programmes that are not ours, always the same."""

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from openpyxl import load_workbook

from outcomes.actions import releases
from outcomes.queries import files
from partners.permissions import Role
from programmes.models import CountingBasis, Delivery
from tests import factories
from tests.registers import accepted_register, giving_registers
from tests.test_reproduction import AMINA, AMINAH, APRIL, JUNE, KOFI, NOW
from vru_portal.core import accessible_workbook
from vru_portal.core.periods import Month


@pytest.fixture(scope="module")
def published(reference_tables, django_db_blocker):
    """Of counts and registers, with one return still owed; and again after that return came late."""
    with django_db_blocker.unblock(), transaction.atomic():
        programme = factories.ProgrammeFactory(name="=Boxing, and talking")
        counts = factories.DeliveryFactory(programme=programme)
        one, other = giving_registers(), giving_registers()
        accepted_register(one, JUNE.first, [AMINA], now=NOW)
        accepted_register(other, JUNE.first, [AMINAH, KOFI], now=NOW)
        factories.accepted_return(counts, JUNE, new_people=40)
        late = factories.ObligationFactory(delivery=counts, month=APRIL.first)
    with django_db_blocker.unblock():
        release = releases.produce(month=JUNE, by=None, now=NOW)
        first = factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        with transaction.atomic():
            version = factories.ReturnVersionFactory(obligation=late, accepted=True)
            factories.SubmissionFactory(version=version, new_people=60)
        return first, releases.produce(month=JUNE, by=None, now=NOW)


@pytest.fixture
def first(published, db):
    return published[0]


@pytest.fixture
def second(published, db):
    return published[1]


@pytest.fixture(scope="module")
def folder(published, django_db_blocker, tmp_path_factory):
    out = tmp_path_factory.mktemp("package")
    with django_db_blocker.unblock():
        call_command("export_release", published[1].code, out=out, stdout=io.StringIO())
    return out


def rows(folder, name: str) -> list[dict[str, str]]:
    with open(folder / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def run(program: str, *arguments) -> str:
    """In a process of its own: what it reads is ours, how it reads is not."""
    done = subprocess.run([sys.executable, "-c", program, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class TestExport:
    def test_writes_every_file_as_it_was_stored(self, second, folder):
        kept = {file.name: b"".join(files.blocks(file)) for file in second.files.all()}
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == kept
        assert {"reach.csv", "reach.xlsx", "coverage.csv", "revisions.csv", "breaks.csv"} < kept.keys()
        assert {"definitions.csv", "data_dictionary.csv", "csv-metadata.json", "manifest.json"} < kept.keys()

    def test_the_manifest_names_every_file_with_its_rows_bytes_and_fingerprint(self, folder):
        manifest = json.loads((folder / "manifest.json").read_bytes())
        listed = {file["name"]: file for file in manifest["files"]}
        assert listed.keys() == {path.name for path in folder.iterdir()} - {"manifest.json"}
        for name, file in listed.items():
            content = (folder / name).read_bytes()
            assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
            if name.endswith(".csv"):
                assert file["rows"] == len(rows(folder, name))
        assert (manifest["release"], manifest["status"]) == ("2021-06.2", "revised")


def accepted_by_csv_on_the_web(folder) -> dict[str, str]:
    """Rows by file, as a reader finds them that goes by the metadata."""
    said = run(
        "import sys; from csvw import CSVW\n"
        "package = CSVW(sys.argv[1], validate=True)\n"
        "assert package.is_valid, package.warnings\n"
        "for table in package.tables: print(table.url, sum(1 for _ in table))",
        folder / "csv-metadata.json",
    )
    return dict(line.split() for line in said.splitlines())


def accepted_by_frictionless(folder) -> None:
    """Each file by the types of its columns and its key."""
    described = json.loads((folder / "csv-metadata.json").read_bytes())["tables"]
    package = {
        "name": "reach",
        "resources": [
            {
                "name": table["url"].removesuffix(".csv").replace("_", "-"),
                "path": table["url"],
                "schema": {
                    "fields": [{"name": c["name"], "type": c["datatype"]} for c in table["tableSchema"]["columns"]],
                    "primaryKey": table["tableSchema"]["primaryKey"],
                },
            }
            for table in described
        ],
    }
    (folder / "datapackage.json").write_text(json.dumps(package))
    run(
        "import sys; from frictionless import Package\n"
        "report = Package(sys.argv[1]).validate()\n"
        "assert report.valid, report.flatten(['title', 'rowNumber', 'fieldName', 'note'])[:5]",
        folder / "datapackage.json",
    )


class TestFiles:
    def test_readers_by_csv_on_the_web_and_by_frictionless_accept_each(self, folder):
        found = accepted_by_csv_on_the_web(folder)
        assert found == {name.name: str(len(rows(folder, name.name))) for name in folder.glob("*.csv")}
        accepted_by_frictionless(folder)

    def test_the_data_dictionary_tells_of_every_column_of_every_file(self, folder):
        told = {(row["file"], row["column"]) for row in rows(folder, "data_dictionary.csv")}
        for path in folder.glob("*.csv"):
            header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
            assert {(path.name, column) for column in header} <= told

    def test_no_cell_is_run_by_a_spreadsheet(self, folder):
        names = {row["programme"] for row in rows(folder, "reach.csv")}
        assert "'=Boxing, and talking" in names
        for path in folder.glob("*.csv"):
            for row in rows(folder, path.name):
                assert not [cell for cell in row.values() if cell.startswith(("=", "+", "@"))]

    def test_the_spreadsheet_has_a_cover_contents_notes_and_the_figures_of_the_csv(self, folder):
        book = load_workbook(folder / "reach.xlsx")
        assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
        sheet = book["Reach"]
        assert len(sheet.tables) == 1
        [table] = sheet.tables.values()
        header, *body = [[cell.value for cell in row] for row in sheet[table.ref]]
        lower, upper = header.index("Lower"), header.index("Upper")
        shown = [tuple("" if row[n] is None else str(row[n]) for n in (lower, upper)) for row in body]
        assert shown == [(row["lower"], row["upper"]) for row in rows(folder, "reach.csv")]
        assert not sheet.merged_cells.ranges
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert sheet.freeze_panes == f"B{int(table.ref.split(':')[0][1:]) + 1}"
        assert {row[header.index("Measure")] for row in body} == {"People supported"}

    def test_a_long_table_is_written_alike_to_its_end(self, folder):
        sheet = load_workbook(folder / "reach.xlsx")["Reach"]
        [table] = sheet.tables.values()
        _, *body = sheet[table.ref]
        assert len(body) > accessible_workbook.FORMATTED
        styles = {tuple(cell.style_id for cell in row) for row in body}
        assert len(styles) == 1

    def test_the_sheet_for_the_board_says_each_programme_s_figures_side_by_side(self, folder):
        first, *programmes = rows(folder, "board.csv")
        assert first["programme"] == "All programmes"
        [total] = [
            row
            for row in rows(folder, "reach.csv")
            if (row["period_type"], row["period_end"], row["programme_code"]) == ("month", "2021-06-30", "all")
            and (row["district_code"], row["age_band_code"]) == ("all", "all")
        ]
        assert first["month_2021_06"] == f"{total['lower']}–{total['upper']}"
        assert first["month_2021_05"] == "nothing due"
        assert len(programmes) == len({row["programme_code"] for row in rows(folder, "reach.csv")} - {"all"})

    def test_a_revision_is_told_with_its_size_and_its_reason(self, first, second, folder):
        told = rows(folder, "revisions.csv")
        [total] = [
            row
            for row in told
            if (row["period_type"], row["period_end"]) == ("year_to_date", "2021-06-30")
            and (row["programme_code"], row["district_code"], row["age_band_code"]) == ("all", "all", "all")
        ]
        assert (total["release_before"], total["reasons"]) == ("2021-06.1", "late_return")
        assert int(total["upper_change"]) == int(total["upper"]) - int(total["upper_before"]) == 60
        published = b"".join(files.blocks(first.files.get(name="reach.csv"))).decode()
        before = {row["row"]: row for row in csv.DictReader(io.StringIO(published, newline=""))}
        assert all(before[row["row_before"]]["upper"] == row["upper_before"] for row in told)

    def test_the_first_release_revises_nothing(self, first):
        file = first.files.get(name="revisions.csv")
        assert b"".join(files.blocks(file)).count(b"\r\n") == 1


class TestDownload:
    def test_all_files_come_as_one_the_same_every_time(self, first, client):
        client.force_login(factories.user_with(Role.COMMISSIONER))
        address = reverse("outcomes:release-package", args=[first.code])
        once, again = (b"".join(client.get(address).streaming_content) for _ in range(2))
        assert once == again
        with zipfile.ZipFile(io.BytesIO(once)) as packed:
            assert packed.testzip() is None
            assert sorted(packed.namelist()) == sorted(first.files.values_list("name", flat=True))
            assert packed.read("reach.csv") == b"".join(files.blocks(first.files.get(name="reach.csv")))

    def test_a_file_says_its_type_and_its_size(self, first, client):
        client.force_login(factories.user_with(Role.COMMISSIONER))
        for line in files.file_lines(first):
            answer = client.get(reverse("outcomes:release-file", args=[first.code, line.name]))
            assert len(b"".join(answer.streaming_content)) == line.size == int(answer["Content-Length"])
            assert line.about

    def test_what_is_not_published_is_not_there_for_commissioners(self, second, client):
        client.force_login(factories.user_with(Role.COMMISSIONER))
        for address in (
            reverse("outcomes:release-package", args=[second.code]),
            reverse("outcomes:release-file", args=[second.code, "reach.csv"]),
            reverse("outcomes:release-file", args=["2021-06.1", "nothing.csv"]),
        ):
            assert client.get(address).status_code == 404


class TestAccount:
    def test_counts_the_partners_that_sent_every_return(self, first, second):
        assert first.account["partners"] == [2, 3]
        assert second.account["partners"] == [3, 3]

    def test_says_where_registers_took_the_place_of_counts(self, first, client):
        first_of_next, last = Month(2022, 4), factories.noon(date(2022, 5, 20))
        gave_a_register = Delivery.objects.filter(counting_basis=CountingBasis.REGISTER).first()
        factories.accepted_return(gave_a_register, first_of_next, new_people=10)
        release = releases.produce(month=first_of_next, by=None, now=last)
        assert {day for day, _, _ in release.account["breaks"]} == {"2022-04-01"}
        client.force_login(factories.user_with(Role.ANALYST))
        page = client.get(reverse("outcomes:reach"), {"release": release.pk}).content.decode()
        assert "Counted otherwise from 1 April 2022, so not to be compared with the year before." in page
        assert "a year earlier" not in page
