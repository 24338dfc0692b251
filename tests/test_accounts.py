"""The pages around signing in: those of allauth that are open, and what they do to an account."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from partners.permissions import Role
from tests.factories import PASSWORD, user_with
from tests.test_permissions import every_view

NEW_PASSWORD = "an even longer test password"


@pytest.fixture
def person(db):
    return user_with(Role.PARTNER)


@pytest.fixture
def forgetful(person, client) -> str:
    """The address in the message that somebody gets who has forgotten the password."""
    client.post(reverse("account_reset_password"), {"email": person.email})
    return re.search(r"http://testserver(\S+)", mail.outbox[0].body).group(1)


def choose_another(client, address: str, password: str = NEW_PASSWORD):
    """What the link in the message leads to."""
    form = client.get(address, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": password, "password2": password}, follow=True)


class TestPages:
    def test_are_those_that_we_need_and_no_others(self):
        assert {name for name, _ in every_view() if name.startswith("account")} == {
            "account_login",
            "account_logout",
            "account_inactive",
            "account_signup",
            "account_reauthenticate",
            "account_change_password",
            "account_set_password",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key",
            "account_reset_password_from_key_done",
        }

    @pytest.mark.parametrize("page", ["email", "confirm-email", "login/code", "login/code/confirm", "phone/change"])
    def test_of_allauth_that_we_do_not_need_are_not_there(self, page, person, client):
        client.force_login(person)
        assert client.get(f"/accounts/{page}/").status_code == 404
        assert client.post(f"/accounts/{page}/", {"email": "boss@example.org", "action_add": ""}).status_code == 404

    def test_say_that_nobody_signs_up(self, db, client):
        page = client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})
        assert "invit" in page.content.decode()

    def test_lead_from_a_forgotten_password_to_another(self, person, forgetful, client):
        choose_another(client, forgetful)
        client.logout()
        client.post(reverse("account_login"), {"login": person.email, "password": NEW_PASSWORD})
        assert client.get(reverse("home")).status_code == 200

    def test_write_to_an_address_without_an_account_that_there_is_none(self, db, client):
        client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
        assert "There is no account with this address" in mail.outbox[0].body
