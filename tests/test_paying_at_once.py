"""What the database keeps of instalments, claims and payments where many people act at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import transaction

from funding.actions import claims, payments
from funding.models import Claim, ClaimStep, Instalment
from partners.permissions import Role
from tests import factories as make
from tests.database import refusal_of, refused
from tests.test_paying_rules import NOW, correct
from vru_portal.core.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)


class TestAtOnce:
    def test_no_instalment_comes_later(self):
        award = make.InstalmentAwardFactory()
        with refused("instalment_with_its_award"):
            Instalment.objects.create(award=award, number=13, due_on=award.ends_on, amount_pence=1)

    def test_of_many_payments_of_one_instalment_those_that_fit_go_through(self):
        instalment = make.InstalmentAwardFactory(amount_pence=12_000).instalments.first()
        proposed_by, approved_by = make.UserFactory(), make.UserFactory()

        def attempt(number: int) -> str:
            people = {"proposed_by": proposed_by, "approved_by": approved_by}
            return refusal_of(
                lambda: make.PartnerPaymentFactory(
                    instalment=instalment, amount_pence=300, reference=f"P{number}", **people
                )
            )

        with ThreadPoolExecutor(20) as pool:
            refusals = sorted(pool.map(attempt, range(20)))
        assert refusals == [""] * 3 + ["partnerpayment_within_due"] * 17
        assert sum(payment.amount_pence for payment in instalment.payments.all()) == 900

    def test_of_many_payments_of_one_remittance_one_is_proposed(self):
        instalment = make.InstalmentAwardFactory(amount_pence=12_000).instalments.first()
        declined = make.PartnerPaymentFactory(instalment=instalment, amount_pence=1, reference="B")
        declined.declined_by, declined.declined_reason = make.UserFactory(), "Wrong day"
        declined.save()

        def attempt(_: int) -> str:
            return refusal_of(lambda: make.PartnerPaymentFactory(instalment=instalment, amount_pence=1, reference="B"))

        with ThreadPoolExecutor(8) as pool:
            assert sorted(pool.map(attempt, range(8))) == [""] + ["partnerpayment_reference_once"] * 7

    def test_who_begins_a_claim_and_who_forecasts_wait_for_each_other_in_one_order(self):
        award = make.PartnerAwardFactory(amount_pence=12_000_00)
        officer, partner = make.user_with(Role.FINANCE_OFFICER), make.user_with(Role.PARTNER, award.delivery.partner)
        quarter, now = award.award_year.year.quarters[0], make.noon(award.ends_on)

        def attempt(number: int) -> str:
            if number % 2:
                return refusal_of(lambda: claims.start(award=award, quarter=quarter, by=partner, now=now))
            amounts = {Month.of(award.starts_on): number}
            return refusal_of(lambda: payments.forecast(award=award, amounts=amounts, by=officer, now=now))

        with ThreadPoolExecutor(10) as pool:
            assert set(pool.map(attempt, range(30))) == {""}
        assert award.claims.count() == 1

    def test_of_many_claims_those_within_the_award_are_approved(self):
        year = make.AwardYearFactory()
        delivery = make.DeliveryFactory()
        awards = [make.PartnerAwardFactory(award_year=year, delivery=delivery, amount_pence=1_000_00) for _ in range(4)]
        correct(awards[0], -3_000_00 + 1)
        claims = [
            make.ClaimFactory(award=award, quarter=quarter, at="sent", amounts={"staff": 400_00})
            for award in awards
            for quarter in (date(2022, 4, 1), date(2022, 7, 1))
        ]
        by = make.UserFactory()

        def approve(claim) -> None:
            with transaction.atomic():
                ClaimStep.objects.create(claim=claim, state="approved", by=by, at=NOW)
                Claim.objects.filter(pk=claim.pk).update(state="approved")

        with ThreadPoolExecutor(8) as pool:
            refusals = sorted(pool.map(lambda claim: refusal_of(lambda: approve(claim)), claims))
        assert refusals == [""] * 2 + ["claimstep_within_award"] * 6
