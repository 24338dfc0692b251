"""Budgets, virements and conditions: two people, nothing edited, nothing across a ring-fence without consent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding import queries
from funding.actions import awards, budgets, conditions, funds
from funding.actions.amounts import AmountWrong
from funding.actions.deciding import DecidedAlready, OwnProposal, ReferenceTaken
from funding.models import BudgetChange, BudgetEntry
from partners.permissions import Role
from tests import factories as make
from tests.database import refusal_of, refused
from vru_portal.core.refusals import NotAllowed, Refusal

pytestmark = pytest.mark.django_db

NOW = make.noon(date(2022, 6, 1))


@pytest.fixture
def finance():
    return make.user_with(Role.FINANCE_OFFICER)


@pytest.fixture
def director():
    return make.user_with(Role.DIRECTOR)


@pytest.fixture
def year():
    return make.AwardYearFactory(at="approved", pence=5_800_000_00)


@pytest.fixture
def lines(year):
    """Services outside any ring-fence, evaluation inside one of at most £580,000."""
    fence = make.RingFenceFactory(
        award_year=year, amount_kind="maximum", amount_pence=580_000_00, category="evaluation"
    )
    services = make.BudgetLineFactory(award_year=year, name="Services")
    other = make.BudgetLineFactory(award_year=year, name="More services")
    evaluation = make.BudgetLineFactory(award_year=year, name="Evaluation", category="evaluation", ring_fence=fence)
    make.BudgetChangeFactory(entries={services: 5_000_000_00, evaluation: 498_800_00}, approved_by=make.UserFactory())
    return services, other, evaluation


def planned(year):
    return {line.name: pence for line, pence in queries.budget_of(year).lines}


class TestRules:
    def test_a_change_is_proposed_by_one_and_approved_by_another(self, lines):
        change = make.BudgetChangeFactory(entries={lines[0]: 100})
        change.approved_by, change.approved_at = change.proposed_by, NOW
        with refused("budgetchange_approved_by_another"):
            change.save()

    def test_a_virement_adds_up_to_nothing(self, lines):
        with refused("budgetchange_virement_balances"):
            make.BudgetChangeFactory(kind="virement", entries={lines[0]: -100, lines[1]: 99})

    @pytest.mark.parametrize(("kind", "places"), [("virement", {0: -100, 2: 100}), ("variation", {0: 100})])
    def test_the_funder_consents_to_variations_and_across_ring_fences(self, lines, kind, places):
        entries = {lines[n]: pence for n, pence in places.items()}
        with refused("budgetchange_has_consent"):
            make.BudgetChangeFactory(kind=kind, entries=entries)
        assert make.BudgetChangeFactory(kind=kind, entries=entries, consent_reference="HO letter 4").pk

    def test_within_one_ring_fence_no_consent_is_asked(self, lines):
        assert make.BudgetChangeFactory(kind="virement", entries={lines[0]: -100, lines[1]: 100}).pk

    def test_a_change_moves_something(self, year):
        with refused("budgetchange_has_entries"):
            make.BudgetChangeFactory(award_year=year, entries={})

    def test_a_change_stays_in_its_award_year(self, lines):
        elsewhere = make.BudgetLineFactory(award_year=make.AwardYearFactory(financial_year=2023))
        with refused("budgetchange_of_one_award_year"):
            make.BudgetChangeFactory(entries={lines[0]: 100, elsewhere: 100})

    def test_no_line_falls_below_nothing(self, lines):
        change = make.BudgetChangeFactory(kind="virement", entries={lines[1]: -100, lines[0]: 100})
        change.approved_by, change.approved_at = make.UserFactory(), NOW
        with refused("budgetchange_not_below_zero"):
            change.save()

    def test_no_more_is_planned_than_a_ring_fence_has(self, lines):
        change = make.BudgetChangeFactory(entries={lines[2]: 81_200_01})
        change.approved_by, change.approved_at = make.UserFactory(), NOW
        with refused("budgetchange_within_ring_fence"):
            change.save()

    def test_an_entry_comes_with_its_change(self, lines):
        with transaction.atomic():
            change = make.BudgetChangeFactory(entries={lines[0]: 100})
        assert change.entries.count() == 1

    def test_a_line_is_for_what_its_ring_fence_is_for(self, lines, year):
        with refused("budgetline_inside_ring_fence"):
            make.BudgetLineFactory(award_year=year, category="team", ring_fence=lines[2].ring_fence)
        with refused("budgetline_ring_fence_of_award_year"):
            make.BudgetLineFactory(category="evaluation", ring_fence=lines[2].ring_fence)

    def test_nothing_is_awarded_outside_the_purpose_of_a_ring_fence(self, lines, year):
        with refused("partneraward_inside_ring_fence"):
            make.PartnerAwardFactory(award_year=year, ring_fence=lines[2].ring_fence)
        make.PartnerAwardFactory(award_year=year, ring_fence=lines[2].ring_fence, category="evaluation")

    def test_a_ring_fence_in_use_keeps_its_kind_of_spending(self, lines):
        fence = lines[2].ring_fence
        fence.category = "team"
        with refused("ringfence_keeps_its_category"):
            fence.save()

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"category": "cake"}, "partneraward_category"),
        ],
    )
    def test_an_award_is_of_a_known_kind(self, fields, name):
        with refused(name):
            make.PartnerAwardFactory(**fields)

    @pytest.mark.parametrize(
        ("factory", "fields", "name"),
        [
            (make.BudgetLineFactory, {"category": "cake"}, "budgetline_category"),
            (make.RingFenceFactory, {"category": "cake"}, "ringfence_category"),
            (make.ConditionFactory, {"kind": "cake"}, "condition_kind"),
            (make.ConditionFactory, {"category": "cake"}, "condition_category"),
            (make.ConditionFactory, {"basis": "cake"}, "condition_basis"),
            (make.ConditionFactory, {"basis": ""}, "condition_share_or_words"),
            (make.ConditionFactory, {"kind": "duty"}, "condition_share_or_words"),
            (make.ConditionFactory, {"met_on": date(2022, 5, 1)}, "condition_met_on_for_duties"),
            (make.ConditionFactory, {"threshold": 10_001}, "condition_threshold_in_range"),
            (make.ConditionFactory, {"wording": ""}, "condition_in_words"),
        ],
    )
    def test_what_is_recorded_is_sound(self, factory, fields, name):
        with refused(name):
            factory(**fields)

    def test_a_name_stands_once_in_a_budget(self, lines, year):
        with refused("budgetline_name_once"):
            make.BudgetLineFactory(award_year=year, name="Services")

    @pytest.mark.parametrize("changed", [{"kind": "cake"}, {"reason": ""}])
    def test_a_change_has_its_kind_and_its_reason(self, lines, changed):
        name = "budgetchange_kind" if "kind" in changed else "budgetchange_has_reason"
        with refused(name):
            make.BudgetChangeFactory(entries={lines[0]: 1}, **changed)

    def test_an_entry_is_not_nothing_and_stands_once(self, lines):
        with refused("budgetentry_amount_not_zero"):
            make.BudgetChangeFactory(entries={lines[0]: 0})

    def test_a_decision_is_whole(self, lines):
        change = make.BudgetChangeFactory(entries={lines[0]: 100})
        change.declined_by = make.UserFactory()
        with refused("budgetchange_decided_whole"):
            change.save()

    def test_nothing_is_edited_or_deleted(self, lines):
        entry = BudgetChange.objects.get().entries.first()
        for attempt in (
            lambda: BudgetEntry.objects.update(amount_pence=1),
            lambda: entry.delete(),
            lambda: BudgetChange.objects.update(reason="Another"),
            lambda: connection.cursor().execute("DELETE FROM funding_budgetchange"),
            lambda: BudgetChange.objects.update(approved_by=make.UserFactory()),
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                attempt()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_an_entry_is_never_added_to_a_change_that_was_proposed(self):
        line = make.BudgetLineFactory()
        change = make.BudgetChangeFactory(entries={line: 100})
        other = make.BudgetLineFactory(award_year=line.award_year)
        with refused("budgetentry_with_its_change"):
            BudgetEntry.objects.create(change=change, line=other, amount_pence=1)

    def test_two_virements_never_take_the_same_money(self):
        line = make.BudgetLineFactory()
        other = make.BudgetLineFactory(award_year=line.award_year)
        make.BudgetChangeFactory(entries={line: 1000}, approved_by=make.UserFactory())
        changes = [make.BudgetChangeFactory(kind="virement", entries={line: -300, other: 300}) for _ in range(10)]
        approver = make.UserFactory()

        def approve(change):
            change.approved_by, change.approved_at = approver, NOW
            return refusal_of(change.save)

        with ThreadPoolExecutor(10) as pool:
            refusals = sorted(pool.map(approve, changes))
        assert refusals == [""] * 3 + ["budgetchange_not_below_zero"] * 7
        assert planned(line.award_year) == {line.name: 100, other.name: 900}


class TestChanges:
    def propose(self, year, finance, entries, **fields):
        details = {"kind": "virement", "reference": "V-1", "reason": "Board"} | fields
        return budgets.propose_change(award_year=year, entries=entries, by=finance, now=NOW, **details)

    def test_moves_nothing_until_another_approves(self, year, lines, finance, director):
        change = self.propose(year, finance, {lines[0]: -100_00, lines[1]: 100_00})
        assert planned(year)["More services"] == 0
        with pytest.raises(OwnProposal):
            budgets.approve_change(change=change, by=finance, now=NOW)
        budgets.approve_change(change=change, by=director, now=NOW)
        assert planned(year) == {"Services": 4_999_900_00, "More services": 100_00, "Evaluation": 498_800_00}
        with pytest.raises(DecidedAlready):
            budgets.decline_change(change=change, reason="Late", by=director, now=NOW)

    def test_is_declined_with_a_reason(self, year, lines, finance, director):
        change = self.propose(year, finance, {lines[0]: -100_00, lines[1]: 100_00})
        budgets.decline_change(change=change, reason="Not now", by=director, now=NOW)
        assert planned(year)["Services"] == 5_000_000_00

    @pytest.mark.parametrize(
        ("places", "fields", "refusal", "sentence"),
        [
            ({0: -100, 1: 90}, {}, budgets.DoesNotBalance, "£0.10 more is taken away than added"),
            ({0: -100, 1: 110}, {}, budgets.DoesNotBalance, "£0.10 more is added than taken away"),
            ({0: -100, 2: 100}, {}, budgets.ConsentMissing, "across a ring-fence"),
            ({0: 100}, {"kind": "variation"}, budgets.ConsentMissing, "needs the funder"),
            ({1: -100, 0: 100}, {}, budgets.MoreThanPlanned, "Only £0 is on “More services”"),
            ({2: 81_200_01}, {"kind": "plan"}, budgets.OutsidePurpose, "Only £81,200 is left to plan"),
            ({}, {}, AmountWrong, "beside at least one line"),
        ],
    )
    def test_refuses_with_a_sentence_what_the_database_refuses(
        self, year, lines, finance, places, fields, refusal, sentence
    ):
        with pytest.raises(refusal, match=sentence):
            self.propose(year, finance, {lines[n]: pence for n, pence in places.items()}, **fields)

    def test_leaves_room_for_what_waits(self, year, lines, finance, director):
        taken = self.propose(year, finance, {lines[0]: -4_999_900_00, lines[1]: 4_999_900_00})
        with pytest.raises(budgets.MoreThanPlanned, match="Only £100 is on “Services”, after £4,999,900 that waits"):
            self.propose(year, finance, {lines[0]: -100_01, lines[1]: 100_01}, reference="V-2")
        self.propose(year, finance, {lines[2]: 81_000_00}, kind="plan", reference="V-3")
        with pytest.raises(budgets.OutsidePurpose, match=r"Only £200 is left to plan for .* after £81,000 that waits"):
            self.propose(year, finance, {lines[2]: 200_01}, kind="plan", reference="V-4")
        budgets.decline_change(change=taken, reason="Not now", by=director, now=NOW)
        assert self.propose(year, finance, {lines[0]: -100_01, lines[1]: 100_01}, reference="V-2").pk

    def test_a_reference_is_used_once(self, year, lines, finance):
        self.propose(year, finance, {lines[0]: -100, lines[1]: 100})
        with pytest.raises(ReferenceTaken):
            self.propose(year, finance, {lines[0]: -100, lines[1]: 100})

    def test_is_not_for_those_who_only_read(self, year, lines):
        with pytest.raises(NotAllowed):
            self.propose(year, make.user_with(Role.ANALYST), {lines[0]: -100, lines[1]: 100})

    def test_spending_outside_a_ring_fence_is_refused_with_a_sentence(self, year, lines, finance):
        fence = lines[2].ring_fence
        with pytest.raises(budgets.OutsidePurpose, match="is for evaluation and learning alone"):
            awards.propose_award(
                award_year=year, delivery=make.DeliveryFactory(), ring_fence=fence, amount_pence=100,
                starts_on=date(2022, 4, 1), ends_on=date(2023, 3, 31), agreed_on=date(2022, 4, 1),
                reference="A-1", by=finance, now=NOW,
            )  # fmt: skip
        with pytest.raises(budgets.OutsidePurpose, match="is for evaluation and learning alone"):
            budgets.add_line(award_year=year, name="Cars", category="running", ring_fence=fence, by=finance, now=NOW)
        with pytest.raises(funds.PurposeInUse):
            funds.save_ring_fence(
                award_year=year, ring_fence=fence, purpose=fence.purpose, amount_kind="maximum",
                amount_pence=580_000_00, category="team", by=finance, now=NOW,
            )  # fmt: skip

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        moves=st.lists(
            st.tuples(
                st.sampled_from(["plan", "virement", "variation"]),
                st.dictionaries(st.integers(0, 2), st.integers(-900_00, 900_00), min_size=1, max_size=3),
                st.booleans(),
                st.booleans(),
            ),
            max_size=6,
        )
    )
    def test_no_order_of_changes_breaks_a_rule(self, year, lines, finance, director, moves):
        """Whatever is proposed and approved: no line below nothing, no ring-fence over its limit, and what stands is
        the sum of what was approved."""
        with transaction.atomic():
            for n, (kind, places, has_consent, is_approved) in enumerate(moves):
                entries = {lines[place]: pence for place, pence in places.items()}
                try:
                    with transaction.atomic():
                        change = self.propose(
                            year, finance, entries, kind=kind, reference=f"H-{n}",
                            consent_reference="Letter" if has_consent else "",
                        )  # fmt: skip
                        if is_approved:
                            budgets.approve_change(change=change, by=director, now=NOW)
                except Refusal:
                    continue
            budget = queries.budget_of(year)
            assert all(pence >= 0 for _, pence in budget.lines)
            fence = lines[2].ring_fence
            assert sum(pence for line, pence in budget.lines if line.ring_fence_id == fence.pk) <= fence.amount_pence
            approved = BudgetEntry.objects.filter(change__award_year=year, change__approved_by__isnull=False)
            assert budget.total == sum(entry.amount_pence for entry in approved)
            transaction.set_rollback(True)


class TestConditions:
    def test_of_the_source_is_short_by_81_200(self, year, lines):
        """At least 10 % on evaluation: 8.6 % of £5.8 million."""
        make.ConditionFactory(award_year=year, basis="awarded")
        (reading,) = queries.readings(year)
        assert (reading.share, reading.basis, reading.short) == ("8.6 %", 5_800_000_00, 81_200_00)
        assert (reading.threshold, reading.needed, reading.is_met) == ("10 %", 580_000_00, False)

    def test_is_met_once_the_budget_has_it(self, year, lines, finance, director):
        make.ConditionFactory(award_year=year, basis="awarded")
        change = budgets.propose_change(
            award_year=year, kind="plan", entries={lines[2]: 81_200_00}, reference="P-2", reason="Evaluation",
            by=finance, now=NOW,
        )  # fmt: skip
        assert not queries.readings(year)[0].is_met
        budgets.approve_change(change=change, by=director, now=NOW)
        assert queries.readings(year)[0].is_met

    def test_a_share_is_never_rounded_up_to_what_is_not_reached(self, year):
        line = make.BudgetLineFactory(award_year=year, category="evaluation")
        make.BudgetChangeFactory(entries={line: 579_999_99}, approved_by=make.UserFactory())
        make.ConditionFactory(award_year=year, basis="awarded")
        assert (queries.readings(year)[0].share, queries.readings(year)[0].short) == ("9.9 %", 1)

    def test_match_counts_when_it_is_confirmed(self, year):
        make.ConditionFactory(award_year=year, kind="match_share", category="", threshold=250)
        match = make.MatchFactory(award_year=year, amount_pence=145_000_00)
        assert queries.readings(year)[0].short == 145_000_00
        confirmation = make.MatchConfirmationFactory(match=match, approved_by=None)
        assert queries.readings(year)[0].short == 145_000_00
        confirmation.approved_by, confirmation.approved_at = make.UserFactory(), confirmation.proposed_at
        confirmation.save()
        assert queries.readings(year)[0].is_met

    def test_says_nothing_while_the_amount_is_not_stated(self):
        announced = make.AwardYearFactory()
        make.ConditionFactory(award_year=announced, basis="awarded")
        (reading,) = queries.readings(announced)
        assert (reading.is_met, reading.share, reading.short) == (None, "", 0)

    def test_a_duty_is_done_on_a_day(self, year, finance):
        duty = conditions.save_condition(
            award_year=year, kind="duty", wording="Publish a strategy", evidence="Clause 3", by=finance, now=NOW
        )
        assert queries.readings(year)[0].is_met is False
        conditions.save_condition(
            award_year=year, condition=duty, kind="duty", wording="Publish a strategy", evidence="Clause 3",
            met_on=date(2022, 5, 30), by=finance, now=NOW,
        )  # fmt: skip
        assert queries.readings(year)[0].is_met is True

    @pytest.mark.parametrize(
        "fields", [{"kind": "category_share", "basis": "awarded", "threshold": 1000}, {"kind": "match_share"}]
    )
    def test_a_share_needs_its_size_and_of_what(self, year, finance, fields):
        with pytest.raises(AmountWrong, match="Say how large a share"):
            conditions.save_condition(award_year=year, wording="x", evidence="y", by=finance, now=NOW, **fields)


class TestPages:
    @pytest.fixture
    def signed_in(self, client):
        def sign_in(user):
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

        return sign_in

    def test_a_budget_is_made_moved_and_approved(self, client, signed_in, finance, director, year):
        signed_in(finance)
        url = reverse("funding:budget", args=[year.pk])
        assert url in client.get(reverse("funding:award-year-detail", args=[year.pk])).content.decode()
        add = reverse("funding:budget-line-add", args=[year.pk])
        for name, category in [("Services", "delivery"), ("Evaluation", "evaluation")]:
            client.post(add, {"name": name, "category": category})
        lines = list(year.budget_lines.order_by("category"))
        propose = reverse("funding:budget-change-propose", args=[year.pk])
        typed = {"kind": "virement", f"line_{lines[0].pk}": "100", "reference": "B-1", "reason": "Board"}
        found = client.post(propose, typed).content.decode()
        assert "A virement adds up to nothing, and £100 more is added than taken away." in found
        assert 'value="100"' in found, "what was typed is still there"
        found = client.post(propose, typed | {"kind": "plan"}, follow=True).content.decode()
        assert "Proposed. A colleague now has to approve it." in found
        change = BudgetChange.objects.get()
        signed_in(director)
        assert "Plan B-1 of the budget" in client.get(reverse("home")).content.decode()
        found = client.post(reverse("funding:budget-change-approve", args=[change.pk]), follow=True).content.decode()
        assert "Approved: Plan B-1." in found
        assert "£100 is planned of £5,800,000; £5,799,900 is not planned for yet" in found

    def test_a_change_is_declined_on_its_page(self, client, signed_in, finance, director, lines, year):
        change = make.BudgetChangeFactory(entries={lines[0]: 100}, proposed_by=finance)
        signed_in(director)
        url = reverse("funding:budget-change-decline", args=[change.pk])
        assert "Decline plan" in client.get(url).content.decode()
        assert "Declined." in client.post(url, {"reason": "Not now"}, follow=True).content.decode()

    def test_a_condition_is_written_and_read(self, client, signed_in, finance, lines, year):
        signed_in(finance)
        typed = {
            "kind": "category_share", "category": "evaluation", "basis": "awarded", "percent": "10",
            "wording": "A tenth for evaluation", "evidence": "Clause 7",
        }  # fmt: skip
        add = reverse("funding:condition-add", args=[year.pk])
        found = client.post(add, typed | {"percent": ""}).content.decode()
        assert "Say how large a share" in found
        found = client.post(add, typed, follow=True).content.decode()
        assert "8.6 %</a> of <a " in found
        assert ">£5,800,000</a>, short by <strong>£81,200</strong>" in found
        assert f'<a href="{reverse("funding:budget", args=[year.pk])}">8.6 %</a>' in found
        edit = reverse("funding:condition-edit", args=[year.conditions.get().pk])
        assert 'name="percent" value="10"' in client.get(edit).content.decode()
        client.post(edit, typed | {"percent": "8.6"})
        assert queries.readings(year)[0].is_met
