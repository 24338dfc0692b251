"""What the unit itself spends of a grant: proposed by one, approved by another, never more than its budget plans."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding import queries
from funding.actions import budgets, spending
from funding.actions.amounts import AmountWrong
from funding.actions.deciding import DecidedAlready, OwnProposal, ReferenceTaken
from funding.models import UnitSpend
from funding.queries.finance import finance as finance_of
from partners.permissions import Role
from tests import factories as make
from tests.database import refused
from tests.test_funding_pages import on
from vru_portal.core.periods import FinancialYear
from vru_portal.core.refusals import NotAllowed, Refusal

pytestmark = pytest.mark.django_db

DAY = date(2022, 6, 30)
NOW = make.noon(date(2022, 7, 20))


@pytest.fixture
def finance():
    return make.user_with(Role.FINANCE_OFFICER)


@pytest.fixture
def director():
    return make.user_with(Role.DIRECTOR)


@pytest.fixture
def line():
    """£1,000 signed, £400 of it planned for evaluation."""
    year = make.AwardYearFactory(at="agreement_signed", pence=1_000_00)
    line = make.BudgetLineFactory(award_year=year, name="Evaluation", category="evaluation")
    make.BudgetChangeFactory(entries={line: 400_00}, approved_by=make.UserFactory())
    return line


def propose(line, by, pence=100_00, **given):
    details = {"on_date": DAY, "payee": "Lighthouse Evaluation", "reference": f"U-{UnitSpend.objects.count()}"}
    return spending.propose_spend(line=line, amount_pence=pence, by=by, now=NOW, **(details | given))


class TestPropose:
    def test_counts_once_a_colleague_approves(self, line, finance, director):
        spend = propose(line, finance)
        (before,) = queries.spending_of(line.award_year)
        assert (before.spent, before.waiting, before.left) == (0, 100_00, 300_00)
        spending.approve_spend(spend=spend, by=director, now=NOW)
        (after,) = queries.spending_of(line.award_year)
        assert (after.spent, after.waiting, after.left) == (100_00, 0, 300_00)

    def test_refuses_more_than_is_planned_and_says_how_much_is_left(self, line, finance):
        propose(line, finance, 250_00)
        with pytest.raises(spending.BeyondPlan, match="Only £150 is left on “Evaluation”"):
            propose(line, finance, 150_01)

    def test_refuses_a_line_of_partners_a_day_of_another_year_and_a_reference_again(self, line, finance):
        services = make.BudgetLineFactory(award_year=line.award_year, category="delivery")
        with pytest.raises(spending.NotOfTheUnit, match="Propose an award to a partner instead"):
            propose(services, finance)
        with pytest.raises(spending.OtherYear, match="1 April 2022 to 31 March 2023"):
            propose(line, finance, on_date=date(2023, 4, 1))
        propose(line, finance, reference="U-1")
        with pytest.raises(ReferenceTaken):
            propose(line, finance, reference="U-1")

    def test_a_correction_says_why_and_gives_back_no_more_than_was_spent(self, line, finance, director):
        spending.approve_spend(spend=propose(line, finance), by=director, now=NOW)
        with pytest.raises(AmountWrong, match="Say why in the note"):
            propose(line, finance, -10_00)
        with pytest.raises(spending.BeyondPlan, match="Only £100 is spent on “Evaluation”"):
            propose(line, finance, -100_01, note="Paid twice")
        spending.approve_spend(spend=propose(line, finance, -10_00, note="Paid twice"), by=director, now=NOW)
        (stands,) = queries.spending_of(line.award_year)
        assert (stands.spent, stands.left) == (90_00, 310_00)

    def test_is_for_finance_alone(self, line, director):
        with pytest.raises(NotAllowed):
            propose(line, director)


class TestDecide:
    def test_nobody_approves_their_own_and_nothing_is_decided_twice(self, line, finance, director):
        both = make.user_with(Role.FINANCE_OFFICER)
        make.MembershipFactory(user=both, organisation=both.memberships.get().organisation, role=Role.DIRECTOR)
        own = propose(line, both)
        with pytest.raises(OwnProposal):
            spending.approve_spend(spend=own, by=both, now=NOW)
        spending.decline_spend(spend=own, reason="Not ours", by=director, now=NOW)
        with pytest.raises(DecidedAlready):
            spending.approve_spend(spend=own, by=director, now=NOW)

    def test_who_proposed_takes_it_back_and_the_money_is_free_again(self, line, finance):
        spending.decline_spend(spend=propose(line, finance, 400_00), reason="Wrong line", by=finance, now=NOW)
        assert propose(line, finance, 400_00).is_open


class TestTheBudget:
    def test_never_moves_away_what_is_spent(self, line, finance):
        propose(line, finance, 300_00)
        other = make.BudgetLineFactory(award_year=line.award_year, name="Team", category="team")
        moves = {line: -100_01, other: 100_01}
        with pytest.raises(budgets.MoreThanPlanned, match="Only £100 of “Evaluation” is not spent"):
            budgets.propose_change(
                award_year=line.award_year, kind="virement", entries=moves, reference="V-1", reason="More staff",
                by=finance, now=NOW,
            )  # fmt: skip

    def test_approves_no_virement_that_spending_has_overtaken(self, line):
        other = make.BudgetLineFactory(award_year=line.award_year, name="Team", category="team")
        change = make.BudgetChangeFactory(entries={line: -200_00, other: 200_00}, kind="virement")
        make.UnitSpendFactory(line=line, amount_pence=300_00)
        change.approved_by, change.approved_at = make.UserFactory(), NOW
        with refused("budgetchange_not_below_spent"):
            change.save()


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("given", "constraint"),
        [
            ({"amount_pence": 400_01}, "unitspend_within_plan"),
            ({"amount_pence": -1, "note": "Too much"}, "unitspend_not_below_zero"),
            ({"on_date": date(2022, 3, 31)}, "unitspend_in_its_year"),
            ({"amount_pence": 0}, "unitspend_correction_has_note"),
            ({"payee": ""}, "unitspend_says_to_whom"),
        ],
    )
    def test_refuses(self, line, given, constraint):
        with refused(constraint):
            make.UnitSpendFactory(line=line, **given)

    def test_refuses_what_partners_are_awarded(self, line):
        with refused("unitspend_not_for_partners"):
            make.UnitSpendFactory(line=make.BudgetLineFactory(award_year=line.award_year, category="delivery"))

    def test_refuses_who_proposed_it_and_an_edit_and_a_deletion(self, line):
        spend = make.UnitSpendFactory(line=line, approved_by=make.UserFactory())
        for attempt in (lambda: UnitSpend.objects.update(amount_pence=1), spend.delete):
            with pytest.raises(ProgrammingError), transaction.atomic():
                attempt()
        own = make.UnitSpendFactory(line=line)
        with refused("unitspend_approved_by_another"):
            UnitSpend.objects.filter(pk=own.pk).update(approved_by=own.proposed_by, approved_at=NOW)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.sampled_from(["propose", "approve", "decline"]), st.integers(-250, 250)), max_size=15))
    def test_no_order_of_proposals_and_decisions_overspends_a_line(self, line, finance, director, steps):
        with transaction.atomic():
            for what, pounds in steps:
                try:
                    with transaction.atomic():
                        if what == "propose":
                            propose(line, finance, pounds * 100, note="Because")
                        elif spend := UnitSpend.objects.filter(line=line).open().first():
                            decide(what, spend, director)
                except Refusal:
                    pass
            approved = sum(spend.amount_pence for spend in UnitSpend.objects.filter(line=line).approved())
            (stands,) = queries.spending_of(line.award_year)
            assert 0 <= stands.spent == approved <= stands.planned
            transaction.set_rollback(True)


def decide(what, spend, by):
    if what == "approve":
        spending.approve_spend(spend=spend, by=by, now=NOW)
    else:
        spending.decline_spend(spend=spend, reason="No", by=by, now=NOW)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_never_spend_the_same_money(self, line, finance):
        def one(n):
            try:
                return propose(line, finance, 150_00, reference=f"T-{n}")
            except spending.BeyondPlan:
                return None
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as threads:
            made = [each for each in threads.map(one, range(8)) if each]
        assert len(made) == 2


class TestFinance:
    def test_says_what_the_unit_spent_and_once_the_year_is_over_counts_that_alone(self, line, director):
        make.UnitSpendFactory(line=line, amount_pence=300_00, approved_by=make.UserFactory())
        (during,) = finance_of(user=director, as_at=date(2022, 9, 1), year=FinancialYear(2022)).grants
        assert (during.own, during.own_spent, during.underspend) == (400_00, 300_00, 600_00)
        (after,) = finance_of(user=director, as_at=date(2023, 4, 1), year=FinancialYear(2022)).grants
        assert (after.own_expected, after.underspend) == (300_00, 700_00)


class TestPages:
    @pytest.fixture
    def signed_in(self, client):
        def sign_in(user):
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

        return sign_in

    def test_an_amount_is_proposed_and_approved(self, client, signed_in, line, finance, director):
        signed_in(finance)
        page = reverse("funding:spending", args=[line.award_year_id])
        assert page in client.get(reverse("funding:budget", args=[line.award_year_id])).content.decode()
        ask = reverse("funding:spend-propose", args=[line.award_year_id])
        assert ask in client.get(page).content.decode()
        typed = {"line": line.pk, "amount_pence": "500", "payee": "Lighthouse", "reference": "U-9", "note": ""}
        found = client.post(ask, typed | on("on_date", DAY)).content.decode()
        assert "Only £400 is left on “Evaluation”" in found
        assert 'value="500"' in found
        client.post(ask, typed | on("on_date", DAY) | {"amount_pence": "120.50"})
        spend = UnitSpend.objects.get()
        signed_in(director)
        assert "Spending of £120.50 on Evaluation, U-9, waits for approval." in client.get("/").content.decode()
        assert "Approve spending U-9" in client.get(page).content.decode()
        client.post(reverse("funding:spend-approve", args=[spend.pk]))
        assert "<h1>£120.50 of £400 planned" in client.get(page).content.decode()

    def test_what_is_left_empty_is_asked_for_in_a_sentence(self, client, signed_in, line, finance):
        signed_in(finance)
        found = client.post(reverse("funding:spend-propose", args=[line.award_year_id]), {}).content.decode()
        for sentence in ("Enter the day on which it was spent", "Enter who was paid", "Enter the reference"):
            assert sentence in found

    def test_a_declined_one_stands_there_with_its_reason(self, client, signed_in, line, director):
        spend = make.UnitSpendFactory(line=line)
        signed_in(director)
        client.post(reverse("funding:spend-decline", args=[spend.pk]), {"reason": "Paid out of the levy"})
        page = client.get(reverse("funding:spending", args=[line.award_year_id])).content.decode()
        assert "Paid out of the levy" in page
        assert "<h1>£0 of £400 planned" in page
