"""A partner's month under all the conditions that a month brings."""

from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import transaction
from playwright.sync_api import expect

from outcomes.models import ReturnVersion, Submission
from partners.permissions import Role
from tests.browser import PHONE, somebody
from tests.factories import PASSWORD, DeliveryFactory, ObligationFactory, OrganisationFactory
from tests.journeys.answers import RIGHT

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

FEW = {"A: new": "12", "Contacts": "lots", "Anything that explains this month (optional)": "Do not lose me."}


@pytest.fixture
def obligation(transactional_db):
    """The return of a boxing club for June 2021."""
    call_command("load_reference_tables", verbosity=0)
    with transaction.atomic():
        delivery = DeliveryFactory(name="Corner mentoring", partner=OrganisationFactory(name="Corner Boxing Club"))
        return ObligationFactory(delivery=delivery, month=date(2021, 6, 1))


@pytest.fixture
def person(obligation):
    return somebody(Role.PARTNER, obligation.delivery.partner, name="Asha Patel")


def has_session_ended(visitor):
    Session.objects.all().delete()


def has_lost_every_cookie(visitor):
    visitor.context.clear_cookies()


class TestAReturn:
    def test_with_nothing_to_report_is_one_click(self, visitor, person):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.press("Send nil return")
        partner.reads("Sent: nothing to report for Corner mentoring", "Nothing is due")
        assert Submission.objects.get().nil_reason == "Nobody came or was referred"

    def test_with_nothing_to_report_may_say_another_reason_and_be_taken_back(self, visitor, person, obligation):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.field("Nothing to report?").select_option("Something else")
        partner.press("Send nil return")
        partner.reads("Say why there is nothing to report")
        partner.fill("If something else, what?", "The van broke down.")
        partner.press("Send nil return")
        partner.open(f"/returns/{obligation.pk}/")
        partner.press("Take back to change it")
        partner.reads("Taken back: Corner mentoring")
        assert Submission.objects.get().nil_reason == "The van broke down."

    def test_goes_all_the_way_without_javascript(self, visitor, person):
        partner = visitor(width=PHONE, javascript=False)
        partner.sign_in(person)
        partner.press("Fill in return")
        partner.fill_in(RIGHT | {"District Walsall, first seen this year": "10"})
        partner.press("Save and go on")
        partner.reads("Saved at", "15 of 16")
        partner.press("Check and send")
        partner.reads("District of the 16 people first seen this year adds up to 15. Add 1")
        partner.finds_typed(RIGHT | {"District Walsall, first seen this year": "10"})
        partner.fill("District Walsall, first seen this year", "11")
        partner.press("Save draft")
        partner.press("Check and send")
        partner.press("Send return")
        partner.reads("Nothing is due")
        for section in ("Our returns", "Our figures", "Our money", "Our organisation"):
            partner.follow(section, exact=True)
        assert Submission.objects.get().people == 18

    def test_of_another_organisation_is_not_found(self, visitor, obligation):
        stranger = visitor()
        stranger.sign_in(somebody(Role.PARTNER_LEAD))
        for page in ("", "fill-in/", "check/", "nil/", "correct/"):
            stranger.open(f"/returns/{obligation.pk}/{page}", status=404)
            stranger.reads("Page not found")
        stranger.sees_no("Corner")


class TestTypingIsKept:
    @pytest.mark.parametrize("what_happened", [has_session_ended, has_lost_every_cookie])
    def test_when_signed_out_meanwhile(self, visitor, person, what_happened):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.press("Fill in return")
        partner.fill_in(FEW)
        what_happened(partner)
        partner.press("Save draft")
        partner.sign_in(person)
        partner.reads("You were signed out while typing. Everything you typed is below; save it again.")
        partner.finds_typed(FEW)
        partner.press("Save draft")
        partner.reads("Saved at")
        partner.finds_typed(FEW)

    def test_when_a_second_tab_saved_and_sent_meanwhile(self, visitor, person):
        first = visitor()
        first.sign_in(person)
        first.press("Fill in return")
        second = first.another_tab()
        second.open(first.page.url)
        first.fill_in(RIGHT)
        first.press("Save draft")

        second.fill_in(FEW)
        second.press("Save draft")
        second.reads("You changed this return in another window", "What differs")
        second.finds_typed(FEW)
        second.fill_in(RIGHT)
        second.press("Check and send")

        first.press("Check and send")
        first.reads("You changed this return in another window")
        first.press("Check and send")
        second.press("Send return")
        second.reads("Read it again before you send it.")
        second.press("Send return")
        first.press("Send return")
        first.reads("Nothing was sent twice")
        assert Submission.objects.count() == 1


class TestTheKeyboard:
    def test_is_enough_to_sign_in_and_save_a_draft(self, visitor, person):
        partner = visitor()
        page, keys = partner.page, partner.page.keyboard
        partner.open("/")
        partner.tab_to(page.get_by_role("link", name="Skip to main content"), most=1)
        keys.press("Enter")
        partner.tab_to(partner.field("Email address"))
        keys.type(person.email)
        partner.tab_to(partner.field("Password"), most=2)
        keys.type(PASSWORD)
        with page.expect_navigation():
            keys.press("Enter")
        partner.tab_to(page.get_by_role("button", name="Fill in return"))
        with page.expect_navigation():
            keys.press("Enter")
        for label, text in FEW.items():
            partner.tab_to(partner.field(label))
            keys.type(text)
        partner.tab_to(page.get_by_role("button", name="Save draft"))
        with page.expect_navigation():
            keys.press("Enter")
        partner.look()
        partner.reads("Saved at")
        assert ReturnVersion.objects.get().typed["comment"] == "Do not lose me."

    def test_always_shows_where_it_is(self, visitor, person):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.press("Fill in return")
        for _ in range(30):
            partner.page.keyboard.press("Tab")
            expect(partner.page.locator(":focus-visible")).to_be_in_viewport()
