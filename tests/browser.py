"""A browser in front of the portal, used as people use it: links and buttons by the names that they carry.

Every page that is met is looked at. An error in the console (which a violation of the content security policy is), an
answer of 400 and above that the test did not expect, or a body that scrolls sideways fails the test.
"""

import contextlib
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    expect,
    sync_playwright,
)

from partners.models import Organisation, User
from partners.permissions import Role
from tests.factories import PASSWORD, user_with
from tests.servers import chromium, test_database_url
from vru_portal import processes
from vru_portal.embedded import BASE_DIR, free_port
from vru_portal.run import ask_health, gunicorn_options

AXE = BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
PHONE, DESK = 360, 1440  # pixels
HEIGHT = 900
# A bound against hanging: a worker that writes a release on a busy machine takes longer than the usual five.
PATIENCE = 60_000  # milliseconds
expect.set_options(timeout=PATIENCE)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


# ---- The portal and the browser ----
@contextlib.contextmanager
def web_server(environment: dict[str, str], *options: str, workers: int = 1) -> Iterator[str]:
    """The portal's web server as in production; its address. `options` are gunicorn's own."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *gunicorn_options(port), "--workers", str(workers), *options]
    web = processes.start(Path(environment["PORTAL_HOME"]), "web", command, env=environment, cwd=BASE_DIR)
    try:
        processes.wait_until(lambda: ask_health("live", port)[0], web, "The web server")
        yield f"http://127.0.0.1:{port}"
    finally:
        web.stop()


def on_test_database(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a program that works on this test process's database and folder."""
    return environment | {
        "DATABASE_URL": test_database_url(),
        "PORTAL_HOME": str(settings.PORTAL_HOME),
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    }


@contextlib.contextmanager
def chromium_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


# ---- People ----
@lru_cache
def _password_hash() -> str:
    """By the hasher of a real installation, which the server under test is."""
    return PBKDF2PasswordHasher().encode(PASSWORD, "salt")


def somebody(role: Role, organisation: Organisation | None = None, **user) -> User:
    """Somebody who can sign in with PASSWORD."""
    person = user_with(role, organisation, **user)
    User.objects.filter(pk=person.pk).update(password=_password_hash())
    return person


class Visitor:
    """One tab of one person's browser."""

    def __init__(self, context: BrowserContext, address: str):
        self.context, self.address = context, address
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self._wrong: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self._wrong.append(f"Script: {error}"))
        self.page.on("response", self._answered)
        self._expected = {200}

    def another_tab(self) -> "Visitor":
        return Visitor(self.context, self.address)

    def expects(self, *statuses: int) -> None:
        """From now on these answers are not wrong: the test brings them about."""
        self._expected |= set(statuses)

    # ---- Going about ----
    def open(self, path: str, *, status: int = 200) -> None:
        """Type the address; `status` is the answer that is expected."""
        before, self._expected = self._expected, {status}
        answer = self.page.goto(self.address + path if path.startswith("/") else path)
        self._expected = before
        assert answer.status == status, f"{path} answered {answer.status}."
        self.look()

    def follow(self, link: str, *, exact: bool = False) -> None:
        """A link whose name has these words in it, or is exactly them."""
        self._go(self.page.get_by_role("link", name=link, exact=exact))

    def press(self, button: str, *, exact: bool = False) -> None:
        """A button that leads to another page."""
        self._go(self.page.get_by_role("button", name=button, exact=exact))

    def _go(self, what: Locator) -> None:
        with self.page.expect_navigation():
            what.click()
        self.look()

    def sign_in(self, person: User | str, password: str = PASSWORD) -> None:
        """At the page that stands there, or at the first one."""
        if "/accounts/login/" not in self.page.url:
            self.open("/")
        self.fill("Email address", getattr(person, "email", person))
        self.fill("Password", password)
        self.press("Sign in", exact=True)

    # ---- Reading and typing ----
    def fill(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def fill_in(self, answers: dict[str, str]) -> None:
        for label, text in answers.items():
            self.fill(label, text)

    def finds_typed(self, answers: dict[str, str]) -> None:
        for label, text in answers.items():
            expect(self.field(label), label).to_have_value(text)

    def tab_to(self, what: Locator, most: int = 150) -> None:
        """Press Tab until the focus is there."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if what.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{most} times Tab did not lead to {what}.")

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def reads(self, *sentences: str) -> None:
        """Each of them stands on the page, or comes within seconds."""
        for sentence in sentences:
            expect(self.page.locator("main")).to_contain_text(sentence)

    def sees_no(self, text: str) -> None:
        expect(self.page.locator("body")).not_to_contain_text(text)

    @property
    def title(self) -> str:
        return self.page.title()

    # ---- Looking ----
    def look(self) -> None:
        """At the page that stands there."""
        wrong = self.wrongs()
        assert not wrong, "\n".join(wrong)

    def wrongs(self) -> list[str]:
        """What is wrong with this page and on the way to it."""
        width = self.page.viewport_size["width"]
        content = self.page.evaluate("document.documentElement.scrollWidth")
        wrong, self._wrong = self._wrong, []
        if content > width:
            wrong.append(f"{self.page.url} is {content} px wide in a window of {width} px.")
        return wrong

    def axe(self) -> list[str]:
        """What axe finds wrong with the page that stands there."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        self._wrong = []  # what axe itself may not do under our content security policy
        return [
            f"{self.page.url} at {self.page.viewport_size['width']} px: {violation['help']}: {node['html'][:200]}"
            for violation in found["violations"]
            for node in violation["nodes"][:3]
        ]

    def _heard(self, message: ConsoleMessage) -> None:
        # An answer of 400 and above is heard of below, with its address.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._wrong.append(f"Console of {self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self._wrong.append(f"{response.url} answered {response.status}.")
