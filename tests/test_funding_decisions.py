"""What two people decide about money: proposed by one, approved by another, and known from then on."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.db import ProgrammingError, connection, transaction

from funding import queries
from funding.actions import awards, bridging, days, payments, spending
from funding.models import PartnerAward
from partners.permissions import Role
from tests import factories as make
from tests.database import refused

pytestmark = pytest.mark.django_db

NOW = make.noon(date(2022, 7, 20))


@pytest.fixture
def finance():
    return make.user_with(Role.FINANCE_OFFICER)


@pytest.fixture
def director():
    return make.user_with(Role.DIRECTOR)


def propose(award_year, by, at=NOW, **fields) -> PartnerAward:
    year = award_year.year
    fields = {
        "delivery": make.DeliveryFactory(),
        "amount_pence": 600_00,
        "starts_on": year.first,
        "ends_on": year.last,
        "agreed_on": date(2022, 3, 25),
        "reference": "A-1",
    } | fields
    return awards.propose_award(award_year=award_year, **fields, by=by, now=at)


class TestPartnerAward:
    def test_is_never_born_approved_or_declined(self):
        award = make.PartnerAwardFactory.build(
            delivery=make.DeliveryFactory(), award_year=make.AwardYearFactory(), proposed_by=make.UserFactory()
        )
        for fields in ({"approved_by": make.UserFactory(), "approved_at": NOW}, {"declined_by": make.UserFactory()}):
            for name, value in fields.items():
                setattr(award, name, value)
            with pytest.raises(ProgrammingError, match="Cannot insert"), transaction.atomic():
                award.save(force_insert=True)

    def test_is_approved_by_somebody_at_some_time(self):
        award = make.PartnerAwardFactory(approved_by=None)
        for fields in ({"approved_by": make.UserFactory()}, {"approved_at": NOW}):
            with refused("partneraward_decided_whole"):
                PartnerAward.objects.filter(pk=award.pk).update(**fields)

    def test_counts_from_the_day_of_its_approval_whenever_it_was_agreed(self, finance, director):
        year = make.AwardYearFactory()
        award = awards.approve_award(award=propose(year, finance), by=director, now=NOW + timedelta(days=2))
        assert award.proposed_at == NOW
        known = {day: queries.award_year_line(year, as_at=date(2022, 7, day)).committed for day in (20, 21, 22)}
        assert known == {20: 0, 21: 0, 22: 600_00}

    def test_of_before_has_the_times_that_events_say(self, finance, director):
        year = make.AwardYearFactory()
        told = awards.approve_award(award=propose(year, finance), by=director, now=NOW + timedelta(days=2))
        untold = make.PartnerAwardFactory(agreed_on=date(2022, 5, 4))
        waiting = make.PartnerAwardFactory(approved_by=None, agreed_on=date(2022, 5, 4))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may wait while the tables change
            then = "CASE WHEN approved_by_id IS NOT NULL THEN now() END"
            for table in ("partneraward", "partnerawardevent"):
                cursor.execute(f"ALTER TABLE funding_{table} DISABLE TRIGGER USER")
                cursor.execute(f"UPDATE funding_{table} SET proposed_at = now(), approved_at = {then}")  # noqa: S608
            cursor.execute(import_module("funding.migrations.0010_awards_decided_as_all").TIMES)
        times = dict(PartnerAward.objects.values_list("pk", "approved_at"))
        assert times == {told.pk: NOW + timedelta(days=2), untold.pk: make.noon(date(2022, 5, 4)), waiting.pk: None}
        history = PartnerAward.pgh_event_model.objects.filter(pgh_obj=told).order_by("pgh_id")
        assert [(row.proposed_at, row.approved_at) for row in history] == [
            (NOW, None),
            (NOW, NOW + timedelta(days=2)),
        ]


class TestADayToCome:
    TOMORROW = date(2022, 7, 21)

    def test_is_refused_of_a_drawdown(self, finance):
        facility = make.BridgingFacilityFactory()
        with pytest.raises(days.InTheFuture, match="has not come yet"):
            bridging.propose_movement(
                facility=facility,
                kind="drawdown",
                amount_pence=1,
                on_date=self.TOMORROW,
                reference="D-1",
                by=finance,
                now=NOW,
            )
        with refused("bridgeproposal_of_a_day_that_came"):
            make.BridgeProposalFactory(facility=facility, on_date=self.TOMORROW, proposed_at=NOW)

    def test_is_refused_of_a_payment(self, finance):
        instalment = make.InstalmentAwardFactory().instalments.first()
        fields = {"amount_pence": 1, "on_date": self.TOMORROW, "reference": "P-1"}
        with pytest.raises(days.InTheFuture):
            payments.propose_payment(subject=instalment, **fields, by=finance, now=NOW)
        with refused("partnerpayment_of_a_day_that_came"):
            make.PartnerPaymentFactory(instalment=instalment, **fields, proposed_at=NOW)

    def test_is_refused_of_spending(self, finance):
        line = make.BudgetLineFactory(category="team")
        make.BudgetChangeFactory(entries={line: 100}, approved_by=make.UserFactory())
        fields = {"amount_pence": 1, "on_date": self.TOMORROW, "payee": "Us", "reference": "U-1"}
        with pytest.raises(days.InTheFuture):
            spending.propose_spend(line=line, **fields, by=finance, now=NOW)
        with refused("unitspend_of_a_day_that_came"):
            make.UnitSpendFactory(line=line, **fields, proposed_at=NOW)

    def test_is_refused_of_an_agreement_with_a_partner(self):
        with refused("partneraward_of_a_day_that_came"):
            make.PartnerAwardFactory(agreed_on=self.TOMORROW, proposed_at=NOW)

    def test_may_be_the_day_of_whoever_proposes_just_after_midnight(self):
        just_after = datetime(2022, 7, 20, 23, 30, tzinfo=UTC)  # half past midnight of the 21st, in summer
        assert make.BridgeProposalFactory(on_date=self.TOMORROW, proposed_at=just_after).pk
