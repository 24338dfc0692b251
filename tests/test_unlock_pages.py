"""The pages around what is accepted: a partner asks, the unit answers, and both see how it stands."""

from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outcomes.actions import corrections
from outcomes.models import ReturnVersion, Unlock, UnlockRequest
from partners.permissions import Role
from tests.factories import ObligationFactory, UnlockFactory, UnlockRequestFactory, sent_return, user_with
from vru_portal.core.working_days import working_days_after

pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]
State = ReturnVersion.State


@pytest.fixture
def obligation():
    obligation = ObligationFactory(month=date(2026, 4, 1))
    sent_return(obligation=obligation, accepted=True)
    return obligation


@pytest.fixture
def accepted(obligation):
    return obligation.versions.get()


@pytest.fixture
def partner(obligation):
    return user_with(Role.PARTNER, obligation.delivery.partner, name="Asha Patel")


@pytest.fixture
def manager():
    return user_with(Role.PROGRAMME_MANAGER, name="Callum")


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response) -> str:
    return unescape(response.content.decode())


def address(name: str, *args) -> str:
    return reverse(f"outcomes:{name}", args=args)


def day_typed(day: date) -> dict:
    return {"until_day": day.day, "until_month": day.month, "until_year": day.year}


class TestAsking:
    def test_begins_at_the_return_or_at_our_returns(self, obligation, partner):
        client, form = browser(partner), address("unlock-ask", obligation.pk)
        for page in (address("return-detail", obligation.pk), address("our-returns") + "?year=2026"):
            assert form in text(client.get(page)), page
        assert "Say what is to be changed" in text(client.post(form, {"reason": ""}))
        shown = text(client.post(form, {"reason": "Counted twice."}, follow=True))
        assert "Asha Patel asked on" in shown
        assert "Counted twice." in shown
        assert form not in shown
        assert "You asked to change it" in text(client.get(address("our-returns") + "?year=2026"))

    def test_keeps_what_somebody_could_be_known_by_out(self, obligation, partner):
        shown = text(browser(partner).post(address("unlock-ask", obligation.pk), {"reason": "Ring 07700 900123."}))
        assert "telephone number" in shown
        assert not UnlockRequest.objects.exists()

    def test_is_not_found_by_another_organisation(self, obligation):
        client = browser(user_with(Role.PARTNER_LEAD))
        for page in ("unlock-ask", "return-correct"):
            assert client.get(address(page, obligation.pk)).status_code == 404


class TestAnswering:
    def test_begins_on_today_in_returns_and_at_the_return(self, obligation, accepted, manager):
        UnlockRequestFactory(version=accepted, asked_by__name="Asha Patel")
        client, form = browser(manager), address("unlock-give", obligation.pk)
        today = text(client.get("/"))
        assert "Asha Patel asks to change the accepted April 2026 return" in today
        assert form in today
        assert "Unlocks: 1 asked for" in text(client.get(address("returns")))
        for page in (address("unlock-list"), address("return-detail", obligation.pk)):
            assert form in text(client.get(page)), page

    def test_unlocks_for_the_partner_unless_somebody_says_otherwise(self, obligation, accepted, manager, partner):
        UnlockRequestFactory(version=accepted, asked_by=partner)
        client, form = browser(manager), address("unlock-give", obligation.pk)
        until = working_days_after(timezone.localdate(), 5)
        page = text(client.get(form))
        assert "We counted a group twice." in page
        assert f'name="until_day" value="{until.day}"' in " ".join(page.split())
        assert "Asha Patel alone" in page
        assert "Callum alone" in page
        typed = day_typed(until) | {"for_person": "partner", "reason": "As they ask."}
        shown = text(client.post(form, typed, follow=True))
        assert "Unlocked:" in shown
        assert "In force" in shown
        unlock = Unlock.objects.get()
        assert (unlock.for_organisation, unlock.request.asked_by) == (obligation.delivery.partner, partner)

    def test_unlocks_for_one_person(self, obligation, manager):
        typed = day_typed(timezone.localdate()) | {"for_person": str(manager.pk), "reason": "From paper."}
        client = browser(manager)
        client.post(address("unlock-give", obligation.pk), typed)
        assert Unlock.objects.get().for_person == manager
        assert address("return-correct", obligation.pk) in text(client.get(address("return-detail", obligation.pk)))

    def test_shows_why_not_beside_what_was_typed(self, obligation, manager):
        client, form = browser(manager), address("unlock-give", obligation.pk)
        typed = day_typed(date(2020, 1, 1)) | {"for_person": "partner", "reason": "From paper."}
        shown = text(client.post(form, typed))
        assert "1 January 2020 has passed" in shown
        assert "From paper." in shown
        assert "Choose one of these" in text(client.post(form, typed | {"for_person": "0"}))

    def test_declines_with_words(self, obligation, accepted, manager):
        request = UnlockRequestFactory(version=accepted)
        client, form = browser(manager), address("unlock-decline", request.pk)
        assert form in text(client.get(address("unlock-give", obligation.pk)))
        assert "Say why it stays locked" in text(client.post(form, {"reason": ""}))
        assert "It stays locked" in text(client.post(form, {"reason": "It is right."}, follow=True))

    def test_takes_it_back(self, accepted, manager):
        unlock = UnlockFactory(version=accepted, unlocked_at=timezone.now())
        client, form = browser(manager), address("unlock-take-back", unlock.pk)
        assert form in text(client.get(address("unlock-list")))
        shown = text(client.post(form, {"reason": "By mistake."}, follow=True))
        assert "Locked again" in shown
        assert "Taken back" in text(client.get(address("unlock-list")))

    def test_auditors_look_and_change_nothing(self, obligation, accepted):
        UnlockRequestFactory(version=accepted)
        page = text(browser(user_with(Role.AUDITOR)).get(address("unlock-list")))
        assert "We counted a group twice." in page
        assert address("unlock-give", obligation.pk) not in page


class TestCorrecting:
    def test_is_closed_while_it_is_locked(self, obligation, partner):
        shown = text(browser(partner).get(address("return-correct", obligation.pk), follow=True))
        assert "which locks it" in shown

    def test_begins_where_partners_look(self, obligation, accepted, partner):
        unlock = UnlockFactory(version=accepted, unlocked_at=timezone.now())
        client, form = browser(partner), address("return-correct", obligation.pk)
        last_day = f"{unlock.until.day} {unlock.until:%B %Y}"
        for page in ("/", address("our-returns") + "?year=2026", address("return-detail", obligation.pk)):
            shown = text(client.get(page))
            assert form in shown, page
            assert last_day in shown, page
        shown = text(client.post(form, {"revision_reason": "correction"}, follow=True))
        assert "The correction is begun" in shown
        assert "send it by then" in text(client.get("/"))

    def test_says_how_one_ended(self, accepted, obligation, partner, manager):
        unlock = UnlockFactory(version=accepted, unlocked_at=timezone.now())
        corrections.start(obligation=obligation, revision_reason="correction", by=partner, now=timezone.now())
        browser(manager).post(address("unlock-take-back", unlock.pk), {"reason": "By mistake."})
        shown = text(browser(partner).get(address("return-detail", obligation.pk)))
        assert "by Callum: The unlock was taken back: By mistake." in shown
        assert "Led to version 2" in shown
        assert address("unlock-ask", obligation.pk) in shown


class TestVoid:
    def test_begins_at_the_version(self, obligation, accepted, manager):
        client, form = browser(manager), address("return-void", obligation.pk, 1)
        assert form in text(client.get(address("return-detail", obligation.pk)))
        assert "Say why it should never" in text(client.post(form, {"reason": ""}))
        shown = text(client.post(form, {"reason": "Sent for the wrong delivery."}, follow=True))
        assert "by Callum: Sent for the wrong delivery." in shown
        assert form not in shown
        assert "void already" in text(client.get(form))
        assert client.get(address("return-void", obligation.pk, 9)).status_code == 404

    def test_is_not_offered_to_the_partner(self, obligation, partner):
        assert "void" not in text(browser(partner).get(address("return-detail", obligation.pk)))
