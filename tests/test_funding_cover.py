"""Cover: what stands against the commitments, month by month, as it was known on a day."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from funding import pictures, queries
from funding.actions import award_years
from funding.models import PartnerAward
from funding.queries.finance import finance
from funding.queries.standing import standing_at
from partners.permissions import Role
from tests import factories as make
from vru_portal.core.periods import FinancialYear, Month

pytestmark = pytest.mark.django_db


@pytest.fixture
def director():
    return make.user_with(Role.DIRECTOR)


def month_of(cover, year: int, number: int):
    return next(each for each in cover.months if each.month == Month(year, number))


class TestSourceStory:
    """£5.8 million announced and not signed in April 2022; a loan of £600,000 bridges it."""

    @pytest.fixture
    def fund(self):
        fund = make.FundFactory()
        # announced 5 April, applied 5 May, approved 5 June, signed 5 July
        year = make.AwardYearFactory(fund=fund, at="agreement_signed", pence=5_800_000_00)
        make.AwardYearFactory(fund=fund, financial_year=2023, pence=4_300_000_00)
        make.PartnerAwardFactory(award_year=year, amount_pence=2_400_000_00)  # £200,000 a month
        return fund

    def test_nothing_counts_before_the_signature(self, fund, director):
        make.BridgingFacilityFactory(fund=fund)
        cover = queries.cover(user=director, as_at=date(2022, 4, 30))
        april = cover.months[0]
        assert (april.secured, april.announced) == (0, 5_800_000_00)
        assert (april.bridge_drawn, april.bridge_drawable, april.committed) == (0, 600_000_00, 200_000_00)
        assert cover.first_uncovered == Month(2022, 7)
        assert month_of(cover, 2022, 7).exposure == 200_000_00

    def test_without_a_bridge_the_first_month_is_uncovered(self, fund, director):
        assert queries.cover(user=director, as_at=date(2022, 4, 30)).first_uncovered == Month(2022, 4)

    def test_the_signature_moves_the_first_uncovered_month(self, fund, director):
        later = make.AwardYearFactory(fund=fund, financial_year=2024)
        make.PartnerAwardFactory(award_year=fund.award_years.get(financial_year=2023), amount_pence=1_200_000_00)
        cover = queries.cover(user=director, as_at=date(2022, 7, 5))
        assert cover.months[0].secured == 5_800_000_00
        assert cover.months[0].announced == 0
        assert cover.first_uncovered == Month(2023, 4)
        assert later.state == "announced"

    def test_an_announcement_is_unknown_before_its_day(self, fund, director):
        assert queries.cover(user=director, as_at=date(2022, 4, 4)).months[0].announced == 0


class TestBridge:
    def cover(self, director, as_at, **facility):
        fund = make.FundFactory()
        year = make.AwardYearFactory(fund=fund, pence=2_400_000_00)
        make.PartnerAwardFactory(award_year=year, amount_pence=2_400_000_00)
        made = make.BridgingFacilityFactory(fund=fund, **facility)
        return made, lambda: queries.cover(user=director, as_at=as_at)

    def test_a_drawdown_changes_neither_side(self, director):
        facility, cover = self.cover(director, date(2022, 5, 31))
        before = cover()
        make.BridgeMovementFactory(facility=facility, amount_pence=250_000_00, on_date=date(2022, 5, 6))
        after = cover()
        sides = [[(m.cover, m.needed, m.exposure) for m in each.months[:2]] for each in (before, after)]
        assert sides[0] == sides[1]
        assert (after.months[0].bridge_drawn, after.months[0].bridge_drawable) == (250_000_00, 350_000_00)

    def test_it_is_due_once_it_has_expired(self, director):
        facility, cover = self.cover(director, date(2022, 5, 31))
        make.BridgeMovementFactory(facility=facility, amount_pence=250_000_00, on_date=date(2022, 5, 6))
        august = month_of(cover(), 2022, 8)
        assert (august.bridge_drawn, august.bridge_drawable, august.repayment_due) == (250_000_00, 0, 250_000_00)
        assert august.exposure == august.committed

    def test_a_repayment_gives_back_what_was_borrowed(self, director):
        facility, cover = self.cover(director, date(2022, 7, 31))
        make.BridgeMovementFactory(facility=facility, amount_pence=600_000_00, on_date=date(2022, 5, 6))
        make.BridgeMovementFactory(
            facility=facility, kind="repayment", amount_pence=600_000_00, on_date=date(2022, 7, 15)
        )
        july = month_of(cover(), 2022, 7)
        assert (july.bridge_drawn, july.repaid, july.repayment_due) == (600_000_00, 600_000_00, 0)
        assert july.exposure == july.committed

    def test_it_cannot_be_drawn_before_it_starts(self, director):
        _, cover = self.cover(director, date(2022, 4, 30), starts_on=date(2022, 6, 1))
        assert [month.bridge_drawable for month in cover().months[:4]] == [0, 0, 600_000_00, 600_000_00]

    def test_it_is_unknown_before_it_is_agreed(self, director):
        _, cover = self.cover(director, date(2022, 4, 30), agreed_on=date(2022, 5, 1))
        assert cover().months[0].bridge == 0

    def test_the_loan_is_no_income_of_the_next_year(self, director):
        """What only the loan has paid for by March is still a need in April."""
        facility, cover = self.cover(director, date(2022, 7, 31))
        make.BridgeMovementFactory(facility=facility, amount_pence=250_000_00, on_date=date(2022, 5, 6))
        april = month_of(cover(), 2023, 4)
        assert (april.bridge_drawn, april.repayment_due, april.brought_forward) == (250_000_00,) * 3
        assert april.exposure == 250_000_00

    def test_a_loan_behind_which_the_grant_stands_leaves_no_need(self, director):
        fund = make.FundFactory()
        year = make.AwardYearFactory(fund=fund, at="agreement_signed", pence=2_400_000_00)
        make.PartnerAwardFactory(award_year=year, amount_pence=2_400_000_00)
        facility = make.BridgingFacilityFactory(fund=fund)
        make.BridgeMovementFactory(facility=facility, amount_pence=250_000_00)
        cover = queries.cover(user=director, as_at=date(2022, 7, 31))
        assert month_of(cover, 2023, 4).brought_forward == 0
        assert cover.first_uncovered is None


class TestFundsMatchAndRingFences:
    def signed(self, committed: int, **fields):
        year = make.AwardYearFactory(at="agreement_signed", pence=1_200_00, **fields)
        for _ in range(2):
            make.PartnerAwardFactory(award_year=year, amount_pence=committed // 2)
        return year

    def test_one_fund_does_not_pay_for_another(self, director):
        self.signed(600_00)
        self.signed(1_800_00)
        cover = queries.cover(user=director, as_at=date(2022, 7, 31))
        assert cover.first_uncovered == Month(2022, 12)
        assert [fund.first_uncovered for fund in cover.funds] == [None, Month(2022, 12)]

    def test_confirmed_match_counts_from_its_day(self, director):
        year = self.signed(1_800_00)
        make.MatchFactory(award_year=year, amount_pence=600_00, confirmed_on=date(2022, 9, 1))
        make.MatchFactory(award_year=year, amount_pence=600_00, confirmed_on=None)
        assert queries.cover(user=director, as_at=date(2022, 8, 31)).first_uncovered == Month(2022, 12)
        assert queries.cover(user=director, as_at=date(2022, 9, 1)).first_uncovered is None

    def test_what_is_kept_for_a_purpose_covers_nothing_else(self, director):
        year = self.signed(1_200_00)
        fence = make.RingFenceFactory(award_year=year, amount_kind="minimum", amount_pence=300_00)
        cover = queries.cover(user=director, as_at=date(2022, 7, 31))
        assert cover.months[0].ring_fenced_idle == 300_00
        assert cover.first_uncovered == Month(2023, 1)
        used = make.AwardYearFactory(at="agreement_signed", pence=1_200_00)
        fence = make.RingFenceFactory(award_year=used, amount_kind="minimum", amount_pence=300_00)
        make.PartnerAwardFactory(award_year=used, ring_fence=fence, amount_pence=1_200_00)
        _, known = queries.cover(user=director, as_at=date(2022, 7, 31)).funds
        assert known.months[0].ring_fenced_idle == 0
        assert known.first_uncovered is None

    def test_an_unknown_ring_fence_keeps_nothing(self, director):
        year = self.signed(1_200_00)
        make.RingFenceFactory(award_year=year, amount_kind="unknown", amount_pence=None)
        assert queries.cover(user=director, as_at=date(2022, 7, 31)).first_uncovered is None

    def test_unspent_grant_is_not_carried_over(self, director):
        year = self.signed(12)
        following = make.AwardYearFactory(fund=year.fund, financial_year=2023)
        make.PartnerAwardFactory(award_year=following, amount_pence=12_00)
        assert queries.cover(user=director, as_at=date(2022, 7, 31)).first_uncovered == Month(2023, 4)


class TestSpendingOfTheUnit:
    @pytest.fixture
    def year(self):
        """£1,200 signed, of which £1,100 are awarded in twelve parts and up to £300 planned for evaluation."""
        year = make.AwardYearFactory(at="agreement_signed", pence=1_200_00)
        make.PartnerAwardFactory(award_year=year, amount_pence=1_100_00)
        return year

    def spend(self, year, pence=200_00, **fields):
        line = make.BudgetLineFactory(award_year=year, category="evaluation", **fields)
        make.BudgetChangeFactory(entries={line: 300_00}, approved_by=make.UserFactory())
        return make.UnitSpendFactory(line=line, amount_pence=pence, approved_by=make.UserFactory())

    def test_is_a_need_from_its_month(self, year, director):
        assert queries.cover(user=director, as_at=date(2022, 7, 31)).first_uncovered is None
        self.spend(year)
        cover = queries.cover(user=director, as_at=date(2022, 7, 31), first_month=Month(2022, 4))
        assert [month.spent for month in cover.months[:3]] == [0, 0, 200_00]
        march = month_of(cover, 2023, 3)
        assert (march.needed, march.exposure) == (1_300_00, 100_00)
        assert cover.first_uncovered == Month(2023, 2), "£1,008.33 and £200 are more than £1,200"
        assert pictures.finding(cover) == "Commitments and spending are not covered from February 2023"
        assert month_of(cover, 2023, 4).spent == 0, "the next year begins with nothing spent"

    def test_is_unknown_before_its_day(self, year, director):
        self.spend(year)
        assert queries.cover(user=director, as_at=date(2022, 6, 29)).months[0].spent == 0
        assert queries.cover(user=director, as_at=date(2022, 6, 30)).months[0].spent == 200_00

    def test_uses_the_ring_fence_of_its_line(self, director):
        year = make.AwardYearFactory(at="agreement_signed", pence=1_200_00)
        fence = make.RingFenceFactory(award_year=year, amount_kind="fixed", amount_pence=300_00)
        self.spend(year, ring_fence=fence)
        cover = queries.cover(user=director, as_at=date(2022, 7, 31))
        assert cover.months[0].ring_fenced_idle == 100_00
        (found,) = cover.funds[0].ring_fences
        assert (found.counts, found.committed, found.spent, found.first_uncovered) == (300_00, 0, 200_00, None)

    def test_out_of_a_loan_is_brought_forward(self, director):
        """Nothing was ever signed: what the unit spent, the loan has paid."""
        year = make.AwardYearFactory(pence=1_200_00)
        self.spend(year)
        facility = make.BridgingFacilityFactory(fund=year.fund, limit_pence=500_00)
        make.BridgeMovementFactory(facility=facility, amount_pence=500_00)
        cover = queries.cover(user=director, as_at=date(2022, 7, 31))
        assert month_of(cover, 2023, 4).brought_forward == 200_00

    def test_and_awards_beyond_the_grant_are_told_of_together(self, year, director):
        line = queries.award_year_line(year, as_at=date(2022, 7, 31))
        assert (line.left, line.over_committed) == (100_00, 0)
        assert line.left_in_words == "£100 of this grant is neither committed to partners nor spent by the unit."
        self.spend(year)
        line = queries.award_year_line(year, as_at=date(2022, 7, 31))
        assert (line.spent, line.left, line.over_committed) == (200_00, -100_00, 100_00)
        assert line.left_in_words.startswith("Nothing of this grant")


class TestDeliveries:
    def test_the_last_agreed_stops_first(self, director):
        year = make.AwardYearFactory()
        first = make.PartnerAwardFactory(award_year=year, amount_pence=1_200_00, agreed_on=date(2022, 3, 1))
        second = make.PartnerAwardFactory(award_year=year, amount_pence=1_200_00, agreed_on=date(2022, 3, 2))
        make.BridgingFacilityFactory(fund=year.fund, limit_pence=300_00, expires_on=date(2023, 3, 31))
        cover = queries.cover(user=director, as_at=date(2022, 4, 30), months=12)
        assert [(line.delivery, line.stops) for line in cover.deliveries] == [
            (second.delivery, Month(2022, 5)),
            (first.delivery, Month(2022, 6)),
        ]
        assert [line.stops_costing for line in cover.stopping] == [1_100_00, 1_000_00]
        words = "1 delivery stops in May 2022 and 1 more by June 2022, unless cover comes."
        assert cover.stopping_in_words == words

    def test_one_that_goes_on_comes_last_and_does_not_stop(self, director):
        covered = make.PartnerAwardFactory(award_year=make.AwardYearFactory(at="agreement_signed"))
        stops = make.PartnerAwardFactory()
        cover = queries.cover(user=director, as_at=date(2022, 7, 31))
        assert [line.delivery for line in cover.deliveries] == [stops.delivery, covered.delivery]
        assert [line.delivery for line in cover.stopping] == [stops.delivery]

    def test_a_correction_counts_once_it_is_approved(self, director):
        year = make.AwardYearFactory(at="agreement_signed", pence=1_200_00)
        make.PartnerAwardFactory(award_year=year, amount_pence=600_00)
        wrong = make.PartnerAwardFactory(award_year=year, amount_pence=1_200_00)
        make.PartnerAwardFactory(
            award_year=year, delivery=wrong.delivery, amount_pence=-600_00, note="Too much", approved_by=None
        )
        assert queries.cover(user=director, as_at=date(2022, 7, 31)).stopping
        PartnerAward.objects.open().update(approved_by=director, approved_at=make.noon(date(2022, 7, 1)))
        assert queries.cover(user=director, as_at=date(2022, 7, 31)).stopping == ()


class TestWhoSees:
    @pytest.mark.parametrize("role", [Role.PARTNER_LEAD, Role.COMMISSIONER])
    def test_nothing_without_the_permission(self, role):
        award = make.PartnerAwardFactory()
        user = make.user_with(role, award.delivery.partner)
        cover = queries.cover(user=user, as_at=date(2022, 4, 30))
        assert cover.funds == ()
        assert cover.deliveries == ()
        assert queries.fund_lines(user=user, as_at=date(2022, 4, 30)) == []

    def test_takes_the_same_queries_for_more_rows(self, director, django_assert_num_queries):
        for _ in range(2):
            make.BridgeMovementFactory()
            make.PartnerAwardFactory()
        assert director.permissions
        with django_assert_num_queries(11):
            queries.cover(user=director, as_at=date(2022, 4, 30))


class TestStanding:
    def test_reads_each_day_from_the_steps(self):
        steps = list(make.AwardYearFactory(at="agreement_signed", pence=100).steps.all())
        assert standing_at(steps, date(2022, 4, 4)) is None
        april = standing_at(steps, date(2022, 4, 5))
        assert (april.state, april.announced, april.applied, april.awarded) == ("announced", 100, None, None)
        june = standing_at(steps, date(2022, 6, 5))
        assert (june.state, june.awarded, june.secured, june.hoped_for) == ("approved", 100, 0, 100)
        assert standing_at(steps, date(2022, 7, 5)).secured == 100

    @pytest.mark.parametrize(("state", "hoped_for"), [("reduced", 40_00), ("withdrawn", 0), ("lapsed", 0)])
    def test_of_what_was_agreed_and_holds_no_longer_what_came_in_counts(self, director, state, hoped_for):
        receipt = make.GrantReceiptFactory(amount_pence=60_00, on_date=date(2022, 7, 8))
        year = receipt.award_year
        make.PartnerAwardFactory(award_year=year, amount_pence=120_00)
        exit_from(year, state, pence=100_00 if state == "reduced" else None)
        (line,) = queries.fund_lines(user=director, as_at=date(2022, 8, 31))
        known = line.years[0].standing
        assert (known.state, known.secured, known.hoped_for) == (state, 60_00, hoped_for)
        cover = queries.cover(user=director, as_at=date(2022, 8, 31))
        assert (cover.months[0].secured, cover.first_uncovered) == (60_00, Month(2022, 10))
        make.GrantReceiptFactory(award_year=year, amount_pence=-60_00, on_date=date(2022, 9, 1), note="Paid back")
        assert queries.cover(user=director, as_at=date(2022, 9, 1)).months[0].secured == 0

    def test_of_what_was_never_signed_nothing_counts_though_something_came_in(self, client, director):
        year = make.AwardYearFactory(at="approved", pence=100_00)
        make.GrantReceiptFactory(award_year=year, amount_pence=60_00)
        exit_from(year, "reduced", pence=90_00)
        (line,) = queries.fund_lines(user=director, as_at=date(2022, 8, 31))
        assert (line.years[0].standing.secured, line.years[0].standing.hoped_for) == (0, 90_00)
        client.force_login(director)
        page = client.get(reverse("funding:award-year-detail", args=[year.pk])).content.decode()
        assert "Reduced, and not signed: nothing of this grant counts as cover yet." in page

    def test_what_came_in_before_a_signature_counts_once_it_is_signed(self, director):
        year = make.AwardYearFactory(at="approved", pence=100_00)
        make.GrantReceiptFactory(award_year=year, amount_pence=60_00)
        (line,) = queries.fund_lines(user=director, as_at=date(2022, 8, 31))
        assert (line.years[0].received, line.years[0].standing.secured) == (60_00, 0)


def exit_from(award_year, state: str, pence: int | None) -> None:
    now = make.noon(date(2022, 8, 5))
    step = award_years.propose_step(
        award_year=award_year, state=state, on_date=now.date(), amount_pence=pence,
        by=make.user_with(Role.FINANCE_OFFICER), now=now,
    )  # fmt: skip
    award_years.approve_step(step=step, by=make.user_with(Role.DIRECTOR), now=now)


class TestFundLines:
    def test_shows_the_wording_beside_the_parts_and_repairs_nothing(self, director):
        fund = make.FundFactory(announced_total_pence=14_500_000_00)
        for start, pence in [(2022, 5_800_000_00), (2023, 4_300_000_00), (2024, 4_300_000_00)]:
            make.AwardYearFactory(fund=fund, financial_year=start, pence=pence)
        (line,) = queries.fund_lines(user=director, as_at=date(2022, 4, 30))
        assert line.announced_parts == 14_400_000_00
        assert line.announced_difference == 100_000_00

    def test_received_and_committed_are_those_of_the_day(self, director):
        receipt = make.GrantReceiptFactory(amount_pence=5_00, on_date=date(2022, 7, 8))
        make.PartnerAwardFactory(award_year=receipt.award_year, amount_pence=7_00, agreed_on=date(2022, 7, 9))
        for day, expected in [(7, (0, 0)), (8, (5_00, 0)), (9, (5_00, 7_00))]:
            (line,) = queries.fund_lines(user=director, as_at=date(2022, 7, day))
            assert (line.years[0].received, line.years[0].committed) == expected


class TestRepaymentPrompts:
    def test_asks_when_grant_came_and_a_balance_is_owed(self, director):
        receipt = make.GrantReceiptFactory(on_date=date(2022, 7, 8))
        facility = make.BridgingFacilityFactory(fund=receipt.award_year.fund)
        make.BridgeMovementFactory(facility=facility, amount_pence=100, on_date=date(2022, 5, 6))
        assert queries.repayment_prompts(user=director, as_at=date(2022, 7, 7)) == []
        (prompt,) = queries.repayment_prompts(user=director, as_at=date(2022, 7, 8))
        assert (prompt.line.owed, prompt.receipt) == (100, receipt)
        make.BridgeMovementFactory(facility=facility, kind="repayment", amount_pence=100, on_date=date(2022, 7, 15))
        assert queries.repayment_prompts(user=director, as_at=date(2022, 7, 15)) == []

    def test_asks_nothing_for_a_receipt_that_was_taken_back(self, director):
        receipt = make.GrantReceiptFactory(amount_pence=100_00, on_date=date(2022, 7, 8))
        facility = make.BridgingFacilityFactory(fund=receipt.award_year.fund)
        make.BridgeMovementFactory(facility=facility, amount_pence=100, on_date=date(2022, 5, 6))
        back = {"award_year": receipt.award_year, "corrects": receipt, "note": "Somebody else's"}
        make.GrantReceiptFactory(amount_pence=-60_00, on_date=date(2022, 7, 9), **back)
        assert len(queries.repayment_prompts(user=director, as_at=date(2022, 7, 9))) == 1
        make.GrantReceiptFactory(amount_pence=-40_00, on_date=date(2022, 7, 10), **back | {"corrects": None})
        assert queries.repayment_prompts(user=director, as_at=date(2022, 7, 10)) == []


class TestSplit:
    def test_an_award_to_one_delivery_stands_in_each_year_and_ring_fence_that_it_comes_out_of(self, director):
        fence = make.RingFenceFactory(amount_pence=300_00)
        later = make.AwardYearFactory(fund=fence.award_year.fund, financial_year=2023)
        delivery, day = make.DeliveryFactory(), date(2022, 12, 31)
        for year, ring_fence, pence in (
            (fence.award_year, None, 700_00),
            (fence.award_year, fence, 300_00),
            (later, None, 600_00),
        ):
            make.PartnerAwardFactory(delivery=delivery, award_year=year, ring_fence=ring_fence, amount_pence=pence)
        totals = queries.awards_by_year(user=director, as_at=day)
        assert [(each.year.start, each.total) for each in totals] == [(2023, 600_00), (2022, 1_000_00)]
        lines = finance(user=director, as_at=day, year=FinancialYear(2022)).tables["ring_fence"]
        assert {line.name: line.sums.committed for line in lines} == {fence.purpose: 300_00, "": 700_00}
        cover = queries.cover(user=director, as_at=day)
        assert (month_of(cover, 2023, 3).committed, month_of(cover, 2023, 4).committed) == (1_000_00, 50_00)


class TestInstalments:
    @given(pence=st.integers(1, 10**12), start=st.integers(0, 11), length=st.integers(0, 11))
    def test_add_up_to_the_award_to_the_penny(self, pence, start, length):
        months = FinancialYear(2022).months[start : start + length + 1]
        award = PartnerAward(amount_pence=pence, starts_on=months[0].first, ends_on=months[-1].last)
        assert list(award.by_month) == months
        assert sum(award.by_month.values()) == pence
        assert set(list(award.by_month.values())[:-1]) <= {pence // len(months)}
