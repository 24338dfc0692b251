"""A partner's month under all the conditions that a month brings."""

from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from playwright.sync_api import expect

from outcomes.models import Obligation, ReturnVersion, Submission
from partners.permissions import Role
from programmes.models import Rung
from tests.browser import PHONE, somebody
from tests.factories import PASSWORD, DeliveryFactory, ObligationFactory, OrganisationFactory
from tests.journeys.answers import NUMBERS, WHO, fill_in_all, sign_off_and_send

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

FEW = {"A: new": "12", "Contacts": "lots"}


@pytest.fixture
def obligation(reference_tables):
    """The return of a boxing club for June 2021."""
    with transaction.atomic():
        delivery = DeliveryFactory(name="Corner mentoring", partner=OrganisationFactory(name="Corner Boxing Club"))
        return ObligationFactory(delivery=delivery, month=date(2021, 6, 1))


@pytest.fixture
def exposure(obligation):
    """The same club's return of pupils who pass youth workers."""
    with transaction.atomic():
        routes = DeliveryFactory(partner=obligation.delivery.partner, programme__rung=Rung.EXPOSURE)
        return ObligationFactory(delivery=routes, month=date(2021, 6, 1))


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
        partner.press("Begin")
        partner.fill_in(NUMBERS)
        partner.press("Save and go on")
        partner.fill_in(WHO | {"District Walsall, first seen this year": "10"})
        partner.press("Save and go on")
        partner.reads("15 of 16", "District of the 16 people first seen this year adds up to 15. Add 1")
        partner.finds_typed(WHO | {"District Walsall, first seen this year": "10"})
        partner.fill("District Walsall, first seen this year", "11")
        partner.press("Save and see all parts")
        partner.press("Check and send")
        sign_off_and_send(partner)
        partner.reads("Nothing is due")
        for section in ("Our returns", "Our figures", "Our money", "Our organisation"):
            partner.follow(section, exact=True)
        assert Submission.objects.get().people == 18

    def test_of_another_organisation_is_not_found(self, visitor, obligation):
        stranger = visitor()
        other = somebody(Role.PARTNER_LEAD)
        stranger.sign_in(other)
        for page in ("", "fill-in/", "check/", "nil/", "correct/"):
            stranger.open(f"/returns/{obligation.pk}/{page}", status=404)
            stranger.reads("Page not found", f"You are signed in as {other.name}")
        stranger.sees_no("Corner")


class TestTypingIsKept:
    @pytest.mark.parametrize("what_happened", [has_session_ended, has_lost_every_cookie])
    def test_when_signed_out_meanwhile_without_javascript(self, visitor, person, what_happened):
        partner = visitor(width=PHONE, javascript=False)
        partner.sign_in(person)
        partner.press("Fill in return")
        partner.press("Begin")
        partner.fill_in(FEW)
        what_happened(partner)
        partner.press("Save and see all parts")
        partner.sign_in(person)
        partner.reads("You were signed out while typing. Everything you typed is below; save it again.")
        partner.finds_typed(FEW)
        partner.press("Save and see all parts")
        partner.reads("Saved at")
        assert ReturnVersion.objects.get().typed == {"new_people": "12", "contacts": "lots"}

    def test_when_signed_out_meanwhile_and_in_again_in_another_tab(self, visitor, person):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.press("Fill in return")
        partner.press("Begin")
        has_lost_every_cookie(partner)
        partner.expects(302, 403)
        partner.fill_in(FEW)
        partner.reads("You are signed out: not saved yet.")
        again = partner.another_tab()
        again.sign_in(person)
        partner.page.evaluate("window.dispatchEvent(new Event('online'))")
        partner.reads("Saved")
        assert ReturnVersion.objects.get().typed == {"new_people": "12", "contacts": "lots"}

    def test_by_itself_and_says_so(self, visitor, person):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.press("Fill in return")
        partner.press("Begin")
        partner.fill_in(FEW)
        partner.reads("Saved just now")
        assert ReturnVersion.objects.get().typed == {"new_people": "12", "contacts": "lots"}
        assert partner.axe() == []
        partner.page.reload()
        partner.finds_typed(FEW)

    def test_when_the_connection_is_cut_in_the_middle_of_typing(self, visitor, person):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.press("Fill in return")
        partner.press("Begin")
        partner.fill("A: new", "12")
        partner.reads("Saved just now")
        partner.context.set_offline(True)
        partner.fill("Contacts", "30")
        partner.reads("No connection: not saved yet. It is kept here and saved as soon as there is one.")
        assert ReturnVersion.objects.get().typed == {"new_people": "12"}
        partner.context.set_offline(False)
        partner.reads("Saved just now")
        assert ReturnVersion.objects.get().typed == {"new_people": "12", "contacts": "30"}

    def test_when_the_server_never_answers(self, visitor, person):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.press("Fill in return")
        partner.press("Begin")
        partner.page.clock.install()
        held = []
        partner.page.route("**/save/", lambda route: held.append(route))
        partner.fill("Contacts", "30")
        partner.page.clock.run_for(2_000)
        partner.reads("Saving…")
        partner.page.clock.run_for(20_000)
        partner.reads("No connection: not saved yet.")
        held.pop().abort()
        partner.page.unroute("**/save/")
        partner.page.clock.run_for(6_000)
        partner.reads("Saved")
        assert ReturnVersion.objects.get().typed == {"contacts": "30"}

    @pytest.fixture
    def colleague(self, obligation):
        return somebody(Role.PARTNER, obligation.delivery.partner, name="Zoe Hartigan")

    def test_and_is_not_a_colleagues_who_signs_in_in_the_same_tab(self, visitor, person, colleague):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.press("Fill in return")
        partner.press("Begin")
        has_lost_every_cookie(partner)
        partner.expects(302, 403)
        partner.fill("Contacts", "501")
        partner.reads("You are signed out: not saved yet.")
        partner.press("Save and go on")
        partner.sign_in(colleague)
        partner.open(f"/returns/{Obligation.objects.get().pk}/fill-in/numbers/")
        partner.finds_typed({"Contacts": ""})
        partner.fill("A: new", "3")
        partner.reads("Saved")
        assert ReturnVersion.objects.get().typed == {"new_people": "3"}

    def test_and_is_not_saved_by_a_colleague_who_signs_in_in_another_tab(self, visitor, person, colleague):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.press("Fill in return")
        partner.press("Begin")
        has_lost_every_cookie(partner)
        partner.another_tab().sign_in(colleague)
        partner.expects(403)
        partner.fill("Contacts", "603")
        partner.reads("Not saved. Somebody else is signed in in this browser now, so nothing more is saved.")
        partner.finds_typed({"Contacts": "603"})
        assert not ReturnVersion.objects.exists()

    def test_on_the_page_when_the_return_is_no_longer_theirs(self, visitor, person):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.press("Fill in return")
        partner.press("Begin")
        person.memberships.update(ended_on=date(2021, 7, 1))
        partner.expects(403, 404)
        partner.fill("Contacts", "30")
        partner.reads("Not saved. This return is no longer yours to fill in.")
        partner.finds_typed({"Contacts": "30"})

    def test_over_a_reload_before_it_could_be_saved(self, visitor, person):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.press("Fill in return")
        partner.press("Begin")
        partner.page.route("**/save/", lambda route: route.abort())
        partner.fill("Contacts", "30")
        partner.reads("No connection: not saved yet.")
        partner.page.unroute("**/save/")
        partner.page.on("dialog", lambda dialog: dialog.accept())
        partner.page.reload()
        partner.finds_typed({"Contacts": "30"})
        partner.reads("Saved")
        assert ReturnVersion.objects.get().typed == {"contacts": "30"}

    def test_but_not_what_somebody_could_be_known_by(self, visitor, person, exposure):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.open(f"/returns/{exposure.pk}/fill-in/numbers/")
        partner.fill("Pupils who pass youth workers (estimate)", "900")
        partner.fill("How you made the estimate", "Ask Sam Hill, born 3 May 2008")
        partner.reads("Not saved: How you made the estimate. This seems to hold a date of birth.")
        assert ReturnVersion.objects.get().typed == {"exposed_people": "900"}

    def test_and_back_to_what_was_mended_is_back_to_what_is_saved(self, visitor, person):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.press("Fill in return")
        partner.press("Begin")
        partner.fill_in(NUMBERS | {"Contacts": "lots"})
        partner.press("Save and go on")
        partner.reads("There is a problem", "Contacts: enter a whole number, like 12")
        for contacts in ("30", "40"):
            partner.fill("Contacts", contacts)
            partner.press("Save and go on")
            partner.reads("Who they were")
            partner.page.go_back()
            partner.finds_typed({"Contacts": contacts})
        partner.sees_no("changed this")
        partner.sees_no("Changed elsewhere")

    def test_of_two_people_at_once(self, visitor, person, obligation):
        first, second = visitor(), visitor()
        first.sign_in(person)
        second.sign_in(somebody(Role.PARTNER_LEAD, obligation.delivery.partner, name="Bo Lin"))
        for somebody_ in (first, second):
            somebody_.press("Fill in return")
            somebody_.press("Begin")
        first.fill("A: new", "12")
        first.reads("Saved")
        second.fill("Contacts", "30")
        second.reads("Saved")
        second.fill("A: new", "14")
        second.reads("Asha Patel changed this at", "A: new: 12. What stands here is not saved; press Save to compare.")
        second.press("Save and go on")
        second.reads("Changed elsewhere meanwhile")
        second.finds_typed({"A: new": "14", "Contacts": "30"})
        second.press("Save and see all parts")
        assert ReturnVersion.objects.get().typed == {"new_people": "14", "contacts": "30"}

    def test_when_a_second_tab_saved_and_sent_meanwhile(self, visitor, person):
        first = visitor()
        first.sign_in(person)
        first.press("Fill in return")
        second = first.another_tab()
        second.open(first.page.url)
        fill_in_all(first)
        second.press("Begin")
        second.finds_typed(NUMBERS)
        second.fill("Contacts", "31")
        second.press("Save and see all parts")
        sign_off_and_send(first)
        first.reads("Read it again before you send it.")
        sign_off_and_send(first)
        second.expects(409)
        second.press("Check and send")
        second.reads("This return has been sent")
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
        partner.tab_to(page.get_by_role("button", name="Begin"))
        with page.expect_navigation():
            keys.press("Enter")
        for label, text in FEW.items():
            partner.tab_to(partner.field(label))
            keys.type(text)
        partner.tab_to(page.get_by_role("button", name="Save and see all parts"))
        with page.expect_navigation():
            keys.press("Enter")
        partner.look()
        partner.reads("Saved at")
        assert ReturnVersion.objects.get().typed == {"new_people": "12", "contacts": "lots"}

    def test_always_shows_where_it_is(self, visitor, person):
        partner = visitor(width=PHONE)
        partner.sign_in(person)
        partner.press("Fill in return")
        partner.press("Begin")
        for _ in range(12):  # to the last button
            partner.page.keyboard.press("Tab")
            expect(partner.page.locator(":focus-visible")).to_be_in_viewport()
