"""What a partner's people are written about their claims and payments."""

from datetime import date

import pytest
from django.db import transaction

from funding.actions import claims, payments
from funding.models import Claim
from partners.models import Message
from partners.permissions import Role
from tests import factories as make
from vru_portal.core.money import pounds

pytestmark = pytest.mark.django_db

NOW = make.noon(date(2022, 7, 20))


@pytest.fixture
def finance():
    return make.user_with(Role.FINANCE_OFFICER)


@pytest.fixture
def director():
    return make.user_with(Role.DIRECTOR)


@pytest.fixture
def claim() -> Claim:
    """Sent."""
    return make.ClaimFactory(at="sent")


@pytest.fixture
def partner(claim):
    """Two of its people, and somebody of another partner with a claim of its own."""
    make.user_with(Role.PARTNER, make.ClaimFactory(at="sent").award.delivery.partner)
    return [make.user_with(role, claim.award.delivery.partner) for role in (Role.PARTNER, Role.PARTNER_LEAD)]


def written(partner, kind="funding.") -> Message:
    """What each of them, and nobody else, is written."""
    found = list(Message.objects.filter(kind__startswith=kind).order_by("pk"))
    assert [message.to_user for message in found] == partner
    assert {message.organisation for message in found} == {partner[0].memberships.get().organisation}
    assert {message.subject for message in found} == {found[0].subject}
    return found[0]


class TestClaim:
    def test_that_is_queried_comes_with_the_question(self, claim, partner, finance):
        claims.query(claim=claim, question="Whose travel & food?", by=finance, now=NOW)
        message = written(partner)
        assert message.subject == f"Please answer about your claim for {claim.period}: {claim.award.delivery}"
        assert "Whose travel & food?" in message.body
        assert "Our money" in message.body

    def test_that_is_approved_comes_with_what_it_is_for(self, claim, partner, director):
        claims.approve(claim=claim, by=director, now=NOW)
        message = written(partner)
        assert message.subject.startswith("Approved: your claim for ")
        assert pounds(sum(line.amount_pence for line in claim.lines.all())) in message.body

    def test_that_is_declined_comes_with_the_reason(self, claim, partner, director):
        claims.decline(claim=claim, reason="It is of another award.", by=director, now=NOW)
        assert written(partner).subject.startswith("Not approved: your claim for ")
        assert "It is of another award." in written(partner).body

    def test_is_written_about_each_time(self, claim, partner, finance):
        for question in ("Whose travel?", "And whose food?"):
            claims.query(claim=claim, question=question, by=finance, now=NOW)
            claims.send(claim=claim, amounts={"staff": 1_00}, note="Ours", by=partner[0], now=NOW)
        assert Message.objects.count() == 4

    def test_is_handed_to_a_worker_once_it_is_decided(
        self, claim, partner, director, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks() as handed_over:
            claims.approve(claim=claim, by=director, now=NOW)
        assert len(handed_over) == len(partner)

    def test_says_nothing_of_what_did_not_happen(self, claim, partner, director):
        with transaction.atomic():
            claims.approve(claim=claim, by=director, now=NOW)
            transaction.set_rollback(True)
        assert not Message.objects.exists()


class TestPayment:
    def pay(self, subject, pence, finance, director, **fields):
        given = {"subject": subject, "amount_pence": pence, "on_date": date(2022, 7, 19), "now": NOW}
        payment = payments.propose_payment(**given, **fields, by=finance)
        return payments.approve_payment(payment=payment, by=director, now=NOW)

    def test_of_a_claim_comes_with_amount_day_and_reference(self, claim, partner, finance, director):
        approved = claims.approve(claim=claim, by=director, now=NOW)
        self.pay(approved, 1_50, finance, director, reference="BACS-7")
        message = written(partner, "funding.paid")
        assert message.subject == f"A payment for {claim.award.delivery}"
        for told in ("£1.50", "19 July 2022", f"your claim for {claim.period}", "BACS-7"):
            assert told in message.body

    def test_that_was_prepared_and_is_approved_late_is_paid_on_the_day_of_approval(
        self, partner, claim, finance, director
    ):
        award = make.InstalmentAwardFactory(delivery=claim.award.delivery, amount_pence=12_000_00)
        payment = payments.propose_payment(
            subject=award.instalments.first(), amount_pence=500_00, on_date=date(2022, 7, 22), reference="BACS-8",
            by=finance, now=NOW,
        )  # fmt: skip
        assert payment.paid_on == date(2022, 7, 22)
        late = payments.approve_payment(payment=payment, by=director, now=make.noon(date(2022, 7, 25)))
        assert late.paid_on == date(2022, 7, 25)
        assert "pays you £500 on 25 July 2022" in written(partner).body

    def test_that_is_recorded_after_the_fact_keeps_its_day(self, partner, claim, finance, director):
        award = make.InstalmentAwardFactory(delivery=claim.award.delivery, amount_pence=12_000_00)
        payment = payments.propose_payment(
            subject=award.instalments.first(), amount_pence=500_00, on_date=date(2022, 7, 19), reference="BACS-8",
            by=finance, now=NOW,
        )  # fmt: skip
        payments.approve_payment(payment=payment, by=director, now=make.noon(date(2022, 7, 25)))
        assert "pays you £500 on 19 July 2022" in written(partner).body

    def test_of_an_instalment_names_it(self, partner, claim, finance, director):
        award = make.InstalmentAwardFactory(delivery=claim.award.delivery, amount_pence=12_000_00)
        self.pay(award.instalments.first(), 500_00, finance, director, reference="BACS-8")
        assert "instalment 1. On the remittance it is BACS-8." in written(partner).body

    def test_that_came_back_is_no_news(self, partner, claim, finance, director):
        award = make.InstalmentAwardFactory(delivery=claim.award.delivery, amount_pence=12_000_00)
        part = award.instalments.first()
        self.pay(part, 500_00, finance, director, reference="BACS-8")
        self.pay(part, -500_00, finance, director, reference="BACS-9", note="Sent back")
        assert "BACS-8" in written(partner).body
