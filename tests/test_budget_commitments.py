"""What has become of a budget, line by line: planned, committed, waiting for a second person, left."""

from datetime import date

import pytest
from django.urls import reverse

from funding import queries
from partners.permissions import Role
from tests import factories as make
from tests.test_funding_pages import on

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    return make.AwardYearFactory(at="approved", pence=5_800_000_00)


@pytest.fixture
def lines(year):
    """Two of services, and evaluation inside a ring-fence with £498,800."""
    fence = make.RingFenceFactory(award_year=year, amount_kind="maximum", amount_pence=580_000_00)
    services = [make.BudgetLineFactory(award_year=year, name=name) for name in ("Services", "More services")]
    evaluation = make.BudgetLineFactory(award_year=year, name="Evaluation", category="evaluation", ring_fence=fence)
    make.BudgetChangeFactory(entries={evaluation: 498_800_00}, approved_by=make.UserFactory())
    return *services, evaluation


class TestCommitments:
    @pytest.fixture
    def money(self, year, lines):
        """Evaluation: £1,000 awarded, £50 spent, £20 and £3 waiting; £70 may be for either line of services."""
        evaluation = lines[2]
        awarded = {"award_year": year, "category": "evaluation", "ring_fence": evaluation.ring_fence}
        first = make.PartnerAwardFactory(amount_pence=1_000_00, **awarded)
        make.PartnerAwardFactory(amount_pence=20_00, approved_by=None, **awarded)
        awarded["delivery"] = first.delivery
        make.PartnerAwardFactory(amount_pence=-5_00, note="Too much", approved_by=None, **awarded)
        make.UnitSpendFactory(line=evaluation, amount_pence=50_00, approved_by=make.UserFactory())
        make.UnitSpendFactory(line=evaluation, amount_pence=3_00)
        make.PartnerAwardFactory(award_year=year, amount_pence=70_00)
        return queries.commitments_of(year)

    def test_stand_beside_what_is_planned_of_the_one_line_that_they_are_for(self, money, lines):
        found = money.of(lines[2].pk)
        assert (found.planned, found.awarded, found.spent, found.committed) == (498_800_00, 1_000_00, 50_00, 1_050_00)
        assert (found.waiting, found.left) == (23_00, 498_800_00 - 1_073_00), "a correction gives back once approved"

    def test_stand_apart_where_more_than_one_line_may_be_meant(self, money, lines):
        assert (money.of(None).committed, money.of(None).left) == (70_00, -70_00)
        assert [money.of(line.pk).committed for line in lines[:2]] == [0, 0]

    def test_add_up(self, money):
        for name in ("planned", "committed", "waiting", "left"):
            assert getattr(money.total, name) == sum(getattr(each, name) for each in money.lines)

    def test_each_number_leads_to_what_it_is_made_of(self, client, money, year, lines):
        client.force_login(make.user_with(Role.DIRECTOR))
        page = client.get(reverse("funding:budget", args=[year.pk])).text
        url = reverse("funding:budget-movements", args=[year.pk])
        for line in (lines[2].pk, "none", ""):
            for part in ("planned", "committed", "waiting"):
                assert f'"{url}?line={line}#{part}"'.replace("?line=#", "#") in page.replace("&amp;", "&")
        one = client.get(url, {"line": lines[2].pk}).text
        assert "£1,000 awarded to partners, £50 spent by the unit" in one
        for award in year.partner_awards.all():
            assert (award.reference in one) == (award.category == "evaluation")
        assert "Awards that no one line is for" in client.get(url, {"line": "none"}).text
        assert "All lines" in client.get(url).text
        for wrong in ("x", "999999"):
            assert client.get(url, {"line": wrong}).status_code == 404


class TestBeyond:
    """What an award would go beyond is said to who proposes it and to who decides; both are allowed."""

    @pytest.fixture
    def planned(self):
        """£1,000 signed, £600 of it planned for services, £500 of that awarded."""
        year = make.AwardYearFactory(at="agreement_signed", pence=1_000_00)
        line = make.BudgetLineFactory(award_year=year, name="Services")
        make.BudgetChangeFactory(entries={line: 600_00}, approved_by=make.UserFactory())
        make.PartnerAwardFactory(award_year=year, amount_pence=500_00)
        return year

    def beyond(self, year, pence: int) -> list[str]:
        award = make.PartnerAwardFactory(award_year=year, amount_pence=pence, approved_by=None)
        line = queries.award_year_line(year, as_at=date(2022, 12, 31))
        return queries.beyond(award, line, queries.commitments_of(year))

    BUDGET = "The budget’s line “Services” has £100 left, which is less than this award."

    def test_is_nothing_within_the_budget(self, planned):
        assert self.beyond(planned, 100_00) == []

    def test_is_the_line_of_the_budget_and_then_the_grant(self, planned):
        assert self.beyond(planned, 101_00) == [self.BUDGET]
        more = "With this award £100 more than the grant is committed and spent: something else has to cover it."
        assert self.beyond(planned, 600_00) == [self.BUDGET, more]

    def test_is_nothing_where_there_is_no_budget_and_said_where_no_line_is_meant(self, planned):
        assert self.beyond(make.AwardYearFactory(pence=1_000_00), 100_00) == []
        make.BudgetLineFactory(award_year=planned, name="More services")
        assert self.beyond(planned, 1_00) == ["No one line of the budget is for this award."]

    def test_is_told_to_who_proposes_and_to_who_decides(self, client, planned):
        delivery = make.DeliveryFactory()
        typed = {
            "delivery": delivery.pk, "category": "delivery", "amount_pence": "200", "paid_by": "claims",
            "reference": "A-9", **on("starts_on", date(2022, 4, 1)), **on("ends_on", date(2023, 3, 31)),
            **on("agreed_on", date(2022, 3, 25)),
        }  # fmt: skip
        client.force_login(make.user_with(Role.FINANCE_OFFICER))
        proposed = client.post(reverse("funding:award-propose", args=[planned.pk]), typed, follow=True).text
        assert f"A colleague now has to approve it. {self.BUDGET}" in proposed
        client.force_login(make.user_with(Role.DIRECTOR))
        page = client.get(reverse("funding:award-year-detail", args=[planned.pk])).text
        assert self.BUDGET in page.split("Approve award A-9")[0]
