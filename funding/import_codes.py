"""What may be written into an import: a second sheet of its empty table. It is looked up there, and never read back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import tablib

from funding import queries
from funding.models import AwardYear
from funding.models.awards import PaidBy
from funding.models.grants import SpendCategory
from partners.models import User
from programmes.models import Delivery
from vru_portal.core.money import pounds
from vru_portal.core.periods import FinancialYear
from vru_portal.core.spreadsheets import CODES, escape_formula


def codes_of(kind: str, *, user: User, today: date) -> tablib.Dataset:
    rows = _of_awards(user, today) if kind == "awards" else _of_payments(user, today)
    headers, *found = ([escape_formula(cell) for cell in row] for row in rows)
    return tablib.Dataset(*found, headers=headers, title=CODES)


def _of_awards(user: User, today: date) -> Iterator[tuple]:
    yield "column", "what to write", "fund", "year", "what it is"
    this_year = FinancialYear.of(today)
    deliveries = Delivery.objects.visible_to(user).running_in(this_year.first, FinancialYear(this_year.start + 1).last)
    for delivery in deliveries.select_related("partner").order_by("partner__name", "name"):
        yield "delivery", delivery.code, "", "", f"{delivery.partner}: {delivery.name}"
    years = AwardYear.objects.visible_to(user).filter(financial_year__gte=this_year.start)
    for award_year in years.select_related("fund").prefetch_related("ring_fences"):
        fund, year = award_year.fund.name, str(award_year.year)
        yield "fund and year", f"{fund}, {year}", fund, year, award_year.get_state_display()
        for fence in award_year.ring_fences.all():
            yield "ring-fence", fence.purpose, fund, year, fence.get_category_display() or "any kind of spending"
    for column, choices in (("for", SpendCategory.choices), ("paid by", PaidBy.choices)):
        for value, label in choices:
            yield column, value, "", "", label
    for answer in ("yes", "no"):
        yield "waits for returns", answer, "", "", "Nothing is paid while a return is missing"


def _of_payments(user: User, today: date) -> Iterator[tuple]:
    """What is neither paid nor proposed."""
    yield "award", "instalment", "quarter", "amount that is left", "due on", "to whom"
    for payable in queries.payables_seen(user=user, today=today):
        if payable.left > 0:
            number = ("", payable.subject.period.number) if payable.is_claim else (payable.subject.number, "")
            whom = f"{payable.award.delivery.partner}: {payable.award.delivery.name}"
            held = f". Held: {payable.hold.reason}" if payable.hold else ""
            due = f"{payable.due_on:%d/%m/%Y}"
            yield payable.award.reference, *number, pounds(payable.left), due, f"{whom}{held}"
