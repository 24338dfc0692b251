"""Announcing the day of a release, and letting somebody read one before it."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils import timezone

from outcomes.forms.free_text import FreeTextField, ReasonField
from partners.models import User
from vru_portal.core.forms import GovukDateField
from vru_portal.core.periods import Month


class AnnounceForm(forms.Form):
    month = forms.ChoiceField(
        label="Release of April to", error_messages={"invalid_choice": "The day of that month can no longer be said."}
    )
    day = GovukDateField(label="Day on which it becomes public")
    time = forms.TimeField(
        label="Time",
        help_text="Like 9:30.",
        widget=forms.TextInput({"class": "govuk-input--width-5"}),
        error_messages={"required": "Write the time, like 9:30.", "invalid": "Write the time like 9:30."},
    )
    reason = FreeTextField(
        where="The reason",
        label="Why is the day moved?",
        help_text="Only if another day was announced before. Everybody who sees the calendar reads it.",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": "3"}),
    )

    def __init__(self, *args, months: list[Month], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(month.code, str(month)) for month in months]

    def clean_month(self) -> Month:
        return Month.parse(self.cleaned_data["month"])

    def clean(self) -> dict:
        cleaned = super().clean()
        day, time = cleaned.pop("day", None), cleaned.pop("time", None)
        if day and time:
            cleaned["public_at"] = timezone.make_aware(datetime.combine(day, time))
        return cleaned


class EarlyAccessForm(forms.Form):
    user = forms.ModelChoiceField(
        User.objects.none(),
        label="Who",
        empty_label="Choose a commissioner",
        error_messages={"required": "Choose who."},
    )
    reason = ReasonField(
        label="Why do they read it early?",
        help_text="Everybody reads this once the release is public. For example: answers for it in Thursday’s meeting.",
        asks="Say why they read it early.",
    )

    def __init__(self, *args, people, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people
