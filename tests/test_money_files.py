"""Each table of the Money page as CSV, and all of them as an accessible spreadsheet: what stands on the page."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from partners.permissions import Role
from tests import factories as make

pytestmark = pytest.mark.django_db

DAY = date(2022, 7, 20)
ASKED = {"as_at_day": 20, "as_at_month": 7, "as_at_year": 2022}
SHEETS = {"Cover and commitments", "What stops first", "Award years", "Ring-fences", "Bridging", "Awards to partners"}


@pytest.fixture
def award():
    """£12,000 of a grant of £100,000 that nobody has signed, with a ring-fence and a loan of £3,000 until August."""
    year = make.AwardYearFactory(announced_on=date(2022, 4, 5))
    make.BridgingFacilityFactory(
        fund=year.fund,
        limit_pence=3_000_00,
        agreed_on=date(2022, 4, 1),
        starts_on=date(2022, 4, 1),
        expires_on=date(2022, 8, 31),
    )
    fence = make.RingFenceFactory(award_year=year, purpose="=Schools", amount_pence=20_000_00)
    return make.PartnerAwardFactory(award_year=year, ring_fence=fence, amount_pence=12_000_00)


@pytest.fixture(autouse=True)
def director(client):
    user = make.user_with(Role.DIRECTOR)
    client.force_login(user)
    return user


def answer(client, name: str, kind: str, **asked):
    return client.get(reverse("money-file", args=[name, kind]), ASKED | asked)


def rows(client, name: str, **asked) -> list[dict]:
    return list(csv.DictReader(io.StringIO(answer(client, name, "csv", **asked).content.decode())))


class TestCsv:
    def test_of_the_cover_has_each_month_as_the_page_has_it(self, client, award):
        found = rows(client, "cover")
        july = found[0]
        assert len(found) == 18
        assert (july["month"], july["committed"], july["announced"]) == ("2022-07", "4000", "100000")
        assert (july["secured"], july["bridge_drawable"], july["exposure"]) == ("0", "3000", "1000")

    def test_goes_by_what_the_page_supposes(self, client, award):
        asked = {"signed_in": 3, "percent": 50}
        july = rows(client, "cover", **asked)[0]
        assert (july["supposed"], july["exposure"]) == ("50000", "0")
        page = client.get(reverse("money"), ASKED | asked).text
        assert "cover.csv?as_at_day=20&amp;as_at_month=7&amp;as_at_year=2022&amp;signed_in=3&amp;percent=50" in page

    def test_of_what_stops_has_the_day_and_the_cost(self, client, award):
        (line,) = rows(client, "stopping")
        assert (line["delivery"], line["stops_on"], line["cost"]) == (award.delivery.name, "2022-07-01", "9000")

    def test_of_what_stops_says_when_it_is_covered_again(self, client, award):
        (line,) = rows(client, "stopping", signed_in=5)
        assert (line["stops_on"], line["covered_again_on"], line["cost"]) == ("2022-07-01", "2022-09-01", "2000")

    def test_of_award_years_has_what_was_stated_and_leaves_the_rest_empty(self, client, award):
        (line,) = rows(client, "award_years")
        assert (line["announced"], line["applied"], line["awarded"]) == ("100000", "", "")
        assert (line["year"], line["state"], line["committed"]) == ("2022/23", "Announced", "12000")

    def test_of_ring_fences_runs_no_formula(self, client, award):
        (line,) = rows(client, "ring_fences")
        assert (line["purpose"], line["amount"], line["counts"]) == ("'=Schools", "20000", "0")
        assert line["not_covered_from"] == "2022-07"

    def test_of_the_bridge_and_of_awards_has_each_once(self, client, award):
        (loan,) = rows(client, "bridging")
        assert (loan["limit"], loan["drawable"]) == ("3000", "3000")
        (line,) = rows(client, "awards")
        assert (line["reference"], line["amount"]) == (award.reference, "12000")
        assert line["approved_by"] == str(award.approved_by)

    def test_is_of_no_other_table(self, client, award):
        assert answer(client, "people", "csv").status_code == 404


class TestSpreadsheet:
    def test_holds_each_table_that_the_page_leads_to(self, client, award):
        response = answer(client, "money", "xlsx")
        assert set(load_workbook(io.BytesIO(response.content)).sheetnames) >= SHEETS
        assert response["Content-Disposition"] == 'attachment; filename="money-as-at-2022-07-20.xlsx"'
        page = client.get(reverse("money"), ASKED).text
        for name in ("cover", "stopping", "award_years", "ring_fences", "bridging", "awards"):
            assert reverse("money-file", args=[name, "csv"]) in page
        assert reverse("money-file", args=["money", "xlsx"]) in page

    def test_opens_where_nothing_is_known(self, client):
        assert answer(client, "money", "xlsx").status_code == 200
