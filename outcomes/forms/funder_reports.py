"""What a funder asks for each quarter: a report, the rows of its mapping, and what is written into one of a quarter."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from funding.models import Fund
from outcomes.models import FunderReport, MappingRow, QuarterRow
from outcomes.models.funder_reports import TO_PARTNERS
from outcomes.queries.reports import CONTACTS, measures_that_add_up
from programmes.models import Programme
from vru_portal.core.forms import Checkboxes, Radios
from vru_portal.core.periods import Quarter

Source = MappingRow.Source
# What is asked beside the funder's own words, by what fills the row.
FACTS = {
    Source.REACH: ("programme", "over"),
    Source.MEASURE: ("measure", "programmes", "over"),
    Source.MONEY: ("money", "ring_fence", "programmes", "over"),
    Source.TEXT: (),
}


HOW_SEVERAL = {
    Source.MEASURE: "None: all programmes together. Several are added up; people never are.",
    Source.MONEY: "None: the whole fund. Several are added up. Only commitments to partners are known by programme.",
}


class ReportForm(forms.ModelForm):
    class Meta:
        model = FunderReport
        fields = ("name", "fund")
        labels = {"name": "Name of the report", "fund": "Which fund is it for?"}
        help_texts = {"name": "As the funder calls it, for example Quarterly return."}

    def __init__(self, *args, funds: Sequence[Fund], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = funds


class RowForm(forms.Form):
    """A row, of one source."""

    section = forms.CharField(label="Heading that it stands under", max_length=120, help_text="As the funder words it.")
    code = forms.CharField(label="Number", max_length=20, help_text="As the funder numbers it, for example 2.4.")
    label = forms.CharField(
        label="What the row asks for", max_length=300, widget=forms.Textarea({"rows": 2}),
        help_text="As the funder words it.",
    )  # fmt: skip
    measure = forms.ChoiceField(label="Measure that returns answer")
    money = forms.ChoiceField(label="Amount", choices=MappingRow.Money.choices, widget=Radios)
    ring_fence = forms.ChoiceField(label="Of which purpose?", required=False)
    programme = forms.ModelChoiceField(
        Programme.objects.order_by("order", "name"), label="Programme", required=False, empty_label="All programmes"
    )
    programmes = forms.ModelMultipleChoiceField(
        Programme.objects.order_by("order", "name"), label="Programmes", required=False, widget=Checkboxes,
        to_field_name="code",
    )  # fmt: skip
    over = forms.ChoiceField(label="Which time?", choices=MappingRow.Over.choices, widget=Radios)

    def __init__(self, *args, source: str, purposes: Sequence[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        for name in {"measure", "money", "ring_fence", "programme", "programmes", "over"} - set(FACTS[source]):
            del self.fields[name]
        if "programmes" in self.fields:
            self.fields["programmes"].help_text = HOW_SEVERAL[source]
        if "measure" in self.fields:
            measures = [(m.code, m.name) for m in measures_that_add_up()]
            self.fields["measure"].choices = [("", "Choose one"), (CONTACTS.code, CONTACTS.name), *measures]
        if "ring_fence" in self.fields:
            self.fields["ring_fence"].choices = [("", "The whole award"), *((each, each) for each in purposes)]

    def clean(self) -> dict:
        cleaned = super().clean()
        if "programmes" in self.fields:
            first, *others = [*cleaned.pop("programmes", ())] or [None]
            cleaned |= {"programme": first, "with_programmes": [programme.code for programme in others]}
            if first and self.source == Source.MONEY and cleaned.get("money") not in TO_PARTNERS:
                self.add_error("programmes", "Only what goes to partners is known by programme. Choose none.")
        return cleaned


def row_begins_with(row: MappingRow) -> dict:
    return {name: getattr(row, name) for name in ("section", "code", "label", *FACTS[row.source])}


class PublishMappingForm(forms.Form):
    first_quarter = forms.ChoiceField(label="First quarter that it fills")
    what_changed = forms.CharField(
        label="What is asked otherwise than before", required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args, quarters: Sequence[Quarter], is_first: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.quarters = {f"{quarter.year.start}.{quarter.number}": quarter for quarter in quarters}
        self.fields["first_quarter"].choices = [(code, str(quarter)) for code, quarter in self.quarters.items()]
        if is_first:
            del self.fields["what_changed"]

    def clean_first_quarter(self) -> Quarter:
        return self.quarters[self.cleaned_data["first_quarter"]]


class QuarterForm(forms.Form):
    """The quarter to begin."""

    quarter = forms.ChoiceField(label="Quarter")

    def __init__(self, *args, quarters: Sequence[Quarter], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.quarters = {f"{quarter.year.start}.{quarter.number}": quarter for quarter in quarters}
        self.fields["quarter"].choices = [(code, str(quarter)) for code, quarter in self.quarters.items()]

    def clean_quarter(self) -> Quarter:
        return self.quarters[self.cleaned_data["quarter"]]


class WriteForm(forms.Form):
    answer = forms.CharField(label="Answer", widget=forms.Textarea({"rows": 8}))
    comment = forms.CharField(
        label="Comment (optional)", required=False, widget=forms.Textarea({"rows": 3}),
        help_text="Goes to the funder beside the row: why a number moved, or is missing.",
    )  # fmt: skip

    def __init__(self, *args, row: QuarterRow, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if row.source != Source.TEXT:
            del self.fields["answer"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Why", widget=forms.Textarea({"rows": 3}))
