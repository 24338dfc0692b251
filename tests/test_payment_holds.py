"""A missing return holds what an award pays, where the award says so, and its coming lifts the hold."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from funding.models import PaymentHold
from outcomes.actions import obligations, payment_holds, returns
from outcomes.tasks import review_payment_holds
from partners.permissions import Role
from tests import factories as make
from vru_portal.core.periods import FinancialYear

pytestmark = pytest.mark.django_db

DAY = make.noon(date(2022, 8, 25))


@pytest.fixture
def award():
    delivery = make.DeliveryFactory(name="Heal Hub", starts_on=date(2022, 4, 1))
    return make.InstalmentAwardFactory(delivery=delivery, holds_for_returns=True)


@pytest.fixture
def missing(award):
    return make.ObligationFactory(delivery=award.delivery, month=date(2022, 7, 1), due_date=date(2022, 8, 12))


def reasons(award) -> list[str]:
    return [hold.reason for hold in award.holds.filter(lifted_at=None)]


class TestReview:
    def test_holds_an_instalment_that_is_due_while_a_return_is_missing(self, award, missing):
        payment_holds.review(now=DAY)
        assert reasons(award) == ["Waits for the July 2022 return of Heal Hub."]
        payment_holds.review(now=DAY)
        assert award.holds.count() == 1

    def test_says_how_many_are_missing(self, award, missing):
        make.ObligationFactory(delivery=award.delivery, month=date(2022, 6, 1), due_date=date(2022, 7, 12))
        payment_holds.review(now=DAY)
        assert reasons(award) == ["Waits for the June 2022 return and 1 later return of Heal Hub."]

    def test_holds_nothing_where_the_award_says_nothing(self, missing):
        other = make.InstalmentAwardFactory(delivery=missing.delivery, award_year=make.AwardYearFactory())
        payment_holds.review(now=DAY)
        assert not reasons(other)

    def test_holds_nothing_before_the_return_is_due(self, award, missing):
        payment_holds.review(now=make.noon(date(2022, 8, 12)))
        assert not reasons(award)

    def test_holds_nothing_that_is_paid_or_far_ahead(self, award, missing):
        for instalment in award.instalments.filter(due_on__lte=date(2022, 9, 1)):
            make.PartnerPaymentFactory(
                instalment=instalment, amount_pence=instalment.amount_pence, approved_by=make.UserFactory()
            )
        payment_holds.review(now=DAY)
        assert not reasons(award)

    def test_is_what_the_clock_does(self, missing):
        assert review_payment_holds.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
        late_now = timezone.localdate() - timedelta(days=40)
        year = make.AwardYearFactory(financial_year=FinancialYear.of(late_now).start)
        award = make.InstalmentAwardFactory(
            delivery=missing.delivery, award_year=year, holds_for_returns=True, starts_on=late_now
        )
        review_payment_holds()
        assert reasons(award) == ["Waits for the July 2022 return of Heal Hub."]

    def test_is_lifted_when_the_return_comes(self, award, missing):
        payment_holds.review(now=DAY)
        partner = make.user_with(Role.PARTNER, award.delivery.partner)
        returns.send_nil(obligation=missing, reason="No sessions were planned this month", by=partner, now=DAY)
        assert not reasons(award)
        assert PaymentHold.objects.get().lifted_at == DAY

    def test_is_lifted_when_the_return_is_waived(self, award, missing):
        payment_holds.review(now=DAY)
        manager = make.user_with(Role.PROGRAMME_MANAGER)
        obligations.waive(obligation=missing, reason="Flood", by=manager, now=DAY)
        assert not reasons(award)
