"""What a delivery gives may change; a return keeps what it was begun with, and counts by that for good."""

from datetime import date

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone

from outcomes.actions import corrections, linkage, returns, unlocks
from outcomes.models import ReachCell, ReachCube, RegisterFile, ReturnVersion
from outcomes.queries import cube_check
from outcomes.queries.objections import give_registers
from outcomes.queries.registers import counts_from_register, references_alone
from partners.models import DataSharingAgreement
from partners.permissions import Role
from programmes.models import CountingBasis, Delivery
from tests.factories import DeliveryFactory, ObligationFactory, ReturnVersionFactory, noon, user_with
from tests.registers import accepted_register
from tests.test_registers_pages import AMINA, JAKUB, add, address, csv_of, send, text, upload
from vru_portal.core.working_days import working_days_after

pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]

JUNE, JULY = date(2021, 6, 1), date(2021, 7, 1)
NOW = noon(date(2022, 1, 5))
AGGREGATE, REGISTER, CASE_REFERENCE = CountingBasis.AGGREGATE, CountingBasis.REGISTER, CountingBasis.CASE_REFERENCE


def giving(basis: CountingBasis, **delivery) -> Delivery:
    """A delivery whose partner has an agreement."""
    found = DeliveryFactory(counting_basis=REGISTER, **delivery)
    change(found, basis)
    return found


def change(delivery: Delivery, basis: CountingBasis) -> None:
    """What it gives from now on."""
    Delivery.objects.filter(pk=delivery.pk).update(counting_basis=basis)
    delivery.refresh_from_db()


def met(reference: str, day: str = "14/06/2021") -> tuple:
    return (reference, *[""] * 7, day, "one-to-one", "School")


def of_june() -> ReachCell:
    return ReachCell.objects.get(
        period="month", start=JUNE, where="any", district="", age_band="", sex="", ethnicity=""
    )


class TestAReturnThatIsBegun:
    @pytest.mark.parametrize(
        ("before", "after"), [(REGISTER, AGGREGATE), (AGGREGATE, REGISTER), (CASE_REFERENCE, REGISTER)]
    )
    def test_keeps_what_it_was_begun_with_and_the_next_gives_what_is_given_now(self, before, after):
        delivery = giving(before)
        begun, later = (ObligationFactory(delivery=delivery, month=month) for month in (JUNE, JULY))
        returns.start(obligation=begun, by=user_with(Role.PARTNER, delivery.partner), now=NOW)
        change(delivery, after)
        for obligation, basis in ((begun, before), (later, after)):
            obligation.refresh_from_db()
            assert counts_from_register(obligation) == (basis != AGGREGATE)
            assert references_alone(obligation) == (basis == CASE_REFERENCE)

    def test_keeps_it_in_the_database(self):
        version = ReturnVersionFactory()
        with pytest.raises(DatabaseError, match="keeps_what_it_was_begun_with"), transaction.atomic():
            ReturnVersion.objects.filter(pk=version.pk).update(counting_basis=CASE_REFERENCE)
        with pytest.raises(DatabaseError, match="returnversion_counting_basis"), transaction.atomic():
            ReturnVersionFactory(counting_basis="guess")


class TestAnAgreementThatEnds:
    """What was uploaded stays and is counted; nothing is added; and the partner is told."""

    @pytest.fixture
    def obligation(self):
        return ObligationFactory(delivery=giving(REGISTER), month=JUNE)

    @pytest.fixture
    def client(self, obligation):
        client = Client()
        client.force_login(user_with(Role.PARTNER, obligation.delivery.partner))
        return client

    def end(self, obligation) -> None:
        DataSharingAgreement.objects.filter(organisation=obligation.delivery.partner).update(
            ended_on=date(2021, 5, 1),
            ended_by=user_with(Role.PROGRAMME_MANAGER),
            ended_at=NOW,
            ended_reason="They moved to another system.",
        )

    def test_leaves_a_begun_return_its_register(self, obligation, client):
        add(client, obligation, csv_of(AMINA, JAKUB))
        self.end(obligation)
        assert counts_from_register(obligation)
        page = text(client.get(address("return-fill-in", obligation)))
        assert "so nothing can be added to this register. What is in it stays, and is counted." in page
        assert "2 contacts" in page
        assert ReturnVersion.objects.get().typed["new_people"] == "2"

    def test_lets_nothing_be_added(self, obligation, client):
        add(client, obligation, csv_of(AMINA))
        upload(client, obligation, csv_of(JAKUB))
        self.end(obligation)
        waiting = RegisterFile.objects.get(state="staged")
        answer = client.post(address("register-change", obligation, waiting.pk, "take"), follow=True)
        assert "nothing can be added to this register" in text(answer)
        assert "nothing can be added" in text(client.post(address("register", obligation), {}, follow=True))
        assert "nothing can be added" in text(client.get(address("register-row", obligation)))
        assert 'type="file"' not in client.get(address("register", obligation)).content.decode()
        assert ReturnVersion.objects.get().typed["contacts"] == "1"

    def test_still_lets_the_return_be_sent(self, obligation, client):
        add(client, obligation, csv_of(AMINA))
        self.end(obligation)
        send(obligation, user_with(Role.PARTNER, obligation.delivery.partner))
        assert ReturnVersion.objects.get().latest_submission.new_people == 1

    def test_says_why_a_return_without_a_register_is_typed(self, obligation, client):
        self.end(obligation)
        page = text(client.get(address("return-fill-in", obligation)))
        assert "so no register can be given, and the people are typed" in page
        assert not counts_from_register(obligation)

    def test_before_a_register_is_taken_out_it_says_that_it_cannot_come_back(self, obligation, client):
        add(client, obligation, csv_of(AMINA))
        self.end(obligation)
        file = RegisterFile.objects.get()
        assert "It cannot be sent again at present." in text(
            client.get(address("register-change", obligation, file.pk, "remove"))
        )


class TestAReturnThatIsAccepted:
    @pytest.mark.parametrize(("before", "after"), [(REGISTER, CASE_REFERENCE), (CASE_REFERENCE, REGISTER)])
    def test_counts_by_what_it_gave(self, before, after):
        one, other = giving(before), giving(before)
        change(other, before)
        Delivery.objects.filter(pk=other.pk).update(programme=one.programme)
        accepted_register(one, JUNE, [met("A1"), met("A2")], now=NOW)
        accepted_register(other, JUNE, [met("A1")], now=NOW)
        for delivery in (one, other):
            change(delivery, after)
        linkage.settle(now=NOW)
        found = of_june()
        told_apart = before == REGISTER
        assert (found.told, found.is_unique) == ((3, True) if told_apart else (0, False))
        assert (found.lower, found.upper) == ((3, 3) if told_apart else (2, 3))
        assert list(cube_check.differences(ReachCube.objects.get())) == []

    def test_says_nothing_of_months_that_gave_something_else(self):
        one, other = giving(REGISTER), giving(REGISTER)
        Delivery.objects.filter(pk=other.pk).update(programme=one.programme)
        for delivery in (one, other):
            accepted_register(delivery, JUNE, [met("A1")], now=NOW)
            change(delivery, CASE_REFERENCE)
            accepted_register(delivery, JULY, [met("A1", "12/07/2021")], now=NOW)
        linkage.settle(now=NOW)
        assert (of_june().told, of_june().is_unique) == (2, True)
        july = ReachCell.objects.get(
            period="month", start=JULY, where="any", district="", age_band="", sex="", ethnicity=""
        )
        assert (july.told, july.lower, july.upper) == (0, 1, 2)
        assert list(cube_check.differences(ReachCube.objects.get())) == []

    def test_can_still_be_objected_to_by_the_partners_reference(self):
        delivery = giving(CASE_REFERENCE)
        accepted_register(delivery, JUNE, [met("A1")], now=NOW)
        change(delivery, AGGREGATE)
        assert list(give_registers()) == [delivery.partner]

    def test_is_corrected_on_the_same(self):
        delivery = giving(CASE_REFERENCE)
        version = accepted_register(delivery, JUNE, [met("A1")], now=NOW)
        change(delivery, AGGREGATE)
        until = working_days_after(timezone.localdate(NOW), 3)
        unlocks.unlock(
            obligation=version.obligation,
            until=until,
            reason="One more.",
            by=user_with(Role.PROGRAMME_MANAGER),
            now=NOW,
        )
        by = user_with(Role.PARTNER, delivery.partner)
        again = corrections.start(obligation=version.obligation, revision_reason="correction", by=by, now=NOW)
        assert again.counting_basis == CASE_REFERENCE
        assert references_alone(again.obligation)
