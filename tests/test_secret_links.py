"""What lets somebody in stays out of logs, and off the page that shows mail."""

import io
import logging
import subprocess
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from gunicorn.config import Config

from partners.actions import invitations
from partners.permissions import Role
from tests.factories import OrganisationFactory, user_with
from vru_portal.core.secret_links import WithoutSecrets, without_secrets
from vru_portal.embedded import BASE_DIR

INVITATION = "/partners/join/qg8ZxT_4-bd/"
RESET = "/accounts/password/reset/key/2a-dbk93s-0f6c8e/"


class TestWithoutSecrets:
    @pytest.mark.parametrize(
        ("text", "without"),
        [
            (
                f"Open https://portal.example{INVITATION} today",
                "Open https://portal.example/partners/join/(secret)/ today",
            ),
            (f"GET {RESET} HTTP/1.1", "GET /accounts/password/reset/key/(secret)/ HTTP/1.1"),
            (f"/accounts/login/?next={INVITATION}", "/accounts/login/?next=/partners/join/(secret)/"),
            ("?next=%2Fpartners%2Fjoin%2Fqg8ZxT_4-bd%2F&x=1", "?next=%2Fpartners%2Fjoin%2F(secret)&x=1"),
        ],
    )
    def test_leaves_the_rest_of_the_text(self, text, without):
        assert without_secrets(text) == without

    @pytest.mark.parametrize(
        "path", ["/accounts/password/reset/key/done/", "/partners/7/", "/accounts/password/reset/"]
    )
    def test_leaves_other_addresses(self, path):
        assert without_secrets(path) == path


class TestAccessLog:
    def test_has_no_secret_in_any_part_of_a_line(self):
        log = _class_named_by_the_dockerfile()(Config())
        answer = SimpleNamespace(status="200 OK", sent=1024, headers=[])
        environ = {
            "REQUEST_METHOD": "GET",
            "RAW_URI": f"{INVITATION}?next={RESET}",
            "PATH_INFO": INVITATION,
            "QUERY_STRING": f"next={RESET}",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_REFERER": f"https://portal.example{RESET}",
        }
        headers = SimpleNamespace(headers=[("REFERER", environ["HTTP_REFERER"])])
        parts = log.atoms(answer, headers, environ, timedelta(seconds=1))
        assert parts["r"] == "GET /partners/join/(secret)/?next=/accounts/password/reset/key/(secret)/ HTTP/1.1"
        assert "qg8ZxT" not in str(parts)
        assert "dbk93s" not in str(parts)


def _class_named_by_the_dockerfile() -> type:
    command = (BASE_DIR / "Dockerfile").read_text().rpartition("CMD [")[2]
    options = [part.strip(' "]\\\n') for part in command.split(",")]
    return import_string(options[options.index("--logger-class") + 1])


class TestOurLog:
    def test_names_a_refused_page_without_its_secret(self, db):
        [handler] = [found for found in logging.getLogger().handlers if _is_ours(found)]
        written = io.StringIO()
        before = handler.setStream(written)
        try:
            _, link = invitations.invite(
                email="new@example.org",
                organisation=OrganisationFactory(),
                role=Role.PARTNER,
                by=None,
                now=timezone.now(),
                link_to=lambda secret: reverse("partners:invitation-accept", args=[secret]),
            )
            assert Client(enforce_csrf_checks=True).post(link).status_code == 403
        finally:
            handler.setStream(before)
        assert "/partners/join/(secret)/" in written.getvalue()
        assert link not in written.getvalue()


def _is_ours(handler: logging.Handler) -> bool:
    return any(isinstance(found, WithoutSecrets) for found in handler.filters)


@pytest.fixture
def a_message(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", tmp_path
    body = f"Open this link:\n\nhttps://portal.example{RESET}\n"
    get_connection(settings.EMAIL_BACKEND).send_messages(
        [EmailMessage("Your password", body, "portal@example.org", ["a@example.org"])]
    )


class TestMessagesPage:
    @pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
    def test_shows_the_folder_to_administrators_alone(self, role, a_message, db, client):
        client.force_login(user_with(role))
        assert "Your password" not in client.get(reverse("message-list")).content.decode()

    def test_leaves_secrets_out(self, a_message, db, client):
        client.force_login(user_with(Role.ADMINISTRATOR))
        shown = client.get(reverse("message-list")).content.decode()
        assert "Your password" in shown
        assert "https://portal.example/accounts/password/reset/key/(secret)/" in shown
        assert "dbk93s" not in shown

    def test_shows_them_in_the_demonstration(self, a_message, db, client, settings):
        settings.DEMO = True
        client.force_login(user_with(Role.ADMINISTRATOR))
        assert RESET in client.get(reverse("message-list")).content.decode()


class TestTheDemo:
    def test_is_not_loaded_by_a_real_installation(self):
        script = (
            "import sys, django; django.setup(); import vru_portal.urls; "
            "sys.exit(any(name.startswith('outcomes.demo') for name in sys.modules))"
        )
        subprocess.run([sys.executable, "-c", script], check=True, cwd=BASE_DIR)
