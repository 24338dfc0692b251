"""What the log says of somebody who may not do something."""

import io
import logging

import pytest
from django.conf import settings
from django.test import Client

from partners.permissions import Role
from tests.factories import user_with
from vru_portal.core.refusals import WithoutTraceback


@pytest.mark.django_db
def test_a_page_that_is_refused_is_one_line_in_the_log():
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.addFilter(WithoutTraceback())
    logging.getLogger("django.request").addHandler(handler)
    try:
        client = Client()
        client.force_login(user_with(Role.PARTNER))
        assert client.get("/settings/register-keys/").status_code == 403
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    assert log.getvalue().count("\n") == 1
    assert "without_traceback" in settings.LOGGING["handlers"]["console"]["filters"]
