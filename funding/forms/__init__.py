"""What people type about money."""

from funding.forms.awards import AwardForm, DeclineForm
from funding.forms.bridging import FacilityForm, MovementForm
from funding.forms.budgets import BudgetChangeForm, BudgetLineForm, ConditionForm
from funding.forms.claims import ClaimForm, QueryForm
from funding.forms.cover import AsAtForm, CoverForm, FinanceForm, PrioritiesForm
from funding.forms.grants import AwardYearForm, FundForm, MatchForm, ReceiptForm, RingFenceForm, StepForm
from funding.forms.imports import ImportForm
from funding.forms.payments import ChosenPaymentsForm, ForecastForm, PaymentForm, PaymentsMadeForm, WriteOffForm
from funding.forms.spending import SpendForm
from funding.forms.yearly_round import ApplicationForm, GrantClaimForm

__all__ = [
    "ApplicationForm",
    "AsAtForm",
    "AwardForm",
    "AwardYearForm",
    "BudgetChangeForm",
    "BudgetLineForm",
    "ChosenPaymentsForm",
    "ClaimForm",
    "ConditionForm",
    "CoverForm",
    "DeclineForm",
    "FacilityForm",
    "FinanceForm",
    "ForecastForm",
    "FundForm",
    "GrantClaimForm",
    "ImportForm",
    "MatchForm",
    "MovementForm",
    "PaymentForm",
    "PaymentsMadeForm",
    "PrioritiesForm",
    "QueryForm",
    "ReceiptForm",
    "RingFenceForm",
    "SpendForm",
    "StepForm",
    "WriteOffForm",
]
