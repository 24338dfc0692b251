"""Pages that refuse something are as sound as those that do not."""

import pytest
from django.urls import reverse

from partners.permissions import Role
from tests.browser import DESK, PHONE, somebody

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("width", [PHONE, DESK]),
]


@pytest.fixture
def partner(visitor, width):
    found = visitor(width=width)
    found.sign_in(somebody(Role.PARTNER))
    return found


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/no-such-page/", 404, "Nothing is kept at this address, or it is not yours to see."),
        ("/settings/", 403, "Your role does not include it."),
    ],
)
def test_is_sound(partner, path, status, sentence):
    partner.open(path, status=status)
    partner.reads(sentence)
    assert partner.axe() == []


def test_is_sound_where_the_page_was_open_for_too_long(partner):
    partner.open(reverse("partners:account"))
    partner.context.clear_cookies(name="csrftoken")
    partner.expects(403)
    partner.press("Make a token")
    partner.reads("Nothing was saved or changed.")
    assert partner.axe() == []
