"""Awards and payments from a spreadsheet: each row is proposed by the same action that the page's form uses, so every
rule is asked, and a colleague decides about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from import_export import fields
from import_export.results import Result, RowResult

from funding.actions import awards, payments
from funding.models import AwardYear, Claim, Instalment, PartnerAward, PartnerPayment, RingFence
from funding.models.awards import PaidBy
from funding.models.grants import SpendCategory
from partners.resources import TableResource
from programmes.models import Delivery
from vru_portal.core.money import pounds
from vru_portal.core.periods import FinancialYear
from vru_portal.core.refusals import Refusal
from vru_portal.core.spreadsheets import (
    ChoiceWidget,
    CodeWidget,
    DayWidget,
    MoneyWidget,
    TextWidget,
    WholeNumberWidget,
    YesNoWidget,
    check_headers,
)

MOST_ROWS = 500


class RecordedOtherwise(Refusal):
    """The reference is known, and stands for something else."""


@dataclass(frozen=True)
class Explained:
    """A column, for the person who fills it in."""

    name: str
    meaning: str
    example: str = ""
    is_needed: bool = True


@dataclass(frozen=True)
class RowSeen:
    """A row of a file as it will be: proposed, or recorded already and how it stands."""

    number: int
    standing: str  # empty: new
    about: str  # whom it is for
    cells: dict[str, str]  # by column


class ProposalResource(TableResource):
    """Rows are known by their reference. A new one is proposed; one that is recorded and says the same
    stays. A resource gives `propose(instance, by=, now=)`, which does the form's action; `cells(instance)`, the row in
    words by column; and `says(instance)`, the sentence of the preview."""

    explained: ClassVar[tuple[Explained, ...]]
    about: ClassVar[str]  # what a row is, as a word

    class Meta(TableResource.Meta):
        import_id_fields: ClassVar[list[str]] = ["reference"]
        skip_diff = True

    @classmethod
    def columns(cls) -> list[str]:
        return [column.name for column in cls.explained]

    @classmethod
    def key_columns(cls) -> list[str]:
        return [column.name for column in cls.explained if column.is_needed]

    def before_import(self, dataset, **kwargs) -> None:
        try:
            self._check_table(dataset)
        except Exception:
            dataset.wipe()  # what is wrong with the whole of it is all there is to say
            raise
        self.first_rows: dict[str, int] = {}

    def _check_table(self, dataset) -> None:
        dataset.headers = [" ".join(name.lower().replace("_", " ").split()) for name in dataset.headers]
        check_headers(dataset.headers)
        super().before_import(dataset)
        rows = sum(not _is_blank(row) for row in dataset)
        if not rows:
            raise ValidationError(f"The table has no rows. Give a row for each {self.about}.")
        if rows > MOST_ROWS:
            raise ValidationError(f"The table has {rows:,} rows. Split it: {MOST_ROWS} are taken at a time.")

    def import_row(self, row, instance_loader, **kwargs) -> RowResult:
        if not _is_blank(row.values()):
            return super().import_row(row, instance_loader, **kwargs)
        blank = RowResult()
        blank.import_type = RowResult.IMPORT_TYPE_SKIP
        return blank

    def get_instance(self, instance_loader, row):
        return self.get_queryset().filter(reference=TextWidget().clean(row["reference"])).first()

    def before_import_row(self, row, **kwargs) -> None:
        super().before_import_row(row, **kwargs)
        for column, cell in row.items():
            if isinstance(cell, str) and not cell.isprintable():
                row[column] = " ".join("".join(c if c.isprintable() else " " for c in cell).split())

    def import_instance(self, instance, row, **kwargs) -> None:
        """Every column that is wrong, each with its sentence."""
        wrong: dict[str, ValidationError] = {}
        for field in self.get_import_fields():
            try:
                self.import_field(field, instance, row, **kwargs)
            except ValueError as problem:
                wrong[field.column_name] = ValidationError(str(problem))
        for column in self.key_columns():
            if column not in wrong and str(row[column]) == "":
                wrong[column] = ValidationError("The cell is empty. Fill it in.")
        wrong = self.wrong_together(instance, row) | wrong
        first = self.first_rows.setdefault(instance.reference, kwargs["row_number"])
        if first != kwargs["row_number"] and "reference" not in wrong:
            wrong["reference"] = ValidationError(
                f"“{instance.reference}” stands in row {first + 1} too. Give each row a reference of its own."
            )
        if wrong:
            raise ValidationError(wrong)

    def wrong_together(self, instance, row) -> dict[str, ValidationError]:
        """What is wrong with cells that could each be right, by column."""
        return {}

    def skip_row(self, instance, original, row, import_validation_errors=None) -> bool:
        return bool(instance.pk) and not import_validation_errors and not self._differing(instance)

    def save_instance(self, instance, is_create, row, **kwargs) -> None:
        if not is_create:
            column, recorded = next(iter(self._differing(instance).items()))
            raise RecordedOtherwise(
                f"{instance.reference} is recorded already, with another {column}: {recorded or 'none'}. What is "
                "recorded never changes. Delete this row, or give it a reference of its own."
            )
        instance.pk = self.propose(instance, by=kwargs["by"], now=kwargs["now"]).pk

    def _differing(self, instance) -> dict[str, str]:
        """By column, what is recorded where the row says something else."""
        recorded = self.cells(self.get_queryset().get(pk=instance.pk))
        return {column: cell for column, cell in recorded.items() if cell != self.cells(instance)[column]}

    def rows_seen(self, result: Result) -> list[RowSeen]:
        return [
            RowSeen(number, self._standing(row), self.says(row.instance), self.cells(row.instance))
            for number, row in enumerate(result.rows, 2)
            if row.instance is not None
        ]

    def _standing(self, row: RowResult) -> str:
        if row.import_type == RowResult.IMPORT_TYPE_NEW:
            return ""
        if row.instance.is_open:
            return "waits for a colleague"
        return "approved" if row.instance.approved_by_id else "declined"


def _is_blank(cells) -> bool:
    return not any(str(cell).strip() for cell in cells)


# ---- Awards ----


class ReferenceWidget(TextWidget):
    """As long as the database lets it be."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__()
        self.most = model._meta.get_field("reference").max_length

    def clean(self, value, row=None, **kwargs) -> str:
        text = super().clean(value)
        if len(text) > self.most:
            raise ValueError(f"The reference is longer than {self.most} characters. Shorten it.")
        return text


class AwardYearWidget(TextWidget):
    """The financial year, of the fund that the row names."""

    def clean(self, value, row=None, **kwargs) -> AwardYear | None:
        text, fund = super().clean(value), super().clean(row.get("fund"))
        if not text or not fund:
            return None
        years = AwardYear.objects.select_related("fund").filter(financial_year=FinancialYear.parse(text).start)
        found = next((year for year in years if _typed(year.fund.name) == _typed(fund)), None)
        if found is None:
            raise ValueError(f"There is no grant of “{fund}” for {text}. Write both as the Money page has them.")
        return found


def _typed(name: str) -> str:
    """As a keyboard has it: a name's dash is written as a hyphen."""
    return re.sub("[‐-―−]", "-", name).casefold()


class RingFenceWidget(TextWidget):
    """A purpose of the award year that the row names."""

    def clean(self, value, row=None, **kwargs) -> RingFence | None:
        purpose = super().clean(value)
        if not purpose:
            return None
        try:
            award_year = AwardYearWidget().clean(row.get("year"), row)
        except ValueError:
            return None  # which that column says
        found = RingFence.objects.filter(award_year=award_year, purpose__iexact=purpose)
        if award_year and not found:
            raise ValueError(f"{award_year} has no ring-fence “{purpose}”. Write it as the page of the grant has it.")
        return found[0] if found else None


class AwardResource(ProposalResource):
    about = "award"
    explained = (
        Explained("reference", "As on the grant agreement; each row has one of its own.", "A-2026-014"),
        Explained("delivery", "The code of the delivery.", "ED-BHM"),
        Explained("fund", "The name of the fund, as on the Money page.", "Serious violence grant"),
        Explained("year", "The financial year of the grant.", "2026/27"),
        Explained("ring-fence", "The purpose of the ring-fence; empty for none.", "", False),
        Explained("for", f"One of {', '.join(SpendCategory.values)}; empty means delivery.", "delivery", False),
        Explained("amount", "Pounds and pence. Below zero corrects an earlier award.", "12,500.50"),
        Explained("paid by", f"One of {', '.join(PaidBy.values)}; empty means claims.", "quarterly", False),
        Explained("waits for returns", "Yes where nothing is paid while a return is missing.", "no", False),
        Explained("first day", "Of the award; the day first.", "01/04/2026"),
        Explained("last day", "Of the award; the day first.", "31/03/2027"),
        Explained("agreed on", "With the partner; the day first.", "25/03/2026"),
        Explained("note", "What a correction corrects, and why.", "", False),
    )

    reference = fields.Field("reference", "reference", ReferenceWidget(PartnerAward))
    delivery = fields.Field("delivery", "delivery", CodeWidget(Delivery, "code"))
    award_year = fields.Field("award_year", "year", AwardYearWidget())
    ring_fence = fields.Field("ring_fence", "ring-fence", RingFenceWidget())
    category = fields.Field("category", "for", ChoiceWidget(SpendCategory), default=SpendCategory.DELIVERY)
    amount_pence = fields.Field("amount_pence", "amount", MoneyWidget())
    paid_by = fields.Field("paid_by", "paid by", ChoiceWidget(PaidBy), default=PaidBy.CLAIMS)
    holds_for_returns = fields.Field("holds_for_returns", "waits for returns", YesNoWidget(), default=False)
    starts_on = fields.Field("starts_on", "first day", DayWidget())
    ends_on = fields.Field("ends_on", "last day", DayWidget())
    agreed_on = fields.Field("agreed_on", "agreed on", DayWidget())
    note = fields.Field("note", "note", TextWidget(), default="")

    class Meta(ProposalResource.Meta):
        model = PartnerAward
        fields: ClassVar[list[str]] = [
            "reference",
            "delivery",
            "award_year",
            "ring_fence",
            "category",
            "amount_pence",
            "paid_by",
            "holds_for_returns",
            "starts_on",
            "ends_on",
            "agreed_on",
            "note",
        ]

    def get_queryset(self):
        return PartnerAward.objects.select_related("delivery__partner", "award_year__fund", "ring_fence")

    def propose(self, award: PartnerAward, *, by, now) -> PartnerAward:
        return awards.propose_award(**{name: getattr(award, name) for name in self._meta.fields}, by=by, now=now)

    def cells(self, award: PartnerAward) -> dict[str, str]:
        told = [
            award.reference,
            award.delivery.code,
            award.award_year.fund.name,
            str(award.award_year.year),
            award.ring_fence.purpose if award.ring_fence else "",
            award.category,
            pounds(award.amount_pence),
            award.paid_by,
            "yes" if award.holds_for_returns else "no",
            *(f"{day:%d/%m/%Y}" for day in (award.starts_on, award.ends_on, award.agreed_on)),
            award.note,
        ]
        return dict(zip(self.columns(), told, strict=True))

    def says(self, award: PartnerAward) -> str:
        return f"{award.delivery.partner}: {award.delivery.name}"


# ---- Payments ----


class _OfAwardWidget(TextWidget):
    """What an award of the row is paid in."""

    def award(self, row) -> PartnerAward | None:
        return PartnerAward.objects.filter(reference=TextWidget().clean(row.get("award"))).first()


class InstalmentWidget(_OfAwardWidget):
    def clean(self, value, row=None, **kwargs) -> Instalment | None:
        number, award = WholeNumberWidget().clean(value), self.award(row)
        if number is None or award is None:
            return None
        found = Instalment.objects.filter(award=award, number=number).select_related("award__delivery__partner")
        if not found:
            raise ValueError(f"{award} has no instalment {number}. Look at the page of the award for its number.")
        return found[0]


class QuarterWidget(_OfAwardWidget):
    def clean(self, value, row=None, **kwargs) -> Claim | None:
        number, award = WholeNumberWidget().clean(value), self.award(row)
        if number is None or award is None:
            return None
        if not 1 <= number <= 4:
            raise ValueError("The quarter is 1, 2, 3 or 4: April to June is 1.")
        begins = award.award_year.year.quarters[number - 1].months[0].first
        found = Claim.objects.filter(award=award, quarter=begins).select_related("award__delivery__partner")
        if not found:
            raise ValueError(f"Nothing is claimed of {award} for quarter {number}. A payment pays an approved claim.")
        return found[0]


class PaymentResource(ProposalResource):
    about = "payment"
    explained = (
        Explained("reference", "As on the remittance; each row has one of its own.", "BACS-7731"),
        Explained("award", "The reference of the award.", "A-2026-014"),
        Explained("instalment", "Its number, for an award that is paid in instalments.", "2", False),
        Explained("quarter", "1 to 4 (April to June is 1), for an award that is claimed for.", "", False),
        Explained("amount", "Pounds and pence. Below zero is money that came back.", "3,125.13"),
        Explained("paid on", "The day first. A day to come prepares the payment.", "01/07/2026"),
        Explained("note", "Needed for money that came back: why.", "", False),
    )

    reference = fields.Field("reference", "reference", ReferenceWidget(PartnerPayment))
    instalment = fields.Field("instalment", "instalment", InstalmentWidget())
    claim = fields.Field("claim", "quarter", QuarterWidget())
    amount_pence = fields.Field("amount_pence", "amount", MoneyWidget())
    on_date = fields.Field("on_date", "paid on", DayWidget())
    note = fields.Field("note", "note", TextWidget(), default="")

    class Meta(ProposalResource.Meta):
        model = PartnerPayment
        fields: ClassVar[list[str]] = ["reference", "instalment", "claim", "amount_pence", "on_date", "note"]

    def get_queryset(self):
        """What was declined was never paid: the same row proposes it again."""
        of = ("award__delivery__partner", "award__award_year")
        return PartnerPayment.objects.filter(declined_by=None).select_related(
            *(f"{way}__{on}" for way in ("instalment", "claim") for on in of)
        )

    def wrong_together(self, payment: PartnerPayment, row) -> dict[str, ValidationError]:
        named = TextWidget().clean(row["award"])
        if named and not PartnerAward.objects.filter(reference=named).exists():
            return {"award": ValidationError(f"There is no award “{named}”. Write its reference as its page has it.")}
        given = [str(row.get(column, "")) != "" for column in ("instalment", "quarter")]
        if named and sum(given) != 1:
            sentence = "Give the number of the instalment, or the quarter of the claim: one of the two."
            return {"instalment": ValidationError(sentence)}
        return {}

    def propose(self, payment: PartnerPayment, *, by, now) -> PartnerPayment:
        return payments.propose_payment(
            subject=payment.instalment or payment.claim,
            amount_pence=payment.amount_pence,
            on_date=payment.on_date,
            reference=payment.reference,
            note=payment.note,
            by=by,
            now=now,
        )

    def cells(self, payment: PartnerPayment) -> dict[str, str]:
        told = [
            payment.reference,
            payment.award.reference,
            str(payment.instalment.number) if payment.instalment else "",
            str(payment.claim.period.number) if payment.claim else "",
            pounds(payment.amount_pence),
            f"{payment.on_date:%d/%m/%Y}",
            payment.note,
        ]
        return dict(zip(self.columns(), told, strict=True))

    def says(self, payment: PartnerPayment) -> str:
        return f"{payment.award.delivery.partner}: {payment.award.delivery.name}"
