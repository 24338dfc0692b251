"""No table of movements takes an edit or a deletion, by whatever way it comes to the database."""

from datetime import date

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from funding.models import DeflatorIndex, DeflatorSeries, PaymentHold, WriteOff
from funding.models.deciding import DecidedByTwo
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.noon(date(2022, 8, 5))

# Of each table of movements what an edit would change.
CHANGED = {
    "application": "asked_pence",
    "awardyearstep": "amount_pence",
    "bridgemovement": "amount_pence",
    "budgetchange": "award_year_id",
    "budgetentry": "amount_pence",
    "claim": "award_id",
    "claimfile": "size",
    "claimstep": "amount_pence",
    "deflatorindex": "index",
    "deflatorseries": "name",
    "forecast": "amount_pence",
    "grantclaim": "amount_pence",
    "grantreceipt": "amount_pence",
    "instalment": "amount_pence",
    "matchconfirmation": "match_id",
    "partneraward": "amount_pence",
    "partnerpayment": "amount_pence",
    "paymenthold": "award_id",
    "unitspend": "amount_pence",
    "writeoff": "amount_pence",
}
# What is no movement: it says what there is to speak of, may be put right, and the row history has every change.
KEPT_WITH_HISTORY = {
    "awardyear",
    "bridgingfacility",
    "budgetline",
    "claimline",
    "condition",
    "deliverypriority",
    "fund",
    "match",
    "ringfence",
}


@pytest.fixture
def rows():
    """One row at least in each table of movements, decided where it is decided."""
    by = {"approved_by": make.UserFactory()}
    line = make.BudgetLineFactory(category="team")
    make.BudgetChangeFactory(entries={line: 500_00}, **by)
    make.UnitSpendFactory(line=line, amount_pence=1_00, **by)
    make.MatchConfirmationFactory()
    make.BridgeMovementFactory()
    receipt = make.GrantReceiptFactory()
    make.GrantClaimFactory(award_year=receipt.award_year, **by)
    make.PartnerPaymentFactory(claim=make.ClaimFactory(at="approved"), **by)
    year = receipt.award_year
    year.applications.create(version=1, asked_pence=1, contents={}, kept_by=by["approved_by"], kept_at=NOW)
    award = make.InstalmentAwardFactory(award_year=year, amount_pence=12_00, holds_for_returns=True)
    make.PartnerPaymentFactory(instalment=award.instalments.first(), amount_pence=1_00, **by)
    award.forecasts.create(month=date(2022, 5, 1), amount_pence=1, made_by=by["approved_by"], made_at=NOW)
    back = {"award_year": year, "delivery": award.delivery, "paid_by": award.paid_by, "note": "Less was agreed"}
    make.PartnerAwardFactory(**back, amount_pence=-11_50)
    off = WriteOff.objects.create(
        award=award, amount_pence=50, reason="Small", decision_reference="W-1", proposed_by=make.UserFactory(),
        proposed_at=NOW,
    )  # fmt: skip
    off.approved_by, off.approved_at = by["approved_by"], NOW
    off.save()
    PaymentHold.objects.create(award=award, reason="The June return is missing.", placed_at=NOW)
    series = DeflatorSeries.objects.create(
        name="GDP", published_on=date(2022, 6, 30), loaded_by=by["approved_by"], loaded_at=NOW
    )
    DeflatorIndex.objects.create(series=series, financial_year=2022, index=100)


def test_each_table_of_money_is_one_of_movements_or_keeps_its_history():
    tables = {model._meta.model_name for model in apps.get_app_config("funding").get_models()}
    tables = {name for name in tables if not name.endswith("event")}
    assert tables == CHANGED.keys() | KEPT_WITH_HISTORY
    decided = {model._meta.model_name for model in apps.get_models() if issubclass(model, DecidedByTwo)}
    assert decided <= CHANGED.keys()


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("name", CHANGED)
class TestRow:
    def refuses(self, sql: str, what: str, name: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM funding_{name}")  # noqa: S608 (names of ours)
            assert cursor.fetchone()[0], "there is something to change"
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            refusal = f"Cannot ({what}|update or delete) rows from funding_{name} "
            with pytest.raises(ProgrammingError, match=refusal), transaction.atomic():
                cursor.execute(sql)

    def test_is_never_edited(self, name):
        column = CHANGED[name]
        new = "name || '2'" if column == "name" else f"{column} + 1"
        self.refuses(f"UPDATE funding_{name} SET {column} = {new}", "update", name)  # noqa: S608 (names of ours)

    def test_is_never_deleted(self, name):
        self.refuses(f"DELETE FROM funding_{name}", "delete", name)  # noqa: S608 (names of ours)
