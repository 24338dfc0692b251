"""A return that comes back: the unit ticks a section and asks, the partner changes it and answers on a phone."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction

from outcomes.models import ReturnVersion
from partners.permissions import Role
from tests.browser import PHONE, somebody
from tests.factories import ObligationFactory, sent_return

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def version(transactional_db):
    call_command("load_reference_tables", verbosity=0)
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
    unit.fill("What should the partner change?", "Contacts seem low.")
    unit.page.get_by_label("Numbers").check()
    unit.press("Return to partner")

    partner.sign_in(somebody(Role.PARTNER, obligation.delivery.partner))
    partner.reads("Contacts seem low.", "1 comment to answer")
    partner.press("Change return")
    partner.reads("To change", "In: Numbers.")
    partner.follow("Numbers", exact=True)
    partner.reads("The unit asks you to change this section", "Were they at the fair?")
    partner.fill("Contacts", "40")
    partner.press("Save and see all parts")
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
