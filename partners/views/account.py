"""Your account: name, password, tokens for tools that read the API."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, View
from knox.models import AuthToken

from partners.access import SignedIn
from partners.actions import accounts
from partners.forms import AccountForm
from vru_portal.core.form_views import OneAction
from vru_portal.core.refusals import Refusal


class ShowAccount(OneAction, SignedIn, FormView):
    form_class = AccountForm
    template_name = "partners/account.html"
    success_url = reverse_lazy("partners:account")
    refusal_field = "name"

    def get_initial(self) -> dict:
        return {"name": self.request.user.name}

    def get_context_data(self, **kwargs) -> dict:
        tokens = AuthToken.objects.filter(user=self.request.user, expiry__gt=timezone.now())
        return super().get_context_data(**kwargs) | {
            "memberships": self.request.user.open_memberships,
            "tokens": tokens.order_by("created", "digest"),
        }

    def act(self, **details) -> str:
        accounts.rename(**details)
        return "Your name is saved."


@method_decorator(never_cache, name="dispatch")
class CreateToken(SignedIn, View):
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            secret = accounts.create_token(by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect("partners:account")
        return render(request, "partners/token_created.html", {"secret": secret})


class RevokeToken(SignedIn, View):
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, digest: str) -> HttpResponse:
        try:
            accounts.revoke_token(digest=digest, by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "The token is revoked.")
        return redirect("partners:account")
