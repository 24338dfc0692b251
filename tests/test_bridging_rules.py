"""What the database refuses about money that is lent, each rule by its name."""

from datetime import date

import pytest
from django.db import ProgrammingError, transaction

from funding.models import BridgeMovement, BridgeProposal
from tests import factories as make
from tests.database import refused

pytestmark = pytest.mark.django_db

NOON = make.noon(date(2022, 6, 1))


def movement(facility, kind: str, pence: int, on_date: date = date(2022, 5, 1), **fields) -> BridgeMovement:
    return make.BridgeMovementFactory(facility=facility, kind=kind, amount_pence=pence, on_date=on_date, **fields)


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
