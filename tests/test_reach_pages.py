"""The dashboard of reach: each view of a release says what it is of, and no choice that it offers leads nowhere."""

from datetime import date

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from outcomes.actions import releases
from outcomes.queries.revision_log import Said
from outcomes.sentences import headline, people_in_words
from partners.permissions import Role
from programmes.models import Rung
from tests import factories
from vru_portal.core.periods import Month

JUNE = Month(2021, 6)
NOW = factories.noon(date(2021, 7, 22))
BIRMINGHAM, WALSALL = "E08000025", "E08000030"


@pytest.fixture
@transaction.atomic
def region(db):
    """Two programmes with people in Walsall, one of pupils exposed, and the June release of all three."""
    factories.PolicyFactory()
    walsall = factories.CategoryFactory(dimension="district", code=WALSALL, name="Walsall")
    factories.CategoryFactory(dimension="age_band", code="14-15", name="14 to 15")
    hub = factories.ProgrammeFactory(name="Heal Hub")
    clubs = factories.ProgrammeFactory(name="Evening clubs")
    routes = factories.ProgrammeFactory(name="Safer routes", rung=Rung.EXPOSURE)
    for programme in (hub, clubs):
        factories.accepted_return(factories.DeliveryFactory(programme=programme), JUNE, new_people=135)
    factories.accepted_return(factories.DeliveryFactory(programme=routes), JUNE, exposed_people=19_880)
    release = releases.produce(month=JUNE, by=None, now=NOW)
    return {"walsall": walsall, "hub": hub, "clubs": clubs, "routes": routes, "release": release}


@pytest.fixture
def show(region, client):
    client.force_login(factories.user_with(Role.ANALYST))

    def show(**chosen):
        answer = client.get(reverse("outcomes:reach"), {name: one.pk for name, one in chosen.items()})
        assert answer.status_code == 200
        return answer

    return show


class TestExposure:
    def test_is_never_called_supported(self, region, show):
        page = show(programme=region["routes"]).content.decode()
        assert "More than 19,800 pupils, by estimate, were exposed between April and June 2021." in page
        assert "“Supported” means" not in page
        assert "young people were supported" not in page

    def test_is_marked_as_an_estimate_in_the_chart_and_the_table(self, region, show):
        page = show(programme=region["routes"]).content.decode()
        assert "Pupils exposed in each month (e: estimate)" in page
        assert "People supported" not in page
        assert "19,880 e" in page

    def test_has_its_words(self):
        number = {"within": 20, "beneficiary": "young_people", "start": date(2021, 4, 1), "end": date(2021, 12, 31)}
        assert headline(lower=19_880, upper=19_880, is_estimate=True, **number) == (
            "More than 19,800 pupils, by estimate, were exposed between April and December 2021."
        )
        assert headline(lower=None, upper=None, is_estimate=True, **number).startswith("There is no estimate of pupils")


class TestOneNumber:
    NUMBER = {"within": 20, "beneficiary": "young_people", "start": date(2021, 4, 1), "end": date(2021, 12, 31)}

    def test_is_the_least_while_returns_are_missing(self):
        span = "young people were supported between April and December 2021."
        assert headline(lower=645, upper=645, **self.NUMBER) == f"645 {span}"
        assert headline(lower=645, upper=645, is_complete=False, **self.NUMBER) == f"At least 645 {span}"
        assert headline(lower=1645, upper=1645, is_complete=False, **self.NUMBER) == f"More than 1,600 {span}"

    @pytest.mark.parametrize(("received", "words"), [(20, "at least 645"), (21, "645")])
    def test_is_said_to_be_that_in_tables_too(self, received, words):
        number = Said(lower=645, upper=645, symbol="", received=received, due=21)
        assert render_to_string("outcomes/release_figure_words.html", {"number": number}) == words

    @pytest.mark.parametrize(
        ("lower", "upper", "words"),
        [
            (375, None, "375 or more; upper end hidden to protect them"),
            (0, None, "0 or more; upper end fewer than 5 or hidden to protect them"),
            (None, 15, "15 or fewer; lower end fewer than 5 or hidden to protect them"),
            (None, None, "fewer than 5 or hidden to protect them"),
            (20, 35, "between 20 and 35"),
        ],
    )
    def test_stands_there_though_the_other_end_is_hidden(self, lower, upper, words):
        hidden = "c" if None in (lower, upper) else ""
        figure = {"number": {"lower": lower, "upper": upper, "symbol": hidden}}
        assert render_to_string("outcomes/release_figure_words.html", figure) == words


class TestADistrict:
    def test_names_the_programmes_in_the_table_of_programmes(self, region, show):
        rows = show(district=region["walsall"]).context["reach"].programmes
        assert {number.label.name for number in rows} == {"Heal Hub", "Evening clubs"}

    def test_of_an_exposure_programme_is_said_to_be_not_counted(self, region, show):
        page = show(programme=region["routes"], district=region["walsall"]).content.decode()
        assert "<h1>No figure: Safer routes · Walsall</h1>" in page
        assert "not counted by district" in page
        assert 'name="district"' in page, "the form is there to choose again"

    def test_of_one_programme_says_why_there_is_no_age(self, region, show):
        page = show(programme=region["hub"], district=region["walsall"]).content.decode()
        assert "age is not counted by district" in page
        assert "No figures." not in page

    def test_of_one_programme_shows_quarters_for_there_are_no_months(self, region, show):
        page = show(programme=region["hub"], district=region["walsall"]).content.decode()
        assert "not for single months" in page
        assert '<th scope="row">April 2021 to June 2021</th>' in page
        assert "not for single months" not in show(programme=region["hub"]).content.decode()

    def test_marks_its_tile_and_says_that_the_exposed_are_of_the_whole_region(self, region, show):
        page = show(district=region["walsall"]).content.decode()
        assert page.count("app-tile--chosen") == 1
        assert "Exposed, not supported: the whole region" in page
        assert "app-tile--chosen" not in show().content.decode()

    @pytest.mark.parametrize(
        ("role", "page"), [(Role.ANALYST, "outcomes:reach"), (Role.COMMISSIONER, "outcomes:figures")]
    )
    def test_has_its_own_number_on_its_tile(self, region, client, role, page):
        both = {"district": {"first_seen": {BIRMINGHAM: 60, WALSALL: 30}}}
        delivery = factories.DeliveryFactory(programme=region["hub"])
        factories.accepted_return(delivery, JUNE, new_people=90, breakdowns=both)
        release = releases.produce(month=JUNE, by=None, now=NOW)
        factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        client.force_login(factories.user_with(role))
        tiles = {tile.name: tile.number for tile in client.get(reverse(page)).context["tiles"]}
        assert tiles == {"Birmingham": "135–330", "Walsall": "30"}


class TestBetweenQuarters:
    """A programme is broken down at the end of a quarter alone."""

    @pytest.fixture
    def may(self, region):
        for programme in (region["hub"], region["clubs"]):
            delivery = factories.DeliveryFactory(programme=programme)
            factories.accepted_return(delivery, Month(2021, 5), new_people=135)
        return releases.produce(month=Month(2021, 5), by=None, now=NOW)

    def test_a_programme_says_when_districts_and_ages_are_given(self, region, may, show):
        page = show(release=may, programme=region["hub"]).content.decode()
        assert "A programme is broken down by district where the months end with a quarter" in page
        assert "A programme is broken down by age where the months end with a quarter" in page
        assert "not available" not in page

    def test_a_district_says_when_programmes_and_ages_are_given(self, region, may, show):
        page = show(release=may, district=region["walsall"]).content.decode()
        assert "Programmes are broken down by district where the months end with a quarter." in page
        assert "A district is broken down by age where the months end with a quarter" in page
        assert "No figures." not in page

    def test_a_programme_in_a_district_says_why_there_is_no_figure(self, region, may, show):
        page = show(release=may, programme=region["hub"], district=region["walsall"]).content.decode()
        assert "Choose a release to June, September, December or March, or all districts." in page


class TestProgramme:
    def test_says_its_own_rung_only(self, region, show):
        assert "this rung of support: one-to-one" in show(programme=region["hub"]).content.decode()
        assert "these rungs of support: brief contact, group, one-to-one" in show().content.decode()


class TestWords:
    """One page, one answer: below 1,000 the headline says what the tiles and tables say."""

    @pytest.mark.parametrize(
        ("lower", "upper", "words"),
        [
            (130, 145, "Between 130 and 145"),
            (995, 1_015, "Between 995 and 1,100"),
            (3_105, 3_395, "More than 3,100"),
            (3_105, 3_895, "Between 3,100 and 3,900"),
            (205, 205, "205"),
            (10_500, 10_500, "More than 10,400"),
            (10_585, 12_260, "More than 10,500"),
            (10_585, 12_702, "More than 10,500"),
            (10_585, 12_703, "Between 10,500 and 12,800"),
            (900, 950, "Between 900 and 950"),
        ],
    )
    def test_round_as_counting_md_says(self, lower, upper, words):
        assert people_in_words(lower, upper, within=20) == words
