"""A grant from its announcement over the bridge and the signature to the receipt that pays the bridge back.

After each step the Money page says what is secured, what the bridge covers and which month is the first uncovered one.
"""

import pytest
from django.utils import timezone

from partners.permissions import Role
from tests.browser import Visitor, somebody
from tests.factories import DeliveryFactory, OrganisationFactory
from vru_portal.core.periods import FinancialYear, Month, months_between

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TODAY = timezone.localdate()
YEAR = FinancialYear.of(TODAY)
THIS_MONTH = Month.of(TODAY)
LEFT = months_between(THIS_MONTH, YEAR.months[-1])
# Pounds: committed for each month that is left of the year; the bridge lends one of them, and most of it is drawn.
EVERY_MONTH, DRAWN = 1_000, 700
GRANT = f"£{EVERY_MONTH * len(LEFT):,}"


@pytest.fixture
def boxing(transactional_db):
    """A delivery to be paid for, a funder, and somebody who lends."""
    OrganisationFactory(name="Home Office")
    OrganisationFactory(name="Police and Crime Commissioner")
    partner = OrganisationFactory(name="Corner Boxing Club")
    return DeliveryFactory(name="Evening boxing", partner=partner, starts_on=YEAR.first)


def to_money(visitor: Visitor) -> None:
    """By the section at the top of every page."""
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("navigation", name="Sections").get_by_role("link", name="Money").click()
    visitor.look()


def fill_in_day(visitor: Visitor, legend: str, day) -> None:
    group = visitor.page.get_by_role("group", name=legend, exact=True)
    for label in ("Day", "Month", "Year"):
        group.get_by_label(label).fill(str(getattr(day, label.lower())))


def reads_cover(visitor: Visitor, *, secured: str, announced: str, bridge: str, uncovered: Month | None) -> None:
    """The numbers at the head of the Money page."""
    to_money(visitor)
    shown = dict.fromkeys(("Secured", "Announced only", "Bridge owed", "First month not covered"))
    for stat in visitor.page.locator(".app-stats > *").all():
        label, figure, *rest = [line for line in stat.inner_text().splitlines() if line.strip()]
        shown[label] = (figure, " ".join(rest))
    assert (shown["Secured"][0], shown["Announced only"][0]) == (secured, announced)
    assert bridge in " ".join(shown["Bridge owed"])
    assert shown["First month not covered"][0] == str(uncovered)


def reads_nothing_known(visitor: Visitor) -> None:
    """What one person recorded counts for nothing yet."""
    to_money(visitor)
    visitor.follow("Serious violence grant", exact=True)
    visitor.reads("Nothing is known yet of")


def approve(director: Visitor, what: str) -> None:
    """The director finds on the Money page what waits, and says yes to it."""
    to_money(director)
    director.page.get_by_text("for a second person").click()
    director.follow(what)
    director.press("Approve")
    director.reads("Approved: ")


def test_from_the_announcement_to_the_repayment(visitor, boxing):
    finance, director = visitor(), visitor()
    finance.sign_in(somebody(Role.FINANCE_OFFICER, name="Tomasz Wielicki"))
    director.sign_in(somebody(Role.DIRECTOR, name="Amara Okonjo"))

    # Announced: the wording and the amount of the year.
    to_money(finance)
    finance.follow("Add a fund")
    finance.field("Funder").select_option(label="Home Office")
    finance.fill("Name of the fund", "Serious violence grant")
    finance.fill("Purpose", "Prevention with partners.")
    finance.fill("Wording of the announcement (optional)", f"{GRANT} for this year.")
    assert finance.axe() == []
    finance.press("Add fund")
    finance.follow("Add award year")
    finance.field("Financial year").select_option(label=str(YEAR))
    finance.field("Announced").check()
    fill_in_day(finance, "On which day", TODAY)
    finance.fill("Amount (optional)", GRANT)
    finance.press("Add award year")
    reads_nothing_known(finance)
    approve(director, f"Step of Serious violence grant, {YEAR}: announced")
    reads_cover(finance, secured="£0", announced=GRANT, bridge="£0", uncovered=None)

    # Committed to a partner for the rest of the year, by two people: nothing covers it.
    finance.follow("Serious violence grant", exact=True)
    finance.follow(f"{YEAR} of Serious violence grant")
    finance.follow("Propose an award")
    finance.field("Delivery").select_option(label="Corner Boxing Club: Evening boxing")
    finance.fill("Amount", GRANT)
    fill_in_day(finance, "First day", THIS_MONTH.first)
    finance.fill("Reference", "A-1")
    finance.press("Propose award")
    finance.reads("A colleague has to approve it.")
    assert finance.page.get_by_role("button", name="Approve").count() == 0
    reads_cover(finance, secured="£0", announced=GRANT, bridge="£0", uncovered=None)
    approve(director, f"Award of {GRANT} to Corner Boxing Club, A-1")
    reads_cover(director, secured="£0", announced=GRANT, bridge="£0", uncovered=THIS_MONTH)
    director.reads(f"Commitments are not covered from {THIS_MONTH}")

    # Bridged: what is drawn and what can still be drawn cover this month.
    to_money(finance)
    finance.follow("Serious violence grant", exact=True)
    finance.follow("Add bridging facility")
    finance.field("Lender").select_option(label="Police and Crime Commissioner")
    finance.field("Loan").check()
    finance.fill("Limit", f"{EVERY_MONTH}")
    finance.fill("Reference of the decision", "PCC-1")
    fill_in_day(finance, "Agreed on", TODAY)
    fill_in_day(finance, "First day on which it can be drawn", YEAR.first)
    fill_in_day(finance, "Last day", YEAR.last)
    finance.fill("What it is for", "Keeps services open until the grant comes.")
    finance.press("Add facility")
    to_money(finance)
    finance.follow("PCC-1")
    propose_movement(finance, "Drawdown", "D-1")
    reads_cover(finance, secured="£0", announced=GRANT, bridge="£0 £1,000 can", uncovered=next(iter(LEFT[1:]), None))
    approve(director, "Drawdown of £700, D-1")
    reads_cover(director, secured="£0", announced=GRANT, bridge="£700 £300 can", uncovered=THIS_MONTH.plus(1))

    # Signed: the grant counts from April in full; what the loan gave is owed.
    to_money(finance)
    finance.follow(f"{YEAR} of Serious violence grant")
    for state in ("Applied for", "Approved", "Agreement signed"):
        finance.field(state).check()
        finance.field("Amount that this step states (optional)").fill(GRANT)
        fill_in_day(finance, "On which day", TODAY)
        finance.press("Propose step")
        finance.reads("A colleague has to approve it.")
        approve(director, f"Step of Serious violence grant, {YEAR}: {state.lower()}")
        to_money(finance)
        finance.follow(f"{YEAR} of Serious violence grant")
    finance.reads("The agreement is signed: this grant counts as cover.")
    reads_cover(finance, secured=GRANT, announced="£0", bridge="£700 £300 can", uncovered=None)
    finance.sees_no("Pay back what is owed")

    # Received, by two people: the portal asks for the repayment, which takes two people too.
    finance.follow(f"{YEAR} of Serious violence grant")
    finance.fill("Amount received", f"{EVERY_MONTH}")
    fill_in_day(finance, "Received on", TODAY)
    receipt = finance.page.locator("form", has=finance.page.get_by_role("button", name="Propose receipt"))
    receipt.get_by_label("Reference", exact=True).fill("HO-1")
    finance.press("Propose receipt")
    finance.sees_no("Pay back what is owed")
    assert finance.axe() == []
    approve(director, "Receipt of £1,000, HO-1")
    director.reads("Pay back what is owed", "£700 is still owed to Police and Crime Commissioner")
    to_money(finance)
    finance.follow("Propose a repayment on PCC-1")
    propose_movement(finance, "Repayment", "R-1")
    assert finance.axe() == []
    approve(director, "Repayment of £700, R-1")
    director.reads("Nothing is owed.")
    reads_cover(director, secured=GRANT, announced="£0", bridge="£0", uncovered=None)
    director.sees_no("Pay back what is owed")
    director.reads("Every commitment is covered to ")


def propose_movement(finance: Visitor, kind: str, reference: str) -> None:
    """Of what is drawn, on the facility's page; whoever proposes is not asked to approve."""
    finance.field(kind).check()
    finance.fill("Amount", f"{DRAWN}")
    finance.fill("Reference", reference)
    fill_in_day(finance, "On which day", TODAY)
    finance.press("Propose movement")
    finance.reads("A colleague has to approve it.")
    assert finance.page.get_by_role("button", name="Approve").count() == 0
