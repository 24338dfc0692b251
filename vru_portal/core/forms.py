"""How every form looks and speaks: Django's forms drawn as GOV.UK components, and the fields that people type
numbers, money and dates into. See docs/decisions/0010-forms.md.

What was typed is never lost: numbers are text boxes, because a browser sends nothing at all for words in a number box.
"""

from __future__ import annotations

import copy
import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.forms.widgets import Input
from django.utils.html import format_html
from django.utils.safestring import SafeString

from vru_portal.core.periods import Month

# ---- Widgets ----


class _Choices:
    """A hint under each choice, and choices side by side for yes and no. `reveals`: by its value, the (bound) field
    that a choice brings to light; without JavaScript it always stands there."""

    def __init__(self, attrs=None, choices=(), *, hints=None, inline=False):
        super().__init__(attrs, choices)
        self.hints = hints or {}
        self.inline = inline
        self.reveals = {}

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["inline"] = self.inline
        return context

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        hint = self.hints.get(getattr(value, "value", value), "")
        if hint and "id" in option["attrs"]:
            option["hint"] = hint
            option["hint_id"] = f"{option['attrs']['id']}_hint"
            option["attrs"]["aria-describedby"] = option["hint_id"]
        if (revealed := self.reveals.get(value)) and "id" in option["attrs"]:
            option["reveals"] = revealed
            option["attrs"]["data-aria-controls"] = f"{option['attrs']['id']}_reveals"
        return option


class Radios(_Choices, forms.RadioSelect):
    pass


class Checkboxes(_Choices, forms.CheckboxSelectMultiple):
    pass


class Affix(forms.TextInput):
    """A text box with something before or after it: £, %, days."""

    template_name = "django/forms/widgets/affix.html"

    def __init__(self, attrs=None, *, prefix="", suffix=""):
        super().__init__(attrs)
        self.prefix = prefix
        self.suffix = suffix

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"prefix": self.prefix, "suffix": self.suffix}
        return context


class DateParts(forms.MultiWidget):
    """Two or three boxes: nobody has to find a day in a calendar that they know by heart."""

    template_name = "django/forms/widgets/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs=None, *, parts=("day", "month", "year")):
        self.parts = parts
        boxes = {part: forms.TextInput({"class": f"govuk-input--width-{4 if part == 'year' else 2}"}) for part in parts}
        super().__init__(boxes, attrs)

    def decompress(self, value):
        if isinstance(value, str):
            value = _date_or_none(value)
        if value is None:
            return [None] * len(self.parts)
        if isinstance(value, Month):
            value = value.first
        return [getattr(value, part) for part in self.parts]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for part, box in zip(self.parts, context["widget"]["subwidgets"], strict=True):
            box["label"] = part.capitalize()
            state = " govuk-input--error" if "aria-invalid" in box["attrs"] else ""
            box["attrs"]["class"] = f"govuk-input govuk-date-input__input {box['attrs']['class']}{state}"
            box["attrs"]["inputmode"] = "numeric"
        return context


def _date_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# ---- Fields ----


class CountField(forms.IntegerField):
    """A whole number as people write it: 1,234, with or without spaces."""

    default_error_messages = {"invalid": "Enter a whole number, like 12."}

    def __init__(self, **kwargs):
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", 99_999_999)  # fits the database's integer
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(**kwargs)

    def to_python(self, value):
        return super().to_python(_without_grouping(value))


class MoneyField(forms.Field):
    """Pounds as people write them (£600,000 or 12.50); gives whole pence and takes whole pence as its initial value."""

    widget = Affix({"class": "govuk-input--width-10", "inputmode": "decimal"}, prefix="£")
    default_error_messages = {
        "invalid": "Enter an amount in pounds, like 600,000 or 12.50.",
        "too_small": "Enter £%(limit)s or more.",
        "too_large": "Enter £%(limit)s or less.",
        "too_precise": "Give pounds and pence: two figures after the point.",
    }

    def __init__(self, *, min_pence: int | None = 0, max_pence: int | None = None, **kwargs):
        self.min_pence, self.max_pence = min_pence, max_pence
        super().__init__(**kwargs)

    def to_python(self, value):
        text = str(_without_grouping(value) if value is not None else "").lstrip("£")
        if text == "":
            return None
        # Bounded, so that the arithmetic stays exact and fits the database's bigint.
        if not re.fullmatch(r"-?(\d{1,13}(\.\d*)?|\.\d+)", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            pence = Decimal(text) * 100
        except InvalidOperation:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if pence != int(pence):
            raise ValidationError(self.error_messages["too_precise"], code="too_precise")
        return int(pence)

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.min_pence is not None and value < self.min_pence:
            raise ValidationError(
                self.error_messages["too_small"], code="too_small", params={"limit": _as_typed(self.min_pence)}
            )
        if self.max_pence is not None and value > self.max_pence:
            raise ValidationError(
                self.error_messages["too_large"], code="too_large", params={"limit": _as_typed(self.max_pence)}
            )

    def prepare_value(self, value):
        return _as_typed(value) if isinstance(value, int) else value

    def has_changed(self, initial, data):
        try:
            return initial != self.to_python(data)
        except ValidationError:
            return True


# Commas stand between thousands; “1,4” may be meant as 1.4, and is asked again.
_GROUPED = re.compile(r"-?£?\d{1,3}(,\d{3})+(\.\d*)?")


def _without_grouping(value):
    if not isinstance(value, str):
        return value
    text = re.sub(r"\s", "", value)
    return text.replace(",", "") if _GROUPED.fullmatch(text) else text


def _as_typed(pence: int) -> str:
    pounds, rest = divmod(abs(pence), 100)
    sign = "-" if pence < 0 else ""
    return f"{sign}{pounds:,}.{rest:02d}" if rest else f"{sign}{pounds:,}"


class _PartsField(forms.MultiValueField):
    """Boxes that are one answer. What was typed comes back as it was typed, whatever was wrong with it.

    A field gives the names of its `parts`, and `combine(numbers)`: the answer from what stands in each.
    """

    parts: tuple[str, ...]

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", DateParts(parts=self.parts))
        fields = [forms.CharField(required=False) for _ in self.parts]
        super().__init__(fields=fields, require_all_fields=False, **kwargs)

    def clean(self, value):
        if self.disabled and not isinstance(value, list):
            value = self.widget.decompress(value)
        texts = [str(text or "").strip() for text in (value or [None] * len(self.parts))]
        if not any(texts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        missing = [part for part, text in zip(self.parts, texts, strict=True) if not text]
        if missing:
            raise ValidationError(f"Add a {' and a '.join(missing)}.", code="incomplete")
        if not all(text.isascii() and text.isdigit() for text in texts):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        numbers = dict(zip(self.parts, map(int, texts), strict=True))
        # 21 is not silently the year 21, nor 2021.
        if numbers["year"] < 1900 or numbers["year"] > 2199:
            raise ValidationError("Write the year with four figures, like 2026.", code="year")
        if not 1 <= numbers["month"] <= 12:
            raise ValidationError("The month must be a number from 1 to 12.", code="month")
        result = self.combine(numbers)
        self.run_validators(result)
        return result

    def has_changed(self, initial, data):
        shown = ["" if part is None else str(part) for part in self.widget.decompress(initial)]
        return shown != [(text or "").strip() for text in (data or [""] * len(self.parts))]


class GovukDateField(_PartsField):
    """Day, month and year; gives a `date`."""

    parts = ("day", "month", "year")
    default_error_messages = {"invalid": "Write the date in numbers, like 10 6 2026."}

    def combine(self, numbers):
        try:
            return date(numbers["year"], numbers["month"], numbers["day"])
        except ValueError:
            raise ValidationError(
                f"There is no day {numbers['day']} in that month. Check the day and the month.", code="day"
            ) from None


class MonthField(_PartsField):
    """Month and year; gives a `Month`."""

    parts = ("month", "year")
    default_error_messages = {"invalid": "Write the month in numbers, like 6 2026."}

    def combine(self, numbers):
        return Month(numbers["year"], numbers["month"])


# ---- How they are drawn ----

_CONTROL_CLASSES = [
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.PasswordInput, "govuk-input govuk-password-input__input govuk-js-password-input-input"),
    (forms.Textarea, "govuk-textarea"),
    (forms.CheckboxSelectMultiple, ""),
    (forms.RadioSelect, ""),
    (forms.MultiWidget, ""),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (Input, "govuk-input"),
]
# A placeholder vanishes when typing begins and is too pale to read; labels and hints do its work.
# `legend_size` is for our templates. The rest means nothing on a text box.
_NOT_IN_HTML = ("placeholder", "legend_size", "min", "max", "step", "cols")


class GovukBoundField(BoundField):
    """A field that knows which GOV.UK component it is."""

    @property
    def kind(self) -> str:
        """Which arrangement of label, hint, error and control its template makes."""
        if isinstance(self.field.widget, forms.CheckboxInput):
            return "checkbox"
        return "group" if self.use_fieldset else "single"

    @property
    def legend_size(self) -> str:
        return self.field.widget.attrs.get("legend_size", "s")

    @property
    def error_sentences(self) -> list[str]:
        """Its errors, with Django's stock sentences put in our words."""
        return [in_our_words(error, self) for error in self.errors.as_data()]

    @property
    def focus_id(self) -> str:
        """Where a link in the error summary goes: the control itself, or the first one of a group."""
        id_ = self.field.widget.attrs.get("id") or self.auto_id
        return f"{id_}_0" if self.use_fieldset else id_

    def as_widget(self, widget=None, attrs=None, only_initial=False):
        widget = copy.copy(widget or self.field.widget)
        if isinstance(widget, forms.NumberInput):
            widget.input_type = "text"
        return super().as_widget(widget, attrs, only_initial)

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if widget.is_hidden:
            return attrs
        if isinstance(widget, forms.RadioSelect):
            attrs.pop("aria-invalid", None)  # not an attribute of a radio button
        if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
            attrs["rows"] = "5"
        if isinstance(widget, forms.TextInput | forms.NumberInput) and isinstance(self.field, forms.IntegerField):
            fraction = isinstance(self.field, forms.FloatField | forms.DecimalField)
            attrs.setdefault("inputmode", "decimal" if fraction else "numeric")
        if classes := self._control_classes(widget, attrs):
            attrs["class"] = classes
        # Django's templates leave out an attribute that is False.
        attrs |= {name: False for name in _NOT_IN_HTML if name in widget.attrs or name in attrs}
        return attrs

    def _control_classes(self, widget, attrs) -> str:
        own = next((name for kind, name in _CONTROL_CLASSES if isinstance(widget, kind)), "")
        if not own:
            return ""
        classes = [*own.split(), *widget.attrs.get("class", "").split(), *attrs.get("class", "").split()]
        if isinstance(self.field, forms.IntegerField) and not any("width" in name for name in classes):
            classes.append("govuk-input--width-5")
        if self.errors:
            classes.append(f"{classes[0]}--error")
        return " ".join(dict.fromkeys(classes))


class GovukRenderer(TemplatesSetting):
    form_template_name = "django/forms/govuk/form.html"
    formset_template_name = "django/forms/govuk/formset.html"
    field_template_name = "django/forms/govuk/field.html"
    bound_field_class = GovukBoundField

    def render(self, template_name, context, request=None):
        # A page of a return has ninety of these, each a template that includes another: half of the page's time.
        if template_name == forms.TextInput.template_name:
            return _text_box(context["widget"])
        return super().render(template_name, context, request)


def _text_box(widget: dict) -> SafeString:
    """What Django's template of a text box makes."""
    attributes = {name: widget[name] for name in ("type", "name", "value")} | widget["attrs"]
    return format_html("<input{}>", flatatt(attributes))


# ---- Django's sentences in our words ----

_STOCK = {
    "required": forms.Field.default_error_messages["required"],
    "min_value": validators.MinValueValidator.message,
    "max_value": validators.MaxValueValidator.message,
    "max_length": validators.MaxLengthValidator.message,
    "min_length": validators.MinLengthValidator.message,
    "invalid_choice": forms.ChoiceField.default_error_messages["invalid_choice"],
}


def in_our_words(error: ValidationError, field: BoundField) -> str:
    """The error's sentence; a stock one of Django's is replaced by one that says what to do here."""
    stock = _STOCK.get(error.code)
    if stock is None or str(error.message) != str(stock):
        return _without_full_stop(" ".join(error.messages))
    label = str(field.label).rstrip("?:. ")
    limit = (error.params or {}).get("limit_value")
    return {
        "required": _asking(field, label),
        "min_value": f"{label} must be {_grouped(limit)} or more",
        "max_value": f"{label} must be {_grouped(limit)} or less",
        "max_length": f"Shorten {_uncapitalised(label)} to {_grouped(limit)} characters or fewer",
        "min_length": f"{label} must have {_grouped(limit)} characters or more",
        "invalid_choice": f"Choose {_uncapitalised(label)} from the list",
    }[error.code]


def _asking(field: BoundField, label: str) -> str:
    widget = field.field.widget
    if str(field.label).endswith("?"):
        return f"Answer “{field.label}”"
    if isinstance(widget, forms.CheckboxInput):
        return f"Tick “{label}”"
    if isinstance(widget, forms.FileInput):
        return f"Choose a file for {_uncapitalised(label)}"
    verb = "Choose" if isinstance(widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple) else "Enter"
    return f"{verb} {_with_article(label)}"


# Labels that begin with one of these are read as they are: “Enter your name”, “Enter A: new”.
_NO_ARTICLE = re.compile(r"(the|your|a|an|any|which|what|where|who|how|why|on|from)\b|\w:", re.IGNORECASE)


def _with_article(label: str) -> str:
    """“the amount”, “the NHS number”."""
    inside = _uncapitalised(label)
    return inside if _NO_ARTICLE.match(label) else f"the {inside}"


def _without_full_stop(text: str) -> str:
    """GOV.UK's error messages end without one; two sentences keep theirs."""
    return text[:-1] if text.endswith(".") and ". " not in text else text


def _uncapitalised(label: str) -> str:
    """`Reason` inside a sentence is `reason`; `NHS number` stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() or len(label) == 1 else label


def _grouped(value) -> str:
    return f"{value:,}" if isinstance(value, int | float | Decimal) else str(value)
