"""What a release hides, and why, for the unit's own staff: in words, without any hidden number."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView, View

from outcomes.actions import releases
from outcomes.queries.certificates import certificate_in_words, certificate_of
from outcomes.queries.checklist import accepted_since
from outcomes.queries.hidden import hidden_further, what_is_hidden, what_is_unproven
from outcomes.queries.publishing import newer_one
from outcomes.views.releases import ReadsRelease
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal


class ShowHidden(ReadsRelease, TemplateView):
    permission = (Permission.VIEW_UNPUBLISHED_RELEASE,)
    template_name = "outcomes/release_hidden.html"

    def get_context_data(self, **kwargs) -> dict:
        certificate = certificate_of(self.release)
        searched = certificate if certificate and certificate.is_searched else None
        return super().get_context_data(**kwargs) | {
            "release": self.release,
            "hidden": what_is_hidden(self.release),
            "certificate": certificate_in_words(certificate),
            "unproven": what_is_unproven(searched) if searched else [],
            "further": hidden_further(searched) if searched else [],
            "accepted_since": accepted_since(self.release) if searched and searched.further else [],
            "may_prove": not self.release.is_decided
            and newer_one(self.release) is None
            and self.request.user.may(Permission.PRODUCE_RELEASE),
        }


class ProveRelease(ReadsRelease, View):
    """Produce it again with what has to be hidden for everything to be proven."""

    permission = (Permission.PRODUCE_RELEASE,)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        try:
            run = releases.request_proven(release=self.release, by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect("outcomes:release-hidden", self.release.code)
        return redirect("outcomes:release-run", run.pk)
