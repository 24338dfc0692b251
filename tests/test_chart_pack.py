"""The charts among a release's files: what they show is published, what they claim holds, and their bytes stay."""

import csv
import subprocess
import sys
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from outcomes.models import Figure
from outcomes.package import board, charts
from outcomes.package.board import MISSING
from tests.test_package import folder as folder
from tests.test_package import published as published
from tests.test_package import second as second
from vru_portal.core.charts.sheets import Bar, Sheet, png, svg

SVG = "{http://www.w3.org/2000/svg}"


def a_sheet(bars, **more):
    return Sheet("chart_x", "A finding", "What is shown", "Source: nobody.", bars, **more)


def parsed(drawn):
    return ElementTree.fromstring(drawn)  # noqa: S314 - drawn here


def texts(drawn):
    return [text.text or "" for text in parsed(drawn).iter(f"{SVG}text")]


class TestFiles:
    def test_each_chart_is_there_to_paste_and_to_scale_with_the_words_beside_it(self, folder):
        with open(folder / "charts.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert {row["chart"] for row in rows} == charts.ABOUT.keys()
        for row in rows:
            drawn = (folder / f"{row['chart']}.svg").read_text(encoding="utf-8")
            root = parsed(drawn)
            assert root.find(f"{SVG}title").text == row["title"]
            assert root.find(f"{SVG}desc").text == row["alt_text"]
            assert row["alt_text"].startswith(row["title"])
            assert " ".join(texts(drawn)).count("reach release 2021-06.2, revised") == 1, row["chart"]
            picture = (folder / f"{row['chart']}.png").read_bytes()
            assert picture.startswith(b"\x89PNG")
            assert int.from_bytes(picture[16:20], "big") == 1200

    def test_they_say_no_number_that_is_not_published(self, second, folder):
        said = second.figures.filter(symbol="").values_list("lower", "upper")
        published = {Bar("", lower, upper).words for lower, upper in said} | set(MISSING.values())
        for path in folder.glob("*.svg"):
            _, values = parsed(path.read_text(encoding="utf-8")).find(f"{SVG}desc").text.rsplit(": ", 1)
            for value in values.removesuffix(".").split("; "):
                assert value.endswith(tuple(f" {words}" for words in published)), (path.name, value)

    def test_are_the_same_bytes_in_another_process(self, folder):
        drawn = folder / "chart_months.svg"
        program = (
            "import sys; from vru_portal.core.charts.sheets import png\n"
            "sys.stdout.buffer.write(png(open(sys.argv[1], encoding='utf-8').read()))"
        )
        again = subprocess.run([sys.executable, "-c", program, drawn], capture_output=True, check=True).stdout
        assert again == (folder / "chart_months.png").read_bytes()


class TestSheet:
    def test_bars_begin_at_zero_and_end_at_their_numbers(self):
        root = parsed(svg(a_sheet([Bar("One", 50, 100), Bar("Two", 100, 100)])))
        rects = [r.attrib for r in root.iter(f"{SVG}rect")][3:]  # after the paper and its key
        ends = sorted((r["fill"], float(r["x"]), float(r["width"])) for r in rects)
        (_, start, full), (_, also, half), (_, x, rest) = ends[1], ends[0], ends[2]
        assert start == also == x - half
        assert (half, rest) == (full / 2, full / 2)

    def test_what_has_no_number_says_why(self):
        assert "hidden" in texts(svg(a_sheet([Bar("One", None, None, "hidden"), Bar("Two", 5, 5)])))

    def test_the_alternative_text_holds_every_value(self):
        sheet = a_sheet([Bar("Apr", 5, 10, mark="e", beside=(10, 15)), Bar("May", None, None, "not available")],
                        is_over_time=True, beside="a year earlier")  # fmt: skip
        assert sheet.alt_text == "A finding. Columns: Apr 5–10 e (a year earlier 10–15); May not available."

    def test_no_word_is_read_as_markup(self):
        drawn = svg(a_sheet([Bar("<script>&", 5, 5)]))
        assert "<script>" not in drawn
        assert "<script>&" in texts(drawn)

    def test_rows_stand_apart_however_many_there_are(self):
        root = parsed(svg(a_sheet([Bar(f"Programme {n}", n, n) for n in range(5, 35)])))
        labels = [float(t.attrib["y"]) for t in root.iter(f"{SVG}text") if (t.text or "").startswith("Programme")]
        assert all(after - before >= 12 for before, after in pairwise(labels))

    def test_is_drawn_without_any_value(self):
        assert png(svg(a_sheet([Bar("One", None, None, "hidden")], is_over_time=True))).startswith(b"\x89PNG")


def test_one_number_with_returns_missing_is_at_least_so_many_in_every_file():
    figure = Figure(lower=315, upper=315, returns_received=22, returns_due=23)
    assert charts._bar(figure, "Next steps").words == board._words(figure) == "at least 315"
    figure.returns_received = 23
    assert charts._bar(figure, "Next steps").words == board._words(figure) == "315"


class TestFindings:
    def first(self, *ranges):
        return charts._first([Bar(f"bar {n}", *ends) for n, ends in enumerate(ranges)])

    def test_one_is_the_largest_only_if_nobody_else_can_be(self):
        assert self.first((10, 20), (21, 30)) == "bar 1"
        assert self.first((10, 25), (21, 30)) == ""
        assert self.first((10, 20), (None, None)) == "", "the hidden one may be"
        assert self.first((10, 20)) == ""

    @pytest.mark.parametrize(
        ("before", "words"),
        [((5, 8), "more than a year earlier"), ((95, 99), "fewer than a year earlier"), ((8, 11), "")],
    )
    def test_the_year_before_is_compared_only_where_it_is_certain(self, second, before, words):
        second.account |= {"year_before": [[2, *before]], "breaks": []}
        figure = Figure(
            period_type="year_to_date", period_start=date(2021, 4, 1), period_end=date(2021, 6, 30), lower=10, upper=15,
            beneficiary="young_people", measure="people_supported", returns_received=1, returns_due=1,
        )  # fmt: skip
        title = charts._year_to_date(second, [figure]).title
        assert title.endswith(words)
        assert ("earlier" in title) == bool(words)
        second.account["breaks"] = [["2021-04-01", None, "Registers took the place of counts."]]
        assert "earlier" not in charts._year_to_date(second, [figure]).title
