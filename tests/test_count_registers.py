"""The command for auditors: the site's own code on files, without a database, a key or anything kept."""

import csv
import json
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from outcomes.demo import as_written
from outcomes.demo.as_written import HEADER
from outcomes.demo.slips import TYPICAL
from outcomes.demo.young_people import invent

HERE = Path(__file__).resolve().parents[1]
RETURNS = HERE.parent / "shared" / "returns"
ROW = (
    *("A1", "Amina", "Zulfiqar", "17/03/2010", "B12 3AB", "Birmingham", "F", "Pakistani"),
    *("03/04/2026", "one-to-one", "School", "30", ""),
)
OTHER = ("A2", "Oliver", "Fairweather", "05/08/2009", "CV3 4QT", "Coventry", "M", "Irish", *ROW[8:])
MADE = {"month", "period", "sum_over_deliveries", "contacts", "linkage_range", "refused", "questions"}


def register(path: Path, *rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def changed(row: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    columns = {name.split()[0].lower(): place for place, name in enumerate(HEADER)} | {"birth": 3, "contact": 8}
    return tuple(
        next((cells[name] for name in cells if columns[name] == place), cell) for place, cell in enumerate(row)
    )


def count(*files: Path, **options) -> dict:
    return json.loads(said(*files, json=True, **options))


def said(*files: Path, **options) -> str:
    given = ["--json" if value is True else f"--{name}={value}" for name, value in options.items()]
    out = StringIO()
    call_command("count_registers", *map(str, files), *given, stdout=out)
    return out.getvalue()


class TestCount:
    def test_counts_people_by_month_by_delivery_and_over_everything(self, tmp_path):
        found = count(
            register(tmp_path / "ED-BHM_2026-04.csv", ROW, OTHER, changed(ROW, minutes="45")),
            register(tmp_path / "ED-BHM_2026-05.csv", changed(ROW, contact="04/05/2026")),
            register(tmp_path / "HUB_2026-04.csv", changed(ROW, your="", first="Aminah")),
        )
        assert set(found) == MADE
        assert found["month"] == {
            "2026-04": {"ED-BHM": 2, "HUB": 1, "all": 2},
            "2026-05": {"ED-BHM": 1, "all": 1},
        }
        assert found["period"] == {"ED-BHM": 2, "HUB": 1, "all": 2}
        assert (found["sum_over_deliveries"], found["contacts"]) == (3, 5)
        assert found["linkage_range"]["lower"] <= 2 <= found["linkage_range"]["upper"]
        assert found["refused"] == []

    def test_says_the_same_in_words(self, tmp_path):
        text = said(register(tmp_path / "ED-BHM_2026-04.csv", ROW, OTHER))
        assert "over all all                            2" in text
        assert "Contacts: 2.\nThe deliveries' people added up, so not unique: 2." in text
        assert "not a confidence interval" in text

    def test_tells_of_rows_that_it_cannot_count_by_row_and_column(self, tmp_path):
        found = count(register(tmp_path / "ED-BHM_2026-04.csv", ROW, changed(OTHER, birth="31/02/2009")))
        assert found["contacts"] == 1
        assert found["refused"] == [
            {
                "file": "ED-BHM_2026-04.csv",
                "row": 3,
                "column": "D",
                "reason": "Row 3, column D (Date of birth): There is no such day: correct it.",
                "held": False,
            }
        ]

    def test_holds_what_seems_to_name_somebody_and_repeats_nothing(self, tmp_path):
        text = said(register(tmp_path / "ED-BHM_2026-04.csv", (*ROW[:-1], "ring Sara 07700 900123")), json=True)
        (held,) = json.loads(text)["refused"]
        assert held["held"]
        assert not any(word in text for word in ("Amina", "Zulfiqar", "2010", "B12", "Sara", "07700"))

    def test_asks_of_rows_sent_twice_and_tells_of_words_and_columns_passed_over(self, tmp_path):
        strange = (*changed(OTHER, ethnicity="Zerubbabel"), "JS")
        path = register(tmp_path / "ED-BHM_2026-04.csv", ROW, ROW, strange, strange, header=(*HEADER, "Worker"))
        (asked,) = count(path)["questions"]
        assert asked == {
            "file": "ED-BHM_2026-04.csv",
            "sent_twice": [3, 5],
            "not_known": {"Ethnicity": 2},
            "passed_over": ["Worker"],
        }
        text = said(path)
        assert "rows 3, 5: the same as a row before. Two contacts, or sent twice? They are counted as contacts." in text
        assert "Ethnicity: 2 words that are not in the list, counted as not known." in text
        assert "Columns passed over: Worker." in text
        assert "Zerubbabel" not in text

    def test_tells_a_whole_file_that_is_refused_from_a_row_and_one_row_from_several(self, tmp_path):
        good = register(tmp_path / "ED-BHM_2026-04.csv", ROW, ROW, changed(OTHER, birth="31/02/2010"))
        none = tmp_path / "HEAL-HUB_2026-04.csv"
        none.write_text("a,b,c")
        text = said(good, none)
        assert "Not counted: 1 whole file, 1 row." in text
        assert "row 3: the same as a row before" in text

    def test_has_no_question_where_there_is_none(self, tmp_path):
        path = register(tmp_path / "ED-BHM_2026-04.csv", ROW)
        assert count(path)["questions"] == []
        assert "To look at" not in said(path)

    def test_counts_what_is_good_of_a_file_beside_one_that_is_refused(self, tmp_path):
        empty = tmp_path / "HUB_2026-04.csv"
        empty.write_bytes(b"")
        found = count(register(tmp_path / "ED-BHM_2026-04.csv", ROW), empty)
        assert found["contacts"] == 1
        (refused,) = found["refused"]
        assert (refused["file"], refused["row"]) == ("HUB_2026-04.csv", None)


class TestFileNames:
    @pytest.mark.parametrize("name", ["ED-BHM_2026-04.csv", "ed-bhm_2026-04.CSV", "ED-BHM_2026-04 final.csv"])
    def test_say_the_delivery_and_the_month(self, tmp_path, name):
        assert count(register(tmp_path / name, ROW))["month"] == {"2026-04": {"ED-BHM": 1, "all": 1}}

    @pytest.mark.parametrize("code", ["YOUTH_CLUB", "HUB.2", "ST. MARY'S", "ÉCOLE-1", "7"])
    def test_take_any_delivery_code(self, tmp_path, code):
        assert count(register(tmp_path / f"{code}_2026-04.csv", ROW))["period"] == {code: 1, "all": 1}

    @pytest.mark.parametrize("name", ["april.csv", "ED-BHM_2026-13.csv", "ED-BHM_2026-041.csv", "_2026-04.csv"])
    def test_that_say_neither_are_refused(self, tmp_path, name):
        with pytest.raises(CommandError, match=r"not named like CODE_2026-04\.csv"):
            count(register(tmp_path / name, ROW))

    def test_give_way_to_options(self, tmp_path):
        found = count(register(tmp_path / "april.csv", ROW), delivery="hub", month="2026-04")
        assert found["month"] == {"2026-04": {"HUB": 1, "all": 1}}

    def test_of_what_is_not_there_are_told(self, tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            count(tmp_path / "ED-BHM_2026-04.csv")

    def test_of_a_month_that_is_none_are_told(self, tmp_path):
        with pytest.raises(CommandError, match="“April” is not a month"):
            said(register(tmp_path / "a.csv", ROW), delivery="HUB", month="April")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[dict, list[dict[str, str]], list[Path]]:
    """What the command says with an environment that holds nothing: no database, no server, no secret."""
    folder = tmp_path_factory.mktemp("registers")
    months = [date(2026, month, 1) for month in (4, 5)]
    people = invent(80, seed="command", on=months[0])
    files, truth = [], [("file", "row", "person")]
    for register in as_written.write(people, deliveries=3, months=months, slips=TYPICAL, seed="command"):
        files.append(folder / register.file_name)
        files[-1].write_text(register.csv(), encoding="utf-8", newline="")
        truth += [(register.file_name, str(n), str(row.person)) for n, row in enumerate(register.rows, 2)]
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(truth)
    command = [sys.executable, HERE / "manage.py", "count_registers", *files, "--json"]
    command += ["--truth", folder / "truth.csv", "--pairs", folder / "pairs.csv"]
    done = subprocess.run(command, env={}, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    left = {path.name for path in folder.iterdir()} - {path.name for path in files}
    assert left == {"truth.csv", "pairs.csv"}
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        return json.loads(done.stdout), list(csv.DictReader(file)), files


SURE = {"contacts", "refused", "questions"}


class TestAsAProcess:
    def test_says_how_well_the_links_agree_with_the_truth(self, made):
        found, _, _ = made
        assert set(found) == MADE | {"precision", "recall", "count_error"}
        assert found["precision"] >= 0.985
        assert found["recall"] >= 0.97
        assert found["count_error"] == pytest.approx(found["period"]["all"] / 80 - 1)

    def test_writes_the_links_it_made(self, made):
        found, pairs, files = made
        assert len(pairs) == found["contacts"]
        assert {pair["file"] for pair in pairs} == {file.name for file in files}
        assert len({pair["group"] for pair in pairs}) == found["period"]["all"]
        assert min(int(pair["row"]) for pair in pairs) == 2

    def test_counts_as_it_does_within_the_site(self, made):
        found, _, files = made
        within = count(*files)
        assert {name: within[name] for name in SURE} == {name: found[name] for name in SURE}
        # Where a row fits two people equally well, the key decides, and each of the two has one of its own.
        assert within["period"] == {code: pytest.approx(people, abs=1) for code, people in found["period"].items()}


@pytest.mark.shared
@pytest.mark.skipif(not RETURNS.is_dir(), reason="../shared/returns is not there")
class TestReturns:
    """Registers as partners sent them."""

    def test_come_out_as_expected(self):
        expected = json.loads((RETURNS / "expected.json").read_text())
        found = count(*sorted(RETURNS.glob("*_2026-*")), truth=RETURNS / "truth.csv")
        assert found["refused"] == []
        assert found["contacts"] == expected["contacts"]
        assert found["precision"] >= 0.99
        assert found["recall"] >= 0.99
        assert abs(found["count_error"]) <= 0.005
        assert found["sum_over_deliveries"] == pytest.approx(expected["sum_over_deliveries"], rel=0.005)
        for made, true in [
            (found["period"], expected["period"]),
            *((found["month"][month], expected["month"][month]) for month in expected["month"]),
        ]:
            assert made == {delivery: pytest.approx(people, rel=0.005) for delivery, people in true.items()}

    @staticmethod
    def bad(name: str) -> dict:
        return count(RETURNS / "bad" / name, delivery="ED-BHM", month="2026-04")

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("empty.csv", "The file is empty"),
            ("header_only.csv", "no row below"),
            ("wrong_header.csv", "No row with the names of the columns was found"),
            ("missing_column.csv", "Add a column named “Date of birth”"),
            ("repeated_column.csv", "“Date of birth” is there twice, in D and N"),
            ("not_a_workbook.xlsx", "not an Excel workbook"),
            ("cut_short.xlsx", "damaged or was cut short"),
            ("picture_named.csv", "not a CSV file"),
            ("unpacks_huge.xlsx", "too large once unpacked"),
            ("entities.xlsx", "defines entities"),
            ("far_corner.xlsx", "far from any table"),
            ("locked_with_password.xlsx", "locked with a password"),
            ("old_format.xls", "save it as .xlsx"),
        ],
    )
    def test_that_cannot_be_read_are_refused_whole(self, name, said):
        found = self.bad(name)
        (refused,) = found["refused"]
        assert found["contacts"] == 0
        assert refused["row"] is None
        assert said in refused["reason"]

    @pytest.mark.parametrize(
        ("name", "row", "column", "good"),
        [
            ("other_month.csv", 2, "I", 1),
            ("future.csv", 2, "I", 0),
            ("born_tomorrow.csv", 2, "D", 0),
            ("age_140.csv", 2, "D", 0),
            ("american_dates.csv", 2, "I", 0),
            ("impossible_date.csv", 2, "D", 0),
            ("unknown_kind.csv", 2, "J", 0),
            ("unknown_district.csv", 2, "F", 0),
            ("minutes_words.csv", 2, "L", 0),
            ("minutes_negative.csv", 2, "L", 0),
            ("one_bad_in_five_hundred.csv", 252, "D", 500),
            ("null_bytes.csv", 2, "C", 0),
            ("very_long_cell.csv", 2, "M", 0),
            ("formula_cell.xlsx", 2, "L", 0),
        ],
    )
    def test_with_a_bad_row_lose_that_row_alone(self, name, row, column, good):
        found = self.bad(name)
        (refused,) = found["refused"]
        assert (refused["row"], refused["column"], refused["held"]) == (row, column, False)
        assert found["contacts"] == good

    @pytest.mark.parametrize(
        ("name", "contacts", "people", "twice"),
        [
            ("utf16.csv", 3, 1, [[3, 4]]),
            ("formulas.csv", 1, 1, []),
            ("dates_1904.xlsx", 1, 1, []),
            ("hidden_sheet.xlsx", 1, 1, []),
            ("no_name.csv", 1, 1, []),
            ("placeholder_references.csv", 3, 3, []),
            ("same_row_twice.csv", 2, 1, [[3]]),
        ],
    )
    def test_that_are_good_are_taken(self, name, contacts, people, twice):
        found = self.bad(name)
        assert (found["refused"], found["contacts"], found["period"]["all"]) == ([], contacts, people)
        assert [asked["sent_twice"] for asked in found["questions"]] == twice

    def test_that_name_somebody_in_a_note_are_held(self):
        found = self.bad("names_in_notes.csv")
        (held,) = found["refused"]
        assert (held["row"], held["column"], held["held"], found["contacts"]) == (2, "M", True, 0)
