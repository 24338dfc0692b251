"""What the database refuses about money that is lent, each rule by its name."""

from datetime import date

import pytest
from django.db import ProgrammingError, transaction

from funding.models import BridgeMovement
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
        movement(facility, "drawdown", 1)
        with refused("bridgemovement_kind"):
            movement(facility, "gift", 1)
        with refused("bridgemovement_amount_positive"):
            movement(facility, "drawdown", 0)
        with refused("bridgemovement_write_off_has_reason"):
            movement(facility, "write_off", 1)
        with refused("bridgemovement_of_a_day_that_came"):
            movement(facility, "drawdown", 1, proposed_at=make.noon(date(2022, 4, 30)))

    def test_reference_counts_once_unless_it_is_declined(self):
        facility = make.BridgingFacilityFactory()
        first = movement(facility, "drawdown", 1, reference="A", approved_by=None)
        with refused("bridgemovement_reference_once"):
            movement(facility, "drawdown", 1, reference="A")
        BridgeMovement.objects.filter(pk=first.pk).update(declined_by=make.UserFactory(), declined_reason="No")
        assert movement(facility, "drawdown", 1, reference="A").pk

    def test_what_waits_takes_its_part_of_the_limit_and_of_what_is_owed(self):
        facility = make.BridgingFacilityFactory(limit_pence=1000)
        movement(facility, "drawdown", 600, approved_by=None)
        with refused("bridgemovement_drawn_within_limit"):
            movement(facility, "drawdown", 401, approved_by=None)
        with refused("bridgemovement_repaid_within_drawn"):
            movement(facility, "repayment", 1, approved_by=None)
        movement(facility, "drawdown", 400)
        movement(facility, "repayment", 300, approved_by=None)
        with refused("bridgemovement_repaid_within_drawn"):
            movement(facility, "write_off", 101, reason="Small", approved_by=None)
        with refused("bridgingfacility_limit_covers_drawn"):
            type(facility).objects.filter(pk=facility.pk).update(limit_pence=999)

    def test_a_declined_one_takes_nothing(self):
        facility = make.BridgingFacilityFactory(limit_pence=1000)
        declined = movement(facility, "drawdown", 1000, approved_by=None)
        declined.declined_by, declined.declined_reason = make.UserFactory(), "No"
        declined.save()
        assert movement(facility, "drawdown", 1000).pk

    def test_is_decided_whole_by_another(self):
        waiting = BridgeMovement.objects.filter(pk=make.BridgeMovementFactory(approved_by=None).pk)
        with refused("bridgemovement_decided_whole"):
            waiting.update(approved_at=NOON)
        with refused("bridgemovement_decided_whole"):
            waiting.update(declined_reason="No")

    @pytest.mark.parametrize(
        ("field", "value"),
        [("amount_pence", 5), ("kind", "repayment"), ("on_date", date(2022, 5, 1)), ("reference", "B")],
    )
    def test_never_changes(self, field, value):
        waiting = BridgeMovement.objects.filter(pk=make.BridgeMovementFactory(approved_by=None).pk)
        with pytest.raises(ProgrammingError, match="only_decided"), transaction.atomic():
            waiting.update(**{field: value})

    def test_is_decided_once(self):
        approved = movement(make.BridgingFacilityFactory(), "drawdown", 1)
        declined = make.BridgeMovementFactory(approved_by=None)
        declined.declined_by, declined.declined_reason = make.UserFactory(), "No"
        declined.save()
        for pk, change in [
            (approved.pk, {"approved_by": None, "approved_at": None}),
            (approved.pk, {"amount_pence": 2}),
            (declined.pk, {"declined_reason": "Yes"}),
            (declined.pk, {"declined_by": None, "declined_reason": ""}),
        ]:
            with pytest.raises(ProgrammingError, match="decided_once"), transaction.atomic():
                BridgeMovement.objects.filter(pk=pk).update(**change)

    def test_is_proposed_first(self):
        with pytest.raises(ProgrammingError, match="proposed_first"), transaction.atomic():
            BridgeMovement.objects.create(
                facility=make.BridgingFacilityFactory(),
                kind="drawdown",
                amount_pence=1,
                on_date=date(2022, 5, 1),
                reference="A",
                proposed_by=make.UserFactory(),
                proposed_at=NOON,
                approved_by=make.UserFactory(),
                approved_at=NOON,
            )

    def test_is_never_deleted(self):
        with pytest.raises(ProgrammingError, match="never_deleted"), transaction.atomic():
            make.BridgeMovementFactory(approved_by=None).delete()
