"""Funds: the page of one, adding and changing one."""

from __future__ import annotations

from functools import cached_property

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from funding import queries
from funding.actions import funds
from funding.forms import FundForm
from funding.models import Fund
from funding.views.pages import FormPage
from partners.access import PermissionRequired
from partners.permissions import Permission


class ShowFund(PermissionRequired, TemplateView):
    """A fund's announcement, its award years and what bridges it."""

    permission = Permission.VIEW_MONEY
    template_name = "funding/fund_detail.html"

    def get_context_data(self, pk: int, **kwargs) -> dict:
        user, today = self.request.user, timezone.localdate()
        fund = get_object_or_404(Fund.objects.visible_to(user).select_related("funder"), pk=pk)
        lines = [line for line in queries.fund_lines(user=user, as_at=today) if line.fund == fund]
        facilities = queries.facility_lines(user=user, as_at=today)
        return super().get_context_data(**kwargs) | {
            "fund": fund,
            "line": lines[0] if lines else None,
            "unknown": fund.award_years.exclude(steps__approved_at__isnull=False).order_by("financial_year"),
            "facilities": [line for line in facilities if line.facility.fund_id == fund.pk],
            "untouched": fund.facilities.filter(movements__isnull=True),
            "may_manage": user.may(Permission.MANAGE_MONEY),
        }


class AddFund(FormPage):
    form_class = FundForm
    heading = "Add a fund"
    button = "Add fund"
    intro = "Who gives, and for what. Its financial years, with their amounts, are added next."

    def act(self, **details) -> str:
        self.added = funds.save_fund(**details)
        return f"{self.added} is added. Now add its award years."

    @property
    def above(self) -> tuple[str, str]:
        if added := getattr(self, "added", None):
            return str(added), reverse("funding:fund-detail", args=[added.pk])
        return super().above


class OfFund(FormPage):
    """A form of a fund, from which one comes and to which one goes back."""

    @cached_property
    def fund(self) -> Fund:
        return get_object_or_404(Fund.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    @property
    def above(self) -> tuple[str, str]:
        return str(self.fund), reverse("funding:fund-detail", args=[self.fund.pk])


class EditFund(OfFund):
    form_class = FundForm
    button = "Save fund"
    edited = ("funder", "name", "purpose", "announced_wording", "announced_on", "announced_total_pence")

    @property
    def subject(self) -> Fund:
        return self.fund

    @property
    def heading(self) -> str:
        return f"Change {self.fund}"

    def act(self, **details) -> str:
        return f"{funds.save_fund(fund=self.fund, **details)} is changed."
