"""What is accepted is locked: unlocked, corrected, or made void; and what that revises."""

from __future__ import annotations

from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from outcomes.actions import corrections, unlocks
from outcomes.forms.unlocks import PARTNER, AskForm, CorrectionForm, DeclineForm, TakeBackForm, UnlockForm, VoidForm
from outcomes.models import Obligation, ReturnVersion, Unlock, UnlockRequest
from outcomes.queries import unlocks as queries
from outcomes.queries.revisions import revisions
from outcomes.views.obligations import OneObligation
from outcomes.views.returns import OneReturn
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.form_views import OneAction
from vru_portal.core.templatetags.portal import day


# ---- Lists ----
class ListUnlocks(PermissionRequired, TemplateView):
    """What partners ask to have unlocked, what is in force, and what has ended."""

    permission = Permission.VIEW_ALL_RETURNS
    template_name = "outcomes/unlock_list.html"

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "unlocks": queries.unlocks(user, timezone.localdate()),
            "may_unlock": user.may(Permission.UNLOCK_RETURN),
        }


class ListRevisions(PermissionRequired, TemplateView):
    """What the next release revises of what is published."""

    permission = Permission.VIEW_ALL_RETURNS
    template_name = "outcomes/revision_list.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"revisions": revisions(self.request.user)}


# ---- Asked for, and answered ----
class AskToUnlock(OneObligation):
    permission = Permission.SUBMIT_RETURN
    template_name = "outcomes/unlock_ask.html"
    form_class = AskForm

    def act(self, **details) -> str:
        unlocks.ask(obligation=self.obligation, **details)
        return f"Asked: {self.obligation}. You hear by mail when the unit has answered."


class UnlockReturn(OneObligation):
    """Of the unit's own accord, or because the partner asks, whose words stand above the form then."""

    permission = Permission.UNLOCK_RETURN
    template_name = "outcomes/unlock_give.html"
    form_class = UnlockForm

    @cached_property
    def asked(self) -> UnlockRequest | None:
        waiting = queries.waiting_requests(self.request.user)
        return waiting.filter(version__obligation=self.obligation).first()

    def get_form_kwargs(self) -> dict:
        today = timezone.localdate()
        usual, latest = queries.last_days(today)
        reason = self.asked.reason if self.asked else ""
        return super().get_form_kwargs() | {
            "partner": self.obligation.delivery.partner,
            "people": queries.who_may_correct(self.obligation.delivery.partner, today),
            "latest": latest,
            "initial": {"for_person": PARTNER, "until": usual, "reason": reason} | self.get_initial(),
        }

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"asked": self.asked}

    def act(self, **details) -> str:
        given = unlocks.unlock(obligation=self.obligation, **details)
        return f"Unlocked: {self.obligation}, for {given.for_whom}, until the end of {day(given.until)}."


class DeclineUnlock(OneObligation):
    permission = Permission.UNLOCK_RETURN
    template_name = "outcomes/unlock_decline.html"
    form_class = DeclineForm

    @cached_property
    def asked(self) -> UnlockRequest:
        requests = UnlockRequest.objects.filter(
            version__obligation__in=Obligation.objects.visible_to(self.request.user)
        )
        return get_object_or_404(requests.select_related("version", "asked_by"), pk=self.kwargs["asked"])

    @cached_property
    def obligation(self) -> Obligation:
        return self.asked.version.obligation

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"asked": self.asked}

    def act(self, **details) -> str:
        unlocks.decline(request=self.asked, **details)
        return f"It stays locked: {self.obligation}. The partner hears why."


class TakeBackUnlock(OneObligation):
    permission = Permission.UNLOCK_RETURN
    template_name = "outcomes/unlock_take_back.html"
    form_class = TakeBackForm

    @cached_property
    def unlock(self) -> Unlock:
        found = Unlock.objects.filter(version__obligation__in=Obligation.objects.visible_to(self.request.user))
        return get_object_or_404(
            found.select_related("version", "for_organisation", "for_person"), pk=self.kwargs["unlock"]
        )

    @cached_property
    def obligation(self) -> Obligation:
        return self.unlock.version.obligation

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"unlock": self.unlock}

    def act(self, **details) -> str:
        unlocks.take_back(unlock=self.unlock, **details)
        return f"Locked again: {self.obligation}."


# ---- What becomes of the return ----
class CorrectReturn(OneAction, OneReturn, FormView):
    """A new version of an accepted return, with the class of its reason."""

    template_name = "outcomes/return_correct.html"
    form_class = CorrectionForm

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.unlock is None:
            return self.refused(self.why_closed() or "Only an accepted return can be corrected. Fill in this one.")
        return super().get(request, *args, **kwargs)

    @cached_property
    def unlock(self) -> Unlock | None:
        return queries.unlock_for(self.request.user, self.obligation, timezone.localdate())

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"unlock": self.unlock}

    def get_success_url(self) -> str:
        return reverse("outcomes:return-fill-in", args=[self.obligation.pk])

    def act(self, **details) -> str:
        corrections.start(obligation=self.obligation, **details)
        return "The correction is begun. What was accepted counts until it is accepted."


class VoidReturn(OneObligation):
    permission = Permission.VOID_RETURN
    template_name = "outcomes/return_void.html"
    form_class = VoidForm

    @cached_property
    def version(self) -> ReturnVersion:
        return get_object_or_404(self.obligation.versions, number=self.kwargs["number"])

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "version": self.version,
            "why_not": corrections.why_not_void(self.version),
        }

    def act(self, **details) -> str:
        corrections.void(version=self.version, **details)
        return f"Made void: version {self.version.number} of {self.obligation}."
