"""What the database refuses about money, each rule by its name."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from funding.models import AwardYear, AwardYearStep, BridgeMovement, BridgeProposal, PartnerAward
from funding.models.grants import TRANSITIONS
from tests import factories as make
from vru_portal.core.periods import Month

pytestmark = pytest.mark.django_db

NOON = make.noon(date(2022, 6, 1))


def refused(name: str):
    """The block is refused by this constraint; what is deferred is looked at when it ends."""
    return _Refused(name)


class _Refused:
    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        return self

    def __exit__(self, kind, error, trace):
        try:
            if error is None:
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except IntegrityError as late:
            kind, error, trace = type(late), late, late.__traceback__
        self.atomic.__exit__(kind, error, trace)
        assert isinstance(error, IntegrityError), f"{self.name} did not refuse"
        assert error.__cause__.diag.constraint_name == self.name
        return True


def step(award_year: AwardYear, state: str, on_date: date = date(2022, 6, 1), **fields) -> AwardYearStep:
    return AwardYearStep.objects.create(
        award_year=award_year, state=state, on_date=on_date, by=make.UserFactory(), recorded_at=NOON, **fields
    )


def movement(facility, kind: str, pence: int, on_date: date = date(2022, 5, 1), **fields) -> BridgeMovement:
    return make.BridgeMovementFactory(facility=facility, kind=kind, amount_pence=pence, on_date=on_date, **fields)


class TestAwardYear:
    def test_one_for_a_fund_and_year(self):
        first = make.AwardYearFactory()
        with refused("awardyear_once"):
            make.AwardYearFactory(fund=first.fund, financial_year=first.financial_year)

    @pytest.mark.parametrize("amount", ["announced_pence", "applied_pence", "awarded_pence"])
    def test_amounts_are_not_negative(self, amount):
        award_year = make.AwardYearFactory()
        with refused("awardyear_amounts_not_negative"):
            AwardYear.objects.filter(pk=award_year.pk).update(**{amount: -1})

    def test_state_is_one_of_the_states(self):
        award_year = make.AwardYearFactory()
        with refused("awardyear_state"):
            AwardYear.objects.filter(pk=award_year.pk).update(state="secured")

    @pytest.mark.parametrize(
        "change", [{"state": "approved"}, {"announced_pence": 1}, {"applied_pence": 1}, {"awarded_pence": 1}]
    )
    def test_says_what_its_steps_say(self, change):
        award_year = make.AwardYearFactory()
        with refused("awardyear_agrees_with_steps"):
            AwardYear.objects.filter(pk=award_year.pk).update(**change)

    def test_never_moves_to_another_year(self):
        award_year = make.AwardYearFactory()
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            AwardYear.objects.filter(pk=award_year.pk).update(financial_year=1999)


class TestAwardYearStep:
    def test_follows_the_table(self):
        award_year = make.AwardYearFactory()
        with refused("awardyearstep_legal"):
            step(award_year, "agreement_signed")

    def test_begins_with_the_beginning(self):
        award_year = make.AwardYearFactory(at="agreement_signed")
        with refused("awardyearstep_legal"):
            step(award_year, "announced")

    @pytest.mark.parametrize("end", ["closed", "withdrawn", "lapsed"])
    def test_nothing_follows_an_end(self, end):
        assert TRANSITIONS[end] == frozenset()

    def test_days_are_in_order(self):
        award_year = make.AwardYearFactory(announced_on=date(2022, 4, 5))
        with refused("awardyearstep_in_order"):
            step(award_year, "applied", date(2022, 4, 4))

    def test_correction_has_a_note(self):
        award_year = make.AwardYearFactory()
        with refused("awardyearstep_correction_has_note"):
            step(award_year, "announced", amount_pence=1)

    def test_amount_only_where_one_is_stated(self):
        award_year = make.AwardYearFactory(at="agreement_signed")
        with refused("awardyearstep_amount_where_stated"):
            step(award_year, "part_claimed", date(2022, 10, 14), amount_pence=1)

    def test_state_is_one_of_the_states(self):
        award_year = make.AwardYearFactory()
        with refused("awardyearstep_legal"):
            step(award_year, "secured")

    def test_is_never_changed(self):
        found = make.AwardYearFactory().steps.get()
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            AwardYearStep.objects.filter(pk=found.pk).update(note="other")
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            found.delete()


class TestReceiptRingFenceMatch:
    def test_receipt_reference_counts_once(self):
        receipt = make.GrantReceiptFactory()
        with refused("grantreceipt_reference_once"):
            make.GrantReceiptFactory(award_year=receipt.award_year, reference=receipt.reference)

    @pytest.mark.parametrize("pence", [0, -5])
    def test_receipt_below_zero_has_a_note(self, pence):
        receipt = make.GrantReceiptFactory()
        with refused("grantreceipt_correction_has_note"):
            make.GrantReceiptFactory(award_year=receipt.award_year, amount_pence=pence)

    def test_receipts_never_come_to_less_than_nothing(self):
        receipt = make.GrantReceiptFactory(amount_pence=1000, on_date=date(2022, 7, 8))
        back = {"award_year": receipt.award_year, "note": "Bank error"}
        with refused("grantreceipt_not_below_zero"):
            make.GrantReceiptFactory(**back, amount_pence=-1001)
        with refused("grantreceipt_not_below_zero"):
            make.GrantReceiptFactory(**back, amount_pence=-1, on_date=date(2022, 7, 7))
        make.GrantReceiptFactory(**back, amount_pence=-1000, on_date=date(2022, 7, 8))

    def test_receipt_is_never_changed(self):
        receipt = make.GrantReceiptFactory()
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            receipt.delete()

    @pytest.mark.parametrize(("kind", "pence"), [("fixed", None), ("unknown", 5), ("minimum", -1)])
    def test_ring_fence_amount_unless_unknown(self, kind, pence):
        with refused("ringfence_amount_unless_unknown"):
            make.RingFenceFactory(amount_kind=kind, amount_pence=pence)

    def test_ring_fence_kind(self):
        with refused("ringfence_amount_kind"):
            make.RingFenceFactory(amount_kind="about")

    def test_ring_fence_purpose_once(self):
        fence = make.RingFenceFactory()
        with refused("ringfence_purpose_once"):
            make.RingFenceFactory(award_year=fence.award_year, purpose=fence.purpose)

    def test_match_evidence_counts_once(self):
        match = make.MatchFactory()
        with refused("match_evidence_once"):
            make.MatchFactory(organisation=match.organisation, evidence=match.evidence)

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"kind": "goodwill"}, "match_kind"),
            ({"amount_pence": 0}, "match_amount_positive"),
            ({"evidence": ""}, "match_has_evidence"),
        ],
    )
    def test_match_is_whole(self, fields, name):
        with refused(name):
            make.MatchFactory(**fields)

    def test_fund_total_is_not_negative(self):
        with refused("fund_announced_total_not_negative"):
            make.FundFactory(announced_total_pence=-1)


class TestPartnerAward:
    def test_two_people(self):
        person = make.UserFactory()
        with refused("partneraward_approved_by_another"):
            make.PartnerAwardFactory(proposed_by=person, approved_by=person)

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"amount_pence": 0}, "partneraward_correction_has_note"),
            ({"declined_reason": "No"}, "partneraward_declined_whole"),
            ({"declined_by": None, "approved_by": None, "declined_reason": "No"}, "partneraward_declined_whole"),
            ({"starts_on": date(2022, 9, 1), "ends_on": date(2022, 8, 31)}, "partneraward_dates_in_order"),
            ({"starts_on": date(2022, 3, 31)}, "partneraward_within_award_year"),
            ({"ends_on": date(2023, 4, 1)}, "partneraward_within_award_year"),
        ],
    )
    def test_is_sound(self, fields, name):
        with refused(name):
            make.PartnerAwardFactory(**fields)

    def test_ring_fence_is_of_its_award_year(self):
        fence = make.RingFenceFactory(award_year=make.AwardYearFactory(financial_year=2023))
        with refused("partneraward_ring_fence_of_award_year"):
            make.PartnerAwardFactory(ring_fence=fence)

    @pytest.mark.parametrize("kind", ["fixed", "maximum"])
    def test_stays_within_the_ring_fence(self, kind):
        fence = make.RingFenceFactory(amount_kind=kind, amount_pence=1000)
        make.PartnerAwardFactory(award_year=fence.award_year, ring_fence=fence, amount_pence=600)
        make.PartnerAwardFactory(award_year=fence.award_year, ring_fence=fence, amount_pence=400)
        with refused("partneraward_within_ring_fence"):
            make.PartnerAwardFactory(award_year=fence.award_year, ring_fence=fence, amount_pence=1)

    def test_may_pass_a_minimum(self):
        fence = make.RingFenceFactory(amount_kind="minimum", amount_pence=1000)
        make.PartnerAwardFactory(award_year=fence.award_year, ring_fence=fence, amount_pence=1001)

    def test_a_declined_one_takes_nothing_of_the_ring_fence(self):
        fence = make.RingFenceFactory(amount_pence=1000)
        declined = {"approved_by": None, "declined_by": make.UserFactory(), "declined_reason": "No"}
        for fields in (declined, {}):
            make.PartnerAwardFactory(award_year=fence.award_year, ring_fence=fence, amount_pence=1000, **fields)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("amount_pence", 5),
            ("starts_on", date(2022, 5, 1)),
            ("ends_on", date(2022, 5, 1)),
            ("agreed_on", date(2022, 5, 1)),
            ("reference", "B"),
            ("note", "Other"),
        ],
    )
    def test_never_changes(self, field, value):
        award = make.PartnerAwardFactory(approved_by=None)
        with pytest.raises(ProgrammingError, match="only_decided"), transaction.atomic():
            PartnerAward.objects.filter(pk=award.pk).update(**{field: value})
        PartnerAward.objects.update(approved_by=make.UserFactory())
        with pytest.raises(ProgrammingError, match="decided_once"), transaction.atomic():
            PartnerAward.objects.filter(pk=award.pk).update(**{field: value})

    @pytest.mark.parametrize("field", ["proposed_by", "approved_by", "declined_by"])
    def test_people_never_change_once_it_is_decided(self, field):
        award = make.PartnerAwardFactory()
        with pytest.raises(ProgrammingError, match="decided_once"), transaction.atomic():
            PartnerAward.objects.filter(pk=award.pk).update(**{field: make.UserFactory()})

    def test_is_never_deleted(self):
        for fields in ({}, {"approved_by": None}):
            award = make.PartnerAwardFactory(**fields)
            with pytest.raises(ProgrammingError, match="never_deleted"), transaction.atomic():
                award.delete()

    @pytest.mark.parametrize("at", ["announced", "agreement_signed"])
    def test_is_no_larger_than_the_whole_grant(self, at):
        award_year = make.AwardYearFactory(at=at, pence=1000)
        with refused("partneraward_within_grant"):
            make.PartnerAwardFactory(award_year=award_year, amount_pence=1001)
        for _ in range(2):  # together they may be: the cover shows it
            make.PartnerAwardFactory(award_year=award_year, amount_pence=1000)

    def test_a_correction_has_a_note(self):
        award = make.PartnerAwardFactory()
        with refused("partneraward_correction_has_note"):
            make.PartnerAwardFactory(award_year=award.award_year, delivery=award.delivery, amount_pence=-1)

    def test_a_correction_takes_back_no_more_than_was_awarded(self):
        award = make.PartnerAwardFactory(amount_pence=1000)
        of_it = {"award_year": award.award_year, "delivery": award.delivery, "note": "A nought too many"}
        make.PartnerAwardFactory(**of_it, amount_pence=-900, approved_by=None)
        with refused("partneraward_not_below_zero"):
            make.PartnerAwardFactory(**of_it, amount_pence=-101, approved_by=None)
        with refused("partneraward_not_below_zero"):
            make.PartnerAwardFactory(**of_it | {"delivery": make.DeliveryFactory()}, amount_pence=-1)
        make.PartnerAwardFactory(**of_it, amount_pence=-100)

    def test_ring_fence_stays_as_large_as_its_awards(self):
        fence = make.RingFenceFactory(amount_kind="minimum", amount_pence=1000)
        make.PartnerAwardFactory(award_year=fence.award_year, ring_fence=fence, amount_pence=1001)
        with refused("ringfence_covers_awards"):
            type(fence).objects.filter(pk=fence.pk).update(amount_kind="fixed")
        with pytest.raises(ProgrammingError, match="never_moves"), transaction.atomic():
            type(fence).objects.filter(pk=fence.pk).update(award_year=make.AwardYearFactory())

    def test_falls_evenly_and_the_rest_on_the_last_month(self):
        award = PartnerAward(amount_pence=1000, starts_on=date(2022, 4, 11), ends_on=date(2022, 6, 30))
        assert award.instalments == {Month(2022, 4): 333, Month(2022, 5): 333, Month(2022, 6): 334}


class TestBridgingFacility:
    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"kind": "gift"}, "bridgingfacility_kind"),
            ({"limit_pence": 0}, "bridgingfacility_limit_positive"),
            ({"expires_on": date(2021, 1, 1)}, "bridgingfacility_dates_in_order"),
        ],
    )
    def test_is_sound(self, fields, name):
        with refused(name):
            make.BridgingFacilityFactory(**fields)

    def test_limit_never_falls_below_what_is_drawn(self):
        facility = make.BridgingFacilityFactory(limit_pence=1000)
        movement(facility, "drawdown", 600)
        facility.limit_pence = 600
        facility.save()
        facility.limit_pence = 599
        with refused("bridgingfacility_limit_covers_drawn"):
            facility.save()

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"kind": "gift"}, "bridgeproposal_kind"),
            ({"amount_pence": 0}, "bridgeproposal_amount_positive"),
            ({"declined_reason": "No"}, "bridgeproposal_declined_whole"),
        ],
    )
    def test_proposal_is_sound(self, fields, name):
        with refused(name):
            make.BridgeProposalFactory(**fields)

    def test_proposal_reference_once(self):
        proposal = make.BridgeProposalFactory()
        with refused("bridgeproposal_reference_once"):
            make.BridgeProposalFactory(facility=proposal.facility, reference=proposal.reference)


class TestBridgeMovement:
    def test_drawn_stays_within_the_limit(self):
        facility = make.BridgingFacilityFactory(limit_pence=1000)
        movement(facility, "drawdown", 1000)
        with refused("bridgemovement_drawn_within_limit"):
            movement(facility, "drawdown", 1)

    def test_what_was_repaid_cannot_be_drawn_again(self):
        facility = make.BridgingFacilityFactory(limit_pence=1000)
        movement(facility, "drawdown", 1000)
        movement(facility, "repayment", 1000)
        with refused("bridgemovement_drawn_within_limit"):
            movement(facility, "drawdown", 1)

    def test_repaid_stays_within_drawn(self):
        facility = make.BridgingFacilityFactory(limit_pence=1000)
        movement(facility, "drawdown", 400)
        with refused("bridgemovement_repaid_within_drawn"):
            movement(facility, "repayment", 401)

    def test_is_not_repaid_before_it_was_drawn(self):
        facility = make.BridgingFacilityFactory(limit_pence=1000)
        movement(facility, "drawdown", 400, date(2022, 5, 2))
        with refused("bridgemovement_repaid_within_drawn"):
            movement(facility, "repayment", 1, date(2022, 5, 1))
        movement(facility, "repayment", 400, date(2022, 5, 2))

    @pytest.mark.parametrize("day", [date(2022, 3, 31), date(2022, 8, 1)])
    def test_is_drawn_while_it_is_open(self, day):
        facility = make.BridgingFacilityFactory()
        with refused("bridgemovement_drawn_while_open"):
            movement(facility, "drawdown", 1, day)

    def test_two_people(self):
        person = make.UserFactory()
        with refused("bridgemovement_approved_by_another"):
            movement(make.BridgingFacilityFactory(), "drawdown", 1, proposed_by=person, approved_by=person)

    def test_is_sound(self):
        facility = make.BridgingFacilityFactory()
        with refused("bridgemovement_kind"):
            movement(facility, "gift", 1)
        with refused("bridgemovement_amount_positive"):
            movement(facility, "drawdown", 0)
        movement(facility, "drawdown", 1, reference="A")
        with refused("bridgemovement_reference_once"):
            movement(facility, "drawdown", 1, reference="A")

    def test_is_never_changed(self):
        drawn = movement(make.BridgingFacilityFactory(), "drawdown", 1)
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            BridgeMovement.objects.filter(pk=drawn.pk).update(amount_pence=2)

    def test_was_proposed(self):
        with refused("bridgemovement_was_proposed"):
            BridgeMovement.objects.create(
                facility=make.BridgingFacilityFactory(),
                kind="drawdown",
                amount_pence=1,
                on_date=date(2022, 5, 1),
                reference="A",
                proposed_by=make.UserFactory(),
                approved_by=make.UserFactory(),
                recorded_at=NOON,
            )


class TestBridgeProposal:
    @pytest.mark.parametrize(
        "other",
        [
            {"amount_pence": 2},
            {"kind": "repayment"},
            {"on_date": date(2022, 5, 2)},
            {"reference": "B"},
            {"proposed_by": None},
            {"facility": None},
        ],
    )
    def test_becomes_the_movement_that_it_proposes(self, other):
        other = {"proposed_by": make.UserFactory()} if "proposed_by" in other else other
        other = {"facility": make.BridgingFacilityFactory()} if "facility" in other else other
        proposal = make.BridgeProposalFactory(amount_pence=1, kind="drawdown", reference="A")
        asked = ("facility", "amount_pence", "kind", "on_date", "reference", "proposed_by")
        fields = {name: getattr(proposal, name) for name in asked} | other
        make.BridgeMovementFactory(facility=fields["facility"], amount_pence=100, on_date=date(2022, 4, 2))
        with refused("bridgeproposal_movement_as_proposed"):
            proposal.movement = BridgeMovement.objects.create(
                **fields, approved_by=make.UserFactory(), recorded_at=NOON
            )
            proposal.save()

    @pytest.mark.parametrize(
        ("field", "value"),
        [("amount_pence", 5), ("kind", "repayment"), ("on_date", date(2022, 5, 1)), ("reference", "B")],
    )
    def test_never_changes(self, field, value):
        proposal = make.BridgeProposalFactory()
        with pytest.raises(ProgrammingError, match="only_decided"), transaction.atomic():
            BridgeProposal.objects.filter(pk=proposal.pk).update(**{field: value})

    def test_is_decided_once(self):
        approved = movement(make.BridgingFacilityFactory(), "drawdown", 1).proposal
        no = {"declined_by": make.UserFactory(), "declined_at": NOON, "declined_reason": "No"}
        declined = make.BridgeProposalFactory(**no)
        for pk, change in [
            (approved.pk, {"movement": None}),
            (declined.pk, {"declined_reason": "Yes"}),
            (declined.pk, {"declined_by": None, "declined_at": None, "declined_reason": ""}),
        ]:
            with pytest.raises(ProgrammingError, match="decided_once"), transaction.atomic():
                BridgeProposal.objects.filter(pk=pk).update(**change)

    def test_is_never_deleted(self):
        with pytest.raises(ProgrammingError, match="never_deleted"), transaction.atomic():
            make.BridgeProposalFactory().delete()


@pytest.mark.django_db(transaction=True)
class TestTenAtOnce:
    @pytest.mark.parametrize("kind", ["fixed", "maximum"])
    def test_award_no_more_than_the_ring_fence(self, kind):
        fence = make.RingFenceFactory(amount_kind=kind, amount_pence=1000)
        refusals = _awards_at_once(fence.award_year, [make.DeliveryFactory()] * 10, 300, ring_fence=fence)
        assert refusals == ["partneraward_within_ring_fence"] * 7

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
        back = {"award_year": receipt.award_year, "recorded_by": make.UserFactory(), "note": "Bank error"}
        with ThreadPoolExecutor(10) as pool:
            attempts = [
                pool.submit(_refusal, lambda: make.GrantReceiptFactory(**back, amount_pence=-300)) for _ in range(10)
            ]
        assert sorted(each.result() for each in attempts) == [""] * 3 + ["grantreceipt_not_below_zero"] * 7


def _awards_at_once(award_year, deliveries, pence: int, **fields) -> list[str]:
    """A connection for each delivery; the names of the rules that refused."""
    proposed_by, approved_by = make.UserFactory(), make.UserFactory()

    def attempt(delivery) -> str:
        return _refusal(
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


def _refusal(act) -> str:
    """The name of the rule that refused it on a connection of its own; empty when none did."""
    try:
        act()
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    finally:
        connection.close()
    return ""


@pytest.mark.django_db(transaction=True)
class TestTwentyAtOnce:
    def test_draw_no_more_than_the_limit(self):
        facility = make.BridgingFacilityFactory(limit_pence=1000)
        refusals = _at_once(facility, "drawdown", 300)
        assert refusals == ["bridgemovement_drawn_within_limit"] * 17
        assert sum(m.amount_pence for m in facility.movements.all()) == 900

    def test_repay_no_more_than_was_drawn(self):
        facility = make.BridgingFacilityFactory(limit_pence=1000)
        movement(facility, "drawdown", 1000)
        refusals = _at_once(facility, "repayment", 300)
        assert refusals == ["bridgemovement_repaid_within_drawn"] * 17
        assert sum(m.signed_pence for m in facility.movements.all()) == 100


def _at_once(facility, kind: str, pence: int) -> list[str]:
    """Twenty connections try the same; the names of the rules that refused."""
    proposed_by, approved_by = make.UserFactory(), make.UserFactory()

    def attempt(number: int) -> str:
        people = {"proposed_by": proposed_by, "approved_by": approved_by}
        return _refusal(lambda: movement(facility, kind, pence, **people, reference=f"N{number}"))

    with ThreadPoolExecutor(20) as pool:
        return [name for name in pool.map(attempt, range(20)) if name]
