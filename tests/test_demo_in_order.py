"""The demo's published files and its cube: no part says more than the whole, no month more than its quarter or year."""

import csv
from collections import defaultdict
from datetime import date
from typing import NamedTuple

import pytest

from outcomes.actions import linkage
from outcomes.models import ReachCell, ReachCube, Release
from outcomes.package import reach
from programmes.models import Beneficiary, Programme
from tests.factories import noon
from tests.test_demo_region import TODAY
from tests.test_demo_region import region as region
from vru_portal.core.periods import Month, months_between

pytestmark = [pytest.mark.region, pytest.mark.django_db]
ROUND_TO = 5
WHO = ("district", "age_band", "sex", "ethnicity")


class Said(NamedTuple):
    """What is said of some people in a period; an end is None where it is hidden. `is_number`: it is rounded to the
    nearest, where the ends of a range are rounded outwards. `is_estimated`: the upper end takes in missing returns,
    which districts and ages never do."""

    lower: int | None
    upper: int | None
    is_number: bool = False
    is_estimated: bool = False


class Line(NamedTuple):
    """Whose people, and of which kind; empty means any."""

    where: str = ""
    what: str = ""
    district: str = ""
    age_band: str = ""
    sex: str = ""
    ethnicity: str = ""

    def kind(self) -> dict[str, str]:
        return {dimension: getattr(self, dimension) for dimension in WHO if getattr(self, dimension)}


def no_less(whole, part, said_of):
    """Where both are rounded in the same way, rounding keeps them in order."""
    slack = 0 if whole.is_number == part.is_number else ROUND_TO
    for end in ("lower", "upper"):
        most, least = getattr(whole, end), getattr(part, end)
        assert most is None or least is None or least <= most + slack, (end, said_of)


def no_more(whole, parts, said_of):
    """Upper ends are rounded up, so that they stay in order; each single number may have lost up to half of that."""
    if whole.upper is not None and all(part.upper is not None for part in parts):
        slack = ROUND_TO // 2 * sum(part.is_number for part in (whole, *parts)) + ROUND_TO - 1
        is_rounded_up = not any(part.is_number for part in (whole, *parts))
        assert whole.upper <= sum(part.upper for part in parts) + (0 if is_rounded_up else slack), said_of


def check_time(lines):
    for line, periods in lines.items():
        for (start, end), whole in periods.items():
            said_of = (line, start, end)
            assert whole.lower is None or whole.upper is None or whole.lower <= whole.upper, said_of
            for (first, last), part in periods.items():
                if start <= first and last <= end:
                    no_less(whole, part, (*said_of, first, last))
            months = [(month.first, month.last) for month in months_between(Month.of(start), Month.of(end))]
            if len(line.kind()) < 2 and all(month in periods for month in months):
                no_more(whole, [periods[month] for month in months], said_of)


def check_wholes(lines):
    """Each line beside those that are told from one another by one thing more."""
    parts = defaultdict(list)
    for line in lines:
        for dimension in line.kind():
            parts[line._replace(**{dimension: ""}), dimension].append(line)
        if line.where:
            parts[line._replace(where="", what=""), line.where].append(line)
    assert parts
    for (whole, by), of_it in parts.items():
        for period, said in lines.get(whole, {}).items():
            found = [lines[line][period] for line in of_it if period in lines[line]]
            for part in found:
                no_less(said, part, (whole, period))
            if found and not (whole.where and whole.kind()) and not (said.is_estimated and by in WHO):
                no_more(said, found, (whole, period))


def supported():
    """By code, the programmes that “everything supported” is made of."""
    rungs = {"brief_contact", "group", "one_to_one"}
    return set(
        Programme.objects.filter(beneficiary=Beneficiary.YOUNG_PEOPLE, rung__in=rungs).values_list("code", flat=True)
    )


def published(release):
    """The lines of a release's file, of people supported."""
    lines = defaultdict(dict)
    among = supported()
    rows = csv.DictReader(reach.table(release, release.figures.order_by("order")).csv().decode().splitlines())
    for row in rows:
        programme, *kind = ("" if row[key] == "all" else row[key] for key in KEYS)
        if (
            row["measure"] != "people_supported"
            or row["symbol"] in {"x", "z"}
            or (programme and programme not in among)
        ):
            continue
        period = date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])
        ends = (int(row[end]) if row[end] else None for end in ("lower", "upper"))
        line = Line("programme" if programme else "", programme, *kind)
        lines[line][period] = Said(*ends, is_number=row["basis"] == "unique", is_estimated=row["marker"] == "e")
    return lines


KEYS = ("programme_code", "district_code", "age_band_code")


def as_it_stands(cube):
    """The lines of a year as it stands now, which are not rounded."""
    lines = defaultdict(dict)
    among = supported()
    for cell in ReachCell.objects.filter(cube=cube).exclude(period="rolling_year"):
        if cell.where != "programme" or cell.what in among:
            where = "" if cell.where == "any" else cell.where
            line = Line(where, cell.what, *(getattr(cell, dimension) for dimension in WHO))
            lines[line][cell.start, cell.end] = Said(cell.lower, cell.upper)
    return lines


@pytest.fixture(scope="module")
def cubes(region, django_db_blocker):
    with django_db_blocker.unblock():
        linkage.settle(now=noon(TODAY))


class TestInOrder:
    def test_is_each_published_file(self, region):
        releases = list(Release.objects.exclude(figures=None))
        assert len(releases) > 5
        for release in releases:
            lines = published(release)
            check_time(lines)
            check_wholes(lines)

    def test_is_each_year_as_it_stands_now(self, cubes):
        years = list(ReachCube.objects.all())
        assert len(years) > 3
        for cube in years:
            lines = as_it_stands(cube)
            check_time(lines)
            check_wholes(lines)

    def test_are_twelve_months_beside_the_year_to_date(self, cubes):
        totals = ReachCell.objects.filter(where="any", **dict.fromkeys(WHO, ""))
        rolling = {cell.end: cell for cell in totals.filter(period="rolling_year")}
        assert len(rolling) > 30
        for cell in totals.exclude(period="rolling_year"):
            over = rolling[cell.end]
            assert over.lower >= cell.lower
            assert over.upper >= cell.upper
