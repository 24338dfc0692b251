"""What the unit itself spends of a grant, beside its budget."""

from __future__ import annotations

from functools import cached_property

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from funding import queries
from funding.actions import spending
from funding.forms import SpendForm
from funding.models import AwardYear, UnitSpend
from funding.views.award_years import OfAwardYear
from funding.views.deciding import Approve, Decline
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.money import pounds

PER_PAGE = 25


class ShowSpending(PermissionRequired, TemplateView):
    """Line by line what is planned, spent and left, and each amount that makes it up."""

    permission = Permission.VIEW_MONEY
    template_name = "funding/spending.html"

    def get_context_data(self, pk: int, **kwargs) -> dict:
        user = self.request.user
        found = AwardYear.objects.visible_to(user).select_related("fund__funder")
        award_year = get_object_or_404(found, pk=pk)
        spends, lines = queries.spends_of(award_year), queries.spending_of(award_year)
        decided = spends.exclude(pk__in=spends.open())
        return super().get_context_data(**kwargs) | {
            "award_year": award_year,
            "lines": lines,
            "spent": sum(each.spent for each in lines),
            "planned": sum(each.planned for each in lines),
            "waiting": spends.open(),
            "page": Paginator(decided, PER_PAGE).get_page(self.request.GET.get("page")),
            "may_manage": user.may(Permission.MANAGE_MONEY),
            "may_approve": user.may(Permission.APPROVE_MONEY),
        }


class ProposeSpend(OfAwardYear):
    form_class = SpendForm
    heading = "Propose spending of the unit"
    button = "Propose spending"
    intro = "What the unit itself spent on a line of its budget. A colleague has to approve it."

    @property
    def above(self) -> tuple[str, str]:
        return f"Spending of {self.award_year}", reverse("funding:spending", args=[self.award_year.pk])

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"award_year": self.award_year}

    def act(self, **details) -> str:
        spending.propose_spend(**details)
        return "Proposed. A colleague now has to approve it."


class _OnSpend:
    """An amount that the person may see, and the page that it stands on."""

    @cached_property
    def proposed(self) -> UnitSpend:
        found = UnitSpend.objects.visible_to(self.request.user).select_related("line__award_year__fund")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    @property
    def above(self) -> tuple[str, str]:
        award_year = self.proposed.line.award_year
        return f"Spending of {award_year}", reverse("funding:spending", args=[award_year.pk])


class ApproveSpend(_OnSpend, Approve):
    def approve(self, **act) -> str:
        spend = spending.approve_spend(spend=self.proposed, **act)
        return f"Approved: {pounds(spend.amount_pence)} to {spend.payee}, {spend}."


class DeclineSpend(_OnSpend, Decline):
    @property
    def what(self) -> str:
        return f"the {pounds(self.proposed.amount_pence)} to {self.proposed.payee}, {self.proposed}"

    def decline(self, **details) -> None:
        spending.decline_spend(spend=self.proposed, **details)
