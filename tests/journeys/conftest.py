"""The portal as in production on the test database, and people with browsers in front of it."""

import os

import pytest
from django.db import connection

from tests import prepared
from tests.browser import DESK, HEIGHT, Visitor, chromium_browser, on_test_database, web_server


@pytest.fixture(scope="session")
def portal(django_db_setup):
    """The address of the portal."""
    with web_server(on_test_database(os.environ)) as address:
        yield address


@pytest.fixture(scope="package")
def browser():
    # Playwright's loop runs in this thread, which Django takes for asynchronous code; no journey is.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # Until it ends Django has another connection here. What is left open breaks when its database is replaced.
    connection.close()
    with chromium_browser() as browser:
        yield browser
        connection.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def reference_tables(transactional_db):
    """The journey finds the code lists and the return templates that come with the portal."""
    connection.close()
    prepared.copy(prepared.reference_tables(), connection.settings_dict["NAME"])


@pytest.fixture
def visitor(browser, portal):
    """`visitor(width=360, javascript=False)`: somebody with a browser of their own."""
    contexts = []

    def arrive(*, width: int = DESK, javascript: bool = True) -> Visitor:
        contexts.append(
            browser.new_context(viewport={"width": width, "height": HEIGHT}, java_script_enabled=javascript)
        )
        return Visitor(contexts[-1], portal)

    yield arrive
    for context in contexts:
        for page in context.pages:  # pytest shows it when a journey fails
            print(f"{page.url}\n{page.locator('body').aria_snapshot()}\n")  # noqa: T201
        context.close()
