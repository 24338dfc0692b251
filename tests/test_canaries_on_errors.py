"""A register that breaks the portal leaves nobody's name behind: not on the page, nor in the log, the mail about it,
the database, Redis or any file."""

import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.log import AdminEmailHandler
from django.views.debug import get_default_exception_reporter_filter

from partners.permissions import Role
from programmes.models import CountingBasis
from tests.canaries import everything_in_redis, everything_in_the_database, files_written_since
from tests.factories import DeliveryFactory, ObligationFactory, user_with
from vru_portal.core import tables_in
from vru_portal.core.error_reports import WithoutFiles
from vru_portal.core.how_far import new_token
from vru_portal.core.tables_in import Row

pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]

# Not those that another test looks for: it may search the same server at the same time.
CANARIES = (
    "Peregrine",
    "Whistlethorpe",
    "23/07/2010",
    "2010-07-23",
    "20100723",
    "YY8 8YY",
    "YY88YY",
    "date(2010",
)
ROW = {
    "Your reference": "PWT77",
    "First name": "Peregrine",
    "Last name": "Whistlethorpe",
    "Date of birth": "23/07/2010",
    "Postcode": "YY8 8YY",
    "District": "Walsall",
    "Date of contact": "14/06/2021",
    "Kind of contact": "group",
}
TABLE = "\n".join(",".join(line) for line in (ROW.keys(), ROW.values()))
TYPED = {
    "forename": "Peregrine",
    "surname": "Whistlethorpe",
    "birth": "23/07/2010",
    "postcode": "YY8 8YY",
    "contact_on": "14/06/2021",
    "kind": "group",
}


@pytest.fixture
def obligation():
    delivery = DeliveryFactory(counting_basis=CountingBasis.REGISTER)
    return ObligationFactory(delivery=delivery, month=date(2021, 6, 1))


@pytest.fixture
def client(obligation):
    client = Client(raise_request_exception=False)
    client.force_login(user_with(Role.PARTNER, obligation.delivery.partner))
    return client


@pytest.fixture
def told(settings, caplog, monkeypatch) -> Iterator[None]:
    """Everybody who could be told of an error is told all that Django tells, variables and all."""
    settings.ADMINS = [("Admin", "admin@example.org")]
    with telling_all(), caplog.at_level(logging.INFO), tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)  # all of /tmp would take long to search
        yield
        monkeypatch.undo()


@contextmanager
def telling_all(**options) -> Iterator[None]:
    handler, logger = AdminEmailHandler(include_html=True, **options), logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextmanager
def without_the_table(name: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {name} RENAME TO out_of_reach")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE out_of_reach RENAME TO {name}")


def upload(client, obligation):
    file = SimpleUploadedFile("Peregrine Whistlethorpe.csv", TABLE.encode())
    return client.post(reverse("outcomes:register", args=[obligation.pk]), {"file": file, "how_far": new_token()})


def paste(client, obligation):
    return client.post(reverse("outcomes:register", args=[obligation.pk]), {"rows": TABLE, "how_far": new_token()})


def type_a_row(client, obligation):
    return client.post(reverse("outcomes:register-row", args=[obligation.pk]), TYPED)


def places_but_the_page(caplog, began: float) -> dict[str, str]:
    return {
        "the log": caplog.text,
        "mail": mailed(),
        "the database": everything_in_the_database(),
        "Redis": everything_in_redis(),
        "files": files_written_since(began, [Path(settings.PORTAL_HOME), Path(tempfile.gettempdir())]),
    }


def mailed() -> str:
    """Each letter as text and as a page, before it is encoded."""
    pages = [str(content) for message in mail.outbox for content, _ in message.alternatives]
    return "\n".join([f"{message.subject}\n{message.body}" for message in mail.outbox] + pages)


def found_in(places: dict[str, str]) -> list[tuple[str, str]]:
    return [(canary, name) for name, held in places.items() for canary in CANARIES if canary.lower() in held.lower()]


@pytest.mark.usefixtures("told")
class TestARegisterThatBreaksThePortal:
    @pytest.mark.parametrize("send", [upload, paste, type_a_row])
    @pytest.mark.parametrize(
        "table", ["outcomes_registercontact", "outcomes_registeridentity", "outcomes_registerfile"]
    )
    def test_leaves_nobodys_name_behind(self, client, obligation, caplog, send, table):
        began = time.time()
        with without_the_table(table):
            answer = send(client, obligation)
        assert answer.status_code == 500
        places = places_but_the_page(caplog, began)
        assert f'relation "{table}" does not exist' in places["the log"]
        assert "Internal Server Error" in places["mail"]
        assert "Traceback" in places["mail"]
        assert found_in({"the page": answer.content.decode()} | places) == []

    def test_leaves_nobodys_name_behind_where_the_request_itself_is_broken(self, client, obligation, caplog):
        began = time.time()
        body = f'--cut\r\nContent-Disposition: form-data; name="rows"\r\n\r\n{TABLE}'.encode()
        for kind, status in (
            ("multipart/form-data; boundary=\x07", 400),
            ("multipart/form-data; boundary=other", 200),  # nothing was chosen
            ("text/csv", 200),
        ):
            answer = client.post(reverse("outcomes:register", args=[obligation.pk]), body, content_type=kind)
            assert answer.status_code == status, kind
            assert found_in({"the page": answer.content.decode()} | places_but_the_page(caplog, began)) == [], kind


@pytest.mark.usefixtures("told")
class TestReadingThatBreaks:
    """A generator runs outside of the function that calls it, so Django's own marks of what is sensitive are not seen
    there."""

    @pytest.fixture(autouse=True)
    def _breaks(self, monkeypatch):
        def broken(sheet, number, cells):
            if number > 1:
                raise RuntimeError("It broke at a row.")
            return Row(sheet, number, cells)

        monkeypatch.setattr(tables_in, "Row", broken)

    @pytest.fixture
    def djangos_own(self, settings):
        settings.DEFAULT_EXCEPTION_REPORTER_FILTER = "django.views.debug.SafeExceptionReporterFilter"
        get_default_exception_reporter_filter.cache_clear()
        yield
        get_default_exception_reporter_filter.cache_clear()

    @pytest.mark.parametrize("send", [upload, paste])
    def test_leaves_nobodys_name_behind(self, client, obligation, caplog, send):
        began = time.time()
        answer = send(client, obligation)
        assert answer.status_code == 500
        places = places_but_the_page(caplog, began)
        assert "_text_rows" in places["mail"]
        assert found_in({"the page": answer.content.decode()} | places) == []

    @pytest.mark.usefixtures("djangos_own")
    def test_would_leave_it_in_the_mail_but_for_our_rule(self, client, obligation):
        upload(client, obligation)
        assert "Whistlethorpe" in mailed()


class TestTheReport:
    @pytest.mark.parametrize("as_page", [True, False])
    def test_says_nothing_of_what_was_asked_for_undecoded_or_noted(self, rf, as_page):
        canary = CANARIES[1]
        request = rf.get("/returns/", {"name": canary}, headers={"referer": f"/x/?name={canary}"})
        try:
            f"{canary}\u2019".encode("ascii")
        except UnicodeError as error:
            error.add_note(canary)
            error.object, error.reason = "", "not in range"
            report = WithoutFiles(request, type(error), error, error.__traceback__)
        said = report.get_traceback_html() if as_page else report.get_traceback_text()
        assert "/returns/" in said
        assert "test_says_nothing_of_what_was_asked_for" in said
        assert canary not in said


class TestTheMailAboutAnError:
    def test_would_name_a_file_but_for_our_rule(self, settings, client, obligation):
        """So the search above does find what such a letter holds."""
        settings.ADMINS = [("Admin", "admin@example.org")]
        with telling_all(reporter_class="django.views.debug.ExceptionReporter"):
            with without_the_table("outcomes_registercontact"):
                upload(client, obligation)
            assert "Whistlethorpe" in mailed()
