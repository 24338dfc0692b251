"""The short forms around a return: nil, decisions, waivers, and what lists show."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django import forms

from outcomes.forms.free_text import FreeTextField, ReasonField, asking_why
from outcomes.models import Obligation, Submission, TemplateSection
from outcomes.models.returns import NIL_REASONS
from vru_portal.core.forms import Checkboxes, GovukDateField, Radios
from vru_portal.core.periods import FinancialYear

LIKELY_REASON = "Nobody came or was referred"
OTHER = "other"


class NilForm(forms.Form):
    """Why there is nothing to report: one click, or a sentence of one's own."""

    reason = forms.ChoiceField(
        label="Why is there nothing to report?",
        choices=[*((reason, reason) for reason in NIL_REASONS), (OTHER, "Something else")],
        widget=Radios,
        error_messages={"required": "Choose why there is nothing to report."},
    )
    other_reason = FreeTextField(where="The reason", label="If something else, what?", required=False, max_length=250)

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("reason") == OTHER and cleaned.get("other_reason") == "":
            self.add_error("other_reason", "Say why there is nothing to report.")
        return cleaned

    @property
    def words(self) -> str:
        reason, other = self.cleaned_data["reason"], self.cleaned_data["other_reason"]
        if reason == OTHER:
            return other
        return f"{reason}: {other}" if other else reason


class NilLine(forms.Form):
    """The same on the list of what is due, with the likely reason chosen already: one click sends it.

    `last_reason` is the delivery's last one, if there was any.
    """

    reason = forms.ChoiceField(label="Nothing to report?", choices=NilForm.base_fields["reason"].choices)

    def __init__(self, *, obligation: Obligation, last_reason: str) -> None:
        likely = last_reason if last_reason in NIL_REASONS else LIKELY_REASON
        super().__init__(auto_id=f"nil-{obligation.pk}-%s", initial={"reason": likely})


class DecisionForm(forms.Form):
    """To accept what was read, or to return it: `submission`, which the page writes itself.

    Valid to return it with what the partner should change: in the whole (`reason`), or in sections (`changes`, by key);
    and to accept it without. `waits`: what may be decided, None where nothing is any more.
    """

    submission = forms.ModelChoiceField(
        Submission.objects.none(),
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Read the numbers below first, then decide."),
    )
    reason = FreeTextField(
        where="The reason",
        label="What should the partner change?",
        help_text="They get this by mail and see it above the form.",
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": "4"}),
    )
    sections = forms.MultipleChoiceField(
        label="Or in which sections?",
        help_text="They see what you write about a section beside it.",
        required=False,
        widget=Checkboxes,
        error_messages={"invalid_choice": "Tick sections of this return."},
    )

    def __init__(
        self,
        *args,
        obligation: Obligation,
        sections: Iterable[TemplateSection] = (),
        gives_back: bool = False,
        waits: Submission | None = None,
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.gives_back, self.waits = gives_back, waits
        self.titles = {section.key: section.title for section in sections}
        self.fields["submission"].queryset = Submission.objects.filter(version__obligation=obligation)
        self.fields["sections"].choices = self.titles.items()
        for key, title in self.titles.items():
            self.fields[f"change__{key}"] = FreeTextField(
                where=f"What you say of {title}",
                label=f"What should change in {title}?",
                required=False,
                max_length=2_000,
                widget=forms.Textarea({"rows": "3"}),
            )
        self.fields["sections"].widget.reveals = {key: self[f"change__{key}"] for key in self.titles}

    def clean(self) -> dict:
        cleaned = super().clean()
        # Without JavaScript a section's box is always there: what is written in it is meant, ticked or not.
        written = {key: cleaned.get(f"change__{key}", "") for key in self.titles}
        cleaned["changes"] = {key: text for key, text in written.items() if text}
        if not self.gives_back:
            self._refuse_dropping(cleaned)
            return cleaned
        for key in cleaned.get("sections", ()):
            if not written[key] and f"change__{key}" not in self.errors:
                self.add_error(f"change__{key}", f"Say what the partner should change in {self.titles[key]}.")
        if not (cleaned.get("reason") or cleaned["changes"] or self.errors):
            self.add_error("reason", "Say what the partner should change.")
        return cleaned

    def _refuse_dropping(self, cleaned: dict) -> None:
        """What was said to be changed is never dropped by an Accept. Where there is nothing to accept any more, or
        other numbers, the action says so."""
        if self.waits is None or cleaned.get("submission") != self.waits:
            return
        sections = list(dict.fromkeys([*cleaned.get("sections", ()), *cleaned["changes"]]))
        if not (cleaned.get("reason") or sections):
            return
        name = "reason" if cleaned.get("reason") else f"change__{sections[0]}"
        self.add_error(
            name,
            "You said what the partner should change, and pressed Accept. Return it with that, or take it out and "
            "accept. A comment reaches the partner either way.",
        )
        # A box with words in it is seen where its section is ticked alone.
        self.data = self.data.copy()
        self.data.setlist("sections", sections)

    @property
    def typed(self) -> list[str]:
        """What stands in its boxes, to be seen once nothing is to be decided any more."""
        values = [self["reason"].value(), *(field.value() for field in self.fields["sections"].widget.reveals.values())]
        return [text for text in values if text]


class CommentForm(forms.Form):
    text = FreeTextField(
        where="The comment",
        label="Your comment",
        help_text="The other side reads it here and is told by mail. No names. It cannot be changed afterwards.",
        max_length=2_000,
        widget=forms.Textarea({"rows": "4"}),
        error_messages={"required": "Write your comment."},
    )


WaiveForm = asking_why(
    label="Why is nothing owed for this month?",
    help_text="The partner sees this. For example: the hall was flooded and the delivery stood still.",
    asks="Say why nothing is owed for this month.",
)

DiscardForm = asking_why(
    label="Why is it never to be published?",
    help_text="It stays on record with this reason. For example: produced for the wrong month.",
    asks="Say why it is never to be published.",
)

StopForm = asking_why(
    label="Why is it stopped?",
    help_text="Everybody who sees the release calendar reads this. For example: an error was found in one return.",
    asks="Say why it is stopped.",
)


class ApproveReleaseForm(forms.Form):
    """Asks for those of the reasons that are `asked`."""

    told_before_reason = ReasonField(
        label="Why is it published although earlier releases give hidden numbers away?",
        help_text="It stays on record with this reason. For example: they are public for good, and this one says "
        "nothing more of them.",
        asks="Say why it is published although earlier releases give hidden numbers away.",
    )
    unproven_reason = ReasonField(
        label="Why is it published although not every hidden number is proven?",
        help_text="It stays on record with this reason. For example: the attack worked out none, and the figures are "
        "due.",
        asks="Say why it is published even so.",
    )

    def __init__(self, *args, asked: Collection[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() - set(asked):
            del self.fields[name]


class ExtendForm(forms.Form):
    due_date = GovukDateField(label="New due date", help_text="A working day within half a year.")
    reason = ReasonField(
        label="Why is there more time?",
        help_text="The partner sees this. For example: their worker is ill until the 20th.",
        asks="Say why there is more time.",
    )


class ReturnsFilter(forms.Form):
    """Which year, and which standing. Sent by GET, so that a list can be shared as a link."""

    year = forms.TypedChoiceField(label="Financial year", required=False, coerce=int, empty_value=None)
    tag = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "All"),
            ("overdue", "Late"),
            ("due", "Due"),
            ("draft", "Begun"),
            ("submitted", "Sent"),
            ("returned", "Returned"),
            ("accepted", "Accepted"),
            ("nil", "Nil"),
            ("waived", "Waived"),
        ],
    )

    def __init__(self, *args, years: list[FinancialYear], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.years = years
        self.fields["year"].choices = [(year.start, str(year)) for year in years]
        self.initial = {"year": self.chosen_year.start} | self.initial

    @property
    def chosen_year(self) -> FinancialYear:
        """The year asked for, or the newest."""
        asked = self.data.get("year", "")
        return next((year for year in self.years if str(year.start) == asked), self.years[0])

    @property
    def chosen_tag(self) -> str:
        asked = self.data.get("tag", "")
        return asked if asked in dict(self.fields["tag"].choices) else ""
