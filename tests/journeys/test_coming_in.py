"""How people get in: by invitation, and the first of all by a command."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import expect

from partners.permissions import Role
from tests.browser import PHONE, somebody
from tests.factories import OrganisationFactory
from vru_portal import mailbox

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PASSWORD = "towpath heron lantern"


def join(newcomer, link, name):
    newcomer.open(link)
    newcomer.fill("Your name", name)
    newcomer.fill("Choose a password", "short")
    newcomer.press("Join")
    newcomer.reads("Choose a password of 12 characters or more")
    assert newcomer.axe() == []
    expect(newcomer.field("Your name")).to_have_value(name)
    newcomer.fill("Choose a password", PASSWORD)
    newcomer.press("Join")


class TestAnInvitation:
    def test_leads_from_the_mail_to_the_first_page(self, visitor):
        OrganisationFactory(name="Corner Boxing Club")
        manager, newcomer = visitor(), visitor(width=PHONE)
        manager.sign_in(somebody(Role.PROGRAMME_MANAGER))
        manager.follow("Partners", exact=True)
        manager.follow("Corner Boxing Club")
        manager.follow("Invite")
        manager.fill("Email address", "asha@example.org")
        manager.page.get_by_role("radio", name="Partner", exact=True).check()
        manager.press("Send invitation")
        manager.reads("asha@example.org is invited.")

        mail = mailbox.messages(settings.EMAIL_FILE_PATH)[0]
        assert mail.to == "asha@example.org"
        [link] = re.findall(r"http\S+/join/\S+", mail.body)
        join(newcomer, link, "Asha Patel")
        newcomer.reads("Welcome to Corner Boxing Club.", "Nothing is due")

        again = visitor()
        again.open(link, status=410)
        again.reads("used already")
        again.sign_in("asha@example.org", PASSWORD)
        assert again.title.startswith("Due now: nothing")


class TestTheFirstAdministrator:
    def test_comes_in_by_a_command(self, visitor, portal):
        output = StringIO()
        call_command("create_administrator", "noor@example.org", url=portal, stdout=output)
        newcomer = visitor()
        join(newcomer, output.getvalue().splitlines()[-1], "Noor Aziz")
        newcomer.reads("Welcome to")
        assert newcomer.title.startswith("Today: ")
        for section in ("Reach", "Returns", "Programmes", "Partners", "Money", "Releases", "Settings"):
            newcomer.follow(section, exact=True)
