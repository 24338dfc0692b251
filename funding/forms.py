"""What people type about money."""

from __future__ import annotations

from datetime import date

from django import forms

from funding.models import AwardYear
from funding.models.bridging import BridgeMovementKind
from vru_portal.core.forms import GovukDateField, MoneyField, Radios


class AsAtForm(forms.Form):
    """The day whose knowledge the page shows. Sent by GET, so that a view can be shared as a link."""

    as_at = GovukDateField(label="What we knew on", required=False)

    def __init__(self, data, *, today: date) -> None:
        asked = any(data.get(f"as_at_{part}") for part in ("day", "month", "year"))
        super().__init__(data if asked else None, initial={"as_at": today})
        self.today = today

    @property
    def day(self) -> date:
        """The day asked for; today while none is, or while it cannot be read."""
        chosen = self.cleaned_data.get("as_at") if self.is_valid() else None
        return chosen or self.today


class StepForm(forms.Form):
    state = forms.ChoiceField(label="What happened", widget=Radios)
    on_date = GovukDateField(label="On which day")
    amount_pence = MoneyField(
        label="Amount that this step states (optional)",
        help_text="What was announced, applied for or awarded. Leave empty for claims and closing.",
        required=False,
    )
    note = forms.CharField(
        label="Note (optional)",
        help_text="Where it is written, or why an amount is corrected.",
        widget=forms.Textarea({"rows": 3}),
        required=False,
        max_length=2000,
    )

    def __init__(self, *args, award_year: AwardYear, **kwargs) -> None:
        super().__init__(*args, prefix="step", **kwargs)
        self.fields["state"].choices = [
            (state.value, _step_label(award_year, state)) for state in award_year.next_states
        ]


def _step_label(award_year: AwardYear, state: AwardYear.State) -> str:
    return f"{state.label}: correct the amount" if state == award_year.state else state.label


class ReceiptForm(forms.Form):
    amount_pence = MoneyField(
        label="Amount received", min_pence=None, help_text="An amount below zero corrects an earlier receipt."
    )
    on_date = GovukDateField(label="Received on")
    reference = forms.CharField(label="Reference", help_text="As on the bank statement or remittance.", max_length=60)
    note = forms.CharField(label="Note (optional)", widget=forms.Textarea({"rows": 2}), required=False, max_length=2000)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, prefix="receipt", **kwargs)


class MovementForm(forms.Form):
    kind = forms.ChoiceField(label="What for", choices=BridgeMovementKind.choices, widget=Radios(inline=True))
    amount_pence = MoneyField(label="Amount", min_pence=1)
    on_date = GovukDateField(label="On which day")
    reference = forms.CharField(label="Reference", help_text="As it will stand on the payment.", max_length=60)


class DeclineForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=300)
