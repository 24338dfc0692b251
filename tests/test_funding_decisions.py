"""What two people decide about money: proposed by one, approved by another, and known from then on."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from funding import queries
from funding.actions import award_years, awards, bridging, days, payments, spending
from funding.models import PartnerAward
from funding.queries.finance import finance as finance_of
from funding.queries.spending import spent_by
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
        with refused("bridgemovement_of_a_day_that_came"):
            make.BridgeMovementFactory(approved_by=None, facility=facility, on_date=self.TOMORROW, proposed_at=NOW)

    def test_is_refused_of_money_that_came_back(self, finance):
        instalment = make.InstalmentAwardFactory().instalments.first()
        make.PartnerPaymentFactory(
            instalment=instalment, amount_pence=1, on_date=date(2022, 7, 1), approved_by=make.UserFactory()
        )
        fields = {"amount_pence": -1, "on_date": self.TOMORROW, "reference": "P-1", "note": "Paid twice"}
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
        assert make.BridgeMovementFactory(approved_by=None, on_date=self.TOMORROW, proposed_at=just_after).pk


class TestADayBefore:
    """What happened on 5 May and was approved on 20 July was not known in June."""

    MAY, JUNE = date(2022, 5, 5), date(2022, 6, 30)

    def later(self, row):
        row.approved_by, row.approved_at = make.UserFactory(), NOW
        row.save()
        return row

    def of_both(self, question):
        return question(self.JUNE), question(NOW.date())

    def test_knows_no_payment_that_was_approved_afterwards(self):
        award = make.InstalmentAwardFactory()
        payment = make.PartnerPaymentFactory(instalment=award.instalments.first(), on_date=self.MAY, amount_pence=5)
        self.later(payment)
        assert self.of_both(lambda day: queries.money_of([award], as_at=day)[0].paid) == (0, 5)

    def test_knows_no_spending_that_was_approved_afterwards(self):
        line = make.BudgetLineFactory(category="team")
        make.BudgetChangeFactory(entries={line: 100}, approved_by=make.UserFactory())
        self.later(make.UnitSpendFactory(line=line, on_date=self.MAY, amount_pence=5))
        assert self.of_both(lambda day: spent_by(line.award_year, day).get("team", 0)) == (0, 5)

    def test_knows_no_drawdown_that_was_approved_afterwards(self, director):
        facility = make.BridgingFacilityFactory()
        make.BridgeMovementFactory(facility=facility, on_date=self.MAY, amount_pence=5, proposed_at=NOW)
        assert self.of_both(lambda day: queries.facility_line(facility, as_at=day).drawn) == (0, 5)
        assert self.of_both(lambda day: queries.facility_lines(user=director, as_at=day)[0].drawn) == (0, 5)

    def test_reads_a_condition_by_what_was_known(self):
        award_year = make.AwardYearFactory(at="agreement_signed", pence=1_000)
        make.ConditionFactory(award_year=award_year, kind="match_share", category="", basis="awarded")
        make.ConditionFactory(award_year=award_year, kind="duty", category="", basis="", threshold=None, met_on=NOW)
        self.later(
            make.MatchConfirmationFactory(
                match=make.MatchFactory(award_year=award_year, amount_pence=100),
                confirmed_on=self.MAY,
                approved_by=None,
            )
        )

        def reading(day):
            share, duty = queries.readings(award_year, as_at=day)
            return share.basis, share.counted, duty.is_met

        assert self.of_both(reading) == ((1_000, 0, False), (1_000, 100, True))

    def test_asks_for_a_claim_that_was_sent_afterwards(self, director):
        claim = make.ClaimFactory(award=make.PartnerAwardFactory(), at="approved")  # on 30 July
        sent = timezone.localdate(claim.steps.last().at)
        before = sent - timedelta(days=1)
        assert [due.quarter for due in queries.claims_due(user=director, today=before)] == [claim.period]
        assert queries.claims_due(user=director, today=sent) == []

    def test_adds_up_what_a_claim_asked_for_then(self, director):
        claim = make.ClaimFactory(award=make.PartnerAwardFactory(), at="queried", amounts={"staff": 300_00})
        asked = timezone.localdate(claim.steps.last().at)
        claim.lines.update(amount_pence=200_00)
        make.ClaimFactory.step(claim, "sent", by=make.UserFactory(), at=make.noon(asked + timedelta(days=3)))

        def of(day):
            (seen,) = queries.claims_open(user=director, as_at=day)
            return seen.total, queries.money_of([claim.award], as_at=day)[0].claimed

        assert of(asked) == (300_00, 300_00)
        assert of(asked + timedelta(days=3)) == (200_00, 200_00)

    def test_shows_a_claim_as_it_stood(self, director):
        claim = make.ClaimFactory(award=make.PartnerAwardFactory(), at="sent")
        sent = timezone.localdate(claim.steps.last().at)
        make.ClaimFactory.step(claim, "approved", by=make.UserFactory(), at=make.noon(sent + timedelta(days=3)))
        (seen,) = queries.claims_open(user=director, as_at=sent)
        assert (seen, seen.state) == (claim, "sent")
        assert queries.claims_open(user=director, as_at=sent - timedelta(days=1)) == []
        assert queries.claims_open(user=director, as_at=sent + timedelta(days=3)) == []

    @pytest.mark.parametrize("end", ["withdrawn", "lapsed"])
    def test_nothing_is_left_of_a_grant_that_will_not_come(self, finance, director, end):
        award_year = make.AwardYearFactory(pence=1_000)

        def underspend(day):
            return finance_of(user=director, as_at=day, year=award_year.year).grants[0].underspend

        step = award_years.propose_step(award_year=award_year, state=end, on_date=self.MAY, by=finance, now=NOW)
        award_years.approve_step(step=step, by=director, now=NOW)
        assert self.of_both(underspend) == (1_000, None)
