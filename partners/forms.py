"""What people type about organisations, colleagues, themselves and the history."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms

from partners.models import Area, Message, NetworkMembership, Organisation, User
from partners.models.areas import AreaKind
from partners.models.events import in_words
from partners.permissions import Role
from partners.queries import history, messages
from vru_portal.core.forms import GovukDateField, Radios

EMAIL = "Email address"
HOW_TO_CHOOSE = "12 characters or more. Three words that belong together only for you are good."


class SignInForm(LoginForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = EMAIL


class ForgottenPasswordForm(ResetPasswordForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = EMAIL


class _NewPassword:
    """A form of allauth's with a new password, typed twice, in our words."""

    LABELS: ClassVar = {
        "oldpassword": "Your current password",
        "password1": "New password",
        "password2": "New password again",
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.LABELS[name]
        self.fields["password1"].help_text = HOW_TO_CHOOSE

    def clean(self) -> dict:
        """In place of allauth's, which compares the two with a sentence of its own."""
        first, again = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and again and first != again:
            self.add_error("password2", "Type the same new password in both boxes")
        return self.cleaned_data


class AnotherPasswordForm(_NewPassword, ChangePasswordForm):
    pass


class FirstPasswordForm(_NewPassword, SetPasswordForm):
    pass


class PasswordByLinkForm(_NewPassword, ResetPasswordKeyForm):
    pass


class OrganisationSearchForm(forms.Form):
    name = forms.CharField(label="Name", required=False, max_length=200)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Every kind"), *Organisation.Kind.choices])


class OrganisationForm(forms.ModelForm):
    opened_on = GovukDateField(label="Opened on (optional)", required=False)
    closed_on = GovukDateField(
        label="Closed on (optional)", required=False, help_text="The first day on which it is no longer there."
    )

    class Meta:
        model = Organisation
        fields = ["name", "kind", "org_id", "district", "telephone", "opened_on", "closed_on", "succeeded_by"]
        labels = {
            "org_id": "Org-id identifier (optional)",
            "district": "District (optional)",
            "telephone": "Telephone (optional)",
            "succeeded_by": "Succeeded by (optional)",
        }
        error_messages = {"name": {"unique": "There is an organisation with this name already"}}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Choose"), *Organisation.Kind.choices]
        self.fields["district"].empty_label = "None"
        self.fields["succeeded_by"].empty_label = "Nobody"
        self.fields["district"].queryset = Area.objects.filter(kind=AreaKind.DISTRICT)
        self.fields["succeeded_by"].queryset = Organisation.objects.exclude(pk=self.instance.pk)


class EditOrganisationForm(OrganisationForm):
    # What the person saw; the action compares it with what is kept.
    revision = forms.CharField(required=False, widget=forms.HiddenInput)


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=EMAIL,
        help_text="The link goes there. It works once, for 14 days.",
        error_messages={"invalid": "Enter an email address like name@example.org"},
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label="Role",
        widget=Radios(
            hints={
                Role.PARTNER_LEAD: "Fills in returns and invites colleagues",
                Role.PARTNER: "Fills in returns",
                Role.COMMISSIONER: "Sees published figures only",
                Role.AUDITOR: "Sees everything, changes nothing",
            }
        ),
    )

    def __init__(self, *args, roles: list[Role], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]
        if len(roles) == 1:
            self.fields["role"].initial = roles[0].value


class AcceptForm(forms.Form):
    name = forms.CharField(label="Your name", max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        label="Choose a password",
        help_text=HOW_TO_CHOOSE,
        strip=False,
        max_length=128,
        error_messages={"required": "Choose a password."},
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


class RecordAgreementForm(forms.Form):
    document = forms.CharField(
        label="Where the signed document is kept",
        max_length=200,
        help_text="In words, for example: Information governance, DSA-2026-014.",
    )
    starts_on = GovukDateField(label="First day")
    ends_on = GovukDateField(
        label="Last day (optional)", required=False, help_text="Leave it empty if it holds until further notice."
    )


class EndAgreementForm(forms.Form):
    ended_on = GovukDateField(
        label="From which day does it no longer hold?",
        help_text="Was it recorded by mistake? Give its first day, then record it again.",
    )
    reason = forms.CharField(label="Reason", max_length=300, help_text="The partner reads it too.")


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Reason (optional)", required=False, max_length=300)


class AccountForm(forms.Form):
    name = forms.CharField(label="Your name", max_length=150, widget=forms.TextInput({"autocomplete": "name"}))


class OnDayForm(forms.Form):
    day = GovukDateField(label="On which day (optional)", required=False, help_text="Today, if you leave it empty.")

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date | None:
        day = self.cleaned_data["day"]
        if day and day > self.today:
            raise forms.ValidationError("Choose today or an earlier day: who joins or leaves later is not known yet.")
        return day


class MembersForm(OnDayForm):
    """Whom to list of a network."""

    name = forms.CharField(label="Name (optional)", required=False, max_length=150)
    who = forms.ChoiceField(
        label="Who",
        required=False,
        choices=[("", "Members on that day"), ("left", "Those who had left by then")],
    )


class NetworkMemberForm(forms.Form):
    name = forms.CharField(label="Name", max_length=150, widget=forms.TextInput({"autocomplete": "off"}))
    belongs_to = forms.CharField(label="Congregation, group or body (optional)", required=False, max_length=150)
    district = forms.ModelChoiceField(
        Area.objects.filter(kind=AreaKind.DISTRICT), label="District (optional)", required=False, empty_label="None"
    )
    joined_on = GovukDateField(label="Day of joining")


class ChangeNetworkMemberForm(NetworkMemberForm):
    left_on = GovukDateField(
        label="Day of leaving (optional)",
        required=False,
        help_text="The first day on which they were no longer a member. Leave it empty if they never left.",
    )
    # What the person saw; the action compares it with what is kept.
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, membership: NetworkMembership, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # A file may have put them into an area that is no district.
        self.fields["district"].queryset |= Area.objects.filter(pk=membership.member.district_id)
        self._left_on = membership.left_on
        if membership.left_on is None:
            del self.fields["left_on"]

    def clean(self) -> dict:
        """Who left after this form was drawn was not asked about: nothing is said of the day, and it is shown."""
        said = super().clean()
        if self._left_on and self["left_on"].field.widget.value_omitted_from_data(self.data, self.files, "left_on"):
            said.pop("left_on", None)
            self.data = self.data.copy()
            self.data.update({f"left_on_{part}": str(getattr(self._left_on, part)) for part in GovukDateField.parts})
        return said


class LeaveNetworkForm(forms.Form):
    left_on = GovukDateField(label="From which day are they no longer a member?", help_text="Today or a day before.")


class HistoryForm(forms.Form):
    doer = forms.ChoiceField(
        label="Done by",
        required=False,
        choices=list(history.DOERS.items()),
        help_text="The clock is what the portal does by itself: imports, releases, what falls due.",
    )
    person = forms.ModelChoiceField(User.objects.all(), label="Who", required=False, empty_label="Everybody")
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(), label="Organisation", required=False, empty_label="Every organisation"
    )
    name = forms.ChoiceField(label="What", required=False)
    first = GovukDateField(label="From (optional)", required=False)
    last = GovukDateField(label="To (optional)", required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = [("", "Everything"), *((name, in_words(name)) for name in history.event_names())]

    def clean_doer(self) -> str:
        """What people did, unless something else is asked for."""
        return self.cleaned_data["doer"] or history.PEOPLE


class MessagesForm(forms.Form):
    """Which messages. Sent by GET, so that a list can be shared as a link."""

    state = forms.ChoiceField(label="State", required=False)
    kind = forms.ChoiceField(label="Kind", required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(), label="Organisation", required=False, empty_label="Every organisation"
    )
    to = forms.CharField(label="To", required=False, max_length=200)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [
            ("", "Every state"),
            (messages.UNSETTLED, "Needs a look"),
            *Message.State.choices,
        ]
        self.fields["kind"].choices = [("", "Every kind"), *((kind, in_words(kind)) for kind in messages.kinds())]
