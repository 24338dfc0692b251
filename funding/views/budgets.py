"""The budget of an award year, and the conditions that come with its grant."""

from __future__ import annotations

from functools import cached_property

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from funding import queries
from funding.actions import budgets, conditions
from funding.forms import BudgetChangeForm, BudgetLineForm, ConditionForm
from funding.models import AwardYear, BudgetChange, Condition
from funding.queries import Commitments, LineMoney
from funding.views.award_years import OfAwardYear
from funding.views.deciding import Approve, Decline
from partners.access import PermissionRequired
from partners.permissions import Permission


class _OnBudget(PermissionRequired, TemplateView):
    permission = Permission.VIEW_MONEY

    @cached_property
    def award_year(self) -> AwardYear:
        found = AwardYear.objects.visible_to(self.request.user).select_related("fund__funder")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @cached_property
    def commitments(self) -> Commitments:
        return queries.commitments_of(self.award_year)


class ShowBudget(_OnBudget):
    """The lines of an award year with what is planned, committed, waiting and left of each, and every change."""

    template_name = "funding/budget.html"

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        changes = queries.changes_of(self.award_year)
        return super().get_context_data(**kwargs) | {
            "award_year": self.award_year,
            "budget": queries.budget_of(self.award_year),
            "commitments": self.commitments,
            "waiting": [change for change in changes if change.is_open],
            "decided": [change for change in changes if not change.is_open],
            "may_manage": user.may(Permission.MANAGE_MONEY),
            "may_approve": user.may(Permission.APPROVE_MONEY),
        }


class ShowBudgetMovements(_OnBudget):
    """What a number of the budget is made of: of one line, of the awards that no one line is for, or of them all."""

    template_name = "funding/budget_movements.html"

    @property
    def asked(self) -> tuple[LineMoney | None, str]:
        line = self.request.GET.get("line", "")
        if not line:
            return self.commitments.total, "All lines"
        if line == "none":
            return self.commitments.of(None), "Awards that no one line is for"
        found = self.commitments.of(int(line)) if line.isdecimal() else None
        return found, str(found.line) if found else ""

    def get_context_data(self, **kwargs) -> dict:
        money, name = self.asked
        if money is None:
            raise Http404("There is nothing on that line.")
        own = {"award_year": self.award_year, "money": money, "name": name}
        return super().get_context_data(**kwargs) | own


class OfBudget(OfAwardYear):
    """A form that leads back to the budget."""

    @property
    def above(self) -> tuple[str, str]:
        return f"Budget of {self.award_year}", reverse("funding:budget", args=[self.award_year.pk])


class AddBudgetLine(OfBudget):
    form_class = BudgetLineForm
    heading = "Add a line to the budget"
    button = "Add line"
    intro = "What it is for stays. Money is put on it by a change of the budget."

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"award_year": self.award_year}

    def act(self, **details) -> str:
        return f"“{budgets.add_line(award_year=self.award_year, **details)}” is added."


class ProposeBudgetChange(OfBudget):
    form_class = BudgetChangeForm
    template_name = "funding/budget_change.html"
    heading = "Propose a change of the budget"
    button = "Propose change"
    intro = "A colleague has to approve it. Until then nothing moves. An amount below zero takes money off a line."

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"lines": queries.budget_of(self.award_year).lines}

    def act(self, **details) -> str:
        budgets.propose_change(award_year=self.award_year, **details)
        return "Proposed. A colleague now has to approve it."


class _OnChange:
    """A change that the person may see, and the page that it stands on."""

    @cached_property
    def proposed(self) -> BudgetChange:
        found = BudgetChange.objects.visible_to(self.request.user).select_related("award_year__fund")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def above(self) -> tuple[str, str]:
        award_year = self.proposed.award_year
        return f"Budget of {award_year}", reverse("funding:budget", args=[award_year.pk])


class ApproveBudgetChange(_OnChange, Approve):
    def approve(self, **act) -> str:
        return f"Approved: {budgets.approve_change(change=self.proposed, **act)}."


class DeclineBudgetChange(_OnChange, Decline):
    @property
    def what(self) -> str:
        return f"{self.proposed.get_kind_display().lower()} {self.proposed.reference}"

    def decline(self, **details) -> None:
        budgets.decline_change(change=self.proposed, **details)


class AddCondition(OfAwardYear):
    form_class = ConditionForm
    heading = "Add a condition"
    button = "Save condition"
    intro = "What the funder asks in return. A share is read from the budget, or from confirmed match, as it stands."

    def act(self, **details) -> str:
        conditions.save_condition(award_year=self.award_year, **details)
        return "The condition is added."


class EditCondition(OfAwardYear):
    form_class = ConditionForm
    heading = "Change a condition"
    button = "Save condition"
    edited = ("kind", "category", "basis", "wording", "evidence", "met_on")

    @cached_property
    def subject(self) -> Condition:
        found = Condition.objects.visible_to(self.request.user).select_related("award_year__fund")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def award_year(self) -> AwardYear:
        return self.subject.award_year

    def get_initial(self) -> dict:
        threshold = self.subject.threshold
        return super().get_initial() | {"percent": None if threshold is None else f"{threshold / 100:g}"}

    def act(self, **details) -> str:
        conditions.save_condition(award_year=self.award_year, condition=self.subject, **details)
        return "The condition is changed."
