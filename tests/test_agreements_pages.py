"""Data-sharing agreements on the pages: a partner's, its own, a delivery's, and today."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import DataSharingAgreement
from partners.permissions import Role
from tests.factories import DataSharingAgreementFactory, DeliveryFactory, OrganisationFactory, user_with

pytestmark = pytest.mark.django_db

PARTS = ("day", "month", "year")
DAY = timedelta(days=1)


@pytest.fixture
def manager(client):
    user = user_with(Role.PROGRAMME_MANAGER, name="Sam Osei")
    client.force_login(user)
    return user


def typed(name: str, day: date) -> dict:
    return {f"{name}_{part}": getattr(day, part) for part in PARTS}


def shown(client, name: str, *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


class TestAPartnersPage:
    def test_says_what_follows_when_there_is_none(self, manager, client):
        page = shown(client, "partners:organisation-detail", OrganisationFactory(name="Riverbank").pk)
        assert "Without one, Riverbank gives counts" in page
        assert "Record an agreement" in page

    def test_leads_to_recording_one(self, manager, client):
        partner = OrganisationFactory(name="Riverbank")
        address = reverse("partners:agreement-record", args=[partner.pk])
        details = {"document": "Information governance, DSA-2026-014"} | typed("starts_on", date(2026, 4, 1))
        wrong = client.post(address, details | typed("ends_on", date(2026, 3, 31))).content.decode()
        assert "The last day must not be before the first" in wrong
        assert 'value="Information governance, DSA-2026-014"' in wrong
        page = client.post(address, details, follow=True).content.decode()
        for words in (
            "The agreement with Riverbank is recorded.",
            "DSA-2026-014",
            "until further notice",
            "by Sam Osei",
        ):
            assert words in page

    def test_leads_to_ending_one_early(self, manager, client):
        agreement = DataSharingAgreementFactory()
        page = shown(client, "partners:organisation-detail", agreement.organisation.pk)
        address = reverse("partners:agreement-end", args=[agreement.pk])
        assert address in page
        wrong = client.post(address, {"reason": "Done"} | typed("ended_on", date(2021, 3, 31))).content.decode()
        assert "It begins on 1 April 2021. Give that day or a later one." in wrong
        page = client.post(address, {"reason": "Done"} | typed("ended_on", date(2022, 7, 1)), follow=True)
        assert "30 June 2022, ended early: Done" in page.content.decode()
        assert address not in page.content.decode()
        assert client.get(address).status_code == 404

    def test_says_of_what_was_recorded_by_mistake_that_it_never_held(self, manager, client):
        agreement = DataSharingAgreementFactory(ended_on=date(2021, 4, 1), ended_reason="Mistyped")
        page = shown(client, "partners:organisation-detail", agreement.organisation.pk)
        assert "never held: Mistyped" in page

    def test_says_how_each_stands_today(self, manager, client):
        partner, today = OrganisationFactory(), timezone.localdate()
        for first, last in [(-9, -1), (-1, None), (9, None)]:
            ends_on = None if last is None else today + last * DAY
            DataSharingAgreementFactory(organisation=partner, starts_on=today + first * DAY, ends_on=ends_on)
        page = shown(client, "partners:organisation-detail", partner.pk)
        for standing in ("Ended", "Live", "To come"):
            assert f">{standing}</strong>" in page

    @pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR])
    def test_is_read_alone_by_those_who_may_not_change_it(self, client, role):
        agreement = DataSharingAgreementFactory()
        client.force_login(user_with(role))
        page = shown(client, "partners:organisation-detail", agreement.organisation.pk)
        assert agreement.document in page
        assert "Record an agreement" not in page
        assert "End early" not in page
        history = reverse("partners:history-subject", args=["partners.datasharingagreement", agreement.pk])
        assert (history in page) == (role == Role.AUDITOR)


class TestOurOrganisation:
    def test_shows_a_partner_its_own(self, client):
        own, other = DataSharingAgreementFactory(), DataSharingAgreementFactory()
        client.force_login(user_with(Role.PARTNER, own.organisation))
        page = shown(client, "partners:our-organisation")
        assert own.document in page
        assert other.document not in page
        assert "End early" not in page


class TestADelivery:
    def details(self, delivery, basis: str) -> dict:
        return {
            "name": delivery.name,
            "setting": delivery.setting.pk,
            "areas": [area.pk for area in delivery.areas.all()],
            "counting_basis": basis,
        } | typed("starts_on", delivery.starts_on)

    def test_gives_a_register_once_an_agreement_holds(self, manager, client):
        delivery = DeliveryFactory(partner__name="Riverbank")
        address = reverse("programmes:delivery-edit", args=[delivery.pk])
        page = client.get(address).content.decode()
        for words in ("kept nowhere", "no names", "takes effect for returns that are not yet begun"):
            assert words in page
        refused = client.post(address, self.details(delivery, "register")).content.decode()
        assert "Riverbank has no data-sharing agreement that holds on" in refused
        DataSharingAgreementFactory(organisation=delivery.partner)
        page = client.post(address, self.details(delivery, "register"), follow=True).content.decode()
        assert "<dd>Register</dd>" in page

    def test_says_that_it_gives_counts_while_none_holds(self, manager, client):
        delivery = DeliveryFactory(counting_basis="register")
        DataSharingAgreement.objects.update(
            ended_on=date(2022, 7, 1), ended_at=timezone.now(), ended_by=manager, ended_reason="Done"
        )
        words = "Register, once a data-sharing agreement holds; until then counts."
        assert words in shown(client, "programmes:delivery-detail", delivery.pk)
        client.force_login(user_with(Role.PARTNER, delivery.partner))
        page = shown(client, "programmes:delivery-detail", delivery.pk)
        assert words in page
        assert "See our agreements" in page

    def test_is_refused_in_the_reference_table_too(self, manager, client):
        delivery = DeliveryFactory(partner__name="Riverbank")
        row = self.details(delivery, "register") | {
            "code": delivery.code,
            "programme": delivery.programme.pk,
            "partner": delivery.partner.pk,
            "starts_on": delivery.starts_on,
        }
        page = client.post(reverse("admin:programmes_delivery_change", args=[delivery.pk]), row).content.decode()
        assert "Riverbank has no data-sharing agreement that holds on" in page


class TestToday:
    def test_says_which_agreements_end_soon_or_have_ended(self, manager, client):
        today = timezone.localdate()
        for name, days in [("Riverbank", 60), ("Old Oak", -3), ("New Elm", 61)]:
            delivery = DeliveryFactory(counting_basis="register", partner__name=name)
            DataSharingAgreement.objects.filter(organisation=delivery.partner).update(
                ended_on=today + (days + 1) * DAY, ended_at=timezone.now(), ended_by=manager, ended_reason="Done"
            )
        soon, ended = (f"{day.day} {day:%B %Y}" for day in (today + 60 * DAY, today - 3 * DAY))
        page = shown(client, "home")
        assert f"Riverbank gives registers until {soon}, when its data-sharing agreement ends." in page
        assert f"Old Oak gives counts since its data-sharing agreement ended on {ended}." in page
        assert "New Elm" not in page
        client.force_login(user_with(Role.ANALYST))
        assert "Riverbank gives registers" not in shown(client, "home")
