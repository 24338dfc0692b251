"""The forms around what is accepted: unlocked, corrected, or void."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import forms

from outcomes.forms.free_text import ReasonField, asking_why
from outcomes.models import ReturnVersion
from partners.models import Organisation, User
from vru_portal.core.forms import GovukDateField, Radios
from vru_portal.core.templatetags.portal import day

PARTNER = "partner"


AskForm = asking_why(
    label="What is to be changed, and why?",
    help_text="The unit reads this. For example: we counted a group twice. No names.",
    asks="Say what is to be changed and why.",
)

DeclineForm = asking_why(
    label="Why does it stay locked?",
    help_text="The partner gets this sentence by mail.",
    asks="Say why it stays locked.",
)

TakeBackForm = asking_why(
    label="Why is it taken back?",
    help_text="The partner gets this sentence by mail.",
    asks="Say why it is taken back.",
)

VoidForm = asking_why(
    label="Why should it never have counted?",
    help_text="The partner gets this sentence by mail. For example: sent for the wrong delivery.",
    asks="Say why it should never have counted.",
)


class UnlockForm(forms.Form):
    """For the partner, or one person alone; until the end of a day; why."""

    for_person = forms.ChoiceField(
        label="Who can correct it?",
        widget=Radios,
        error_messages={"required": "Choose who can correct it.", "invalid_choice": "Choose one of these."},
    )
    until = GovukDateField(label="Until the end of which day?")
    reason = ReasonField(
        label="Why is it unlocked?",
        help_text="The partner gets this sentence by mail. For example: a group was counted twice.",
        asks="Say why the return is unlocked.",
    )

    def __init__(self, *args, partner: Organisation, people: Iterable[User], latest: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["for_person"].choices = [
            (PARTNER, f"Everybody who sends the returns of {partner}"),
            *((pk, f"{person} alone") for pk, person in self.people.items()),
        ]
        self.fields["until"].help_text = f"{day(latest)} at the latest. After it the return is locked again by itself."

    def clean_for_person(self) -> User | None:
        """None: the partner."""
        return self.people.get(self.cleaned_data["for_person"])


class CorrectionForm(forms.Form):
    revision_reason = forms.ChoiceField(
        label="Why does the return change?",
        choices=ReturnVersion.RevisionReason.choices,
        widget=Radios(
            hints={
                ReturnVersion.RevisionReason.LATE_RETURN: "Some of the month's records came in late.",
                ReturnVersion.RevisionReason.CORRECTION: "A number was wrong.",
                ReturnVersion.RevisionReason.DEFINITION_CHANGE: "What is counted has changed.",
            }
        ),
        error_messages={"required": "Choose why the return changes."},
    )
