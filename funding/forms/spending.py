"""What the unit itself spends."""

from __future__ import annotations

from django import forms

from funding.actions.amounts import MOST_PENCE
from funding.models import AwardYear
from funding.queries.spending import own_lines, spending_of
from vru_portal.core.forms import GovukDateField, MoneyField
from vru_portal.core.money import pounds


class SpendForm(forms.Form):
    on_date = GovukDateField(
        label="Spent on",
        help_text="When the work was done or the goods came.",
        error_messages={"required": "Enter the day on which it was spent."},
    )
    amount_pence = MoneyField(
        label="Amount", help_text="An amount below zero corrects an earlier one.", min_pence=None, max_pence=MOST_PENCE
    )
    payee = forms.CharField(
        label="To whom",
        max_length=120,
        error_messages={
            "required": "Enter who was paid.",
            "max_length": "Shorten who was paid to 120 characters or fewer.",
        },
    )
    reference = forms.CharField(label="Reference", help_text="As in the ledger.", max_length=60)
    note = forms.CharField(label="Note (optional)", widget=forms.Textarea({"rows": 2}), max_length=300, required=False)

    def __init__(self, *args, award_year: AwardYear, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        left = {each.line.pk: pounds(each.left) for each in spending_of(award_year)}
        self.fields["line"] = forms.ModelChoiceField(
            own_lines(award_year), label="Line of the budget", empty_label="Choose"
        )
        self.fields["line"].label_from_instance = lambda line: f"{line}: {left[line.pk]} left"
        self.order_fields(["line"])
