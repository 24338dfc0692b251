"""What became of the money of a database that was there before: rows as they were written then, and migrated since."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from funding.models import BridgeMovement, BridgingFacility, Claim, ClaimLine, ClaimStep
from funding.queries import facility_line
from tests import factories as make
from tests import prepared
from tests.database import refused

pytestmark = pytest.mark.django_db

THEN = ("funding", "0014_received_by_two")
BEFORE_STEPS_HAD_AMOUNTS = ("funding", "0016_corrections_in_one_place")
NOW = ("funding", "0020_drafts_ask_for_nothing")
APRIL, MAY = make.noon(date(2022, 4, 8)), make.noon(date(2022, 5, 6))


@pytest.fixture(scope="module", autouse=True)
def database_of_then(work_on_copy_of):
    work_on_copy_of(prepared.migrated_to(*THEN))


def migrate(*targets: tuple[str, str]) -> None:
    connection.check_constraints()  # what a transaction of its own would have asked at its end
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))


class Then:
    """Rows as the models were at a migration."""

    def __init__(self, at: tuple[str, str]):
        self.apps = MigrationExecutor(connection).loader.project_state([at]).apps
        self.people = [self.add("partners", "User", email=f"{name}@example.org", name=name) for name in ("ada", "ben")]
        self.unit = self.add("partners", "Organisation", name="The unit", kind="government")
        self.fund = self.add("funding", "Fund", funder=self.unit, name="Prevention grant", purpose="Prevention")

    def add(self, app: str, model: str, **fields):
        return self.apps.get_model(app, model).objects.create(**fields)

    def decide(self, row, **fields):
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        return row


def facility_of_then() -> BridgingFacility:
    """With a movement that is approved of each kind, one that waits and one that was declined; migrated since."""
    then = Then(THEN)
    ada, ben = then.people
    facility = then.add(
        "funding", "BridgingFacility", fund=then.fund, lender=then.unit, kind="loan", limit_pence=600_00,
        decision_reference="PCC-1", agreed_on=date(2022, 4, 1), starts_on=date(2022, 4, 1),
        expires_on=date(2022, 7, 31), purposes="Until the grant comes",
    )  # fmt: skip

    def propose(reference, pence, **fields):
        what = {"facility": facility, "kind": "drawdown", "amount_pence": pence, "reference": reference} | fields
        what = {"on_date": APRIL.date(), "proposed_by": ada} | what
        return then.add("funding", "BridgeProposal", proposed_at=APRIL, **what), what

    for reference, pence, kind in (("D1", 300_00, "drawdown"), ("R1", 100_00, "repayment")):
        proposal, what = propose(reference, pence, kind=kind)
        movement = then.add("funding", "BridgeMovement", **what, approved_by=ben, recorded_at=MAY)
        then.decide(proposal, movement=movement)
    propose("D2", 200_00)
    declined, _ = propose("D3", 50_00)
    then.decide(declined, declined_by=ben, declined_at=MAY, declined_reason="Not before the committee")
    migrate(NOW)
    return BridgingFacility.objects.get(pk=facility.pk)


class TestMovementsOfAFacility:
    """0015: a proposal and the movement that came of it are one row."""

    @pytest.fixture(scope="class")
    @classmethod
    def migrated(cls, database_of_then, fill_once):
        return fill_once(facility_of_then)

    @pytest.fixture
    def facility(self, migrated) -> BridgingFacility:
        return migrated()

    def test_keep_who_proposed_and_who_approved_and_when(self, facility):
        told = {
            each.reference: (str(each.proposed_by.name), each.proposed_at, each.approved_by and each.approved_by.name)
            for each in facility.movements.select_related("proposed_by", "approved_by")
        }
        assert told == {
            "D1": ("ada", APRIL, "ben"),
            "R1": ("ada", APRIL, "ben"),
            "D2": ("ada", APRIL, None),
            "D3": ("ada", APRIL, None),
        }
        assert [each.reference for each in facility.movements.approved().filter(approved_at=MAY)] == ["D1", "R1"]
        assert [each.reference for each in facility.movements.open()] == ["D2"]

    def test_keep_why_one_was_declined_and_tell_the_day_in_the_history(self, facility):
        (declined,) = facility.movements.declined()
        assert (declined.declined_by.name, declined.declined_reason) == ("ben", "Not before the committee")
        told = BridgeMovement.pgh_event_model.objects.filter(pgh_obj=declined).order_by("pgh_id")
        assert [(each.pgh_label, each.declined_reason) for each in told] == [
            ("insert", ""),
            ("update", "Not before the committee"),
        ]

    def test_tell_in_the_history_who_approved(self, facility):
        first = facility.movements.get(reference="D1")
        told = BridgeMovement.pgh_event_model.objects.filter(pgh_obj=first).order_by("pgh_id").last()
        assert (told.approved_by.name, told.approved_at) == ("ben", MAY)

    def test_owe_what_was_owed(self, facility):
        line = facility_line(facility, as_at=date(2022, 5, 6))
        assert (line.drawn, line.repaid, line.owed, line.drawable) == (300_00, 100_00, 200_00, 300_00)
        assert facility_line(facility, as_at=date(2022, 5, 5)).drawn == 0, "approved on 6 May"

    def test_stay_within_the_limit_with_what_waits(self, facility):
        with refused("bridgemovement_drawn_within_limit"):
            make.BridgeMovementFactory(facility=facility, amount_pence=101_00)
        make.BridgeMovementFactory(facility=facility, amount_pence=100_00)

    def test_are_decided_once_and_never_change(self, facility):
        for reference in ("D1", "D3"):
            with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
                facility.movements.filter(reference=reference).update(amount_pence=1)


class TestStepsOfAClaim:
    """0017 and 0020: each step has what the claim asked for then."""

    @pytest.fixture
    def then(self):
        migrate(BEFORE_STEPS_HAD_AMOUNTS)
        then = Then(BEFORE_STEPS_HAD_AMOUNTS)
        ada, ben = then.people
        year = then.add(
            "funding", "AwardYear", fund=then.fund, financial_year=2022, state="announced", announced_pence=9_000_00
        )
        by_two = {"proposed_by": ada, "proposed_at": APRIL}
        step = then.add(
            "funding", "AwardYearStep", award_year=year, state="announced", on_date=APRIL.date(),
            amount_pence=9_000_00, **by_two,
        )  # fmt: skip
        then.decide(step, approved_by=ben, approved_at=APRIL)
        programme = then.add(
            "programmes", "Programme", code="p", name="Youth work", rung="group", prevention_level="secondary",
            life_stage="school_age",
        )  # fmt: skip
        delivery = then.add(
            "programmes", "Delivery", code="D", name="Oak House", programme=programme, partner=then.unit,
            setting=then.add("programmes", "Setting", code="school", name="School"), starts_on=date(2022, 4, 1),
        )  # fmt: skip
        award = then.add(
            "funding", "PartnerAward", delivery=delivery, award_year=year, amount_pence=2_000_00, paid_by="claims",
            starts_on=date(2022, 4, 1), ends_on=date(2023, 3, 31), agreed_on=APRIL.date(), reference="A-1", **by_two,
        )  # fmt: skip
        then.award = then.decide(award, approved_by=ben, approved_at=APRIL)
        return then

    def test_are_what_the_lines_were_at_the_time(self, then):
        claim = claim_of(then)
        step(then, claim, "draft")
        line = then.add("funding", "ClaimLine", claim=claim, heading="staff", amount_pence=300_00)
        for state in ("sent", "queried"):
            step(then, claim, state)
        then.decide(line, amount_pence=250_00)
        step(then, claim, "sent")
        # The lines are written with the step that sends them.
        history_tells(Claim, [1, 2, 3, 4])
        history_tells(ClaimLine, [2, 4])
        migrate(NOW)
        assert asked_for() == [("draft", 0), ("sent", 300_00), ("queried", 300_00), ("sent", 250_00)]

    @pytest.mark.parametrize("ways", [["draft", "sent"], ["draft", "sent", "approved"]])
    def test_of_one_that_was_loaded_in_bulk_are_its_sum_but_for_the_draft(self, then, ways):
        claim = claim_of(then)
        step(then, claim, "draft")
        for heading, pence in (("staff", 200_00), ("travel", 40_00)):
            then.add("funding", "ClaimLine", claim=claim, heading=heading, amount_pence=pence)
        for state in ways[1:-1]:
            add_step(then, claim, state)
        step(then, claim, ways[-1])
        history_tells(Claim, [1] * 2)
        history_tells(ClaimLine, [1] * 2)
        migrate(NOW)
        assert asked_for() == [("draft", 0), *((state, 240_00) for state in ways[1:])]

    def test_cannot_be_changed_afterwards(self, then):
        step(then, claim_of(then), "draft")
        migrate(NOW)
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            ClaimStep.objects.update(amount_pence=1)


def claim_of(then: Then):
    claim = then.add("funding", "Claim", award=then.award, quarter=date(2022, 4, 1))
    then.add(
        "funding", "ClaimFile", claim=claim, name="June.pdf", kind="pdf", size=9, sha256="0" * 64, stored_as="claims/0",
        added_by=then.people[0], added_at=MAY,
    )  # fmt: skip
    return claim


def add_step(then: Then, claim, state: str) -> None:
    """Without the claim's own row, which bulk loading brings to its last state at once."""
    by = then.people[state == "approved"]
    then.add("funding", "ClaimStep", claim=claim, state=state, note="Why so much?", by=by, at=MAY)


def step(then: Then, claim, state: str) -> None:
    add_step(then, claim, state)
    if claim.state != state:
        then.decide(claim, state=state)


def history_tells(model: type[Claim | ClaimLine], moments: list[int]) -> None:
    """The row history of all rows so far was written in these minutes: a test is one transaction, of one time."""
    connection.check_constraints()
    history = model.pgh_event_model
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {history._meta.db_table} DISABLE TRIGGER USER")
        for each, minute in zip(history.objects.order_by("pgh_id"), moments, strict=True):
            history.objects.filter(pk=each.pk).update(pgh_created_at=MAY + timedelta(minutes=minute))
        cursor.execute(f"ALTER TABLE {history._meta.db_table} ENABLE TRIGGER USER")


def asked_for() -> list[tuple[str, int]]:
    return list(ClaimStep.objects.order_by("id").values_list("state", "amount_pence"))
