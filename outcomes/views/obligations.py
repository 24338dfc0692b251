"""What is owed for a month: more time, reminders, and waivers."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, View

from outcomes.actions import digests, obligations
from outcomes.forms.decisions import ExtendForm, WaiveForm
from outcomes.models import Obligation
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.form_views import OneAction
from vru_portal.core.refusals import Refusal
from vru_portal.core.templatetags.portal import day


class OneObligation(OneAction, PermissionRequired, FormView):
    """Pages that change what is owed. When it is done, back to the return."""

    @cached_property
    def obligation(self) -> Obligation:
        visible = Obligation.objects.visible_to(self.request.user).select_related("delivery__partner")
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"obligation": self.obligation}

    def get_success_url(self) -> str:
        return reverse("outcomes:return-detail", args=[self.obligation.pk])


class ExtendDueDate(OneObligation):
    permission = Permission.EXTEND_DUE_DATE
    template_name = "outcomes/obligation_extend.html"
    form_class = ExtendForm

    def get_context_data(self, **kwargs) -> dict:
        extensions = self.obligation.extensions.select_related("extended_by")
        return super().get_context_data(**kwargs) | {"extensions": extensions}

    def act(self, **details) -> str:
        extension = obligations.extend(obligation=self.obligation, **details)
        return f"{self.obligation} is now due on {day(extension.due_date)}."


class RemindPartner(PermissionRequired, View):
    """One press; whoever fills in the return hears of it today."""

    http_method_names = ["post"]
    permission = Permission.REMIND_PARTNER

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        visible = Obligation.objects.visible_to(request.user).select_related("delivery__partner")
        obligation = get_object_or_404(visible, pk=pk)
        try:
            told = digests.remind(obligation=obligation, by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"Reminded: {', '.join(sorted(str(person) for person in told))}.")
        return redirect("outcomes:return-detail", pk)


class WaiveObligation(OneObligation):
    permission = Permission.WAIVE_OBLIGATION
    template_name = "outcomes/obligation_waive.html"
    form_class = WaiveForm

    def act(self, **details) -> str:
        obligations.waive(obligation=self.obligation, **details)
        return f"Waived: {self.obligation}."
