"""The pages around signing in: those of allauth that are open, and what they do to an account."""

import re
from uuid import uuid4

import pytest
import yaml
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from outcomes.demo.people import PASSWORD as DEMO_PASSWORD
from outcomes.demo.people import demo_accounts
from partners.actions import accounts, invitations
from partners.forms import HOW_TO_CHOOSE
from partners.models import Event
from partners.permissions import Role
from tests.factories import PASSWORD, MembershipFactory, user_with
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


class TestTheDoor:
    def test_shows_the_accounts_of_a_demonstration(self, db, client, settings):
        settings.DEMO = True
        page = client.get(reverse("account_login")).content.decode()
        assert [account.email for account in demo_accounts() if account.email not in page] == []
        assert DEMO_PASSWORD in page

    def test_shows_none_of_them_elsewhere(self, db, client, settings):
        settings.DEMO = False
        page = client.get(reverse("account_login")).content.decode()
        assert [account.email for account in demo_accounts() if account.email in page] == []
        assert DEMO_PASSWORD not in page


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

    @pytest.mark.parametrize("page", ["account_login", "account_reset_password"])
    def test_ask_for_an_email_address_as_invitations_do(self, page, db, client):
        (label,) = re.findall(r"<label[^>]*>\s*(Email.*?)\s*</label>", client.get(reverse(page)).content.decode())
        assert label == "Email address"

    def test_say_that_nobody_signs_up(self, db, client):
        page = client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})
        assert "invit" in page.content.decode()

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"oldpassword": "not this one"}, "Enter the password that you sign in with now"),
            ({"oldpassword": ""}, "Enter your current password"),
            ({"password1": "short"}, "Choose a password of 12 characters or more"),
            (
                {"password1": "password1234"},
                "Choose a password that few people use: three words that belong together only for you are good",
            ),
            ({"password2": "another long test password"}, "Type the same new password in both boxes"),
            ({"password2": ""}, "Enter the new password again"),
        ],
    )
    def test_say_in_one_sentence_what_to_do_about_a_password(self, wrong, sentence, person, client):
        client.force_login(person)
        typed = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        form = client.post(reverse("account_change_password"), typed | wrong).context["form"]
        assert [said for field in form for said in field.error_sentences] == [sentence]
        person.refresh_from_db()
        assert person.check_password(PASSWORD)

    @pytest.mark.parametrize("page", ["account_change_password", "account_set_password"])
    def test_ask_for_a_new_password_as_invitations_do(self, page, person, client):
        if page == "account_set_password":
            person.set_unusable_password()
            person.save()
        client.force_login(person)
        shown = client.get(reverse(page)).content.decode()
        labels = [" ".join(label.split()) for label in re.findall(r"<label[^>]*>(.*?)</label>", shown, re.DOTALL)]
        assert labels[-2:] == ["New password", "New password again"]
        assert HOW_TO_CHOOSE in shown

    def test_say_of_a_forgotten_password_that_the_two_differ(self, forgetful, client):
        form = client.get(forgetful, follow=True)
        typed = {"password1": NEW_PASSWORD, "password2": "another long test password"}
        page = client.post(form.request["PATH_INFO"], typed).content.decode()
        assert "Type the same new password in both boxes" in page

    def test_lead_from_a_forgotten_password_to_another(self, person, forgetful, client):
        choose_another(client, forgetful)
        client.logout()
        client.post(reverse("account_login"), {"login": person.email, "password": NEW_PASSWORD})
        assert client.get(reverse("home")).status_code == 200

    def test_write_to_an_address_without_an_account_that_there_is_none(self, db, client):
        client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
        assert "There is no account with this address" in mail.outbox[0].body


class TestTokens:
    """A token is no way around a new password, nor around the end of the last role."""

    @pytest.fixture
    def token(self, person) -> dict[str, str]:
        return {"Authorization": f"Token {accounts.create_token(by=person, now=timezone.now())}"}

    def reads(self, client, token) -> bool:
        client.logout()
        return client.get("/api/v1/programmes/", headers=token).status_code == 200

    def test_end_when_the_password_is_changed(self, person, token, client):
        assert self.reads(client, token)
        client.force_login(person)
        typed = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        assert client.post(reverse("account_change_password"), typed).status_code == 302
        assert client.get(reverse("home")).status_code == 200  # still signed in
        assert not self.reads(client, token)
        assert Event.objects.filter(name="partners.password.changed", by=person).exists()

    def test_end_when_a_forgotten_password_is_chosen_anew(self, token, forgetful, client):
        choose_another(client, forgetful)
        assert not self.reads(client, token)

    def test_stay_when_the_new_password_is_refused(self, token, forgetful, client):
        choose_another(client, forgetful, password="short")
        assert self.reads(client, token)

    def test_end_with_the_last_role_alone(self, person, token):
        unit, now = user_with(Role.DIRECTOR), timezone.now()
        first = person.memberships.get()
        second = MembershipFactory(user=person)
        invitations.end_membership(membership=first, by=unit, now=now)
        assert AuthToken.objects.filter(user=person).exists()
        invitations.end_membership(membership=second, by=unit, now=now)
        assert not AuthToken.objects.filter(user=person).exists()


def an_address() -> str:
    """Nobody's before, in a network of its own: the counts are kept by a real Redis, for the first 64 bits."""
    return f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1"


class TestAttempts:
    """Failed sign-ins are counted by address, and behind a proxy by the one that the proxy saw."""

    def tries(self, client, forwarded: str) -> str:
        typed = {"login": f"{uuid4()}@example.org", "password": "a wrong password"}
        page = client.post(reverse("account_login"), typed, headers={"X-Forwarded-For": forwarded})
        return page.content.decode()

    def test_are_answered_in_plain_words_that_say_how_long_to_wait(self, db, client):
        email, address = f"{uuid4()}@example.org", an_address()
        typed = {"login": email, "password": "a wrong password"}
        pages = [client.post(reverse("account_login"), typed, REMOTE_ADDR=address).content.decode() for _ in range(6)]
        assert "do not go together. Check both" in pages[0]
        assert "Wait five minutes, then try again: until then the right password is refused too." in pages[-1]

    def test_of_one_reader_do_not_lock_out_the_others(self, db, client, settings):
        address, another = an_address(), an_address()
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        for number in range(10):
            self.tries(client, f"10.0.0.{number}, {address}")  # whatever the browser says goes before
        assert "Too many" in self.tries(client, f"10.0.0.99, {address}")
        page = self.tries(client, another)
        assert "<title>Error: Sign in" in page
        assert "Too many" not in page

    def test_are_by_the_proxy_s_word_only_where_there_is_one(self, settings):
        assert settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0
        compose = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())
        assert compose["services"]["web"]["environment"]["TRUSTED_PROXIES"] == "${TRUSTED_PROXIES:-1}"
