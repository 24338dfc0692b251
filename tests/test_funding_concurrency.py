"""Many people at once with one sum of money: the database lets in as many as it is for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from funding import queries
from funding.actions import payments
from funding.models import AwardYearStep, PartnerPayment
from partners.permissions import Role
from tests import factories as make
from tests.database import refusal_of

pytestmark = pytest.mark.django_db(transaction=True)

NOW = make.noon(date(2022, 8, 5))
MANY = 100  # the embedded server lets in 400


class TestTenAtOnce:
    @pytest.mark.parametrize("kind", ["fixed", "maximum"])
    def test_award_no_more_than_the_ring_fence(self, kind):
        fence = make.RingFenceFactory(amount_kind=kind, amount_pence=1000)
        refusals = _awards_at_once(fence.award_year, [make.DeliveryFactory()] * 10, 300, ring_fence=fence)
        assert refusals == ["partneraward_within_ring_fence"] * 7

    def test_award_and_spend_together_no_more_than_the_ring_fence(self):
        fence = make.RingFenceFactory(category="evaluation", amount_pence=1000)
        line = make.BudgetLineFactory(award_year=fence.award_year, category="evaluation", ring_fence=fence)
        make.BudgetChangeFactory(entries={line: 1000}, approved_by=make.UserFactory())
        delivery, people = make.DeliveryFactory(), {"proposed_by": make.UserFactory()}
        given = {"award_year": fence.award_year, "ring_fence": fence, "category": "evaluation"}
        all_open = Barrier(10)

        def attempt(number: int) -> str:
            connection.ensure_connection()
            all_open.wait(60)
            if number % 2:
                return refusal_of(lambda: make.UnitSpendFactory(line=line, amount_pence=300, **people))
            return refusal_of(lambda: make.PartnerAwardFactory(delivery=delivery, amount_pence=300, **given, **people))

        with ThreadPoolExecutor(10) as pool:
            refusals = [name for name in pool.map(attempt, range(10)) if name]
        assert len(refusals) == 7
        assert {name.partition("_")[2] for name in refusals} <= {"within_ring_fence", "within_plan"}
        assert queries.ring_fence_taken(fence) == 900

    def test_never_award_from_the_ring_fence_of_another_year(self):
        fence = make.RingFenceFactory()
        other = make.AwardYearFactory(financial_year=2023)
        refusals = _awards_at_once(other, [make.DeliveryFactory()] * 10, 1, ring_fence=fence)
        assert refusals == ["partneraward_ring_fence_of_award_year"] * 10

    def test_take_back_no_more_than_was_awarded(self):
        award = make.PartnerAwardFactory(amount_pence=1000)
        refusals = _awards_at_once(award.award_year, [award.delivery] * 10, -300, note="Too much")
        assert refusals == ["partneraward_not_below_zero"] * 7

    def test_take_back_no_more_than_came_in(self):
        receipt = make.GrantReceiptFactory(amount_pence=1000)
        back = {
            "award_year": receipt.award_year,
            "proposed_by": make.UserFactory(),
            "note": "Bank error",
            "approved_by": None,
        }
        with ThreadPoolExecutor(10) as pool:
            attempts = [
                pool.submit(refusal_of, lambda: make.GrantReceiptFactory(**back, amount_pence=-300)) for _ in range(10)
            ]
        assert sorted(each.result() for each in attempts) == [""] * 3 + ["grantreceipt_not_below_zero"] * 7

    def test_receive_no_more_than_the_grant(self):
        year = make.AwardYearFactory(at="agreement_signed", pence=1000)
        of_it = {"award_year": year, "amount_pence": 300, "proposed_by": make.UserFactory(), "approved_by": None}
        with ThreadPoolExecutor(10) as pool:
            attempts = [pool.submit(refusal_of, lambda: make.GrantReceiptFactory(**of_it)) for _ in range(10)]
        assert sorted(each.result() for each in attempts) == [""] * 3 + ["grantreceipt_within_award"] * 7

    def test_reduce_a_grant_or_claim_it_and_never_both(self):
        year = make.AwardYearFactory(at="agreement_signed", pence=1000)
        by = make.UserFactory()

        def reduce_it() -> str:
            return refusal_of(
                lambda: AwardYearStep.objects.create(
                    award_year=year,
                    state="reduced",
                    amount_pence=500,
                    on_date=date(2022, 7, 5),
                    proposed_by=by,
                    proposed_at=make.noon(date(2022, 7, 5)),
                )
            )

        def claim_it() -> str:
            return refusal_of(lambda: make.GrantClaimFactory(award_year=year, amount_pence=600, proposed_by=by))

        with ThreadPoolExecutor(2) as pool:
            refusals = [pool.submit(reduce_it), pool.submit(claim_it)]
        names = [each.result() for each in refusals]
        assert names in (["", ""], ["awardyearstep_covers_claims", ""])
        waiting = AwardYearStep.objects.open().first()
        if waiting:  # it was proposed before the claim was: nobody can approve it now
            waiting.approved_by, waiting.approved_at = make.UserFactory(), waiting.proposed_at
            assert refusal_of(waiting.save) == "awardyearstep_covers_claims"


class TestTwoAtOnce:
    def test_approve_the_same_payments_in_any_order_once(self):
        """Of two award years, each of which is locked: the second waits, and finds them decided."""
        paid = [make.InstalmentAwardFactory(amount_pence=12_000_00) for _ in range(2)]
        waiting = [make.PartnerPaymentFactory(instalment=each.instalments.first(), amount_pence=100) for each in paid]
        people = [make.user_with(Role.DIRECTOR) for _ in range(2)]
        both_open = Barrier(2)

        def attempt(person, chosen) -> str:
            connection.ensure_connection()
            both_open.wait(60)
            try:
                payments.approve_payments(payments=chosen, by=person, now=NOW)
            except payments.NoneApproved as refusal:
                return refusal.message
            finally:
                connection.close()
            return ""

        with ThreadPoolExecutor(2) as pool:
            said = sorted(pool.map(attempt, people, [waiting, waiting[::-1]]))
        assert said[0] == ""
        assert "Somebody has decided this already." in said[1]
        (approver,) = set(PartnerPayment.objects.values_list("approved_by", flat=True))
        assert approver in {person.pk for person in people}


def _awards_at_once(award_year, deliveries, pence: int, **fields) -> list[str]:
    """A connection for each delivery; the names of the rules that refused."""
    proposed_by, approved_by = make.UserFactory(), make.UserFactory()

    def attempt(delivery) -> str:
        return refusal_of(
            lambda: make.PartnerAwardFactory(
                award_year=award_year,
                delivery=delivery,
                amount_pence=pence,
                proposed_by=proposed_by,
                approved_by=approved_by,
                **fields,
            )
        )

    with ThreadPoolExecutor(len(deliveries)) as pool:
        return [name for name in pool.map(attempt, deliveries) if name]


class TestAHundredAtOnce:
    def test_draw_no_more_than_the_limit(self):
        facility = make.BridgingFacilityFactory(limit_pence=1000)
        refusals = _at_once(facility, "drawdown", 300)
        assert refusals == ["bridgemovement_drawn_within_limit"] * 97
        assert sum(m.amount_pence for m in facility.movements.all()) == 900

    def test_repay_no_more_than_was_drawn(self):
        facility = make.BridgingFacilityFactory(limit_pence=1000)
        make.BridgeMovementFactory(facility=facility, kind="drawdown", amount_pence=1000)
        refusals = _at_once(facility, "repayment", 300)
        assert refusals == ["bridgemovement_repaid_within_drawn"] * 97
        assert sum(m.signed_pence for m in facility.movements.all()) == 100


def _at_once(facility, kind: str, pence: int) -> list[str]:
    """A hundred connections, all open, try the same; the names of the rules that refused."""
    people = {"proposed_by": make.UserFactory(), "approved_by": make.UserFactory()}
    all_open = Barrier(MANY)

    def attempt(number: int) -> str:
        connection.ensure_connection()
        all_open.wait(60)
        return refusal_of(
            lambda: make.BridgeMovementFactory(
                facility=facility, kind=kind, amount_pence=pence, **people, reference=f"N{number}"
            )
        )

    with ThreadPoolExecutor(MANY) as pool:
        return [name for name in pool.map(attempt, range(MANY)) if name]
