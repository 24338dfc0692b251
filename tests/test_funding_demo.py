"""The demo region's money tells the source's story."""

from datetime import date, timedelta

import pytest
from django.apps import apps

from funding import queries
from funding.demo import load as demo
from funding.models import BridgingFacility, Claim, Fund, GrantReceipt
from funding.queries.deflators import prices
from funding.queries.finance import finance
from partners.models import Organisation
from partners.permissions import Role
from programmes.models import Rung
from tests import factories as make
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.finance_figures import real_terms

pytestmark = pytest.mark.django_db

NOW = make.noon(date(2026, 11, 22))


@pytest.fixture
def region():
    programmes = [make.ProgrammeFactory(rung=rung) for rung in (Rung.ONE_TO_ONE, Rung.GROUP, Rung.EXPOSURE)]
    deliveries = [make.DeliveryFactory(programme=programmes[n % 3]) for n in range(9)]
    deliveries.append(make.DeliveryFactory(starts_on=date(2023, 9, 1), ends_on=date(2026, 9, 30)))
    return {
        "by_finance": make.user_with(Role.FINANCE_OFFICER),
        "by_director": make.user_with(Role.DIRECTOR),
        "unit": make.OrganisationFactory(kind=Organisation.Kind.UNIT),
        "home_office": make.OrganisationFactory(kind=Organisation.Kind.GOVERNMENT),
        "pcc": make.OrganisationFactory(kind=Organisation.Kind.COMMISSIONER),
        "deliveries": deliveries,
    }


class TestLoad:
    @pytest.fixture
    def cover(self, region):
        demo.load(**region, now=NOW)
        return lambda *day: queries.cover(user=region["by_director"], as_at=date(*day))

    def test_the_announcement_is_not_secured_and_the_loan_bridges_it(self, cover):
        known = cover(2022, 4, 30)
        april = known.months[0]
        assert (april.secured, april.announced) == (0, 5_800_000_00)
        assert april.bridge == 600_000_00
        assert Month(2022, 4) < known.first_uncovered <= Month(2022, 8)

    def test_the_signature_in_june_moves_the_edge_to_the_next_april(self, cover):
        assert cover(2022, 6, 27).first_uncovered < Month(2022, 9)
        assert cover(2022, 6, 28).first_uncovered == Month(2023, 4)

    def test_the_loan_is_drawn_in_parts_and_asked_for_once_the_grant_comes(self, cover, region):
        director = region["by_director"]
        cover(2022, 4, 30)
        days = [date(2022, 4, 30), date(2022, 5, 31), date(2022, 6, 30)]
        drawn = [queries.facility_lines(user=director, as_at=day)[0].drawn for day in days]
        assert 0 < drawn[0] < drawn[1] < drawn[2] <= 600_000_00
        receipt = GrantReceipt.objects.order_by("on_date").first()
        assert receipt.award_year.financial_year == 2022
        eve = receipt.on_date - timedelta(days=1)
        assert queries.repayment_prompts(user=director, as_at=eve) == []
        (prompt,) = queries.repayment_prompts(user=director, as_at=receipt.on_date)
        assert prompt.line.owed == drawn[2]
        repaid = queries.facility_lines(user=director, as_at=date(2022, 12, 31))[0]
        assert (repaid.owed, repaid.repaid) == (0, drawn[2])

    def test_the_wording_and_its_parts_differ(self, cover, region):
        line = queries.fund_lines(user=region["by_director"], as_at=date(2022, 4, 30))[0]
        assert line.fund.announced_total_pence == 14_500_000_00
        assert [year.standing.announced for year in line.years] == [5_800_000_00, 4_300_000_00, 4_300_000_00]
        assert line.announced_difference == 100_000_00

    def test_a_cliff_edge_lies_ahead_of_today(self, cover):
        known = cover(2026, 11, 22)
        assert known.first_uncovered == Month(2027, 4)
        assert known.stopping
        assert known.months[0].bridge_drawable > 0

    @pytest.mark.parametrize("start", range(2022, 2027))
    def test_budgets_cover_what_is_awarded_to_partners(self, cover, region, start):
        found = finance(user=region["by_director"], as_at=date(2026, 11, 22), year=FinancialYear(start))
        (grant,) = found.grants
        lines = queries.budget_of(grant.line.award_year).lines
        planned = sum(pence for line, pence in lines if line.category == "delivery")
        assert planned * 0.95 < grant.sums.committed <= planned
        assert grant.underspend >= 0

    def test_a_second_loading_changes_nothing(self, cover, region):
        before = _rows()
        demo.load(**region, now=NOW)
        assert _rows() == before

    def test_knows_nothing_that_has_not_happened(self, region):
        demo.load(**region, now=make.noon(date(2022, 5, 20)))
        assert [year.state for year in Fund.objects.get().award_years.all()] == ["applied", "announced", "announced"]
        assert [m.on_date for m in BridgingFacility.objects.get().movements.all()] == [
            date(2022, 4, 8),
            date(2022, 5, 6),
        ]


def _rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in apps.get_app_config("funding").get_models()}


class TestPaying:
    def test_has_claims_in_every_state_and_late_and_payments_that_are_due(self, region):
        demo.load(**region, now=NOW)
        assert set(Claim.objects.values_list("state", flat=True)) == set(Claim.State.values)
        director = region["by_director"]
        late = [each for each in queries.claims_due(user=director, today=NOW.date()) if each.claim is None]
        assert late
        due = [each for each in queries.payables_seen(user=director, today=NOW.date()) if each.due_on <= NOW.date()]
        assert any(each.is_paid for each in due)
        assert any(each.left > 0 for each in due if not each.is_claim)
        assert queries.payments_waiting(user=director, today=NOW.date()).count() == 1
        (prepared,) = queries.payments_prepared(user=director, today=NOW.date())
        assert prepared.on_date == date(2026, 12, 31)

    def test_tells_grant_in_the_prices_of_an_example_series(self, region):
        demo.load(**region, now=NOW)
        known = prices(FinancialYear(2026))
        assert "Example series (invented" in known.series.name
        told = real_terms(region["by_director"], NOW.date(), known)
        assert [each.year.start for each in told] == [2022, 2023, 2024, 2025, 2026]
        assert [each.real > each.awarded for each in told] == [True, True, True, True, False]

    def test_knows_no_prices_that_are_not_published_yet(self, region):
        demo.load(**region, now=make.noon(date(2026, 9, 29)))
        assert prices() is None

    def test_pays_last_year_what_was_claimed_and_awarded_in_parts(self, region):
        demo.load(**region, now=NOW)
        for money in queries.money_of_awards(user=region["by_director"], as_at=NOW.date()):
            if money.award.award_year.financial_year == 2025:
                assert money.paid == (money.approved if money.award.is_claimed else money.awarded)
