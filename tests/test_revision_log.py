"""The public log of revisions, and how far a first figure can be trusted."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.urls import reverse

from outcomes.actions import publishing, releases
from outcomes.models import Figure, Release
from outcomes.queries import revision_log as queries
from partners.permissions import Role
from tests import factories
from tests.test_releases_actions import JUNE, NOW, revision
from tests.test_releases_actions import region as region
from tests.test_releases_actions import region_once as region_once
from vru_portal.core.periods import FinancialYear, Month

pytestmark = pytest.mark.usefixtures("workbooks_once")

YEAR = FinancialYear(2021)
MAY = Month(2021, 5)
DAY = timedelta(days=1)


@pytest.fixture
def director():
    return factories.user_with(Role.DIRECTOR)


@pytest.fixture
def three(region, director):
    """May, June, and June again after a late return of May."""
    may = releases.produce(month=MAY, by=None, now=NOW - 30 * DAY)
    factories.approve(release=may, by=director, now=NOW - 30 * DAY)
    june = releases.produce(month=JUNE, by=None, now=NOW)
    factories.approve(release=june, by=director, now=NOW)
    again = revision(region)
    return [may, june, factories.approve(release=again, by=director, now=NOW + DAY)]


class TestLog:
    def test_says_what_each_release_replaced_and_why(self, three):
        may, june, again = three
        found = queries.revisions([again, june, may])
        assert [(one.release, one.before) for one in found] == [(again, june), (june, may)]
        assert [one.reasons for one in found] == [["A return came in, or was accepted, late"], []]
        assert found[0].count == len(queries.changed_figures(again)) > 0
        assert found[1].count == 0

    def test_names_the_largest_change(self, three):
        largest = queries.revisions([three[2]])[0].largest
        assert (largest.size, largest.before.upper, largest.now.upper) == (60, 110, 170)
        assert largest.what == "All programmes · All districts · All ages · between April and May 2021"
        figure = three[2].figures.get(order=largest.row)
        assert (figure.lower, figure.upper) == (largest.now.lower, largest.now.upper)

    def test_asks_no_more_for_more_releases(self, three, django_assert_num_queries):
        again = Release.objects.select_related("compared_with").get(pk=three[2].pk)
        for times in (1, 3):
            with django_assert_num_queries(2):
                found = queries.revisions([again] * times)
            assert [bool(one.largest) for one in found] == [True] * times

    def test_a_commissioner_reads_it(self, three, client):
        client.force_login(factories.user_with(Role.COMMISSIONER))
        page = " ".join(client.get(reverse("outcomes:revision-log")).content.decode().split())
        assert "A return came in, or was accepted, late" in page
        assert "All ages · between April and May 2021: between 60 and 110, now" in page

    def test_says_at_least_while_returns_are_missing(self, three, client):
        _, june, again = three
        said = queries.triangle(YEAR, Figure.PeriodType.MONTH).lines[1]
        assert [(told.said.received, told.said.due) for told in said.told] == [(1, 2), (1, 2), (2, 2)]
        largest = queries.revisions([again])[0].largest
        assert [(each.received, each.due) for each in (largest.before, largest.now)] == [(3, 4), (4, 4)]
        client.force_login(factories.user_with(Role.COMMISSIONER))
        page = " ".join(client.get(reverse("outcomes:revision-log")).content.decode().split())
        row = reverse("outcomes:release-row", args=[june.code, said.second.row])
        assert f'<a href="{row}">at least 30<span' in page

    def test_leaves_out_what_is_not_public(self, three, region, director, client):
        now = NOW + 2 * DAY
        factories.accepted_return(factories.DeliveryFactory(programme=region["programme"]), MAY, new_people=500)
        waits = releases.produce(month=JUNE, by=None, now=now)
        client.force_login(factories.user_with(Role.COMMISSIONER))
        page = client.get(reverse("outcomes:revision-log"))
        assert waits not in [one.release for one in page.context["page"]]
        assert len(queries.triangle(YEAR, "month").lines[1].told) == 3


class TestTriangle:
    def test_says_what_was_said_first_second_and_last(self, three):
        lines = {line.end: line for line in queries.triangle(YEAR, Figure.PeriodType.MONTH).lines}
        assert list(lines) == [date(2021, 4, 30), date(2021, 5, 31), date(2021, 6, 30)]
        may = lines[date(2021, 5, 31)]
        assert [told.release for told in (may.first, may.second, may.latest)] == three
        assert [(told.said.lower, told.said.upper) for told in may.told] == [(30, 30), (30, 30), (60, 90)]
        assert may.moved == (30, 60)
        june = lines[date(2021, 6, 30)]
        assert (len(june.told), june.latest, june.moved) == (2, None, (0, 0))

    def test_gives_the_mean_revision_of_what_was_said_twice(self, three):
        found = queries.triangle(YEAR, Figure.PeriodType.MONTH)
        assert found.moved == [(0, 0), (30, 60), (0, 0)]
        assert found.mean == (10, 20)

    def test_leaves_out_what_is_under_embargo(self, region, director):
        first = factories.approve(release=releases.produce(month=MAY, by=None, now=NOW), by=director, now=NOW)
        publishing.announce(month=JUNE, public_at=NOW + DAY, reason="", by=None, now=NOW)
        june = factories.approve(release=releases.produce(month=JUNE, by=None, now=NOW), by=director, now=NOW)
        before = queries.triangle(YEAR, Figure.PeriodType.MONTH, at=NOW + DAY / 2)
        assert [[told.release for told in line.told] for line in before.lines] == [[first], [first]]
        after = queries.triangle(YEAR, Figure.PeriodType.MONTH, at=NOW + DAY)
        assert [told.release for told in after.lines[0].told] == [first, june]

    def test_is_given_as_a_file(self, three, client):
        client.force_login(factories.user_with(Role.COMMISSIONER))
        answer = client.get(reverse("outcomes:revisions-triangle", args=[2021]))
        rows = list(csv.DictReader(StringIO(answer.content.decode())))
        may = [row for row in rows if (row["period_type"], row["period_end"]) == ("month", "2021-05-31")]
        assert [(row["said"], row["release"], row["lower"], row["upper"]) for row in may] == [
            ("1", "2021-05.1", "30", "30"),
            ("2", "2021-06.1", "30", "30"),
            ("3", "2021-06.2", "60", "90"),
        ]
        assert [row["published"] for row in may] == ["2021-06-22", "2021-07-22", "2021-07-23"]
        assert client.get(reverse("outcomes:revisions-triangle", args=[2020])).status_code == 404

    def test_a_year_of_which_nothing_is_public_is_not_found(self, three, client):
        client.force_login(factories.user_with(Role.COMMISSIONER))
        page = client.get(reverse("outcomes:revision-log") + "?year=2021").content.decode()
        assert "<title>2021/22: revisions of published figures" in page
        for asked in ("2020", "x"):
            assert client.get(reverse("outcomes:revision-log") + f"?year={asked}").status_code == 404


class TestAHiddenNumber:
    def test_is_never_counted_among_the_revisions(self, db, director):
        factories.PolicyFactory()
        factories.CategoryFactory(dimension="district", code="E08000025")
        delivery = factories.DeliveryFactory()
        factories.accepted_return(delivery, MAY, new_people=3)
        factories.approve(release=releases.produce(month=MAY, by=None, now=NOW), by=director, now=NOW)
        factories.accepted_return(delivery, JUNE, new_people=30)
        factories.approve(release=releases.produce(month=JUNE, by=None, now=NOW), by=director, now=NOW)
        _, may, _ = queries.triangle(YEAR, Figure.PeriodType.MONTH).lines
        assert (len(may.told), may.moved) == (2, None)
        assert Release.objects.published().count() == 2
