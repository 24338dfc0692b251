"""Data-sharing agreements: what is recorded and what never changes, and what a partner may give under them."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from partners.actions import agreements
from partners.actions.agreements import AgreementRefused, CannotEndEarly
from partners.models import DataSharingAgreement, Event
from partners.permissions import Role
from partners.queries import history
from partners.queries.agreements import holds_until
from programmes.actions import DeliveryRefused, add_delivery, edit_delivery
from programmes.models import CountingBasis, Delivery, Rung
from programmes.queries import gives_registers, lapses
from tests.database import refused
from tests.factories import (
    AreaFactory,
    DataSharingAgreementFactory,
    DeliveryFactory,
    OrganisationFactory,
    ProgrammeFactory,
    SettingFactory,
    noon,
    user_with,
)
from tests.test_returns_concurrency import at_once
from vru_portal.core.refusals import NotAllowed

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2021, 4, 1), date(2024, 3, 31)
NOW = noon(date(2022, 6, 10))
DAY = timedelta(days=1)


@pytest.fixture
def manager():
    return user_with(Role.PROGRAMME_MANAGER)


def recorded(by, **changed) -> DataSharingAgreement:
    facts = {"starts_on": FIRST, "ends_on": LAST, "document": "Information governance, DSA-2021-014"}
    facts = {"organisation": changed.pop("organisation", None) or OrganisationFactory()} | facts | changed
    return agreements.record(**facts, by=by, now=NOW)


def ended(agreement, by, on=date(2022, 7, 1), reason="They moved to another system.") -> None:
    agreements.end_early(agreement=agreement, ended_on=on, reason=reason, by=by, now=NOW)
    agreement.refresh_from_db()


class TestRecord:
    def test_keeps_who_when_and_where_the_document_is(self, manager):
        agreement = recorded(manager, document=" Information governance, DSA-2021-014 ")
        assert (agreement.document, agreement.recorded_by) == ("Information governance, DSA-2021-014", manager)
        event = Event.objects.about(agreement).get()
        assert (event.words, event.organisation) == ("Data-sharing agreement recorded", agreement.organisation)

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"document": "  "}, "Say where the signed document is kept"),
            ({"ends_on": FIRST - DAY}, "must not be before the first"),
        ],
    )
    def test_refuses_what_cannot_be(self, manager, changed, sentence):
        with pytest.raises(AgreementRefused, match=sentence):
            recorded(manager, **changed)

    def test_refuses_the_same_a_second_time(self, manager):
        agreement = recorded(manager)
        with pytest.raises(AgreementRefused, match="recorded already"):
            recorded(manager, organisation=agreement.organisation)
        recorded(manager, organisation=agreement.organisation, starts_on=LAST + DAY, ends_on=None)

    @pytest.mark.parametrize("role", [Role.ANALYST, Role.FINANCE_OFFICER, Role.PARTNER_LEAD, Role.AUDITOR])
    def test_is_refused_to_those_who_may_not(self, role):
        with pytest.raises(NotAllowed):
            recorded(user_with(role))


class TestEndEarly:
    def test_keeps_the_day_and_the_reason(self, manager):
        agreement = recorded(manager)
        ended(agreement, manager)
        assert (agreement.ended_on, agreement.ended_by) == (date(2022, 7, 1), manager)
        event = Event.objects.about(agreement).first()
        assert (event.words, event.reason) == ("Data-sharing agreement ended early", "They moved to another system.")

    @pytest.mark.parametrize(
        ("on", "reason", "sentence"),
        [
            (FIRST - DAY, "Because", "It begins on 1 April 2021"),
            (LAST + DAY, "Because", "It ends on 31 March 2024 by itself"),
            (LAST, " ", "Say why"),
        ],
    )
    def test_refuses_what_cannot_be(self, manager, on, reason, sentence):
        with pytest.raises(CannotEndEarly, match=sentence):
            ended(recorded(manager), manager, on, reason)

    def test_refuses_a_second_time(self, manager):
        agreement = recorded(manager)
        ended(agreement, manager)
        with pytest.raises(CannotEndEarly, match="ended early already"):
            ended(agreement, manager)

    def test_makes_room_to_record_it_again_without_the_mistake(self, manager):
        wrong = recorded(manager, ends_on=date(2042, 3, 31))
        ended(wrong, manager, FIRST, "The year was mistyped.")
        recorded(manager, organisation=wrong.organisation)

    @pytest.mark.parametrize("role", [Role.ANALYST, Role.PARTNER_LEAD, Role.AUDITOR])
    def test_is_refused_to_those_who_may_not(self, manager, role):
        with pytest.raises(NotAllowed):
            ended(recorded(manager), user_with(role))


class TestDatabaseRules:
    @pytest.mark.parametrize(
        ("fields", "rule"),
        [
            ({"ends_on": FIRST - DAY}, "datasharingagreement_dates_in_order"),
            ({"document": ""}, "datasharingagreement_names_document"),
            ({"ended_on": LAST, "ended_reason": ""}, "datasharingagreement_ended_whole"),
            ({"ended_on": LAST, "ended_by": None}, "datasharingagreement_ended_whole"),
            ({"ended_reason": "Because"}, "datasharingagreement_ended_whole"),
            ({"ended_on": FIRST - DAY}, "datasharingagreement_ended_early"),
            ({"ends_on": LAST, "ended_on": LAST + DAY}, "datasharingagreement_ended_early"),
        ],
    )
    def test_hold_for_an_agreement(self, fields, rule):
        with refused(rule):
            DataSharingAgreementFactory(**fields)

    def test_the_same_is_not_recorded_twice(self):
        agreement = DataSharingAgreementFactory()
        with refused("datasharingagreement_once"):
            DataSharingAgreementFactory(organisation=agreement.organisation, document=agreement.document)

    @pytest.mark.parametrize("field", ["organisation", "starts_on", "ends_on", "document", "recorded_at"])
    def test_what_was_recorded_is_not_edited(self, field):
        agreement, other = DataSharingAgreementFactory(), DataSharingAgreementFactory(starts_on=LAST, ends_on=LAST)
        setattr(agreement, field, noon(LAST) if field == "recorded_at" else getattr(other, field))
        with pytest.raises(Exception, match="only_ended"), transaction.atomic():
            agreement.save()

    def test_an_early_end_is_set_once(self):
        agreement = DataSharingAgreementFactory(ended_on=LAST)
        agreement.ended_on = LAST + DAY
        with pytest.raises(Exception, match="ended_once"), transaction.atomic():
            agreement.save()

    def test_it_is_never_deleted(self):
        with pytest.raises(Exception, match="never_deleted"), transaction.atomic():
            DataSharingAgreementFactory().delete()


class TestLiveOn:
    @pytest.mark.parametrize(
        ("fields", "first", "last"),
        [
            ({}, FIRST, None),
            ({"ends_on": LAST}, FIRST, LAST),
            ({"ends_on": LAST, "ended_on": date(2022, 7, 1)}, FIRST, date(2022, 6, 30)),
            ({"ended_on": FIRST}, None, None),
        ],
    )
    def test_is_from_the_first_day_to_the_last(self, fields, first, last):
        agreement = DataSharingAgreementFactory(**fields)

        def live(day) -> bool:
            found = DataSharingAgreement.objects.live_on(day).exists()
            assert found == (agreement.standing_on(day) == "live")
            return found

        assert not live(FIRST - DAY)
        assert live(FIRST) == (first is not None)
        if last:
            assert (live(last), live(last + DAY)) == (True, False)
        assert live(date(2040, 1, 1)) == (first is not None and last is None)


class TestHoldsUntil:
    def test_follows_agreements_that_follow_each_other(self):
        first = DataSharingAgreementFactory(ends_on=LAST)
        second = DataSharingAgreementFactory(starts_on=LAST + DAY, ends_on=date(2026, 3, 31))
        later = DataSharingAgreementFactory(starts_on=date(2026, 4, 2))
        assert holds_until([first], FIRST) == LAST
        assert holds_until([later, second, first], FIRST) == date(2026, 3, 31)
        assert holds_until([later, second, first], date(2026, 4, 2)) is None

    def test_is_the_last_day_where_none_holds(self):
        agreement = DataSharingAgreementFactory(ends_on=LAST)
        assert holds_until([agreement], date(2025, 1, 1)) == LAST
        assert holds_until([], FIRST) == FIRST - DAY


class TestVisibleTo:
    def test_is_all_for_staff_and_its_own_for_a_partner(self):
        own, _ = DataSharingAgreementFactory(), DataSharingAgreementFactory()
        visible = DataSharingAgreement.objects.visible_to
        assert visible(user_with(Role.ANALYST)).count() == 2
        assert visible(user_with(Role.PARTNER, own.organisation)).get() == own
        assert not visible(user_with(Role.COMMISSIONER)).exists()

    def test_its_history_is_read_in_words(self, manager):
        agreement = recorded(manager)
        ended(agreement, manager)
        changed, added = history.row_changes(agreement)
        assert {(c.field, c.new) for c in changed.changes} >= {
            ("Ended on", "1 July 2022"),
            ("Why it was ended early", "They moved to another system."),
        }
        assert (added.event, changed.event) == ("Data-sharing agreement recorded", "Data-sharing agreement ended early")


# ---- What a partner may give ----


def delivery_details(**changed) -> dict:
    return {
        "name": "Boxing on Mondays",
        "setting": SettingFactory(),
        "areas": [AreaFactory(gss_code="E08000030")],
        "starts_on": FIRST,
        "ends_on": None,
    } | changed


ROWS = pytest.mark.parametrize("basis", [CountingBasis.REGISTER, CountingBasis.CASE_REFERENCE])
TODAY = timezone.localdate


class TestChoosingABasis:
    @ROWS
    def test_is_refused_without_a_live_agreement(self, manager, basis):
        partner = OrganisationFactory(name="Riverbank")
        DataSharingAgreementFactory(organisation=partner, ends_on=LAST)
        new = {"code": "BOX-1", "programme": ProgrammeFactory(), "partner": partner}
        with pytest.raises(DeliveryRefused, match="Riverbank has no data-sharing agreement that holds on"):
            add_delivery(**new, **delivery_details(), counting_basis=basis, by=manager, now=NOW)
        delivery = add_delivery(**new, **delivery_details(), by=manager, now=NOW)
        with pytest.raises(DeliveryRefused, match="record the agreement on the partner’s page first"):
            edit_delivery(delivery=delivery, **delivery_details(), counting_basis=basis, by=manager, now=NOW)

    @ROWS
    def test_is_possible_under_one(self, manager, basis):
        delivery = DeliveryFactory()
        DataSharingAgreementFactory(organisation=delivery.partner)
        edit_delivery(delivery=delivery, **delivery_details(), counting_basis=basis, by=manager, now=NOW)
        delivery.refresh_from_db()
        assert delivery.counting_basis == basis

    def test_stays_when_the_agreement_ended_or_nothing_is_said(self, manager):
        delivery = DeliveryFactory(counting_basis="register")
        ended(delivery.partner.agreements.get(), manager)
        edit_delivery(delivery=delivery, **delivery_details(name="Boxing"), by=manager, now=NOW)
        delivery.refresh_from_db()
        assert (delivery.name, delivery.counting_basis) == ("Boxing", "register")

    def test_is_asked_of_the_first_day_of_what_has_not_begun(self, manager):
        later = TODAY() + timedelta(days=100)
        delivery = DeliveryFactory(starts_on=later)
        details = delivery_details(starts_on=later) | {"delivery": delivery, "counting_basis": "register"}
        DataSharingAgreementFactory(organisation=delivery.partner, ends_on=later - DAY)
        with pytest.raises(DeliveryRefused):
            edit_delivery(**details, by=manager, now=NOW)
        DataSharingAgreementFactory(organisation=delivery.partner, starts_on=later)
        edit_delivery(**details, by=manager, now=NOW)

    def test_is_counts_for_an_estimate_of_exposure(self, manager):
        routes = DeliveryFactory(programme__rung=Rung.EXPOSURE, programme__name="School routes")
        DataSharingAgreementFactory(organisation=routes.partner)
        with pytest.raises(DeliveryRefused, match="School routes counts an estimate of exposure"):
            edit_delivery(delivery=routes, **delivery_details(), counting_basis="register", by=manager, now=NOW)

    @ROWS
    def test_is_held_by_the_database(self, basis):
        counts = DeliveryFactory(ends_on=LAST)
        delivery = Delivery.objects.filter(pk=counts.pk)
        DataSharingAgreementFactory(organisation=counts.partner, ends_on=LAST - DAY)
        with refused("delivery_rows_under_agreement"):
            delivery.update(counting_basis=basis)
        agreement = DataSharingAgreementFactory(organisation=counts.partner, starts_on=LAST)  # on its last day
        delivery.update(counting_basis=basis)
        ended(agreement, user_with(Role.DIRECTOR), LAST)
        delivery.update(name="Boxing", counting_basis=basis)
        with refused("delivery_rows_under_agreement"):
            delivery.update(partner=OrganisationFactory())
        delivery.update(counting_basis="aggregate")
        with refused("delivery_rows_under_agreement"):
            delivery.update(counting_basis=basis)

    def test_is_held_by_the_database_for_a_new_delivery(self):
        counts = DeliveryFactory()
        counts.pk, counts.code, counts.counting_basis = None, "NEW", "register"
        with refused("delivery_rows_under_agreement"):
            counts.save(force_insert=True)


class TestGivesRegisters:
    @pytest.mark.parametrize(
        ("basis", "day", "gives"),
        [
            ("register", FIRST, True),
            ("case_reference", LAST, True),
            ("register", LAST + DAY, False),
            ("register", FIRST - DAY, False),
            ("aggregate", FIRST, False),
        ],
    )
    def test_while_it_is_chosen_and_agreed(self, basis, day, gives):
        delivery = DeliveryFactory(counting_basis=basis, ends_on=LAST)
        if basis == "aggregate":
            DataSharingAgreementFactory(organisation=delivery.partner)
        agreement = delivery.partner.agreements.get()
        agreements.end_early(
            agreement=agreement, ended_on=LAST + DAY, reason="Done.", by=user_with(Role.DIRECTOR), now=NOW
        )
        assert gives_registers(delivery, day) == gives


class TestLapses:
    def test_are_of_partners_that_give_registers(self, manager):
        today = TODAY()
        soon = DeliveryFactory(counting_basis="register", partner__name="Soon")
        DeliveryFactory(counting_basis="register", partner__name="Never")
        DeliveryFactory(counting_basis="register", partner=soon.partner)
        gone = DeliveryFactory(counting_basis="case_reference", partner__name="Gone")
        over = DeliveryFactory(counting_basis="register", ends_on=today + DAY)  # over before the agreement is
        counts = DeliveryFactory()
        DataSharingAgreementFactory(organisation=counts.partner, ends_on=today)
        for delivery, days in [(soon, 60), (gone, 0), (over, 30)]:
            ended(delivery.partner.agreements.get(), manager, today + timedelta(days=days + 1))

        def found(within) -> list[tuple]:
            lines = lapses(manager, today=today, within=timedelta(days=within))
            return [(line.partner.name, (line.last_day - today).days) for line in lines]

        assert found(60) == [("Gone", 0), ("Soon", 60)]
        assert found(59) == [("Gone", 0)]
        DataSharingAgreementFactory(organisation=gone.partner, starts_on=today)
        assert found(60) == [("Soon", 60)]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_of_two_records_it(self, manager):
        partner = OrganisationFactory()
        outcome = at_once(2, lambda _: recorded(manager, organisation=partner))
        assert outcome == {"DataSharingAgreement": 1, "AgreementRefused": 1}

    def test_one_of_two_ends_it(self, manager):
        agreement = recorded(manager)

        def end(number: int) -> DataSharingAgreement:
            on = date(2022, 7, 1 + number)
            agreements.end_early(agreement=agreement, ended_on=on, reason="Done", by=manager, now=NOW)
            return agreement

        assert at_once(2, end) == {"DataSharingAgreement": 1, "CannotEndEarly": 1}
