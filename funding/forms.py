"""What people type about money."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import forms

from funding.actions.amounts import MOST_PENCE
from funding.models import AwardYear, RingFence
from funding.models.bridging import BridgeMovementKind, BridgingFacilityKind
from funding.models.grants import TRANSITIONS, MatchKind, RingFenceAmountKind
from funding.models.priorities import MOST
from funding.queries import AS_IT_STANDS, Scenario
from partners.models import Organisation, User
from programmes.models import Delivery
from programmes.queries import visible_deliveries
from vru_portal.core.forms import Affix, CountField, GovukDateField, MoneyField, Radios
from vru_portal.core.periods import FinancialYear

_YEAR = [month.first for month in FinancialYear(2022).months]
FIRST_YEAR = 2018  # the year before the first violence reduction units


class AsAtForm(forms.Form):
    """The day whose knowledge the page shows. Sent by GET, so that a view can be shared as a link."""

    as_at = GovukDateField(label="What we knew on", required=False)

    def __init__(self, data, *, today: date) -> None:
        super().__init__(data if self._day_asked(data) else None, initial={"as_at": today})
        self.today = today

    @staticmethod
    def _day_asked(data) -> bool:
        return any(data.get(f"as_at_{part}") for part in ("day", "month", "year"))

    def clean_as_at(self) -> date | None:
        day = self.cleaned_data["as_at"]
        if day and day > self.today:
            raise forms.ValidationError("Choose today or an earlier day: what will be known later is not known yet.")
        return day

    @property
    def day(self) -> date:
        """The day asked for; today while none is, or while it cannot be read."""
        chosen = self.cleaned_data.get("as_at") if self.is_valid() else None
        return chosen or self.today


class CoverForm(AsAtForm):
    """The day, and what is supposed of agreements that nobody has signed."""

    signed_in = forms.TypedChoiceField(
        label="If the rest is signed in",
        choices=[("", "Never: only what is signed"), *((n, f"{month:%B}") for n, month in enumerate(_YEAR))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    percent = CountField(
        label="At",
        initial=100,
        min_value=1,
        max_value=100,
        required=False,
        widget=Affix({"class": "govuk-input--width-3"}, suffix="%"),
    )

    def __init__(self, data, *, today: date) -> None:
        if any(data.get(name) for name in ("signed_in", "percent")) and not self._day_asked(data):
            data = data.copy()
            data.update({f"as_at_{part}": getattr(today, part) for part in ("day", "month", "year")})
        super().__init__(data, today=today)

    @property
    def scenario(self) -> Scenario:
        """As it stands while nothing is supposed, or it cannot be read."""
        if not self.is_valid() or self.cleaned_data["signed_in"] is None:
            return AS_IT_STANDS
        return Scenario(self.cleaned_data["signed_in"], self.cleaned_data["percent"] or 100)


class StepForm(forms.Form):
    state = forms.ChoiceField(label="What happened", widget=Radios)
    on_date = GovukDateField(label="On which day")
    amount_pence = MoneyField(
        label="Amount that this step states (optional)",
        help_text="What was announced, applied for or awarded. Leave empty for claims and closing.",
        required=False,
    )
    note = forms.CharField(
        label="Note (optional)",
        help_text="Where it is written, or why an amount is corrected.",
        widget=forms.Textarea({"rows": 3}),
        required=False,
        max_length=2000,
    )

    def __init__(self, *args, award_year: AwardYear, **kwargs) -> None:
        super().__init__(*args, prefix="step", **kwargs)
        self.fields["state"].choices = [
            (state.value, _step_label(award_year, state)) for state in award_year.next_states
        ]


def _step_label(award_year: AwardYear, state: AwardYear.State) -> str:
    return f"{state.label}: correct the amount" if state == award_year.state else state.label


class ReceiptForm(forms.Form):
    amount_pence = MoneyField(
        label="Amount received", min_pence=None, help_text="An amount below zero corrects an earlier receipt."
    )
    on_date = GovukDateField(label="Received on")
    reference = forms.CharField(label="Reference", help_text="As on the bank statement or remittance.", max_length=60)
    note = forms.CharField(label="Note (optional)", widget=forms.Textarea({"rows": 2}), required=False, max_length=2000)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, prefix="receipt", **kwargs)


class MovementForm(forms.Form):
    kind = forms.ChoiceField(label="What for", choices=BridgeMovementKind.choices, widget=Radios(inline=True))
    amount_pence = MoneyField(label="Amount", min_pence=1, max_pence=MOST_PENCE)
    on_date = GovukDateField(label="On which day")
    reference = forms.CharField(label="Reference", help_text="As it will stand on the payment.", max_length=60)


class FundForm(forms.Form):
    funder = forms.ModelChoiceField(Organisation.objects.all(), label="Funder", empty_label="Choose")
    name = forms.CharField(label="Name of the fund", max_length=150)
    purpose = forms.CharField(label="Purpose", widget=forms.Textarea({"rows": 3}), max_length=2000)
    announced_wording = forms.CharField(
        label="Wording of the announcement (optional)",
        help_text="As the funder put it, word for word.",
        widget=forms.Textarea({"rows": 4}),
        required=False,
        max_length=4000,
    )
    announced_on = GovukDateField(label="Announced on (optional)", required=False)
    announced_total_pence = MoneyField(
        label="Total that the wording names (optional)",
        help_text="Not the sum of its years: if the two differ, both are shown.",
        required=False,
        max_pence=MOST_PENCE,
    )


class AwardYearForm(forms.Form):
    financial_year = forms.TypedChoiceField(label="Financial year", coerce=int, empty_value=None)
    state = forms.ChoiceField(
        label="What happened first",
        choices=[(state.value, state.label) for state in AwardYear.State if state in TRANSITIONS[""]],
        widget=Radios,
    )
    on_date = GovukDateField(label="On which day")
    amount_pence = MoneyField(
        label="Amount (optional)",
        help_text="What was announced or applied for. Leave empty if no amount was stated.",
        required=False,
        max_pence=MOST_PENCE,
    )
    note = forms.CharField(label="Note (optional)", widget=forms.Textarea({"rows": 2}), required=False, max_length=2000)

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        this_year = FinancialYear.of(today).start
        years = [FinancialYear(start) for start in range(FIRST_YEAR, this_year + 6)]
        self.fields["financial_year"].choices = [("", "Choose"), *((year.start, str(year)) for year in years)]


class RingFenceForm(forms.Form):
    purpose = forms.CharField(label="Purpose", max_length=200)
    amount_kind = forms.ChoiceField(label="How much of the grant", choices=RingFenceAmountKind.choices, widget=Radios)
    amount_pence = MoneyField(
        label="Amount (optional)",
        help_text="Leave empty if the amount is not known.",
        required=False,
        max_pence=MOST_PENCE,
    )


class MatchForm(forms.Form):
    organisation = forms.ModelChoiceField(Organisation.objects.all(), label="From whom", empty_label="Choose")
    kind = forms.ChoiceField(label="Kind", choices=MatchKind.choices, widget=Radios(inline=True))
    amount_pence = MoneyField(label="Amount", min_pence=1, max_pence=MOST_PENCE)
    evidence = forms.CharField(
        label="Evidence", help_text="The letter, minute or agreement that proves it. Each counts once.", max_length=200
    )
    confirmed_on = GovukDateField(label="Confirmed on (optional)", required=False)


class FacilityForm(forms.Form):
    lender = forms.ModelChoiceField(Organisation.objects.all(), label="Lender", empty_label="Choose")
    kind = forms.ChoiceField(
        label="Kind",
        choices=BridgingFacilityKind.choices,
        widget=Radios(
            hints={
                BridgingFacilityKind.LOAN.value: "Cash that is owed back. A loan that also underwrites counts once.",
                BridgingFacilityKind.UNDERWRITING.value: "A promise to pay if the grant does not come.",
                BridgingFacilityKind.RESERVE.value: "Drawn from money that the lender has set aside.",
            }
        ),
    )
    limit_pence = MoneyField(label="Limit", min_pence=1, max_pence=MOST_PENCE)
    decision_reference = forms.CharField(label="Reference of the decision", max_length=60)
    agreed_on = GovukDateField(label="Agreed on")
    starts_on = GovukDateField(label="First day on which it can be drawn")
    expires_on = GovukDateField(label="Last day", help_text="On which it can be drawn, and on which it is due.")
    purposes = forms.CharField(label="What it is for", widget=forms.Textarea({"rows": 3}), max_length=2000)

    def clean(self) -> dict:
        return _in_order(self, super().clean(), "starts_on", "expires_on")


class AwardForm(forms.Form):
    """An award out of one award year; its dates begin with the whole of it."""

    delivery = forms.ModelChoiceField(Delivery.objects.none(), label="Delivery", empty_label="Choose")
    ring_fence = forms.ModelChoiceField(
        RingFence.objects.none(), label="Ring-fence (optional)", empty_label="None", required=False
    )
    amount_pence = MoneyField(
        label="Amount",
        help_text="An amount below zero corrects an earlier award to the same delivery.",
        min_pence=None,
        max_pence=MOST_PENCE,
    )
    starts_on = GovukDateField(label="First day")
    ends_on = GovukDateField(label="Last day")
    agreed_on = GovukDateField(label="Agreed with the partner on")
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
        return _in_order(self, super().clean(), "starts_on", "ends_on")


def _in_order(form: forms.Form, cleaned: dict, first: str, last: str) -> dict:
    if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
        form.add_error(last, "The last day must not be before the first")
    return cleaned


class DeclineForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=300)


class PrioritiesForm(forms.Form):
    """A place for each delivery, and why places change."""

    reason = forms.CharField(
        label="Why these places", help_text="A decision, or what was agreed with whom.", max_length=300
    )

    def __init__(self, *args, deliveries: Iterable[Delivery], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.deliveries = {f"rank_{delivery.pk}": delivery for delivery in deliveries}
        for name, delivery in self.deliveries.items():
            self.fields[name] = CountField(
                label=f"Place of {delivery.name}",
                initial=getattr(getattr(delivery, "priority", None), "rank", None),
                min_value=1,
                max_value=MOST,
                required=False,
                widget=forms.TextInput({"class": "govuk-input--width-2"}),
            )

    @property
    def rows(self) -> list[tuple[Delivery, forms.BoundField]]:
        return [(delivery, self[name]) for name, delivery in self.deliveries.items()]

    def clean(self) -> dict:
        """The action's own words: who stands where, and why."""
        typed = super().clean()
        ranks = {delivery: typed.get(name) for name, delivery in self.deliveries.items()}
        return {"ranks": ranks, "reason": typed.get("reason", "")}
