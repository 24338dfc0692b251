"""Charts where people meet them: the drawing that fits is the one that shows, and its words can be read."""

import pytest

from tests.browser import DESK, PHONE
from vru_portal.core import charts
from vru_portal.core.charts import CoverMonth, MonthPoint
from vru_portal.core.periods import Month

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NOVEMBER = Month(2026, 11)
CHARTS = {
    "reach": charts.range_trend(
        [MonthPoint(NOVEMBER.plus(n), 410, 11_455, provisional=True) for n in range(12)], id="reach", title="Supported"
    ),
    "money": charts.cover_timeline(
        [
            CoverMonth(NOVEMBER.plus(n), 440_000_000, 0, 0, 430_000_000, 100_000_000 if n < 5 else 1_000_000_000)
            for n in range(18)
        ],
        id="cover",
        title="Cover",
    ),
}
PUT_ON_PAGE = """html => {
    document.body.classList.add("app-width-wide");
    document.querySelector("main").innerHTML = `<figure class="app-figure">${html}</figure>`;
}"""
# Of the drawings that show, how high their type is and which words reach over their edge (pixels).
LOOK = """() => [...document.querySelectorAll(".chart")]
    .map(chart => [chart, chart.getBoundingClientRect()])
    .filter(([chart, paper]) => paper.width)
    .map(([chart, paper]) => [...chart.querySelectorAll("text")].map(text => {
        const place = text.getBoundingClientRect();
        return {
            words: text.textContent,
            height: text.getScreenCTM().d * parseFloat(getComputedStyle(text).fontSize),
            over: Math.max(paper.left - place.left, place.right - paper.right),
        };
    }))"""


@pytest.mark.parametrize("width", [PHONE, 420, 768, 1024, 1200, DESK])
@pytest.mark.parametrize("chart", CHARTS)
def test_their_words_are_as_large_as_those_around_them_and_whole(visitor, chart, width):
    somebody = visitor(width=width)
    somebody.open("/")
    somebody.page.evaluate(PUT_ON_PAGE, CHARTS[chart])
    (texts,) = somebody.page.evaluate(LOOK)
    upright = [text for text in texts if text["height"]]
    assert [text for text in upright if not 13 <= text["height"] <= 16.5] == []
    assert [text for text in texts if text["over"] > 1] == []
    somebody.look()
