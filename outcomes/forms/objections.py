"""Who objects: typed once, turned into pseudonyms in the same request, and kept nowhere."""

from __future__ import annotations

from datetime import date

from django import forms

from outcomes.models import Category
from outcomes.models.objections import Channel
from outcomes.models.policy import Dimension
from outcomes.queries.objections import give_registers
from outcomes.registers.names import parts
from outcomes.registers.pseudonyms import Details, plain_postcode, plain_reference
from outcomes.registers.values import NotUnderstood, day_in
from vru_portal.core.forms import Radios

LONGEST = 200
ENOUGH = (
    "That is too little to tell them from others. Give first and last name with the date of birth or the postcode, "
    "or the NHS number, or a partner with its reference"
)


class ObjectionForm(forms.Form):
    forename = forms.CharField(label="First name", required=False, max_length=LONGEST)
    surname = forms.CharField(label="Last name", required=False, max_length=LONGEST)
    birth = forms.CharField(
        label="Date of birth", help_text="For example 31/12/2010.", required=False, max_length=LONGEST
    )
    postcode = forms.CharField(label="Postcode", required=False, max_length=LONGEST)
    sex = forms.ChoiceField(label="Sex", required=False)
    nhs_number = forms.CharField(label="NHS number", required=False, max_length=LONGEST)
    partner = forms.ModelChoiceField(
        give_registers(),
        label="Partner that knows them",
        help_text="Only where you can give its reference for them too.",
        required=False,
        empty_label="No partner’s reference is known",
    )
    reference = forms.CharField(label="That partner’s reference", required=False, max_length=LONGEST)
    channel = forms.ChoiceField(label="How did the objection come?", choices=Channel, widget=Radios())

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        sexes = Category.objects.filter(dimension=Dimension.SEX, is_known=True).order_by("order")
        self.fields["sex"].choices = [("", "Not known"), *sexes.values_list("code", "name")]
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean_birth(self) -> date | None:
        try:
            birth = day_in(self.cleaned_data["birth"], latest=self.today)
        except NotUnderstood as problem:
            raise forms.ValidationError(str(problem)) from None
        if birth and birth > self.today:
            raise forms.ValidationError("The day has not come yet: correct it.")
        return birth

    def clean(self) -> dict:
        given = super().clean()
        if self.errors:
            return given
        reference = plain_reference(given["reference"])
        if reference and not given["partner"]:
            self.add_error("partner", "Choose whose reference it is.")
        named = parts(given["forename"]) and parts(given["surname"])
        placed = given["birth"] or plain_postcode(given["postcode"])
        if not ((named and placed) or given["nhs_number"] or (reference and given["partner"])):
            self.add_error(None, ENOUGH)
        return given

    @property
    def details(self) -> Details:
        given = self.cleaned_data
        names = ("forename", "surname", "birth", "postcode", "sex", "nhs_number", "reference")
        partner = str(given["partner"].pk) if given["partner"] else ""
        return Details(partner=partner, **{name: given[name] for name in names})
