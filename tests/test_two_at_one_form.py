"""Two people who open the same form: the second to save is told what the first has changed, and loses no typing."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from partners.permissions import Role
from tests.factories import AreaFactory, DeliveryFactory, OrganisationFactory, user_with


@pytest.fixture
def two(db) -> tuple[Client, Client]:
    clients = Client(), Client()
    for client in clients:
        client.force_login(user_with(Role.PROGRAMME_MANAGER))
    return clients


def opened(client: Client, address: str) -> dict[str, object]:
    """What the browser would send back unchanged."""
    form = client.get(address).context["form"]
    fields = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, date):
            fields |= {f"{bound.name}_{part}": getattr(value, part) for part in ("day", "month", "year")}
        elif isinstance(value, list):
            fields[bound.name] = [getattr(item, "pk", item) for item in value]
        elif value is not None:
            fields[bound.name] = getattr(value, "pk", value)
    return fields


class TestOrganisation:
    @pytest.fixture
    def club(self, db):
        return OrganisationFactory(name="Old Oak Club", telephone="0121 496 0000")

    def test_keeps_what_another_saved_meanwhile(self, two, club):
        address = reverse("partners:organisation-edit", args=[club.pk])
        first, second = opened(two[0], address), opened(two[1], address)
        two[0].post(address, first | {"telephone": "0121 496 0999"} | _april("closed_on"))
        answer = two[1].post(address, second | {"name": "Old Oak Boxing Club"})
        page = answer.content.decode()
        assert "Old Oak Club was changed after you opened this page." in page
        assert "telephone: 0121 496 0999; closed on: 1 April 2026." in page
        assert 'value="Old Oak Boxing Club"' in page
        club.refresh_from_db()
        assert (club.name, club.telephone) == ("Old Oak Club", "0121 496 0999")

    def test_is_saved_once_that_was_seen(self, two, club):
        address = reverse("partners:organisation-edit", args=[club.pk])
        second = opened(two[1], address)
        two[0].post(address, opened(two[0], address) | {"telephone": "0121 496 0999"})
        typed = second | {"name": "Old Oak Boxing Club", "telephone": "0121 496 0999"}
        again = two[1].post(address, typed).context["form"]["revision"].value()
        two[1].post(address, typed | {"revision": again})
        club.refresh_from_db()
        assert (club.name, club.telephone) == ("Old Oak Boxing Club", "0121 496 0999")

    def test_is_saved_at_once_by_one_alone(self, two, club):
        address = reverse("partners:organisation-edit", args=[club.pk])
        assert two[0].post(address, opened(two[0], address) | {"name": "Old Oak Gym"}).status_code == 302


class TestDelivery:
    def test_keeps_what_another_saved_meanwhile(self, two):
        delivery = DeliveryFactory(name="Boxing", areas=["E08000030"])
        address = reverse("programmes:delivery-edit", args=[delivery.pk])
        first, second = opened(two[0], address), opened(two[1], address)
        coventry = AreaFactory(gss_code="E08000026")
        two[0].post(address, first | {"areas": [*first["areas"], coventry.pk]} | _april("ends_on"))
        page = two[1].post(address, second | {"name": "Boxing on Mondays"}).content.decode()
        assert "Boxing was changed after you opened this page." in page
        assert "where: Coventry, Walsall" in page
        assert "last day: 1 April 2026" in page
        assert 'value="Boxing on Mondays"' in page
        delivery.refresh_from_db()
        assert (delivery.name, delivery.ends_on) == ("Boxing", date(2026, 4, 1))
        assert delivery.areas.count() == 2

    def test_is_saved_at_once_by_one_alone(self, two):
        delivery = DeliveryFactory(name="Boxing")
        address = reverse("programmes:delivery-edit", args=[delivery.pk])
        assert two[0].post(address, opened(two[0], address) | {"name": "Boxing club"}).status_code == 302


def _april(name: str) -> dict[str, int]:
    return {f"{name}_day": 1, f"{name}_month": 4, f"{name}_year": 2026}
