"""What staff type about deliveries."""

from __future__ import annotations

import re

from django import forms

from partners.models import Area, Organisation
from partners.models.areas import AreaKind
from programmes.models import CountingBasis, Delivery, Programme, Setting
from vru_portal.core.forms import Checkboxes, CountField, GovukDateField, Radios

# What each means for the partner; the one that needs no agreement first.
BASES = {
    CountingBasis.AGGREGATE: "How many people were new, known and already counted, and who they were, typed once a "
    "month. Nothing about any one person. Over several partners the number of people is a range.",
    CountingBasis.CASE_REFERENCE: "A row for each contact with the partner’s own reference, and no names. People are "
    "counted once within this partner; over several partners the number is a range.",
    CountingBasis.REGISTER: "A row for each contact with name, date of birth and postcode. They become pseudonyms as "
    "they arrive and are kept nowhere. People are counted once over all partners that give registers.",
}


class DeliveryForm(forms.Form):
    """Editing. Programme, partner and code are given once, in `NewDeliveryForm`."""

    name = forms.CharField(label="Name", max_length=200)
    setting = forms.ModelChoiceField(Setting.objects.all(), label="Setting", empty_label="Choose")
    areas = forms.ModelMultipleChoiceField(
        Area.objects.filter(kind=AreaKind.DISTRICT),
        label="Where it takes place",
        widget=Checkboxes,
        error_messages={"required": "Choose at least one area"},
    )
    starts_on = GovukDateField(label="First day")
    ends_on = GovukDateField(label="Last day (optional)", required=False)
    is_term_time = forms.BooleanField(
        label="In term time only",
        required=False,
        help_text="Nothing is owed for a month without a school day in any of its districts, such as August.",
    )
    counting_basis = forms.ChoiceField(
        label="What the partner gives each month",
        choices=[(basis.value, basis.label) for basis in BASES],
        widget=Radios(hints=BASES),
        initial=CountingBasis.AGGREGATE.value,
        help_text=(
            "Case references and registers need a data-sharing agreement that holds. "
            "Returns that are begun keep what they were begun with."
        ),
    )
    # What the person saw; the action compares it with what is kept.
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict:
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day must not be before the first")
        return cleaned


class TargetForm(forms.Form):
    people = CountField(
        label="People", required=False, min_value=1, max_value=1_000_000, help_text="Leave it empty for no target."
    )
    reason = forms.CharField(
        label="Why so many?",
        help_text="The partner sees this. For example: agreed in March, for two workers.",
        max_length=500,
        widget=forms.Textarea({"rows": "3"}),
        error_messages={"required": "Say why: for example, agreed with the partner in March."},
    )
    revision = forms.CharField(required=False, widget=forms.HiddenInput)


class NewDeliveryForm(DeliveryForm):
    field_order = [
        "partner",
        "programme",
        "name",
        "code",
        "setting",
        "areas",
        "starts_on",
        "ends_on",
        "is_term_time",
        "counting_basis",
    ]

    revision = None
    partner = forms.ModelChoiceField(Organisation.objects.all(), label="Partner", empty_label="Choose")
    programme = forms.ModelChoiceField(Programme.objects.all(), label="Programme", empty_label="Choose")
    code = forms.CharField(
        label="Code", max_length=30, help_text="Capital letters and digits, joined by hyphens, for example ED-WALSALL."
    )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].upper()
        if not re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", code):
            raise forms.ValidationError("Use letters and digits, joined by hyphens, for example ED-WALSALL")
        if Delivery.objects.filter(code=code).exists():
            raise forms.ValidationError("Another delivery has this code. Choose a different one")
        return code
