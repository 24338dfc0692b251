"""Money counts once, what was agreed stays, and a page of an earlier day says what was known then."""

from datetime import date

import pytest
from django.db import models

from funding.actions import award_years, budgets, funds, spending
from funding.models import BridgingFacility, Match, MatchConfirmation, PartnerAward, RingFence
from funding.queries.finance import finance as finance_of
from funding.queries.standing import standing_at
from partners.permissions import Role
from tests import factories as make
from tests.database import refused
from vru_portal.core.periods import FinancialYear

pytestmark = pytest.mark.django_db

YEAR = FinancialYear(2022)
NOW = make.noon(date(2022, 9, 1))


@pytest.fixture
def officer():
    return make.user_with(Role.FINANCE_OFFICER)


@pytest.fixture
def director():
    return make.user_with(Role.DIRECTOR)


@pytest.fixture
def fence():
    """£1,000 at most for evaluation, all of it planned, of a grant of £10,000 that is signed."""
    year = make.AwardYearFactory(at="agreement_signed", pence=10_000_00)
    fence = make.RingFenceFactory(award_year=year, amount_kind="maximum", amount_pence=1_000_00, category="evaluation")
    line = make.BudgetLineFactory(award_year=year, category="evaluation", ring_fence=fence)
    make.BudgetChangeFactory(entries={line: 1_000_00}, approved_by=make.UserFactory())
    return fence


def awarded(fence, pence):
    make.PartnerAwardFactory(award_year=fence.award_year, ring_fence=fence, category="evaluation", amount_pence=pence)


class TestRingFence:
    def test_is_not_spent_by_the_unit_once_it_is_awarded(self, fence, officer):
        awarded(fence, 600_00)
        line = fence.budget_lines.get()
        make.UnitSpendFactory(line=line, amount_pence=400_00)
        with refused("unitspend_within_ring_fence"):
            make.UnitSpendFactory(line=line, amount_pence=1)
        with pytest.raises(budgets.OutsidePurpose, match="Only £0 is left"):
            spending.propose_spend(
                line=line, on_date=date(2022, 6, 30), amount_pence=1, payee="Lighthouse", reference="U-1",
                by=officer, now=NOW,
            )  # fmt: skip

    def test_is_not_awarded_once_the_unit_has_spent_it(self, fence):
        make.UnitSpendFactory(line=fence.budget_lines.get(), amount_pence=600_00)
        awarded(fence, 400_00)
        with refused("partneraward_within_ring_fence"):
            awarded(fence, 1)

    def test_stays_as_large_as_what_is_planned_of_it(self, fence, officer):
        with refused("ringfence_covers_plan"):
            RingFence.objects.filter(pk=fence.pk).update(amount_pence=999_99)
        with pytest.raises(funds.LessThanAwarded, match="£1,000 of it is planned"):
            funds.save_ring_fence(
                award_year=fence.award_year, ring_fence=fence, purpose=fence.purpose, amount_kind="maximum",
                amount_pence=999_99, category="evaluation", by=officer, now=NOW,
            )  # fmt: skip


class TestPlan:
    def test_takes_nothing_back_once_the_agreement_is_signed(self, fence, officer):
        line, other = fence.budget_lines.get(), make.BudgetLineFactory(award_year=fence.award_year)
        entries = {line: -500_00, other: 500_00}
        with pytest.raises(budgets.ConsentMissing, match="a plan only adds"):
            budgets.propose_change(
                award_year=fence.award_year, kind="plan", entries=entries, reference="P-2", reason="Moved",
                by=officer, now=NOW,
            )  # fmt: skip
        with refused("budgetchange_plan_only_adds"):
            make.BudgetChangeFactory(entries=entries, approved_by=make.UserFactory())
        make.BudgetChangeFactory(entries=entries, consent_reference="Letter", approved_by=make.UserFactory())

    def test_is_the_units_own_until_then(self):
        line = make.BudgetLineFactory()
        for pence in (500_00, -200_00):
            make.BudgetChangeFactory(entries={line: pence}, approved_by=make.UserFactory())


class TestWhatWasAgreed:
    def test_confirmed_match_stays(self):
        match = make.MatchFactory(confirmed_on=date(2022, 5, 1))
        with refused("match_stays_once_confirmed"):
            Match.objects.update(amount_pence=1)
        with pytest.raises(models.ProtectedError):
            match.delete()

    @pytest.mark.parametrize("approved_by", [None, "somebody"])
    def test_match_is_confirmed_once_by_two_people(self, approved_by):
        first = make.MatchConfirmationFactory(approved_by=make.UserFactory() if approved_by else None)
        with refused("matchconfirmation_once"):
            make.MatchConfirmationFactory(match=first.match)
        own = make.MatchConfirmationFactory(approved_by=None)
        with refused("matchconfirmation_approved_by_another"):
            MatchConfirmation.objects.filter(pk=own.pk).update(approved_by=own.proposed_by, approved_at=NOW)
        with refused("matchconfirmation_decided_whole"):
            MatchConfirmation.objects.filter(pk=own.pk).update(approved_at=NOW)
        with refused("matchconfirmation_of_a_day_that_came"):
            make.MatchConfirmationFactory(confirmed_on=date(2022, 9, 2), proposed_at=NOW)

    @pytest.mark.parametrize("field", ["starts_on", "expires_on", "agreed_on"])
    def test_facility_stays_once_money_is_proposed_on_it(self, field):
        make.BridgeMovementFactory(approved_by=None)
        with refused("bridgingfacility_stays_once_used"):
            BridgingFacility.objects.update(**{field: date(2022, 5, 1)})


class TestFinance:
    def test_underspend_of_a_day_is_what_was_known_then(self, officer, director):
        year = make.AwardYearFactory(pence=5_800_00)
        for state, day, pence in (("applied", date(2022, 5, 10), 5_800_00), ("approved", date(2022, 6, 10), 4_000_00)):
            at = make.noon(day)
            step = award_years.propose_step(
                award_year=year, state=state, on_date=day, amount_pence=pence, by=officer, now=at
            )
            award_years.approve_step(step=step, by=director, now=at)
        team = make.BudgetLineFactory(award_year=year, category="team")
        make.BudgetChangeFactory(entries={team: 1_000_00}, approved_by=make.UserFactory())  # in May

        def underspend(day):
            return finance_of(user=director, as_at=day, year=YEAR).grants[0].underspend

        assert underspend(date(2022, 4, 30)) == 5_800_00
        assert underspend(date(2022, 5, 31)) == 4_800_00
        assert underspend(date(2022, 6, 30)) == 3_000_00

    def test_underspend_counts_what_the_unit_spent_beyond_what_was_left_to_it(self, director):
        year = make.AwardYearFactory(at="agreement_signed", pence=10_000_00)
        line = make.BudgetLineFactory(award_year=year, category="evaluation")
        make.BudgetChangeFactory(entries={line: 1_000_00}, approved_by=make.UserFactory())
        make.PartnerAwardFactory(award_year=year, category="evaluation", amount_pence=1_000_00)
        make.UnitSpendFactory(line=line, amount_pence=1_000_00, approved_by=make.UserFactory())
        (grant,) = finance_of(user=director, as_at=date(2022, 12, 1), year=YEAR).grants
        assert (grant.own, grant.own_expected, grant.underspend) == (0, 1_000_00, 8_000_00)

    def test_a_grant_that_was_approved_and_never_announced_is_hoped_for(self, officer, director):
        applied, approved = make.noon(date(2022, 4, 5)), make.noon(date(2022, 5, 5))
        year = award_years.add_award_year(
            fund=make.FundFactory(), financial_year=2022, state="applied", on_date=applied.date(), amount_pence=100,
            by=officer, now=applied,
        )  # fmt: skip
        award_years.approve_step(step=year.steps.get(), by=director, now=applied)
        step = award_years.propose_step(
            award_year=year, state="approved", on_date=approved.date(), amount_pence=90, by=officer, now=approved
        )
        award_years.approve_step(step=step, by=director, now=approved)
        assert standing_at(year.steps.all(), date(2022, 4, 30)).hoped_for == 0
        assert standing_at(year.steps.all(), date(2022, 5, 5)).hoped_for == 90

    def test_what_is_taken_back_falls_as_what_was_given_did(self):
        days = {"starts_on": date(2022, 4, 1), "ends_on": date(2023, 3, 31)}
        given = PartnerAward(amount_pence=100, **days).by_month
        back = PartnerAward(amount_pence=-100, **days).by_month
        assert {month: given[month] + back[month] for month in given} == dict.fromkeys(given, 0)
