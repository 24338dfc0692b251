"""Building return templates: the template itself, its sections, questions and checks, and publishing."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from outcomes.models import Measure, ReturnTemplate, TemplateCheck, TemplateQuestion, TemplateSection, TemplateVersion
from outcomes.models.templates import CheckRule, CheckSeverity, SectionBlock
from outcomes.queries import templates as queries
from outcomes.queries.questions import Questions
from programmes.models import Programme
from vru_portal.core.forms import Checkboxes, CountField, MonthField, Radios
from vru_portal.core.periods import Month


class _Revised(forms.Form):
    """Of what is there already: `revision` is what the person saw; the action compares it with what is kept."""

    revision = forms.CharField(required=False, widget=forms.HiddenInput)


class TemplateForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120, help_text="The kind of programme, e.g. Emergency department.")
    summary = forms.CharField(
        label="What it asks, in a sentence (optional)",
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args, template: ReturnTemplate | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.template = template

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = ReturnTemplate.objects.filter(name__iexact=name)
        if self.template:
            others = others.exclude(pk=self.template.pk)
        if others.exists():
            raise forms.ValidationError(f"There is a template “{name}” already. Choose another name.")
        return name


class RenameForm(_Revised, TemplateForm):
    pass


class SectionForm(forms.Form):
    title = forms.CharField(label="Title", max_length=80, help_text="The name of the page, e.g. What happened.")
    intro = forms.CharField(
        label="A sentence above the questions (optional)", required=False, max_length=1_000,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    block = forms.ChoiceField(
        label="What does it ask beside questions of the library?",
        required=False,
        choices=[("", "Nothing"), *SectionBlock.choices],
        widget=Radios,
    )


class EditSectionForm(_Revised, SectionForm):
    pass


class QuestionForm(forms.Form):
    """How a measure is asked, and in which section."""

    section = forms.ModelChoiceField(TemplateSection.objects.none(), label="Part", empty_label=None)
    is_required = forms.BooleanField(label="Must be answered", required=False, initial=True)
    is_prefilled = forms.BooleanField(
        label="Begins with last month’s answer", required=False, help_text="Where it is likely the same again."
    )

    def __init__(self, *args, version: TemplateVersion, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = version.sections.order_by("order")


class EditQuestionForm(_Revised, QuestionForm):
    pass


class CheckForm(_Revised):
    """A sentence with gaps: [answer] [must be at most] [the sum of these | this number], else [it must be mended]."""

    left = forms.ChoiceField(label="This answer")
    rule = forms.ChoiceField(
        label="must be",
        choices=[
            (CheckRule.AT_MOST, "at most"),
            (CheckRule.EQUALS, "the same as"),
            (CheckRule.AT_LEAST, "at least"),
            (CheckRule.JUMP, "close to last month’s: not more than so many times it, nor under that part of it"),
        ],
        widget=Radios,
        initial=CheckRule.AT_MOST,
    )
    right = forms.MultipleChoiceField(label="the sum of these answers", required=False, widget=Checkboxes)
    limit = forms.DecimalField(
        label="or this number", required=False, min_value=0, max_digits=10, decimal_places=2,
        help_text="Instead of answers: for example 23, or 3 for “three times last month’s”.",
        widget=forms.TextInput({"class": "govuk-input--width-5", "inputmode": "decimal"}),
    )  # fmt: skip
    severity = forms.ChoiceField(
        label="Otherwise",
        choices=[
            (CheckSeverity.HARD, "it must be mended before the return is sent"),
            (CheckSeverity.SOFT, "a few words must explain it"),
        ],
        widget=Radios,
        initial=CheckSeverity.HARD,
    )
    sentence = forms.CharField(
        label="What the partner is told (optional)", required=False, max_length=300, widget=forms.Textarea({"rows": 2}),
        help_text="Say what to do. Without it, a sentence is made from the names.",
    )  # fmt: skip

    def __init__(self, *args, items: dict[str, str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["left"].choices = list(items.items())
        self.fields["right"].choices = list(items.items())

    @staticmethod
    def of(check: TemplateCheck) -> dict:
        """What the form begins with."""
        return {name: getattr(check, name) for name in ("left", "rule", "right", "limit", "severity", "sentence")}


class MinutesForm(_Revised):
    minutes = CountField(
        label="Minutes that it takes to fill in", min_value=1, max_value=240,
        help_text="Shown to partners and added up as their burden. A part-time worker has 10 to 25.",
    )  # fmt: skip


class PublishForm(_Revised):
    first_month = MonthField(label="First month", help_text="Returns for this month and later are asked by it.")
    what_changed = forms.CharField(
        label="What changed, for the partners who fill it in", required=False, max_length=2_000,
        widget=forms.Textarea({"rows": 4}), help_text="What is asked otherwise than before, and why.",
    )  # fmt: skip


class AssignForm(forms.Form):
    programme = forms.ModelChoiceField(Programme.objects.none(), label="Programme", empty_label="Choose a programme")

    def __init__(self, *args, template: ReturnTemplate, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = queries.programmes_to_assign(template)


class LibraryFilter(forms.Form):
    words = forms.CharField(label="Find a measure", required=False, max_length=100)

    @property
    def chosen(self) -> str:
        return self.cleaned_data["words"] if self.is_valid() else ""


class TryMonth(forms.Form):
    """Which month the form is tried for: April asks no C."""

    month = forms.ChoiceField(label="As it stands for", required=False)

    def __init__(self, *args, this_month: Month, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.this_month = this_month
        months = [this_month.plus(n) for n in range(-12, 13)]
        self.fields["month"].choices = [(month.code, str(month)) for month in months]
        self.initial = {"month": this_month.code} | self.initial

    @property
    def chosen(self) -> Month:
        asked = self.cleaned_data.get("month") if self.is_valid() else ""
        return Month.parse(asked) if asked else self.this_month


class LastMonthForm(forms.Form):
    """Made-up numbers of the month before, for the checks that compare with it."""

    prefix = "before"

    def __init__(self, *args, questions: Questions, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        jumps = (check.left for check in questions.checks if check.rule == CheckRule.JUMP)
        self.items = {item: item.replace(":", "_") for item in jumps if item in questions.names}
        for item, name in self.items.items():
            self.fields[name] = forms.DecimalField(
                label=f"{questions.names[item]}, last month", required=False, min_value=0, max_digits=10,
                decimal_places=2, widget=forms.TextInput({"class": "govuk-input--width-5", "inputmode": "decimal"}),
            )  # fmt: skip

    @property
    def numbers(self) -> dict[str, Decimal]:
        """By the items of the checks, without those that are left empty."""
        given = self.cleaned_data if self.is_valid() else {}
        return {item: given[name] for item, name in self.items.items() if given.get(name) is not None}


# ---- Measures ----
class LinesField(forms.CharField):
    """One line of text for each: gives a list without the empty ones."""

    widget = forms.Textarea({"rows": 6})

    def to_python(self, value) -> list[str]:
        lines = [" ".join(line.split()) for line in super().to_python(value).splitlines()]
        return [line for line in lines if line]

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len({line.lower() for line in value}) < len(value):
            raise forms.ValidationError("Two lines have the same name. Take one out.")
        if too_long := next((line for line in value if len(line) > 100), ""):
            raise forms.ValidationError(f"“{too_long[:30]}…” is too long: 100 characters at most.")

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value


def _lines() -> LinesField:
    return LinesField(
        label="Lines that it is broken down by (optional)", required=False,
        help_text="One on each line, e.g. reasons. A return’s lines add up to its number.",
    )  # fmt: skip


FACTS = (
    *("name", "definition", "example", "people_label", "kind", "unit", "is_about_people", "better"),
    *("over_months", "over_places"),
)


class MeasureForm(forms.ModelForm):
    """A measure with its lines. The rules that the database keeps are told beside the field."""

    options = _lines()

    class Meta:
        model = Measure
        fields = FACTS
        labels = {
            "example": "Example (optional)",
            "people_label": "What is counted, in the plural",
            "kind": "Shape of the answer",
            "is_about_people": "Each one is about somebody",
            "better": "Which way is better?",
            "over_months": "What several months come to",
            "over_places": "What several places come to",
        }
        widgets = {
            "definition": forms.Textarea({"rows": 4}),
            "example": forms.Textarea({"rows": 2}),
            "kind": Radios,
            "better": Radios,
        }

    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = [*FACTS[:4], "options", *FACTS[4:]]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Measure.Kind.choices
        if self.instance.pk:
            self.initial["options"] = [option.name for option in self.instance.options.all()]

    def clean(self) -> dict:
        given = super().clean()
        kind, unit = given.get("kind"), given.get("unit")
        if kind == Measure.Kind.TEXT:
            given |= {"unit": "", "over_months": "not_additive", "over_places": "not_additive"}
        elif kind and not unit:
            self.add_error("unit", "Choose the unit.")
        if unit in (Measure.Unit.PEOPLE, Measure.Unit.CONTACTS) and not given.get("is_about_people"):
            self.add_error("is_about_people", "People and contacts are about somebody: tick it.")
        sums = [name for name in ("over_months", "over_places") if given.get(name) == "sum"]
        if kind and kind != Measure.Kind.TEXT and (kind != Measure.Kind.NUMBER or unit == Measure.Unit.PERCENT):
            for name in sums:
                self.add_error(name, "Averages, medians and shares cannot be summed. Choose another way.")
        if kind and kind != Measure.Kind.NUMBER and given.get("options"):
            self.add_error("options", "Only a number can be broken down into lines.")
        return given

    def _post_clean(self) -> None:
        """The action writes the measure: the form only reads."""

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in FACTS}


class SuccessorForm(forms.Form):
    name = forms.CharField(label="Name of the new measure", max_length=120)
    definition = forms.CharField(label="Definition", widget=forms.Textarea({"rows": 4}))
    example = forms.CharField(
        label="Example (optional)", required=False, max_length=300, widget=forms.Textarea({"rows": 2})
    )
    unit = forms.ChoiceField(label="Unit", choices=Measure.Unit.choices)
    people_label = forms.CharField(label="What is counted, in the plural", max_length=120, required=False)
    options = _lines()
    month = MonthField(label="First month of the new measure")
    factor = forms.DecimalField(
        label="Earlier values count times", initial=1, min_value=0, max_digits=8, decimal_places=4,
        help_text="1 leaves them as they were. For example 2.4 school days for each pupil suspended.",
        widget=forms.TextInput({"class": "govuk-input--width-5", "inputmode": "decimal"}),
    )  # fmt: skip
    note = forms.CharField(
        label="What is counted otherwise", max_length=300, help_text="Stands at the break in tables and charts."
    )

    def clean_factor(self):
        if self.cleaned_data["factor"] == 0:
            raise forms.ValidationError("Enter a number above 0.")
        return self.cleaned_data["factor"]


def question_begins_with(question: TemplateQuestion) -> dict:
    return {name: getattr(question, name) for name in ("section", "is_required", "is_prefilled")}
