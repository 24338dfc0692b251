"""Every payment to a partner in one list, on its page and as a file."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.permissions import Role
from tests import factories as make
from vru_portal.core.periods import FinancialYear

pytestmark = pytest.mark.django_db

PAGE, FILE = reverse("funding:payments-made"), reverse("funding:payments-made-file")


@pytest.fixture
def second():
    return make.user_with(Role.DIRECTOR)


@pytest.fixture
def made(second):
    """An instalment and a claim, of two partners, paid in 2022/23; one of 2023/24; one that nobody has approved."""
    paid = make.InstalmentAwardFactory(amount_pence=12_000_00)
    claim = make.ClaimFactory(at="approved")
    first, later, open_one = paid.instalments.order_by("number")[:3]
    return {
        "instalment": make.PartnerPaymentFactory(instalment=first, amount_pence=500_00, approved_by=second),
        "claim": make.PartnerPaymentFactory(claim=claim, amount_pence=100_00, approved_by=second),
        "next_year": make.PartnerPaymentFactory(
            instalment=later, amount_pence=70_00, on_date=date(2023, 5, 2), approved_by=second
        ),
        "open": make.PartnerPaymentFactory(instalment=open_one, amount_pence=60_00),
    }


@pytest.fixture
def auditor(client):
    client.force_login(make.user_with(Role.AUDITOR))
    return client


def test_lists_what_two_people_paid_in_a_year_and_adds_it_up(auditor, made, second):
    page = auditor.get(PAGE, {"year_start": 2022})
    assert list(page.context["page"]) == [made["claim"], made["instalment"]]
    assert "<h1>£600 was paid to partners in 2022/23</h1>" in page.text
    for words in (made["claim"].reference, made["claim"].of, "instalment 1", str(second)):
        assert words in page.text
    assert made["open"].reference not in page.text


def test_begins_with_the_newest_year_and_stays_there_where_the_year_is_none_of_them(auditor, made):
    for asked in ({}, {"year_start": "1999"}, {"year_start": "x"}):
        assert list(auditor.get(PAGE, asked).context["page"]) == [made["next_year"]]


@pytest.mark.parametrize("by", ["reference", "partner", "delivery", "award"])
def test_finds_by_a_part_of_what_somebody_knows(auditor, made, by):
    payment = made["claim"]
    award = payment.award
    known = {
        "reference": payment.reference,
        "partner": award.delivery.partner.name,
        "delivery": award.delivery.name,
        "award": award.reference,
    }
    page = auditor.get(PAGE, {"year_start": 2022, "find": known[by].lower()})
    assert list(page.context["page"]) == [payment]
    assert "<h1>£100 found, paid to partners in 2022/23</h1>" in page.text


def test_says_what_to_do_where_nothing_is_found_or_paid(auditor, made):
    page = auditor.get(PAGE, {"year_start": 2022, "find": "<b>"}).text
    assert "Nothing paid in 2022/23 has “&lt;b&gt;” in it. Write less of it, or choose another year." in page


def test_of_nothing_yet_says_so(auditor):
    assert "No partner was paid in" in auditor.get(PAGE).text


def test_is_given_as_a_file_of_what_was_found(auditor, made, second):
    link = auditor.get(PAGE, {"year_start": 2022, "find": made["claim"].reference}).text
    assert f"{FILE}?year_start=2022&amp;find={made['claim'].reference}" in link
    (row,) = csv.DictReader(
        StringIO(auditor.get(FILE, {"year_start": 2022, "find": made["claim"].reference}).content.decode())
    )
    assert (row["paid_on"], row["amount"], row["of"]) == ("2022-08-05", "100", made["claim"].of)
    assert (row["award"], row["approved_by"]) == (made["claim"].award.reference, str(second))
    everything = list(csv.DictReader(StringIO(auditor.get(FILE, {"year_start": 2022}).content.decode())))
    assert sum(float(row["amount"]) for row in everything) == 600


def test_asks_as_much_of_the_database_for_two_payments_as_for_one(auditor, made):
    def asked(**found) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert auditor.get(FILE, {"year_start": 2022} | found).status_code == 200
        return len(queries)

    asked()  # what the session asks for once
    assert asked() == asked(find=made["claim"].reference)


def test_what_was_prepared_in_march_and_approved_in_april_was_paid_in_april(auditor, made, second):
    award = made["instalment"].award
    prepared = make.PartnerPaymentFactory(
        instalment=award.instalments.get(number=4), on_date=date(2023, 3, 31), proposed_at=make.noon(date(2023, 3, 20))
    )
    prepared.approved_by, prepared.approved_at = second, make.noon(date(2023, 4, 3))
    prepared.save()
    page = auditor.get(PAGE, {"year_start": 2023})
    assert prepared in page.context["page"]
    assert "3 April 2023" in page.text
    assert page.context["by_award_year"] == [(FinancialYear(2022), 70_00 + 1_000_00)]
    assert "£1,070 of awards of 2022/23." in page.text
    assert prepared not in auditor.get(PAGE, {"year_start": 2022}).context["page"]
    rows = csv.DictReader(StringIO(auditor.get(FILE, {"year_start": 2023}).content.decode()))
    assert "2023-04-03" in [row["paid_on"] for row in rows]


def test_what_is_wrong_in_one_field_takes_nothing_from_the_other_and_gives_no_file(auditor, made):
    too_long = {"year_start": 2022, "find": "x" * 101}
    page = auditor.get(PAGE, too_long)
    assert page.context["form"].year.start == 2022
    assert list(page.context["form"].errors) == ["find"]
    assert "govuk-error-message" in page.text
    assert auditor.get(FILE, too_long).status_code == 404


@pytest.mark.parametrize("role", [Role.PARTNER_LEAD, Role.COMMISSIONER])
def test_is_for_those_who_see_all_of_the_money(client, made, role):
    client.force_login(make.user_with(role))
    for address in (PAGE, FILE):
        assert client.get(address).status_code == 403


def test_is_found_from_the_payments(auditor):
    assert f'href="{PAGE}"' in auditor.get(reverse("funding:payment-list")).text
