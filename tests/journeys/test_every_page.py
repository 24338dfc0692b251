"""Every page that each role reaches from its home page by following links, and those for nobody signed in.

The first page of each kind is looked at wide and narrow, gone through with Tab, and opened where no script runs.
"""

import os
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from playwright.sync_api import Browser

from outcomes.demo.people import Account, demo_accounts
from partners.models import User
from partners.permissions import AUDIENCES, Role
from tests import prepared
from tests.browser import DESK, HEIGHT, PHONE, Visitor, on_test_database, web_server
from tests.factories import noon
from tests.journeys.demo_lacks import add_what_the_demo_lacks, approve_before_its_day
from tests.journeys.keyboard import wrong_by_keyboard
from tests.journeys.without_scripts import inventory, wrong_without_scripts
from tests.test_permissions import RETURNS_STAFF, every_view, roles_that_may_open

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

OURS = ("partners:", "programmes:", "funding:", "outcomes:")
FILES = (".zip", ".csv", ".json", ".xlsx")
# What an address leads to depends on the row: so many pages are opened instead of one.
MORE = {
    "outcomes:template-detail": 2,
    "outcomes:measure-detail": 2,
    "outcomes:return-detail": 25,
    "outcomes:return-fill-in": 8,
    "partners:organisation-detail": 4,
    "funding:award-year-detail": 6,
    "funding:facility-detail": 9,
    "funding:award-detail": 6,
    "funding:claim-detail": 4,
    "funding:budget": 4,
    "funding:import": 2,
    "funding:application": 4,
    "funding:spending": 4,
    "outcomes:funder-report": 2,
    "outcomes:report-mapping": 3,
    "outcomes:quarter-report": 3,
}
# Nothing that is opened leads to them: a mail does, a form that is filled in, a page that saves itself or asks how far
# it is, a measure that nothing asks yet. Other tests come by and look.
WITHOUT_A_LINK = {
    "outcomes:register-how-far",
    "partners:invitation-accept",
    "outcomes:return-check",
    "outcomes:return-save",
    "outcomes:measure-delete",
}
# Roles walk in two parties, side by side. A page that both may open is examined by the one whose subject it is.
PARTIES = {"returns": RETURNS_STAFF, "money": set(Role) - RETURNS_STAFF}
OF_MONEY = ("funding:", "money", "finance")
# What a role may open and finds no way to. What is public, of which staff and auditors read more elsewhere; what the
# finance officer proposed, and another approves; what is of a return, a register, a claim or an invitation that is not
# at that stage where the role comes by; what only the last to approve finds.
PUBLIC = {"outcomes:downloads", "outcomes:figures"}
NOT_SENT = {"outcomes:register-change", "outcomes:return-correct", "outcomes:return-take-back"}
LEFT_TO_OTHERS = {
    Role.DIRECTOR: PUBLIC | NOT_SENT | {"partners:invitation-withdraw"},
    Role.PROGRAMME_MANAGER: PUBLIC | NOT_SENT | {"partners:invitation-withdraw", "outcomes:release-stop"},
    Role.ANALYST: PUBLIC | NOT_SENT | {"outcomes:release-stop"},
    Role.FINANCE_OFFICER: PUBLIC
    | {
        "funding:award-approve",
        "funding:budget-change-approve",
        "funding:confirmation-approve",
        "funding:payments-approve",
        "funding:receipt-approve",
        "funding:spend-approve",
        "funding:step-approve",
    },
    Role.ADMINISTRATOR: PUBLIC | {"partners:invitation-withdraw"},
    Role.PARTNER_LEAD: {"outcomes:return-take-back"},
    Role.PARTNER: {"funding:claim-fill-in", "outcomes:register-change", "outcomes:return-correct"},
    Role.COMMISSIONER: set(),
    Role.AUDITOR: PUBLIC,
}


@pytest.fixture
def demo(transactional_db):
    """The address of a portal with the demo region, on the region's day."""
    connection.close()
    prepared.copy(prepared.demo_region(), connection.settings_dict["NAME"])
    prepared.copy_files(settings.MEDIA_ROOT)
    environment = on_test_database(os.environ) | {"DEMO": "1"}
    with web_server(environment, "--config", "python:tests.on_demo_day") as address:
        yield address


class Reader:
    """Somebody with one browser where scripts run and one where none does."""

    def __init__(self, browser: Browser, address: str) -> None:
        window = {"viewport": {"width": DESK, "height": HEIGHT}}
        self.contexts = [browser.new_context(**window), browser.new_context(**window, java_script_enabled=False)]
        self.visitor = Visitor(self.contexts[0], address)
        self.without_scripts = self.contexts[1].new_page()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        for context in self.contexts:
            context.close()

    def sign_in(self, account: Account) -> None:
        self.visitor.sign_in(account.email, account.password)
        self.contexts[1].add_cookies(self.contexts[0].cookies())

    def examine(self, link: str) -> tuple[str, list[str]]:
        """The page's text, and what is wrong with it."""
        page = self.visitor.page
        text = page.goto(link).text()
        with_scripts = inventory(page)
        wrong = self.visitor.wrongs() + self.visitor.axe()
        wrong += [f"{link} by keyboard: {sentence}" for sentence in wrong_by_keyboard(page)]
        page.set_viewport_size({"width": PHONE, "height": HEIGHT})
        wrong += self.visitor.wrongs() + self.visitor.axe()
        page.set_viewport_size({"width": DESK, "height": HEIGHT})
        self.without_scripts.goto(link)
        found = wrong_without_scripts(self.without_scripts, with_scripts)
        return text, wrong + [f"{link} without scripts: {sentence}" for sentence in found]


@dataclass
class Crawl:
    """What the roles of a party have met so far, by the names of the addresses."""

    address: str
    party: str
    reached: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    opened: set[str] = field(default_factory=set)
    examined: set[tuple] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def by(self, account: Account, reader: Reader) -> None:
        """Opens one page of each name that there is a way to; forms that change something are left alone."""
        reader.sign_in(account)
        own, met, waiting = Counter(), set(), deque([self.address + "/"])
        while waiting:
            here = waiting.popleft()
            for path, may_be_opened in links_in(self._open(reader, account, here)):
                link = urljoin(here, path).partition("#")[0]
                name = self._name(link)
                self.reached[account.code].add(name)
                if name and may_be_opened and link not in met and not self._is_known(name, own):
                    own[name] += 1
                    waiting.append(link)
                met.add(link)
        self.opened |= own.keys()

    def by_one_page(self, account: Account, reader: Reader, page: str) -> None:
        """What a page leads to that it did not when the account came by."""
        reader.sign_in(account)
        text = reader.visitor.context.request.get(self.address + page).text()
        for path, _ in links_in(text):
            link = urljoin(self.address + page, path).partition("#")[0]
            if (name := self._name(link)) not in self.reached[account.code]:
                self.reached[account.code].add(name)
                self._open(reader, account, link)

    def _is_known(self, name: str, own: Counter) -> bool:
        if name.startswith("admin:"):
            # The same for all who may edit reference tables.
            return name in self.opened or name in own or self.party not in parties_that_examine(name)
        return own[name] >= MORE.get(name, 1)

    def _open(self, reader: Reader, account: Account, link: str) -> str:
        """The page's text. The first page of each kind is examined."""
        name = self._name(link)
        kind = _kind(name, account)
        is_left = kind in self.examined or self.party not in parties_that_examine(name)
        if is_left or urlsplit(link).path.endswith(FILES):
            answer = reader.visitor.context.request.get(link)
            self.wrong += [] if answer.ok else [f"{account.role}: {link} answered {answer.status}."]
            return answer.text()
        self.examined.add(kind)
        text, wrong = reader.examine(link)
        self.wrong += [f"{account.role}: {sentence}" for sentence in wrong]
        return text

    def _name(self, link: str) -> str:
        """Empty for what is no page of ours: other sites, and the API, which tests of its own read."""
        is_page = link.startswith(self.address) and not link.startswith(f"{self.address}/api/v1/")
        return _name_of(urlsplit(link).path) if is_page else ""


@cache
def _name_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


class _Links(HTMLParser):
    """Where each link and form leads, and whether going there changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "a" and given.get("href"):
            self.found.append((given["href"], True))
        elif tag == "form":
            self.found.append((given.get("action") or "", given.get("method", "get").lower() == "get"))


def links_in(html: str) -> list[tuple[str, bool]]:
    parser = _Links()
    parser.feed(html)
    return parser.found


def parties_that_find(name: str) -> set[str]:
    """Of those that may open the page; a page that is not ours says nothing of roles."""
    roles = roles_by_view().get(name, set(Role))
    finders = {role for role in roles if name not in LEFT_TO_OTHERS[role]}
    return {party for party in PARTIES if finders & PARTIES[party]}


def parties_that_examine(name: str) -> set[str]:
    """One, but of the home page, which looks different to others."""
    found = parties_that_find(name)
    subject = "money" if name.startswith(OF_MONEY) else "returns"
    return {subject} if subject in found and name != "home" else found


@cache
def roles_by_view() -> dict[str, set[Role]]:
    return {name: roles_that_may_open(callback) for name, callback in every_view()}


def _kind(name: str, account: Account) -> tuple[str, ...]:
    """Pages of one kind look alike: of the reference tables all lists do, all forms, and so on."""
    if name == "home":
        return name, AUDIENCES[account.code]
    return ("admin", name.rpartition("_")[2]) if name.startswith("admin:") else (name,)


def test_every_page_is_found_by_somebody():
    assert [name for name in roles_by_view() if not parties_that_find(name)] == []


@pytest.mark.region
@pytest.mark.long
@pytest.mark.parametrize("party", PARTIES)
def test_is_sound_and_every_page_is_found_from_home(party, demo, browser, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: noon(prepared.DEMO_DAY))
    invitation = add_what_the_demo_lacks()
    crawl = Crawl(demo, party)
    accounts = {account.code: account for account in demo_accounts() if account.code in PARTIES[party]}
    for account in accounts.values():
        with Reader(browser, demo) as reader:
            crawl.by(account, reader)
    if director := accounts.get(Role.DIRECTOR):
        page = approve_before_its_day(User.objects.get(email=director.email))
        with Reader(browser, demo) as reader:
            crawl.by_one_page(director, reader, page)
        with Reader(browser, demo) as nobody:
            for address in (reverse("account_login"), reverse("account_reset_password"), invitation):
                crawl.wrong += nobody.examine(demo + address)[1]
    assert not crawl.wrong, "\n".join(crawl.wrong)
    left = {role: pages_open_to(role) - crawl.reached[role] - WITHOUT_A_LINK for role in accounts}
    assert left == {role: LEFT_TO_OTHERS[role] for role in accounts}


def pages_open_to(role: Role) -> set[str]:
    return {name for name, roles in roles_by_view().items() if name.startswith(OURS) and role in roles}
