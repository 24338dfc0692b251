"""What a release hides, and why, for the unit's own staff: in words, without any hidden number."""

from __future__ import annotations

from django.views.generic import TemplateView

from outcomes.queries.certificates import certificate_in_words, certificate_of
from outcomes.queries.hidden import what_is_hidden, what_is_unproven
from outcomes.views.releases import ReadsRelease
from partners.permissions import Permission


class ShowHidden(ReadsRelease, TemplateView):
    permission = (Permission.VIEW_UNPUBLISHED_RELEASE,)
    template_name = "outcomes/release_hidden.html"

    def get_context_data(self, **kwargs) -> dict:
        certificate = certificate_of(self.release)
        return super().get_context_data(**kwargs) | {
            "release": self.release,
            "hidden": what_is_hidden(self.release),
            "certificate": certificate_in_words(certificate),
            "unproven": what_is_unproven(certificate) if certificate else [],
        }
