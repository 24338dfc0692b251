"""What is committed to partners."""

from __future__ import annotations

from django import forms

from funding.actions.amounts import MOST_PENCE
from funding.forms.order import in_order
from funding.models import AwardYear, RingFence
from funding.models.awards import PaidBy
from funding.models.grants import SpendCategory
from partners.models import User
from programmes.models import Delivery
from programmes.queries import visible_deliveries
from vru_portal.core.forms import GovukDateField, MoneyField, Radios


class AwardForm(forms.Form):
    """An award out of one award year; its dates begin with the whole of it."""

    delivery = forms.ModelChoiceField(Delivery.objects.none(), label="Delivery", empty_label="Choose")
    ring_fence = forms.ModelChoiceField(
        RingFence.objects.none(), label="Ring-fence (optional)", empty_label="None", required=False
    )
    category = forms.ChoiceField(
        label="For", choices=SpendCategory.choices, error_messages={"required": "Choose what it is for."}
    )
    amount_pence = MoneyField(
        label="Amount",
        help_text="An amount below zero corrects an earlier award to the same delivery.",
        min_pence=None,
        max_pence=MOST_PENCE,
    )
    paid_by = forms.ChoiceField(label="How it is paid", choices=PaidBy.choices, widget=Radios, initial=PaidBy.CLAIMS)
    holds_for_returns = forms.BooleanField(label="Nothing of it is paid while a return is missing", required=False)
    starts_on = GovukDateField(label="First day")
    ends_on = GovukDateField(label="Last day")
    agreed_on = GovukDateField(
        label="Agreed with the partner on", error_messages={"required": "Enter the day on which it was agreed."}
    )
    reference = forms.CharField(label="Reference", help_text="As on the grant agreement.", max_length=40)
    note = forms.CharField(
        label="Note (optional)",
        help_text="What a correction corrects, and why.",
        widget=forms.Textarea({"rows": 2}),
        required=False,
        max_length=2000,
    )

    def __init__(self, *args, award_year: AwardYear, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delivery"].queryset = visible_deliveries(user).order_by("partner__name", "name")
        self.fields["delivery"].label_from_instance = lambda delivery: f"{delivery.partner}: {delivery.name}"
        self.fields["ring_fence"].queryset = award_year.ring_fences.all()

    def clean(self) -> dict:
        return in_order(self, super().clean(), "starts_on", "ends_on")


class DeclineForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=300)
