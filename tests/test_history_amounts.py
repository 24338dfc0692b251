"""The history says what happened to amounts of money, in words."""

from datetime import date

import pytest
from django.urls import reverse

from funding.actions import award_years, awards, budgets, funds
from partners.models import Event
from partners.permissions import Role
from partners.queries.amounts import with_amounts
from partners.queries.history import row_changes
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.noon(date(2022, 6, 1))


@pytest.fixture
def finance():
    return make.user_with(Role.FINANCE_OFFICER)


@pytest.fixture
def director():
    return make.user_with(Role.DIRECTOR)


def told_of(subject) -> list[str]:
    """The oldest first."""
    return [amounts for _, amounts in with_amounts(Event.objects.about(subject).order_by("occurred_at", "id"))]


def keep_fence(year, finance, pence, fence=None, day=1):
    return funds.save_ring_fence(
        award_year=year,
        ring_fence=fence,
        purpose="Evaluation",
        amount_kind="minimum",
        amount_pence=pence,
        category="",
        by=finance,
        now=make.noon(date(2022, 6, day)),
    )


class TestAmounts:
    def test_are_told_from_old_to_new(self, finance):
        year = make.AwardYearFactory(pence=5_800_000_00)
        fence = keep_fence(year, finance, 90_00)
        keep_fence(year, finance, 120_50, fence, day=2)
        assert told_of(fence) == ["Amount £90", "Amount from £90 to £120.50"]

    def test_of_an_award_year_are_those_that_the_step_stated(self, finance, director):
        year = award_years.add_award_year(
            fund=make.FundFactory(), financial_year=2022, state="announced", on_date=date(2022, 4, 5),
            amount_pence=90_00, by=finance, now=NOW,
        )  # fmt: skip
        award_years.approve_step(step=year.steps.get(), by=director, now=NOW)
        later = make.noon(date(2022, 6, 2))
        step = award_years.propose_step(
            award_year=year, state="announced", on_date=date(2022, 5, 1), amount_pence=95_00, note="Letter", by=finance,
            now=later,
        )  # fmt: skip
        award_years.approve_step(step=step, by=director, now=later)
        assert told_of(year) == ["", "Announced £90", "Announced from £90 to £95"]
        assert told_of(step) == ["Amount £95"]

    def test_of_what_two_people_decided_stand_with_each_event(self, finance, director):
        year = make.AwardYearFactory(at="agreement_signed", pence=5_800_000_00)
        award = make.PartnerAwardFactory(award_year=year, amount_pence=96_000_00, proposed_by=finance, approved_by=None)
        awards.approve_award(award=award, by=director, now=NOW)
        assert told_of(award) == ["Amount £96,000"]

    def test_of_a_change_of_the_budget_stand_line_by_line(self, finance, director):
        year = make.AwardYearFactory(at="approved", pence=5_800_000_00)
        lines = [make.BudgetLineFactory(award_year=year, name=name) for name in ("Cars", "Desks")]
        make.BudgetChangeFactory(entries={lines[0]: 100_00}, approved_by=director)
        change = budgets.propose_change(
            award_year=year, kind="virement", entries={lines[0]: -30_00, lines[1]: 30_00}, reference="HISTORY-2",
            reason="Board", by=finance, now=make.noon(date(2022, 8, 1)),
        )  # fmt: skip
        words = "Cars from £100 to £70; Desks from £0 to £30"
        assert told_of(change) == [words]
        budgets.approve_change(change=change, by=director, now=make.noon(date(2022, 8, 2)))
        make.BudgetChangeFactory(
            entries={lines[1]: 5_00}, approved_by=director, proposed_at=make.noon(date(2022, 9, 1))
        )
        assert told_of(change) == [words] * 2, "as it was when it was approved"

    def test_are_not_told_of_what_has_none(self, director):
        partner = make.OrganisationFactory()
        event = Event(name="x", subject_type=partner._meta.label_lower, subject_id=partner.pk)
        assert with_amounts([event]) == [(event, "")]


class TestPages:
    def test_show_them_in_pounds(self, client, finance):
        fence = keep_fence(make.AwardYearFactory(pence=5_800_000_00), finance, 1_234_56)
        keep_fence(fence.award_year, finance, 2_000_00, fence, day=2)
        client.force_login(make.user_with(Role.AUDITOR))
        assert "Amount from £1,234.56 to £2,000" in client.get(reverse("partners:history")).text
        page = client.get(reverse("partners:history-subject", args=["funding.ringfence", fence.pk])).text
        assert "Amount from £1,234.56 to £2,000" in page
        assert '<td data-label="Old">£1,234.56</td><td data-label="New">£2,000</td>' in page
        assert ("Amount", "£1,234.56", "£2,000") in [(c.field, c.old, c.new) for c in row_changes(fence)[0].changes]
