"""Wide tables on a narrow screen, without JavaScript: what people come for is in sight before anything is scrolled."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outcomes.actions import releases
from partners.permissions import Role
from tests import factories
from tests.browser import PHONE, somebody
from vru_portal.core.periods import Month

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def director(db):
    return somebody(Role.DIRECTOR)


@pytest.fixture
def phone(visitor, director):
    phone = visitor(width=PHONE, javascript=False)
    phone.sign_in(director)
    return phone


def test_the_newest_month_of_returns_is_in_sight(phone):
    newest = Month.of(timezone.localdate())
    delivery = factories.DeliveryFactory()
    for month in newest.financial_year.months:
        if month <= newest:
            factories.ObligationFactory(delivery=delivery, month=month.first)
    phone.open("/returns/")
    square = phone.page.get_by_label(f"{newest}:").or_(phone.page.get_by_role("link", name=f"{newest}:"))
    expect(square.first).to_be_in_viewport(ratio=1)


def test_every_column_of_reach_is_in_sight(phone):
    factories.PolicyFactory()
    factories.CategoryFactory(dimension="age_band", code="14-15")
    programme = factories.ProgrammeFactory(name="Youth workers in emergency departments")
    for people in (1_390, 1_980):
        delivery = factories.DeliveryFactory(programme=programme)
        factories.accepted_return(delivery, Month(2021, 6), new_people=people)
    releases.produce(month=Month(2021, 6), by=None, now=factories.noon(date(2021, 7, 22)))
    phone.open("/reach/")
    tables = phone.page.locator("main > .app-region, .app-columns .app-region:not(details *)")
    assert tables.count() >= 2
    assert tables.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).length") == 0


def test_a_name_is_found_from_any_page(phone):
    partner = factories.OrganisationFactory(name="King’s Heal Hub")
    phone.open("/money/")
    phone.fill("Search for a name, a code or a reference", "hub king's")
    phone.press("Search", exact=True)
    phone.reads("Search: 1 found for “hub king's”")
    phone.follow("King’s Heal Hub")
    assert phone.page.url.endswith(f"/partners/{partner.pk}/")
