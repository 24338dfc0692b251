"""What a second person does with what somebody proposed: approve it, or decline it with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import View

from funding.forms import DeclineForm
from funding.views.pages import FormPage
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal


class Approve(PermissionRequired, View):
    """The button beside a proposal. A view gives `above` as a form's page does, and `approve(by=, now=)`, which does
    the action and returns the sentence for whoever did it."""

    permission = Permission.APPROVE_MONEY
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            done = self.approve(by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, done)
        return redirect(self.above[1])


class Decline(FormPage):
    """Asks for the reason first; who proposed it may take it back this way. A view gives `proposed` and, for the
    heading, what it is: “the award of £96,000 to Heal Hub”."""

    permission = (Permission.APPROVE_MONEY, Permission.MANAGE_MONEY)
    form_class = DeclineForm

    @property
    def is_own(self) -> bool:
        return self.proposed.proposed_by_id == self.request.user.pk

    @property
    def button(self) -> str:
        return "Take it back" if self.is_own else "Decline"

    @property
    def heading(self) -> str:
        return f"{'Take back' if self.is_own else 'Decline'} {self.what}"

    def act(self, **details) -> str:
        self.decline(**details)
        return "Taken back." if self.is_own else "Declined."
