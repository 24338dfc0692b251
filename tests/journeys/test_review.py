"""A return that comes back, and one that is unlocked after its acceptance: the partner sits at a phone."""

from datetime import date

import pytest
from django.db import transaction

from outcomes.actions import decisions, releases
from outcomes.models import ReturnVersion, SentBack
from partners.permissions import Role
from tests import factories
from tests.browser import PHONE, somebody
from tests.factories import ObligationFactory, noon, sent_return
from tests.journeys.answers import sign_off_and_send

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def version(reference_tables):
    with transaction.atomic():
        return sent_return(obligation=ObligationFactory(month=date(2021, 6, 1)))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_section_comes_back_with_a_question(visitor, version, javascript):
    unit = visitor(width=PHONE, javascript=javascript)
    partner = visitor(width=PHONE, javascript=javascript)
    obligation = version.obligation

    unit.sign_in(somebody(Role.PROGRAMME_MANAGER))
    unit.open(f"/returns/{obligation.pk}/review/")
    unit.follow("Comment on Numbers")
    unit.fill("Your comment", "Were they at the fair?")
    unit.press("Write comment")
    unit.reads("Written about Numbers.", "Were they at the fair?")
    unit.open(f"/returns/{obligation.pk}/review/")
    unit.fill("What should the partner change?", "Look at it again.")
    unit.field("Who they were").check()
    unit.fill("What should change in Who they were?", "The ages.")
    if javascript:  # without, what is written is meant
        unit.field("Who they were").uncheck()
    unit.field("Numbers").check()
    unit.fill("What should change in Numbers?", "Contacts seem low.")
    assert not (javascript and unit.axe())
    unit.press("Return to partner")
    asked = ["", "numbers"] if javascript else ["", "numbers", "who"]
    assert sorted(SentBack.objects.values_list("section", flat=True)) == asked

    partner.sign_in(somebody(Role.PARTNER, obligation.delivery.partner))
    partner.reads("Look at it again.", "Contacts seem low.", "1 comment to answer")
    partner.press("Change return")
    partner.reads("To change", "Look at it again.", "Contacts seem low.")
    partner.follow("Numbers", exact=True)
    partner.reads("The unit asks you to change this section", "Contacts seem low.", "Were they at the fair?")
    partner.fill("Contacts", "40")
    partner.press("Save and see all parts")
    if javascript:
        partner.sees_no("To change")
    partner.follow("Numbers", exact=True)
    partner.follow("Answer on Numbers")
    partner.fill("Your comment", "Yes, all of them.")
    partner.press("Write comment")
    partner.reads("Yes, all of them.")
    assert not (javascript and partner.axe())
    partner.open("/")
    partner.sees_no("comment to answer")
    version.refresh_from_db()
    assert (version.state, version.typed["contacts"]) == (ReturnVersion.State.RETURNED, "40")


@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_accepted_is_unlocked_corrected_and_revised(visitor, version, javascript):
    obligation = version.obligation
    manager = somebody(Role.PROGRAMME_MANAGER, name="Callum")
    moment = noon(date(2021, 7, 20))
    decisions.accept(submission=version.latest_submission, by=manager, now=moment)
    release = releases.produce(month=obligation.period, by=None, now=moment)
    factories.approve(release=release, by=manager, now=moment)
    partner, unit = visitor(width=PHONE, javascript=javascript), visitor(javascript=javascript)

    partner.sign_in(somebody(Role.PARTNER_LEAD, obligation.delivery.partner, name="Asha Patel"))
    partner.open("/our-returns/?year=2021")
    partner.follow("Ask to change")
    partner.fill("What is to be changed, and why?", "We left two visits out.")
    partner.press("Ask the unit")
    partner.reads("Asha Patel asked on", "We left two visits out.")
    assert not (javascript and partner.axe())

    unit.sign_in(manager)
    unit.reads("Asha Patel asks to change the accepted June 2021 return")
    unit.follow("Asha Patel asks")
    unit.press("Unlock return")
    unit.reads("Unlocked:", "In force")
    assert not (javascript and unit.axe())

    partner.open("/")
    partner.follow("Correct this return")
    partner.page.get_by_label("Correction").check()
    partner.press("Start correction")
    partner.follow("Numbers", exact=True)
    partner.fill("Contacts", "12")
    partner.press("Save and see all parts")
    partner.press("Check and send")
    sign_off_and_send(partner)

    unit.open(f"/returns/{obligation.pk}/review/")
    unit.press("Accept")
    unit.open("/")
    unit.reads("1 revision waits for the next release.")
    unit.follow("See which")
    unit.reads(f"{obligation}", "Correction", "by Callum", "Reach to June 2021, release 1")
    assert not (javascript and unit.axe())
