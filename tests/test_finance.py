"""The finance page: every total is the sum of its movements, each number leads to them, and cost per young person is
refused where counts are not comparable."""

import csv
import io
import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from funding import deflator_csv
from funding.actions import deflators
from funding.models import Forecast, PartnerAward
from funding.queries.finance import BY, Sums, awards_behind, finance, shared
from outcomes.actions import linkage
from outcomes.queries.cost_base import CostBase, cost_bases
from partners.models import Area
from partners.permissions import Role
from programmes.models import Beneficiary, Rung
from tests import factories as make
from tests.registers import accepted_register, giving_registers
from tests.test_funding_cover import exit_from
from tests.test_funding_pages import on
from tests.test_linkage import AMINA, JAKUB, JUNE
from tests.test_linkage import NOW as LINKED_AT
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.finance_figures import Cost, costs

YEAR = FinancialYear(2022)
DAY = date(2022, 12, 1)
numbers = st.integers(-(10**9), 10**9)


class TestShared:
    @given(st.builds(Sums, numbers, numbers, numbers, numbers, numbers), st.integers(1, 9))
    def test_parts_add_up_to_the_whole_and_differ_by_pence_alone(self, sums, among):
        parts = shared(sums, among)
        assert sum(parts, Sums()) == sums
        assert all(abs(part.paid - parts[0].paid) < among for part in parts)


@pytest.mark.django_db
class TestFinance:
    @pytest.fixture
    def director(self):
        return make.user_with(Role.DIRECTOR)

    @pytest.fixture
    def award(self):
        """£1,200 for the year, of which a claim of £300 is approved and £200 is paid."""
        year = make.AwardYearFactory(at="agreement_signed", pence=2_000_00)
        award = make.PartnerAwardFactory(award_year=year, amount_pence=1_200_00)
        claim = make.ClaimFactory(award=award, at="approved", amounts={"staff": 300_00})
        make.PartnerPaymentFactory(claim=claim, amount_pence=200_00, approved_by=make.UserFactory())
        make.ClaimFactory(award=award, at="sent", quarter=date(2022, 7, 1), amounts={"staff": 50_00})
        return award

    def test_adds_up_awards_claims_and_payments(self, award, director):
        found = finance(user=director, as_at=DAY, year=YEAR)
        assert found.total == Sums(committed=1_200_00, claimed=350_00, approved=300_00, paid=200_00, expected=1_200_00)
        assert found.total.variance == 0

    def test_expects_no_more_of_awards_than_is_awarded_with_their_corrections(self, director):
        """£90 of £100 are forecast; £15 are taken back, of which £10 are what nobody expected to spend anyway."""
        year = make.AwardYearFactory(at="agreement_signed", pence=2_000_00)
        award = make.PartnerAwardFactory(award_year=year, amount_pence=100_00)
        for month in YEAR.months:
            pence = 90_00 if month == YEAR.months[0] else 0
            made = {"made_by": director, "made_at": make.noon(date(2022, 6, 1))}
            Forecast.objects.create(award=award, month=month.first, amount_pence=pence, **made)
        back = {"award_year": year, "delivery": award.delivery, "note": "Not needed"}
        make.PartnerAwardFactory(amount_pence=-15_00, **back)
        assert finance(user=director, as_at=DAY, year=YEAR).total.expected == 85_00
        make.PartnerAwardFactory(amount_pence=-85_00, **back)
        assert finance(user=director, as_at=DAY, year=YEAR).total.expected == 0

    def test_every_table_adds_up_to_the_same(self, award, director):
        fence = make.RingFenceFactory(award_year=award.award_year)
        two = make.DeliveryFactory()
        two.areas.set(Area.objects.filter(kind="district")[:2] or [make.AreaFactory(), make.AreaFactory()])
        make.PartnerAwardFactory(delivery=two, award_year=award.award_year, ring_fence=fence, amount_pence=100_01)
        award.delivery.areas.add(*two.areas.all()[:1])
        found = finance(user=director, as_at=DAY, year=YEAR)
        for by in BY:
            assert sum((line.sums for line in found.tables[by]), Sums()) == found.total, by
        assert found.grants[0].sums == found.total

    def test_every_line_adds_up_what_stands_behind_it(self, award, director):
        two = make.DeliveryFactory()
        two.areas.add(make.AreaFactory(gss_code="E08000031", name="Wolverhampton"))
        assert two.areas.count() == 2
        make.PartnerAwardFactory(delivery=two, award_year=award.award_year, amount_pence=100_01)
        award.delivery.areas.clear()
        found = finance(user=director, as_at=DAY, year=YEAR)
        assert len(found.tables["district"]) == 3, "one of them is no district"
        lines = [(by, line.key, line.sums) for by in BY for line in found.tables[by]]
        of_year = [("grant", str(award.award_year_id), found.total), ("all", "", found.total)]
        for by, key, sums in lines + of_year:
            behind = awards_behind(user=director, as_at=DAY, year=YEAR, by=by, key=key)
            assert sum((each.sums for each in behind), Sums()) == sums, by

    def test_knows_nothing_of_what_came_later(self, award, director):
        before = finance(user=director, as_at=date(2022, 4, 30), year=YEAR)
        assert before.total == Sums(committed=1_200_00, expected=1_200_00)
        assert finance(user=director, as_at=DAY, year=FinancialYear(2023)).total == Sums()

    def test_expects_what_was_forecast_last_and_an_even_part_where_nobody_forecast(self, award, director):
        for pence in (50_00, 40_00):
            Forecast.objects.create(
                award=award,
                month=date(2022, 5, 1),
                amount_pence=pence,
                made_by=director,
                made_at=make.noon(date(2022, 6, 1)),
            )
        found = finance(user=director, as_at=DAY, year=YEAR)
        assert (found.total.expected, found.total.variance) == (1_140_00, 60_00)

    def test_projects_what_would_be_lost(self, award, director):
        team = make.BudgetLineFactory(award_year=award.award_year, category="team")
        make.BudgetChangeFactory(entries={team: 500_00}, approved_by=make.UserFactory())
        (grant,) = finance(user=director, as_at=DAY, year=YEAR).grants
        assert (grant.own, grant.underspend, grant.lost_after) == (500_00, 300_00, date(2023, 3, 31))

    def test_leads_from_each_number_to_its_awards(self, award, director):
        other = make.PartnerAwardFactory(award_year=award.award_year, amount_pence=100_00)
        keys = {
            "ring_fence": "",
            "programme": award.delivery.programme.code,
            "partner": str(award.delivery.partner_id),
            "grant": str(award.award_year_id),
        }
        for by, key in keys.items():
            behind = awards_behind(user=director, as_at=DAY, year=YEAR, by=by, key=key)
            references = {each.award.reference for each in behind}
            assert award.reference in references
            assert (other.reference in references) == (by in {"ring_fence", "grant"}), by


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_tables")
class TestCost:
    @pytest.fixture
    def met(self):
        delivery = giving_registers()
        accepted_register(delivery, JUNE, [AMINA, JAKUB], now=LINKED_AT)
        linkage.settle(now=LINKED_AT)
        return delivery.programme

    def test_is_told_over_people_counted_once(self, met):
        base = next(each for each in cost_bases(FinancialYear(2021), Month(2021, 6)) if each.programme == met)
        assert (base.lower, base.upper) == (2, 2)
        assert Cost(base, 1_001_00, "").words == "£500"

    @pytest.mark.parametrize(
        ("programme", "why"),
        [
            ({"rung": Rung.EXPOSURE}, "an estimate of people exposed is no count"),
            ({"beneficiary": Beneficiary.PARENTS}, "it supports parents and carers"),
            ({}, "people have not been counted"),
        ],
    )
    def test_is_refused_where_counts_are_not_comparable(self, programme, why):
        made = make.ProgrammeFactory(**programme)
        base = next(each for each in cost_bases(YEAR, Month(2022, 6)) if each.programme == made)
        assert why in base.refusal
        assert Cost(base, 100, base.refusal).words == f"not told: {base.refusal}"

    def test_is_a_range_over_the_most_and_the_fewest(self):
        assert Cost(CostBase(None, 40, 50, ""), 10_000_00, "").words == "between £200 and £250"

    def test_is_told_as_the_most_while_a_return_is_missing(self, met):
        make.ObligationFactory(delivery=make.DeliveryFactory(programme=met, starts_on=JUNE), month=JUNE)
        linkage.settle(now=LINKED_AT)
        base = next(each for each in cost_bases(FinancialYear(2021), Month(2021, 6)) if each.programme == met)
        cost = Cost(base, 1_001_00, base.refusal)
        assert cost.words == "at most £500: 1 of 2 returns are in"
        assert (cost.least, cost.most) == (None, 500_50)

    def test_is_refused_while_nothing_is_paid(self):
        award = make.PartnerAwardFactory()
        found = finance(user=make.user_with(Role.DIRECTOR), as_at=DAY, year=YEAR)
        (cost,) = costs(found)
        assert cost.base.programme == award.delivery.programme
        assert cost.words.startswith("not told: ")


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def award(self):
        year = make.AwardYearFactory(at="agreement_signed", pence=2_000_00)
        return make.PartnerAwardFactory(award_year=year, amount_pence=1_200_00)

    @pytest.fixture(autouse=True)
    def auditor(self, client):
        user = make.user_with(Role.AUDITOR)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return user

    def asked(self, **query) -> dict:
        return {**on("as_at", DAY), "year_start": 2022, **query}

    def test_is_reached_from_money_and_says_what_is_paid(self, client, award):
        assert reverse("finance") in client.get(reverse("money")).content.decode()
        found = client.get(reverse("finance"), self.asked()).content.decode()
        assert "<h1>£0 of £1,200 committed to partners is paid</h1>" in found
        assert "£800</strong> would be left, and is lost after 31 March 2023" in found

    def test_offers_the_years_that_have_money_and_this_one(self, client, award):
        make.AwardYearFactory(financial_year=2024)
        found = client.get(reverse("finance")).content.decode()
        years = re.findall(r'<option value="(\d{4})"', found)
        assert years == [str(FinancialYear.of(timezone.localdate()).start), "2024", "2022"]

    def test_each_number_leads_to_its_awards(self, client, award):
        query = self.asked(key=award.delivery.partner_id)
        found = client.get(reverse("finance-awards", args=["partner"]), query).content.decode()
        assert "1 award, £1,200 committed" in found
        assert reverse("funding:award-detail", args=[award.pk]) in found
        page = client.get(reverse("finance"), self.asked()).content.decode()
        for by in ("all", "grant", *BY):
            assert reverse("finance-awards", args=[by]) in page, by
        of_year = client.get(reverse("finance-awards", args=["all"]), self.asked()).content.decode()
        assert "1 award, £1,200 committed" in of_year
        assert "All awards, 2022/23" in of_year

    def test_each_number_of_a_grant_leads_to_what_it_is_made_of(self, client, award):
        make.GrantReceiptFactory(award_year=award.award_year, amount_pence=700_00, approved_by=make.UserFactory())
        team = make.BudgetLineFactory(award_year=award.award_year, category="team")
        make.BudgetChangeFactory(entries={team: 500_00}, approved_by=make.UserFactory())
        make.UnitSpendFactory(line=team, amount_pence=30_00, approved_by=make.UserFactory())
        make.ClaimFactory(award=award, at="sent", quarter=date(2022, 4, 1), amounts={"staff": 50_00})
        page = client.get(reverse("finance"), self.asked()).content.decode()
        year_page = reverse("funding:award-year-detail", args=[award.award_year_id])
        awards = f"{reverse('finance-awards', args=['grant'])}?key={award.award_year_id}&amp;"
        for there, amount in [
            (f"{year_page}#steps", "£2,000"),  # announced and awarded
            (f"{year_page}#received", "£700"),
            *((awards, amount) for amount in ("£1,200", "£50", "£0")),
            (reverse("funding:budget", args=[award.award_year_id]), "£500"),
            (reverse("funding:spending", args=[award.award_year_id]), "£30"),
        ]:
            assert re.search(rf'<a href="{re.escape(there)}[^"]*">{amount}<', page), (there, amount)
        of_year = client.get(year_page).content.decode()
        assert 'id="steps"' in of_year
        assert 'id="received"' in of_year

    def test_a_table_too_long_for_a_phone_is_folded_there_under_its_total(self, client, award):
        assert "Show all" not in client.get(reverse("finance"), self.asked()).content.decode()
        for _ in range(12):
            make.PartnerAwardFactory(award_year=award.award_year, amount_pence=10_00)
        page = client.get(reverse("finance"), self.asked()).content.decode()
        told = "; together £1,320 committed, £0 paid"
        assert f'Show all 13<span class="govuk-visually-hidden">, by partner</span>{told}' in page
        assert page.count("Together<span") == len(BY)
        for partner in {each.delivery.partner for each in PartnerAward.objects.all()}:
            assert f">{escape(partner)}</a>" in page

    def test_says_what_of_the_money_that_came_in_is_in_hand(self, client, award):
        page = client.get(reverse("finance"), self.asked()).content.decode()
        assert "<strong>£0</strong> of what came in is in hand." in page
        make.GrantReceiptFactory(award_year=award.award_year, amount_pence=700_00)
        team = make.BudgetLineFactory(award_year=award.award_year, category="team")
        make.BudgetChangeFactory(entries={team: 500_00}, approved_by=make.UserFactory())
        make.UnitSpendFactory(line=team, amount_pence=30_00, approved_by=make.UserFactory())
        page = client.get(reverse("finance"), self.asked()).content.decode()
        assert "<strong>£670</strong> of what came in is in hand." in page
        assert self.rows(client, "grants")[0]["in_hand"] == "670"
        make.GrantReceiptFactory(award_year=award.award_year, amount_pence=-700_00, note="Sent to us by mistake")
        page = client.get(reverse("finance"), self.asked()).content.decode()
        assert "More went out than came in: <strong>£30</strong> is advanced until the funder pays." in page
        exit_from(award.award_year, "withdrawn", pence=None)
        page = client.get(reverse("finance"), self.asked()).content.decode()
        assert "More went out than came in: <strong>£30</strong> went out that this grant has not paid." in page

    def test_says_that_the_line_behind_a_number_has_no_name(self, client, award):
        page = client.get(reverse("finance-awards", args=["ring_fence"]), self.asked(key="")).content.decode()
        assert "No ring-fence, 2022/23, as known on" in page
        (row,) = self.rows(client, "ring_fence")
        assert row["ring_fence"] == "none"

    def test_each_table_is_given_as_csv_and_all_as_a_spreadsheet(self, client, award):
        for name in ("grants", *BY):
            response = client.get(reverse("finance-file", args=[name, "csv"]), self.asked())
            (row,) = csv.DictReader(io.StringIO(response.content.decode()))
            assert row["committed"] == "1200", name
        response = client.get(reverse("finance-file", args=["finance", "xlsx"]), self.asked())
        book = load_workbook(io.BytesIO(response.content))
        assert {"Grants", "By partner", "Claims waiting", "Cost per young person"} <= set(book.sheetnames)
        assert client.get(reverse("finance-file", args=["other", "csv"]), self.asked()).status_code == 404

    def rows(self, client, name: str) -> list[dict]:
        response = client.get(reverse("finance-file", args=[name, "csv"]), self.asked())
        return list(csv.DictReader(io.StringIO(response.content.decode())))

    def test_says_which_claims_are_late_queried_and_to_decide(self, client, award):
        make.ClaimFactory(award=award, at="sent", quarter=date(2022, 4, 1), amounts={"staff": 50_00})
        page = client.get(reverse("finance"), self.asked()).content.decode()
        assert "1 late, 1 sent or queried" in page
        found = {(row["quarter"], row["state"], row["amount"]) for row in self.rows(client, "claims_waiting")}
        assert found == {("Quarter 1 of 2022/23", "sent", "50"), ("Quarter 2 of 2022/23", "late", "")}

    def test_gives_the_bridge_the_conditions_and_real_terms_as_csv_too(self, client, award):
        facility = make.BridgingFacilityFactory(fund=award.award_year.fund)
        make.ConditionFactory(award_year=award.award_year)
        prices = deflator_csv.read(b"Series,Published on,Year,Index\nGDP,30/09/2022,2022-23,100\n", "prices.csv")
        deflators.load(series=prices, by=make.user_with(Role.FINANCE_OFFICER), now=make.noon(DAY))
        (row,) = self.rows(client, "bridging")
        assert (row["facility"], row["owed"]) == (str(facility), "0")
        (row,) = self.rows(client, "conditions")
        assert row["met"] == "no"
        (row,) = self.rows(client, "real_terms")
        assert (row["awarded"], row["real"]) == ("2000", "2000")
