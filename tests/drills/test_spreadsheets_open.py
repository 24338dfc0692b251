"""LibreOffice opens every spreadsheet of the demo region's releases and reports, and finds in it what the CSV says."""

import csv
import gzip
import shutil
import subprocess

import pytest

from outcomes.models import QuarterReportFile, Release, ReleaseFile
from tests import prepared
from tests.test_package import accepted_by_csv_on_the_web, accepted_by_frictionless, rows

pytestmark = [pytest.mark.drill, pytest.mark.django_db]
# Each sheet a file: comma, quotation mark, UTF-8, cells as they are stored, not as they are shown.
EACH_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


@pytest.fixture(scope="module")
def region(work_on_copy_of):
    work_on_copy_of(prepared.demo_region())


@pytest.fixture
def converted(tmp_path):
    """`converted(path, to)`: what LibreOffice makes of a spreadsheet, in a folder."""
    office = shutil.which("soffice")
    assert office, "LibreOffice is not there: install libreoffice-calc."

    def convert(path, to):
        out = tmp_path / f"{path.stem}_{to.partition(':')[0]}"
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        command = [office, "--headless", profile, "--convert-to", to, "--outdir", out, path]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        assert "Error" not in done.stderr
        return out

    return convert


def write(files, folder):
    folder.mkdir()
    for file in files:
        (folder / file.name).write_bytes(gzip.decompress(file.compressed))
    return folder


def table_in(path, header):
    """The rows under the line that begins with these titles."""
    with open(path, newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    at = next(n for n, line in enumerate(lines) if line[: len(header)] == header)
    return [dict(zip(lines[at], line, strict=True)) for line in lines[at + 1 :]]


def test_each_release_opens_and_says_what_its_csv_says(region, converted, tmp_path):
    releases = list(Release.objects.order_by("pk"))
    assert len(releases) > 3
    for release in releases:
        folder = write(ReleaseFile.objects.filter(release=release), tmp_path / release.code)
        sheets = converted(folder / "reach.xlsx", EACH_SHEET)
        told = table_in(sheets / "reach-Reach.csv", ["Period type", "Period start"])
        names = ("lower", "upper", "symbol", "marker", "row")
        assert [tuple(row[name.capitalize()] for name in names) for row in told] == [
            tuple(row[name] for name in names) for row in rows(folder, "reach.csv")
        ]
        coverage = table_in(sheets / "reach-Coverage.csv", ["Period type", "Period start"])
        assert [row["Returns estimated"] for row in coverage] == [
            row["returns_estimated"] for row in rows(folder, "coverage.csv")
        ]
        pdf = converted(folder / "reach.xlsx", "pdf") / "reach.pdf"
        assert pdf.read_bytes().startswith(b"%PDF")


def test_each_report_to_a_funder_opens(region, converted, tmp_path):
    kept = QuarterReportFile.objects.filter(name="report.xlsx")
    assert kept
    for file in kept:
        folder = write(file.quarter_report.files.all(), tmp_path / f"report_{file.quarter_report_id}")
        sheets = converted(folder / "report.xlsx", EACH_SHEET)
        told = table_in(sheets / "report-Report.csv", ["Section", "Code"])
        assert [row["In words"] for row in told] == [row["in_words"] for row in rows(folder, "report.csv")]


def test_each_file_is_accepted_by_readers_that_are_not_ours(region, tmp_path):
    for release in Release.objects.order_by("pk"):
        folder = write(ReleaseFile.objects.filter(release=release), tmp_path / release.code)
        found = accepted_by_csv_on_the_web(folder)
        assert found == {path.name: str(len(rows(folder, path.name))) for path in folder.glob("*.csv")}
        assert all(int(number) for name, number in found.items() if name not in {"revisions.csv", "breaks.csv"}), found
        accepted_by_frictionless(folder)
