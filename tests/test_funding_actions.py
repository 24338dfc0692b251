"""What people may record about money, and what is refused with a sentence."""

from datetime import date

import pytest

from funding import queries
from funding.actions import award_years, bridging, days, receipts
from funding.actions.deciding import DecidedAlready, OwnProposal
from funding.models.grants import TRANSITIONS
from funding.queries.standing import standing_at
from partners.models import Event
from partners.permissions import Role
from tests import factories as make
from vru_portal.core.refusals import NotAllowed

pytestmark = pytest.mark.django_db

NOW = make.noon(date(2022, 7, 20))


@pytest.fixture
def finance():
    return make.user_with(Role.FINANCE_OFFICER)


@pytest.fixture
def director():
    return make.user_with(Role.DIRECTOR)


class TestStep:
    """Proposed by finance, approved by a director."""

    def propose(self, award_year, by, state="applied", on_date=date(2022, 7, 1), **fields):
        return award_years.propose_step(award_year=award_year, state=state, on_date=on_date, by=by, now=NOW, **fields)

    def step(self, award_year, by, *args, **fields):
        step = self.propose(award_year, by, *args, **fields)
        return award_years.approve_step(step=step, by=make.user_with(Role.DIRECTOR), now=NOW)

    def test_moves_the_award_year_on_once_another_approves(self, finance, director):
        award_year = make.AwardYearFactory(pence=100)
        step = self.propose(award_year, finance, amount_pence=90)
        award_year.refresh_from_db()
        assert (award_year.state, award_year.applied_pence) == ("announced", None)
        assert standing_at(award_year.steps.all(), date(2022, 7, 20)).state == "announced"
        with pytest.raises(OwnProposal):
            award_years.approve_step(step=step, by=finance, now=NOW)
        award_years.approve_step(step=step, by=director, now=NOW)
        award_year.refresh_from_db()
        assert (award_year.state, award_year.announced_pence, award_year.applied_pence) == ("applied", 100, 90)
        assert award_year.awarded_pence is None
        event = Event.objects.about(award_year).get(name="funding.award_year.moved_on")
        assert (event.by, event.occurred_at) == (director, NOW)
        known = {day: standing_at(award_year.steps.all(), date(2022, 7, day)).state for day in (19, 20)}
        assert known == {19: "announced", 20: "applied"}
        with pytest.raises(DecidedAlready):
            award_years.approve_step(step=step, by=director, now=NOW)

    def test_one_waits_at_a_time_until_it_is_declined(self, finance, director):
        award_year = make.AwardYearFactory()
        step = self.propose(award_year, finance)
        with pytest.raises(award_years.StepWaits):
            self.propose(award_year, finance)
        award_years.decline_step(step=step, reason="Not sent yet", by=director, now=NOW)
        award_year.refresh_from_db()
        assert award_year.state == "announced"
        assert self.step(award_year, finance).approved_by

    def test_is_declined_by_who_may_approve_or_proposed_it(self, finance):
        step = self.propose(make.AwardYearFactory(), finance)
        with pytest.raises(NotAllowed):
            award_years.decline_step(step=step, reason="No", by=make.user_with(Role.ANALYST), now=NOW)
        assert award_years.decline_step(step=step, reason="Mistyped", by=finance, now=NOW).declined_by == finance

    @pytest.mark.parametrize("approved_by", [None, "somebody"])
    def test_awards_no_less_than_is_claimed_or_came_in(self, finance, approved_by):
        award_year = make.AwardYearFactory(at="agreement_signed", pence=100_00)
        by = make.UserFactory() if approved_by else None
        make.GrantClaimFactory(award_year=award_year, amount_pence=60_00, approved_by=by)
        with pytest.raises(award_years.LessThanClaimed, match="£60 is claimed from the funder"):
            self.propose(award_year, finance, "reduced", date(2022, 7, 10), amount_pence=59_99)
        make.GrantReceiptFactory(award_year=award_year, amount_pence=70_00, approved_by=by)
        with pytest.raises(award_years.LessThanClaimed, match="£70 is recorded as received"):
            self.propose(award_year, finance, "reduced", date(2022, 7, 10), amount_pence=69_99)
        assert self.step(award_year, finance, "reduced", date(2022, 7, 10), amount_pence=70_00).amount_pence == 70_00

    def test_the_amount_applied_for_may_stay_unknown(self, finance):
        award_year = make.AwardYearFactory()
        self.step(award_year, finance)
        award_year.refresh_from_db()
        assert award_year.applied_pence is None

    def test_refuses_what_cannot_follow(self, finance):
        with pytest.raises(award_years.IllegalStep, match="now “announced”, which “closed” cannot follow"):
            self.step(make.AwardYearFactory(), finance, "closed")

    @pytest.mark.parametrize("state", [s for s in TRANSITIONS if s])
    def test_refuses_all_that_the_table_leaves_out(self, finance, state):
        award_year = make.AwardYearFactory(at="part_claimed", announced_on=date(2022, 1, 5))
        if state in TRANSITIONS["part_claimed"]:
            amount = 1 if state == "reduced" else None
            assert self.step(award_year, finance, state, amount_pence=amount).state == state
        else:
            with pytest.raises(award_years.IllegalStep):
                self.step(award_year, finance, state)

    def test_refuses_a_day_before_the_last_step(self, finance):
        with pytest.raises(award_years.StepOutOfOrder, match="5 April 2022"):
            self.step(make.AwardYearFactory(), finance, on_date=date(2022, 4, 4))

    def test_refuses_a_day_to_come(self, finance):
        with pytest.raises(days.InTheFuture):
            self.step(make.AwardYearFactory(), finance, on_date=date(2022, 7, 21))

    def test_refuses_an_approval_without_its_amount(self, finance):
        award_year = make.AwardYearFactory(at="applied")
        with pytest.raises(award_years.AmountWrong, match="Enter the amount"):
            self.step(award_year, finance, "approved")

    def test_refuses_an_amount_that_the_step_does_not_state(self, finance):
        with pytest.raises(award_years.AmountWrong, match="states no amount"):
            self.step(make.AwardYearFactory(), finance, "lapsed", amount_pence=1)

    def test_refuses_a_size_that_cannot_be_meant(self, finance):
        with pytest.raises(award_years.AmountWrong, match="Count its noughts"):
            self.step(make.AwardYearFactory(), finance, amount_pence=1_000_000_000_01)

    def test_corrects_an_amount_with_a_note(self, finance):
        award_year = make.AwardYearFactory()
        with pytest.raises(award_years.NoteMissing):
            self.step(award_year, finance, "announced", amount_pence=5)
        with pytest.raises(award_years.AmountWrong):
            self.step(award_year, finance, "announced", note="Mistyped")
        self.step(award_year, finance, "announced", amount_pence=5, note="Mistyped")
        award_year.refresh_from_db()
        assert award_year.announced_pence == 5
        assert award_year.steps.count() == 2

    def test_a_reduction_is_secured_again_by_a_new_signature(self, finance):
        award_year = make.AwardYearFactory(at="agreement_signed", pence=100)
        self.step(award_year, finance, "reduced", date(2022, 7, 10), amount_pence=80)
        award_year.refresh_from_db()
        assert (award_year.awarded_pence, award_year.is_secured) == (80, False)
        self.step(award_year, finance, "agreement_signed", date(2022, 7, 11))
        award_year.refresh_from_db()
        assert (award_year.awarded_pence, award_year.is_secured) == (80, True)

    def test_is_for_those_who_manage_money(self, director):
        with pytest.raises(NotAllowed):
            self.step(make.AwardYearFactory(), director)


class TestReceipt:
    """Proposed by finance, approved by a director."""

    def propose(self, award_year, by, amount_pence=5_00, reference="HO-1", on_date=date(2022, 7, 8), **fields):
        return receipts.propose_receipt(
            award_year=award_year,
            amount_pence=amount_pence,
            reference=reference,
            on_date=on_date,
            **fields,
            by=by,
            now=NOW,
        )

    def receive(self, award_year, by, *args, **fields):
        receipt = self.propose(award_year, by, *args, **fields)
        return receipts.approve_receipt(receipt=receipt, by=make.user_with(Role.DIRECTOR), now=NOW)

    def test_counts_once_another_approves(self, finance, director):
        award_year = make.AwardYearFactory(at="agreement_signed")
        receipt = self.propose(award_year, finance)
        assert queries.award_year_line(award_year, as_at=date(2022, 7, 31)).received == 0
        with pytest.raises(OwnProposal):
            receipts.approve_receipt(receipt=receipt, by=finance, now=NOW)
        receipts.approve_receipt(receipt=receipt, by=director, now=NOW)
        known = {day: queries.award_year_line(award_year, as_at=date(2022, 7, day)).received for day in (19, 20)}
        assert known == {19: 0, 20: 5_00}
        assert Event.objects.about(receipt).get(name="funding.grant.received").by == director
        with pytest.raises(DecidedAlready):
            receipts.decline_receipt(receipt=receipt, reason="No", by=director, now=NOW)

    def test_is_declined_and_then_recorded_under_its_reference(self, finance, director):
        award_year = make.AwardYearFactory()
        receipt = self.propose(award_year, finance)
        receipts.decline_receipt(receipt=receipt, reason="Another grant", by=director, now=NOW)
        assert self.receive(award_year, finance).approved_by

    def test_refuses_a_second_time(self, finance):
        award_year = make.AwardYearFactory()
        self.receive(award_year, finance)
        with pytest.raises(award_years.RecordedAlready, match="HO-1"):
            self.receive(award_year, finance)
        assert award_year.receipts.count() == 1

    def test_refuses_more_than_the_grant_has_left(self, finance):
        award_year = make.AwardYearFactory(at="agreement_signed", pence=100_00)
        self.propose(award_year, finance, 60_00)
        with pytest.raises(receipts.MoreThanLeft, match="Only £40 of this grant is left to come in"):
            self.propose(award_year, finance, 40_01, reference="HO-2")
        assert self.receive(award_year, finance, 40_00, reference="HO-2").pk

    def test_refuses_more_than_the_claim_has_left(self, finance):
        award_year = make.AwardYearFactory(at="agreement_signed")
        claim = make.GrantClaimFactory(award_year=award_year, amount_pence=50_00, approved_by=make.UserFactory())
        self.propose(award_year, finance, 20_00, claim=claim)
        with pytest.raises(receipts.MoreThanLeft, match="Only £30 of the claim"):
            self.propose(award_year, finance, 30_01, reference="HO-2", claim=claim)
        assert self.receive(award_year, finance, 30_00, reference="HO-2", claim=claim).pk

    def test_corrects_below_zero_with_a_note(self, finance):
        award_year = make.AwardYearFactory()
        self.receive(award_year, finance, 5_00)
        with pytest.raises(award_years.NoteMissing):
            self.receive(award_year, finance, -1)
        back = self.receive(award_year, finance, -1, reference="HO-2", note="Bank error of 8 July")
        assert back.amount_pence == -1

    def test_takes_back_no_more_than_came_in(self, finance):
        award_year = make.AwardYearFactory()
        self.receive(award_year, finance, 5_00)
        correction = {"reference": "HO-2", "note": "Bank error"}
        with pytest.raises(receipts.MoreThanReceived, match="Only £5 is recorded as received by 8 July 2022"):
            self.receive(award_year, finance, -5_01, **correction)
        with pytest.raises(receipts.MoreThanReceived, match="Only £0"):
            self.receive(award_year, finance, -1, on_date=date(2022, 7, 7), **correction)
        self.receive(award_year, finance, -5_00, **correction)

    @pytest.mark.parametrize("pence", [1_000_000_000_01, -1_000_000_000_01])
    def test_refuses_a_size_that_cannot_be_meant(self, finance, pence):
        with pytest.raises(award_years.AmountWrong, match="Count its noughts"):
            self.receive(make.AwardYearFactory(), finance, pence, note="A typist's finger")

    def test_refuses_nothing_and_days_to_come(self, finance):
        award_year = make.AwardYearFactory()
        with pytest.raises(award_years.AmountWrong):
            self.receive(award_year, finance, 0)
        with pytest.raises(days.InTheFuture):
            self.receive(award_year, finance, on_date=date(2022, 7, 21))

    def test_is_for_those_who_manage_money(self, director):
        with pytest.raises(NotAllowed):
            self.receive(make.AwardYearFactory(), director)


class TestBridge:
    @pytest.fixture
    def facility(self):
        return make.BridgingFacilityFactory(limit_pence=600_000_00)

    def propose(
        self,
        facility,
        by,
        kind="drawdown",
        amount_pence=200_000_00,
        reference="D1",
        *,
        on_date=date(2022, 7, 19),
        reason="",
    ):
        return bridging.propose_movement(
            facility=facility,
            kind=kind,
            amount_pence=amount_pence,
            on_date=on_date,
            reference=reference,
            reason=reason,
            by=by,
            now=NOW,
        )

    def test_nothing_moves_until_another_approves(self, facility, finance, director):
        movement = self.propose(facility, finance)
        assert queries.facility_line(facility, as_at=NOW.date()).drawn == 0
        movement = bridging.approve_movement(movement=movement, by=director, now=NOW)
        assert (movement.amount_pence, movement.proposed_by, movement.approved_by) == (200_000_00, finance, director)
        assert queries.facility_line(facility, as_at=NOW.date()).drawn == 200_000_00
        names = {event.name for event in Event.objects.about(movement)}
        assert names == {"funding.bridge.proposed", "funding.bridge.approved"}

    def test_refuses_ones_own_proposal(self, facility, finance):
        movement = self.propose(facility, finance)
        with pytest.raises(OwnProposal):
            bridging.approve_movement(movement=movement, by=finance, now=NOW)

    def test_refuses_to_decide_twice(self, facility, finance, director):
        movement = self.propose(facility, finance)
        bridging.approve_movement(movement=movement, by=director, now=NOW)
        with pytest.raises(DecidedAlready):
            bridging.approve_movement(movement=movement, by=director, now=NOW)
        with pytest.raises(DecidedAlready):
            bridging.decline_movement(movement=movement, reason="No", by=director, now=NOW)
        assert facility.movements.count() == 1

    def test_refuses_more_than_the_limit(self, facility, finance):
        make.BridgeMovementFactory(facility=facility, amount_pence=500_000_00)
        with pytest.raises(bridging.OverLimit, match="Only £100,000 can still be drawn"):
            self.propose(facility, finance)

    def test_leaves_room_for_what_waits(self, facility, finance, director):
        first = self.propose(facility, finance, amount_pence=400_000_00)
        with pytest.raises(bridging.OverLimit, match="Only £200,000 can still be drawn, after £400,000 that waits"):
            self.propose(facility, finance, amount_pence=200_000_01, reference="D2")
        second = self.propose(facility, finance, amount_pence=200_000_00, reference="D2")
        for movement in (first, second):
            bridging.approve_movement(movement=movement, by=director, now=NOW)
        self.propose(facility, finance, "repayment", 500_000_00, reference="R1", on_date=date(2022, 7, 20))
        with pytest.raises(bridging.MoreThanOwed, match="Only £100,000 is owed on that day, after £500,000 that waits"):
            self.propose(facility, finance, "write_off", 100_000_01, "W1", on_date=date(2022, 7, 20), reason="Small")

    def test_refuses_more_than_is_owed(self, facility, finance):
        make.BridgeMovementFactory(facility=facility, amount_pence=100_00, on_date=date(2022, 5, 6))
        with pytest.raises(bridging.MoreThanOwed, match="Only £100 is owed"):
            self.propose(facility, finance, "repayment", 101_00)
        with pytest.raises(bridging.MoreThanOwed, match="Only £0 is owed"):
            self.propose(facility, finance, "repayment", 1_00, on_date=date(2022, 5, 5))
        assert self.propose(facility, finance, "repayment", 100_00).kind == "repayment"

    def test_refuses_a_day_outside_the_facility(self, facility, finance):
        with pytest.raises(bridging.FacilityNotOpen, match="1 April 2022 to 31 July 2022"):
            self.propose(facility, finance, on_date=date(2022, 3, 31))

    def test_refuses_a_reference_twice(self, facility, finance):
        self.propose(facility, finance)
        with pytest.raises(bridging.ReferenceTaken):
            self.propose(facility, finance)

    def test_a_declined_reference_can_be_used_again(self, facility, finance, director):
        movement = self.propose(facility, finance)
        bridging.decline_movement(movement=movement, reason="Wrong day", by=director, now=NOW)
        assert self.propose(facility, finance).is_open

    def test_who_proposed_may_take_it_back(self, facility, finance):
        movement = bridging.decline_movement(
            movement=self.propose(facility, finance), reason="Mistake", by=finance, now=NOW
        )
        assert (movement.declined_by, movement.is_open) == (finance, False)

    def test_roles(self, facility, finance, director):
        with pytest.raises(NotAllowed):
            self.propose(facility, director)
        movement = self.propose(facility, finance)
        auditor = make.user_with(Role.AUDITOR)
        with pytest.raises(NotAllowed):
            bridging.approve_movement(movement=movement, by=auditor, now=NOW)
        with pytest.raises(NotAllowed):
            bridging.decline_movement(movement=movement, reason="No", by=auditor, now=NOW)
