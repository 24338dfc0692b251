"""The pictures tell the truth: ranges are drawn, gaps are gaps, bars begin at zero, and no inline style is needed."""

import re
from xml.etree import ElementTree

import pytest

from vru_portal.core import charts
from vru_portal.core.charts import CoverMonth, MonthPoint
from vru_portal.core.periods import Month

SVG = "{http://www.w3.org/2000/svg}"
APRIL = Month(2021, 4)


def drawn(html: str) -> list[ElementTree.Element]:
    """The SVG elements of what a chart gives; each must be well-formed XML by itself."""
    return [ElementTree.fromstring(found) for found in re.findall(r"<svg.*?</svg>", html, re.S)]  # noqa: S314


def of_class(svg: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in svg.iter() if element.get("class") == name]


def trend(*points, **options):
    return charts.range_trend(list(points), id="reach", title="Young people supported", **options)


def pounds(amount: int) -> int:
    return amount * 100


def cover(month: Month, **amounts) -> CoverMonth:
    return CoverMonth(month, **{"secured": 0, "bridge": 0, "match": 0, "announced": 0, "commitments": 0} | amounts)


class TestRangeTrend:
    def test_is_drawn_for_three_widths_with_names_of_their_own(self):
        drawings = drawn(trend(MonthPoint(APRIL, 10)))
        assert [svg.get("class") for svg in drawings] == [
            f"chart chart--{name}" for name in ("broad", "wide", "narrow")
        ]
        ids = re.findall(r'id="([^"]+)"', trend(MonthPoint(APRIL, 10)))
        assert len(ids) == len(set(ids))
        for svg in drawings:
            named = {element.get("id") for element in svg.iter()}
            assert set(svg.get("aria-labelledby").split()) <= named

    def test_begins_its_bars_at_zero(self):
        svg = drawn(trend(MonthPoint(APRIL, 100), MonthPoint(APRIL.plus(1), 50)))[0]
        heights = [float(bar.get("height")) for bar in of_class(svg, "trend-bar")]
        assert heights[0] == pytest.approx(2 * heights[1], abs=0.2)
        assert "0" in [tick.text for tick in of_class(svg, "chart-tick")]

    def test_draws_a_range_as_a_band_on_the_bar(self):
        svg = drawn(trend(MonthPoint(APRIL, 410, 455)))[0]
        (bar,), (band,) = of_class(svg, "trend-bar"), of_class(svg, "trend-band")
        assert float(band.get("y")) + float(band.get("height")) == pytest.approx(float(bar.get("y")), abs=0.2)
        assert float(band.get("height")) / float(bar.get("height")) == pytest.approx(45 / 410, abs=0.01)

    def test_draws_no_band_when_both_ends_are_the_same(self):
        assert not of_class(drawn(trend(MonthPoint(APRIL, 410, 410)))[0], "trend-band")

    def test_draws_a_missing_month_as_a_gap_with_its_reason(self):
        svg = drawn(trend(MonthPoint(APRIL, 10), MonthPoint(APRIL.plus(1), None, reason="not received")))[0]
        assert len(of_class(svg, "trend-bar")) == 1
        assert len(of_class(svg, "trend-gap")) == 1
        assert [text.text for text in of_class(svg, "chart-reason")] == ["not received"]

    def test_draws_a_true_zero_as_a_value(self):
        svg = drawn(trend(MonthPoint(APRIL, 0), MonthPoint(APRIL.plus(1), 5)))[0]
        assert not of_class(svg, "trend-gap")
        assert len(of_class(svg, "trend-bar")) == 2

    def test_hatches_a_provisional_month(self):
        svg = drawn(trend(MonthPoint(APRIL, 10, provisional=True)))[0]
        (bar,) = of_class(svg, "trend-bar-provisional")
        assert bar.get("fill") == "url(#reach-broad-hatch)"

    def test_breaks_last_years_line_at_a_missing_month(self):
        points = [MonthPoint(APRIL.plus(n), 10) for n in range(4)]
        previous = [MonthPoint(APRIL.plus(n - 12), None if n == 1 else 8) for n in range(4)]
        svg = drawn(trend(*points, previous=previous))[0]
        assert len(of_class(svg, "trend-previous")) == 2

    def test_gives_the_same_words_to_pointer_keyboard_and_screen_reader(self):
        svg = drawn(trend(MonthPoint(APRIL, 410, 1455, provisional=True)))[0]
        (column,) = of_class(svg, "chart-column")
        assert column.get("tabindex") == "0"
        assert column.get("aria-label") == "April 2021: between 410 and 1,455, provisional"
        assert svg.get("role") == "group"  # nothing inside an img can be reached

    def test_is_one_image_when_it_is_one_of_many(self):
        (svg,) = drawn(trend(MonthPoint(APRIL, 410), small=True, interactive=False))
        assert svg.get("role") == "img"
        assert not [element for element in svg.iter() if element.get("tabindex")]

    def test_shares_one_scale_among_small_multiples(self):
        low = drawn(trend(MonthPoint(APRIL, 10), maximum=1000, small=True))[0]
        high = drawn(trend(MonthPoint(APRIL, 1000), maximum=1000, small=True))[0]
        assert float(of_class(high, "trend-bar")[0].get("height")) > 90 * float(
            of_class(low, "trend-bar")[0].get("height")
        )

    @pytest.mark.parametrize("points", [[], [MonthPoint(APRIL, None)], [MonthPoint(APRIL, 0)]])
    def test_draws_something_sound_from_nothing(self, points):
        assert len(drawn(trend(*points))) == 3

    def test_escapes_what_people_typed(self):
        html = charts.range_trend(
            [MonthPoint(APRIL, None, reason="<script>alert(1)</script>")], id="x", title='A & "B" <i>'
        )
        assert "<script>" not in html
        assert "<i>" not in html


PATTERNS = {"bridge": "hatch", "supposed": "dots"}


def svg_name(svg) -> str:
    """broad, wide or narrow"""
    return svg.get("class").split("--")[1]


class TestCoverTimeline:
    months = [
        cover(APRIL, bridge=pounds(600_000), commitments=pounds(300_000), announced=pounds(4_300_000)),
        cover(APRIL.plus(1), bridge=pounds(600_000), commitments=pounds(600_000), announced=pounds(4_300_000)),
        cover(APRIL.plus(2), bridge=pounds(600_000), commitments=pounds(600_000) + 1, announced=pounds(4_300_000)),
    ]

    def test_flags_the_first_month_that_is_not_covered_to_the_penny(self):
        svg = drawn(charts.cover_timeline(self.months, id="cover", title="Cover"))[0]
        assert [label.text for label in of_class(svg, "chart-label-flag")] == ["Not covered from June 2021"]
        assert "first not covered in June 2021, by £0.01" in svg.find(f"{SVG}desc").text

    def test_does_not_count_an_announcement_as_cover(self):
        assert [month.is_uncovered for month in self.months] == [False, False, True]

    def test_has_no_flag_when_everything_is_covered(self):
        svg = drawn(charts.cover_timeline(self.months[:2], id="cover", title="Cover"))[0]
        assert not of_class(svg, "cover-flag")

    def test_draws_a_step_for_each_month_of_commitments(self):
        svg = drawn(charts.cover_timeline(self.months, id="cover", title="Cover"))[0]
        (line,) = of_class(svg, "cover-commitments")
        assert len(line.get("points").split()) == 2 * len(self.months)

    def test_tells_no_two_layers_apart_by_colour_alone(self):
        months = [cover(APRIL, secured=100, match=100, bridge=100, supposed=100, announced=100, commitments=600)]
        for svg in drawn(charts.cover_timeline(months, id="cover", title="Cover")):
            fills = {name: of_class(svg, f"cover-{name}")[0].get("fill") for name in ("bridge", "supposed")}
            assert fills == {name: f"url(#cover-{svg_name(svg)}-{word})" for name, word in PATTERNS.items()}
            assert {each.get("id") for each in svg.iter(f"{SVG}pattern")} >= {fill[5:-1] for fill in fills.values()}
            assert len(of_class(svg, "cover-commitments-edge")) == 1

    @pytest.mark.parametrize("at", range(18))
    def test_names_the_line_beside_the_pole_of_the_flag(self, at):
        months = [cover(APRIL.plus(n), secured=1_000, commitments=900 if n != at else 1_001) for n in range(18)]
        for svg in drawn(charts.cover_timeline(months, id="cover", title="Cover")):
            (label,) = of_class(svg, "chart-label-commitments")
            pole = float(of_class(svg, "cover-flag-pole")[0].get("x1"))
            width, place = 11 * 14 * 0.62, float(label.get("x"))
            start = place - width if label.get("text-anchor") == "end" else place
            assert not start < pole < start + width

    def test_says_each_months_amounts(self):
        svg = drawn(charts.cover_timeline(self.months, id="cover", title="Cover"))[0]
        assert of_class(svg, "chart-column")[2].get("aria-label") == (
            "June 2021: secured £0, match £0, bridge £600,000, announced only £4,300,000; "
            "commitments £600,000.01; not covered: £0.01"
        )


class TestSparkline:
    def test_breaks_at_a_missing_value(self):
        (svg,) = drawn(charts.sparkline([1, 2, None, 3, 4], id="s", title="Supported"))
        assert len(of_class(svg, "spark-line")) == 2

    @pytest.mark.parametrize("values", [[], [None], [0, 0], [5]])
    def test_draws_something_sound_from_little(self, values):
        assert len(drawn(charts.sparkline(values, id="s", title="Supported"))) == 1


@pytest.mark.parametrize(
    ("highest", "ceiling"), [(0, 1), (1, 1), (3, 3), (10, 10), (455, 600), (1290, 1500), (10_512, 15_000), (0.5, 0.6)]
)
def test_scale_ends_at_a_round_number_not_below_the_highest(highest, ceiling):
    top, ticks = charts.scale(highest)
    assert top == pytest.approx(ceiling)
    assert ticks[0] == 0
    assert ticks[-1] == pytest.approx(top)


def test_no_chart_needs_an_inline_style():
    html = (
        trend(MonthPoint(APRIL, 4, 5), MonthPoint(APRIL.plus(1), None), previous=[MonthPoint(APRIL, 3)])
        + charts.cover_timeline(TestCoverTimeline.months, id="cover", title="Cover")
        + charts.sparkline([1, 2], id="s", title="Supported")
    )
    assert not re.search(r"\sstyle=|<style|\son\w+=", html)
