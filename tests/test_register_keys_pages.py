"""What the site shows of register keys."""

import pytest
from django.test import Client
from django.urls import reverse

from partners.permissions import Role
from tests.ceremony import OLD, make
from tests.factories import user_with
from tests.test_registers_pages import text


@pytest.fixture
def staff(db):
    client = Client()
    client.force_login(user_with(Role.FINANCE_OFFICER))
    return client


class TestPage:
    def page(self, client) -> str:
        return text(client.get(reverse("outcomes:register-keys")))

    def test_says_what_was_set_by_hand(self, staff, keys_file):
        page = self.page(staff)
        assert f"Version 1 {OLD.fingerprint} not made in a ceremony 0 Configured" in page
        assert OLD.secret.hex() not in page

    def test_says_who_made_a_key_and_what_to_do_when_it_is_missing(self, staff, keys_file, custodians):
        key = make(custodians)
        assert (
            f"Version 2 {key.fingerprint} 20 June 2021 by {custodians[0]} and {custodians[1]} 0 Configured"
            in self.page(staff)
        )
        keys_file.write_text(OLD.line + "\n")
        page = self.page(staff)
        assert "Missing" in page
        assert "make_register_key --restore 2" in page

    def test_says_that_another_key_stands_in_its_place(self, staff, keys_file, custodians):
        make(custodians)
        keys_file.write_text(f"{OLD.line}\n2 {'ab' * 32}\n")
        assert "What is configured as version 2 is not what was made" in self.page(staff)

    def test_says_what_is_wrong_with_the_file(self, staff, keys_file):
        keys_file.write_text("nonsense")
        assert "Line 1 of the register keys is not a version" in self.page(staff)

    def test_says_how_to_begin(self, staff, settings):
        settings.REGISTER_KEYS_FILE = settings.REGISTER_KEYS = ""
        assert "There is no key" in self.page(staff)
        settings.REGISTER_KEYS_FILE = "/there/is/none"
        assert "Two custodians make the first one" in self.page(staff)
