"""Programmes and deliveries: what the pages say, and who changes what."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from partners.models import Event
from partners.permissions import Role
from programmes import queries
from programmes.actions import DeliveryRefused, add_delivery, edit_delivery
from programmes.models import Delivery, Programme
from tests.factories import (
    AreaFactory,
    DeliveryFactory,
    OrganisationFactory,
    ProgrammeFactory,
    SettingFactory,
    user_with,
)
from vru_portal.core.refusals import NotAllowed

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
TODAY = NOW.date()
PARTS = ("day", "month", "year")


@pytest.fixture
def manager(db, client):
    user = user_with(Role.PROGRAMME_MANAGER)
    client.force_login(user)
    return user


def details(**changed) -> dict:
    return {
        "name": "Boxing on Mondays",
        "setting": SettingFactory(),
        "areas": [AreaFactory(gss_code="E08000030")],
        "starts_on": date(2026, 4, 1),
        "ends_on": None,
    } | changed


def added(by, **changed) -> Delivery:
    new = {"code": "BOX-1", "programme": ProgrammeFactory(), "partner": OrganisationFactory()}
    return add_delivery(by=by, now=NOW, **new | details(**changed))


class TestAddDelivery:
    def test_keeps_it_and_records_it_for_the_partner(self, manager):
        delivery = added(manager)
        assert [area.name for area in delivery.areas.all()] == ["Walsall"]
        event = Event.objects.about(delivery).get()
        assert (event.name, event.organisation) == ("programmes.delivery.added", delivery.partner)

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"areas": []}, "at least one area"),
            ({"ends_on": date(2026, 3, 31)}, "must not be before"),
            ({"name": ""}, "cannot be blank"),
        ],
    )
    def test_refuses_what_cannot_be(self, manager, changed, sentence):
        with pytest.raises(DeliveryRefused, match=sentence):
            added(manager, **changed)
        assert not Delivery.objects.exists()

    @pytest.mark.parametrize("role", [Role.ANALYST, Role.FINANCE_OFFICER, Role.PARTNER_LEAD, Role.AUDITOR])
    def test_is_refused_to_those_who_may_not(self, db, role):
        with pytest.raises(NotAllowed):
            added(user_with(role))


class TestEditDelivery:
    def test_changes_what_may_change(self, manager):
        delivery = added(manager)
        edit_delivery(delivery=delivery, by=manager, now=NOW, **details(name="Boxing", ends_on=date(2026, 9, 30)))
        delivery.refresh_from_db()
        assert (delivery.name, delivery.ends_on, delivery.code) == ("Boxing", date(2026, 9, 30), "BOX-1")
        assert Event.objects.about(delivery).count() == 2

    def test_never_moves_it_to_another_partner(self, manager):
        with pytest.raises(TypeError):
            edit_delivery(delivery=added(manager), partner=OrganisationFactory(), by=manager, now=NOW, **details())


class TestDatabaseRules:
    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            ({"code": "box 1"}, "delivery_code_shape"),
            ({"ends_on": date(2020, 1, 1)}, "delivery_dates_in_order"),
            ({"counting_basis": "guess"}, "delivery_counting_basis"),
        ],
    )
    def test_hold_for_a_delivery(self, db, changed, rule):
        delivery = DeliveryFactory()
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(**changed)

    @pytest.mark.parametrize("field", ["prevention_level", "life_stage", "evidence_rating", "rung", "beneficiary"])
    def test_hold_for_a_programme(self, db, field):
        programme = ProgrammeFactory()
        with pytest.raises(IntegrityError, match=f"programme_{field}"), transaction.atomic():
            Programme.objects.filter(pk=programme.pk).update(**{field: "other"})


class TestQueries:
    def test_count_what_runs_on_the_day(self, db):
        programme = ProgrammeFactory()
        DeliveryFactory(programme=programme, starts_on=date(2021, 4, 1), ends_on=date(2026, 6, 9))
        DeliveryFactory(programme=programme, starts_on=date(2021, 4, 1), ends_on=TODAY)
        DeliveryFactory(programme=programme, starts_on=date(2026, 6, 11))
        found = queries.programmes(TODAY).get()
        assert (found.running, found.partners) == (1, 1)

    def test_a_delivery_in_two_districts_counts_in_each(self, db):
        DeliveryFactory(areas=["E08000030", "E08000025"])
        AreaFactory(gss_code="E08000031")
        counts = {row.name: row.deliveries for row in queries.by_district(Delivery.objects.all(), TODAY)}
        assert counts == {"Birmingham": 1, "Walsall": 1, "Wolverhampton": 0}


class TestPages:
    def test_the_list_counts(self, manager, client):
        DeliveryFactory()
        page = client.get(reverse("programmes:programme-list")).content.decode()
        assert "Programmes: 1, with 1 delivery running" in page

    def test_a_programme_shows_its_steps_and_districts(self, manager, client):
        programme = ProgrammeFactory(theory_of_change="We listen\n\nThey plan", evidence_rating="high")
        for code in ("E08000025", "E08000030"):
            DeliveryFactory(programme=programme, areas=[code])
        page = client.get(reverse("programmes:programme-detail", args=[programme.pk])).content.decode()
        for words in ("We listen", "They plan", "High impact", "Walsall", "One-to-one"):
            assert words in page

    def test_a_delivery_is_added(self, manager, client):
        partner, programme, setting = OrganisationFactory(), ProgrammeFactory(), SettingFactory()
        typed = {
            "partner": partner.pk,
            "programme": programme.pk,
            "name": "Boxing on Mondays",
            "code": "box-1",
            "setting": setting.pk,
            "areas": [AreaFactory(gss_code="E08000030").pk],
            "starts_on_day": "1",
            "starts_on_month": "4",
            "starts_on_year": "2026",
            "counting_basis": "aggregate",
        }
        response = client.post(reverse("programmes:delivery-add"), typed, follow=True)
        assert "Boxing on Mondays is saved." in response.content.decode()
        again = client.post(reverse("programmes:delivery-add"), typed).content.decode()
        assert "Another delivery has this code" in again
        assert 'value="Boxing on Mondays"' in again

    def test_a_form_begins_with_the_partner_it_came_from(self, manager, client):
        partner = OrganisationFactory()
        page = client.get(reverse("programmes:delivery-add"), {"partner": partner.pk}).content.decode()
        assert f'<option value="{partner.pk}" selected' in page
        assert f"<title>Add a delivery by {partner}" in page

    def test_a_form_begun_with_no_partner_that_there_is_asks_for_one(self, manager, client):
        page = client.get(reverse("programmes:delivery-add"), {"partner": "x", "programme": "0"}).content.decode()
        assert "<h1>Add a delivery</h1>" in page

    def test_an_edit_says_what_is_wrong_beside_the_field(self, manager, client):
        delivery = DeliveryFactory()
        typed = {
            "name": delivery.name,
            "setting": delivery.setting.pk,
            "areas": [area.pk for area in delivery.areas.all()],
            **{f"starts_on_{part}": text for part, text in zip(PARTS, ["1", "4", "2026"], strict=True)},
            **{f"ends_on_{part}": text for part, text in zip(PARTS, ["1", "3", "2026"], strict=True)},
        }
        page = client.post(reverse("programmes:delivery-edit", args=[delivery.pk]), typed).content.decode()
        assert "The last day must not be before the first" in page

    def test_a_partner_sees_its_own_delivery_alone(self, client, db):
        own, other = DeliveryFactory(), DeliveryFactory()
        client.force_login(user_with(Role.PARTNER, own.partner))
        assert client.get(reverse("programmes:delivery-detail", args=[own.pk])).status_code == 200
        assert client.get(reverse("programmes:delivery-detail", args=[other.pk])).status_code == 404
