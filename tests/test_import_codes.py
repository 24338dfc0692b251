"""The second sheet of an import's empty table: what may be written into it."""

import io
from datetime import date

import pytest
import tablib
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from funding.models.grants import SpendCategory
from partners.permissions import Role
from tests import factories as make
from vru_portal.core.periods import FinancialYear
from vru_portal.core.spreadsheets import CODES, read_table
from vru_portal.core.tables_in import Unreadable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def finance(client):
    user = make.user_with(Role.FINANCE_OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def award_year():
    """Of a year that is over."""
    return make.AwardYearFactory(at="agreement_signed", announced_on=date(2022, 1, 5), pence=1_000_000_00)


def codes_in(client, kind: str) -> list[tuple]:
    data = client.get(reverse("funding:import-columns", args=[kind, "xlsx"])).content
    rows = load_workbook(io.BytesIO(data))[CODES].iter_rows(values_only=True)
    return [tuple("" if cell is None else str(cell) for cell in row) for row in rows]


class TestCodes:
    def test_gives_a_sheet_of_what_may_be_written(self, client, award_year):
        year = make.AwardYearFactory(financial_year=FinancialYear.of(timezone.localdate()).start)
        make.RingFenceFactory(award_year=year, purpose="=Schools")
        delivery = make.DeliveryFactory(ends_on=None)
        codes = codes_in(client, "awards")
        assert ("delivery", delivery.code, "", "", f"{delivery.partner}: {delivery.name}") in codes
        assert ("fund and year", f"{year.fund}, {year.year}", year.fund.name, str(year.year), "Announced") in codes
        assert "'=Schools" in [row[1] for row in codes], "no formula is run"
        assert {row[1] for row in codes if row[0] == "for"} == set(SpendCategory.values)
        assert award_year.fund.name not in [row[2] for row in codes], "a grant of a year that is over is not offered"

    def test_gives_a_sheet_of_what_is_to_be_paid(self, client, award_year):
        paid = make.InstalmentAwardFactory(award_year=award_year, amount_pence=12_000_00)
        first = paid.instalments.order_by("number")[0]
        make.PartnerPaymentFactory(instalment=first, amount_pence=first.amount_pence)
        codes = codes_in(client, "payments")
        assert (paid.reference, str(first.number)) not in [row[:2] for row in codes]
        assert (paid.reference, str(first.number + 1)) in [row[:2] for row in codes]

    def test_are_not_read_back_with_the_table(self):
        table = tablib.Dataset(("A-1", "BOX"), headers=("reference", "delivery"), title="awards")
        codes = tablib.Dataset(("delivery", "BOX"), headers=("column", "what to write"), title=CODES)
        data = tablib.Databook([table, codes]).export("xlsx")
        assert read_table(data, "a.xlsx").headers == ["reference", "delivery"]
        assert len(read_table(data, "a.xlsx")) == 1
        both = tablib.Databook([table, tablib.Dataset(("x",), headers=("y",), title="more")]).export("xlsx")
        with pytest.raises(Unreadable, match="More than one sheet"):
            read_table(both, "a.xlsx")
