"""Every page that each role reaches from its home page by following links, and those for nobody signed in.

The first page of each kind is looked at wide and narrow, gone through with Tab, and opened where no script runs.
"""

import os
import subprocess
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from playwright.sync_api import Browser

from funding import deflator_csv
from funding.actions import deflators
from funding.models import AwardYear, Fund, WriteOff
from outcomes.actions import (
    cube,
    linkage,
    objections,
    publishing,
    quarter_reports,
    releases,
    report_mappings,
    unlocks,
)
from outcomes.demo.people import Account, demo_accounts
from outcomes.models import LinkQuestion, Objection, Obligation, RegisterFile, Release, ReleaseRun, ReturnVersion
from outcomes.queries import cube as queries
from outcomes.queries.linkage import accepted_versions
from outcomes.queries.objections import writings_of
from outcomes.registers.pseudonyms import Details
from partners.actions import accounts, invitations
from partners.models import Organisation, User
from partners.permissions import AUDIENCES, Role
from programmes.models import CountingBasis, Programme, Rung, Setting
from tests.browser import DESK, HEIGHT, PHONE, Visitor, on_test_database, web_server
from tests.factories import (
    BridgeProposalFactory,
    DeliveryFactory,
    GrantClaimFactory,
    InstalmentAwardFactory,
    MatchFactory,
    MeasureFactory,
    ObligationFactory,
    PartnerAwardFactory,
    PartnerPaymentFactory,
    UserFactory,
)
from tests.journeys.keyboard import wrong_by_keyboard
from tests.journeys.without_scripts import inventory, wrong_without_scripts
from tests.test_permissions import every_view
from tests.test_registers_pages import AMINA, add, csv_of
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.core.working_days import is_working_day
from vru_portal.run import MANAGE

pytestmark = [pytest.mark.journey, pytest.mark.long, pytest.mark.django_db(transaction=True)]

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


@pytest.fixture
def demo(transactional_db):
    """The address of a portal with the demo region, loaded as anybody loads it."""
    environment = on_test_database(os.environ) | {"DEMO": "1"}
    subprocess.run([*MANAGE, "load_demo"], env=environment, check=True)
    with web_server(environment) as address:
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
    """What all roles together have met so far, by the names of the addresses."""

    address: str
    reached: set[str] = field(default_factory=set)
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
                self.reached.add(name)
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
            if (name := self._name(link)) not in self.reached:
                self.reached.add(name)
                self._open(reader, account, link)

    def _is_known(self, name: str, own: Counter) -> bool:
        if name.startswith("admin:"):
            return name in self.opened or name in own  # the same for all who may edit reference tables
        return own[name] >= MORE.get(name, 1)

    def _open(self, reader: Reader, account: Account, link: str) -> str:
        """The page's text. The first page of each kind is examined."""
        kind = _kind(self._name(link), account)
        if kind in self.examined or urlsplit(link).path.endswith(FILES):
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


def _kind(name: str, account: Account) -> tuple[str, ...]:
    """Pages of one kind look alike: of the reference tables all lists do, all forms, and so on."""
    if name == "home":
        return name, AUDIENCES[account.code]
    return ("admin", name.rpartition("_")[2]) if name.startswith("admin:") else (name,)


def add_what_the_demo_lacks() -> str:
    """What waits for somebody, on pages that the crawl passes; gives the address of an invitation."""
    people = {account.code: User.objects.get(email=account.email) for account in demo_accounts()}
    now = timezone.now()
    lead = people[Role.PARTNER_LEAD]
    _, secret = invitations.invite(
        email="new@example.org",
        organisation=lead.memberships.get().organisation,
        role=Role.PARTNER,
        by=lead,
        now=now,
        link_to=lambda secret: secret,
    )
    for person in people.values():
        accounts.create_token(by=person, now=now)
    unlock_one(lead.memberships.get().organisation, by=people[Role.ANALYST])
    begin_a_register(lead)
    objections.record(
        writings=writings_of(Details(partner="", forename="Odd", surname="Oneout", postcode="ZZ9 9ZZ")),
        partner=None,
        channel=Objection.Channel.WRITTEN,
        by=people[Role.ANALYST],
        now=now,
    )
    count_the_newest_year(now)
    publishing.grant_early_access(
        release=Release.objects.filter(approved_at=None, discarded_at=None).first(),
        user=people[Role.COMMISSIONER],
        reason="Answers for it on Thursday.",
        by=people[Role.DIRECTOR],
        now=now,
    )
    begin_a_report(people[Role.ANALYST], now)
    pay_too_much(lead.memberships.get().organisation, now)
    BridgeProposalFactory()
    this_year = AwardYear.objects.get(financial_year=2026)
    GrantClaimFactory(award_year=this_year, reference="Waits")
    MatchFactory(award_year=this_year)
    prices = deflator_csv.read(b"Series,Published on,Year,Index\nGDP,30/09/2026,2026/27,100\n", "prices.csv")
    deflators.load(series=prices, by=people[Role.FINANCE_OFFICER], now=now)
    MeasureFactory(name="About to be asked")
    ReleaseRun.objects.create(
        month=date(2021, 12, 1),
        requested_by=people[Role.ANALYST],
        requested_at=now,
        beat_at=now,
        state=ReleaseRun.State.FAILED,
        problem="The worker was stopped.",
    )
    return reverse("partners:invitation-accept", args=[secret])


def approve_before_its_day(director: User) -> str:
    """The release that waited, under embargo until tomorrow; gives the address of its page."""
    release, now = Release.objects.filter(approved_at=None, discarded_at=None).first(), timezone.now()
    publishing.announce(
        month=Month.of(release.month),
        public_at=now + timedelta(days=1),
        reason="After the board.",
        by=director,
        now=now,
    )
    releases.approve(release=release, by=director, now=now, unproven_reason="Made-up data.")
    return reverse("outcomes:release-detail", args=[release.pk])


def pay_too_much(partner: Organisation, now) -> None:
    """An award that was corrected below what was paid, of which a part waits to be written off; and one that nobody has
    claimed for yet."""
    year = AwardYear.objects.get(fund=Fund.objects.last(), financial_year=FinancialYear.of(now.date()).start)
    given = {"delivery": partner.deliveries.first(), "award_year": year}
    paid = InstalmentAwardFactory(**given, amount_pence=1_200_00, paid_by="monthly")
    PartnerPaymentFactory(instalment=paid.instalments.first(), amount_pence=100_00, approved_by=UserFactory())
    PartnerAwardFactory(**given, amount_pence=-1_150_00, paid_by="monthly", note="It ended early.")
    WriteOff.objects.create(
        award=paid,
        amount_pence=20_00,
        reason="The cost of asking is higher.",
        decision_reference="D-1",
        proposed_by=UserFactory(),
        proposed_at=now,
    )
    PartnerAwardFactory(**given)


def begin_a_report(analyst: User, now) -> None:
    """To a funder: one of a quarter that nobody has signed, a draft of the next mapping, and quarters to begin."""
    who = {"by": analyst, "now": now}
    report = report_mappings.add_report(name="Local return", fund=Fund.objects.first(), **who)
    for code, label in (("1", "What worked"), ("2", "What did not")):
        facts = {"section": "In words", "code": code, "label": label, "source": "text"}
        report_mappings.put_row(mapping=report.mappings.get(), facts=facts, **who)
    year = FinancialYear(2021)
    report_mappings.publish(mapping=report.mappings.get(), first_quarter=year.quarters[0], **who)
    asked = quarter_reports.ask(report=report, quarter=year.quarters[2], **who)
    written = quarter_reports.fill(quarter_report_id=asked.pk, clock=lambda: now)
    for row in written.rows.all():
        quarter_reports.write(row=row, answer="Much.", **who)
    report_mappings.start(report=report, **who)


def unlock_one(organisation: Organisation, by: User) -> None:
    """A return that its partner may correct at present."""
    met = Obligation.objects.met().filter(delivery__partner=organisation, waived_at=None).order_by("month")
    met = met.exclude(versions__state__in=ReturnVersion.OPEN_STATES)
    until = timezone.localdate() + timedelta(days=7)
    while not is_working_day(until):
        until += timedelta(days=1)
    unlocks.unlock(obligation=met.first(), until=until, reason="One group was missed.", by=by, now=timezone.now())


def count_the_newest_year(now) -> None:
    """What the worker does for all years; and one decision of those that may be undone."""
    before, newest = (
        cube.bring_presence_up_to_date(year=year, last=last, linked=accepted_versions())
        for year, last in queries.years_to_count()[-2:]
    )
    cube.bring_cells_up_to_date(cube=newest, before=before, now=now)
    asked = LinkQuestion.objects.first()
    linkage.decide(
        first=asked.first,
        second=asked.second,
        are_one=asked.are_one,
        reason="",
        by=User.objects.get(email=next(a.email for a in demo_accounts() if a.code == Role.ANALYST)),
        now=now,
    )


def begin_a_register(lead: User) -> None:
    """A delivery that gives registers, with a file in this month's."""
    today = timezone.localdate()
    delivery = DeliveryFactory(
        partner=lead.memberships.get().organisation,
        programme=Programme.objects.filter(rung=Rung.ONE_TO_ONE).first(),
        setting=Setting.objects.first(),
        counting_basis=CountingBasis.REGISTER,
        starts_on=today.replace(day=1),
    )
    client = Client()
    client.force_login(lead)
    obligation = ObligationFactory(delivery=delivery, month=today.replace(day=1))
    add(client, obligation, csv_of(AMINA, day=f"{today:%d/%m/%Y}"))
    assert RegisterFile.objects.filter(state=RegisterFile.State.TAKEN).exists()


def test_is_sound_and_every_page_is_found_from_home(demo, browser):
    invitation = add_what_the_demo_lacks()
    crawl = Crawl(demo)
    for account in {account.code: account for account in demo_accounts()}.values():
        with Reader(browser, demo) as reader:
            crawl.by(account, reader)
    director = next(account for account in demo_accounts() if account.code == Role.DIRECTOR)
    page = approve_before_its_day(User.objects.get(email=director.email))
    with Reader(browser, demo) as reader:
        crawl.by_one_page(director, reader, page)
    with Reader(browser, demo) as nobody:
        for address in (reverse("account_login"), reverse("account_reset_password"), invitation):
            crawl.wrong += nobody.examine(demo + address)[1]
    assert not crawl.wrong, "\n".join(crawl.wrong)
    assert {name for name, _ in every_view() if name.startswith(OURS)} - crawl.reached == WITHOUT_A_LINK
