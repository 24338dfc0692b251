"""What is lent until the grant comes."""

from __future__ import annotations

from django import forms

from funding.actions.amounts import MOST_PENCE
from funding.forms.order import in_order
from funding.models.bridging import BridgeMovementKind, BridgingFacilityKind
from partners.models import Organisation
from vru_portal.core.forms import GovukDateField, MoneyField, Radios


class FacilityForm(forms.Form):
    lender = forms.ModelChoiceField(Organisation.objects.all(), label="Lender", empty_label="Choose")
    kind = forms.ChoiceField(
        label="Kind",
        choices=BridgingFacilityKind.choices,
        widget=Radios(
            hints={
                BridgingFacilityKind.LOAN.value: "Cash that is owed back. A loan that also underwrites counts once.",
                BridgingFacilityKind.UNDERWRITING.value: "A promise to pay if the grant does not come.",
                BridgingFacilityKind.RESERVE.value: "Drawn from money that the lender has set aside.",
            }
        ),
    )
    limit_pence = MoneyField(label="Limit", min_pence=1, max_pence=MOST_PENCE)
    decision_reference = forms.CharField(label="Reference of the decision", max_length=60)
    agreed_on = GovukDateField(label="Agreed on", error_messages={"required": "Enter the day on which it was agreed."})
    starts_on = GovukDateField(label="First day on which it can be drawn")
    expires_on = GovukDateField(label="Last day", help_text="On which it can be drawn, and on which it is due.")
    purposes = forms.CharField(label="What it is for", widget=forms.Textarea({"rows": 3}), max_length=2000)

    def clean(self) -> dict:
        return in_order(self, super().clean(), "starts_on", "expires_on")


class MovementForm(forms.Form):
    kind = forms.ChoiceField(
        label="What for",
        choices=BridgeMovementKind.choices,
        widget=Radios(),
        error_messages={"required": "Choose what it is for."},
    )
    amount_pence = MoneyField(label="Amount", min_pence=1, max_pence=MOST_PENCE)
    on_date = GovukDateField(label="On which day", error_messages={"required": "Enter the day on which it moves."})
    reference = forms.CharField(label="Reference", help_text="Of the payment or the decision.", max_length=60)
    reason = forms.CharField(
        label="Why (optional)", help_text="Needed for a write-off.", max_length=300, required=False
    )
