"""Which rows are one person: what the linker asks, what people decided, and the ledger. Nobody's name is there."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View

from outcomes.actions import linkage as actions
from outcomes.forms.now import DecideForm
from outcomes.models import LinkDecision
from outcomes.queries import link_questions as queries
from outcomes.queries.now import standing, years_counted
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.form_views import OneAction
from vru_portal.core.refusals import Refusal

PER_PAGE = 25


def _page_of(request: HttpRequest, found: QuerySet) -> Page:
    return Paginator(found, PER_PAGE).get_page(request.GET.get("page"))


class ListQuestions(PermissionRequired, TemplateView):
    permission = Permission.VIEW_REACH
    template_name = "outcomes/link_list.html"

    def get_context_data(self, **kwargs) -> dict:
        page = _page_of(self.request, queries.questions())
        years = years_counted()
        return super().get_context_data(**kwargs) | {
            "page": page,
            "pairs": queries.pairs_of(page),
            "linkage": queries.newest_linkage(),
            "recount": standing(years[0]).recount if years else None,
            "may_decide": self.request.user.may(Permission.DECIDE_LINKS),
        }


class DecideLink(OneAction, PermissionRequired, FormView):
    permission = Permission.DECIDE_LINKS
    template_name = "outcomes/link_decide.html"
    form_class = DecideForm

    @cached_property
    def pair(self) -> queries.Pair:
        pair = queries.pair_of(self.kwargs["first"], self.kwargs["second"])
        if pair is None:
            raise Http404("These rows are in no accepted register any more.")
        return pair

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"pair": self.pair}

    def act(self, *, are_one: bool, by, now) -> str:
        actions.decide(
            first=self.pair.one.number, second=self.pair.other.number, are_one=are_one, reason="", by=by, now=now
        )
        return f"Kept: {'one person' if are_one else 'two people'}. The figures follow within a minute."

    def get_success_url(self) -> str:
        return reverse("outcomes:link-list")


class ListDecisions(PermissionRequired, TemplateView):
    permission = Permission.VIEW_REACH
    template_name = "outcomes/link_decisions.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "page": _page_of(self.request, queries.decisions()),
            "may_decide": self.request.user.may(Permission.DECIDE_LINKS),
        }


class ShowLedger(PermissionRequired, TemplateView):
    permission = Permission.VIEW_REACH
    template_name = "outcomes/link_ledger.html"

    def get_context_data(self, **kwargs) -> dict:
        page = _page_of(self.request, queries.entries())
        return super().get_context_data(**kwargs) | {
            "page": page,
            "entries": queries.with_rows(page),
            "may_decide": self.request.user.may(Permission.DECIDE_LINKS),
        }


class UndoDecision(PermissionRequired, View):
    permission = Permission.DECIDE_LINKS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        decision = get_object_or_404(LinkDecision, pk=pk)
        try:
            actions.undo(decision=decision, by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "Undone. The figures are as they were before within a minute.")
        return redirect("outcomes:link-decisions")
