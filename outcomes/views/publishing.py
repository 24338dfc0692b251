"""The release calendar, and who reads a release before its day."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View

from outcomes.actions import publishing as actions
from outcomes.forms.publishing import AnnounceForm, EarlyAccessForm
from outcomes.models import EarlyAccess, Release
from outcomes.queries import early_access, figures
from outcomes.queries import publishing as queries
from outcomes.queries.policies import NoPolicy
from outcomes.views.releases import READERS
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.form_views import OneAction
from vru_portal.core.periods import Month
from vru_portal.core.templatetags.portal import moment


class ShowCalendar(PermissionRequired, TemplateView):
    permission = READERS
    template_name = "outcomes/release_calendar.html"

    def get_context_data(self, **kwargs) -> dict:
        coming, came = queries.calendar(timezone.now())
        may_announce = self.request.user.may(Permission.ANNOUNCE_RELEASE)
        open_months = queries.months_to_announce(_this_month()) if may_announce else []
        return super().get_context_data(**kwargs) | {
            "coming": coming,
            "came": came,
            "may_announce": may_announce,
            "open_months": open_months,
        }


class AnnounceDate(OneAction, PermissionRequired, FormView):
    """A month's day for the first time, or another one. `?month=2021-12` chooses the month."""

    permission = Permission.ANNOUNCE_RELEASE
    template_name = "outcomes/release_announce.html"
    form_class = AnnounceForm

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"months": queries.months_to_announce(_this_month())}

    def get_initial(self) -> dict:
        asked = self.request.GET.get("month", "")
        try:
            month = Month.parse(asked)
            said = queries.announced(month)
            usual = timezone.localtime(said.public_at if said else queries.usual_moment(month))
        except (ValueError, NoPolicy):
            return {}
        return {"month": asked, "day": usual.date(), "time": f"{usual.hour}:{usual:%M}"}

    def act(self, **details) -> str:
        date = actions.announce(**details)
        return f"The release of April to {Month.of(date.month)} is announced for {moment(date.public_at)}."

    def get_success_url(self) -> str:
        return reverse("outcomes:release-calendar")


class OfOneRelease(PermissionRequired):
    """What the unit decides of a release that is not public yet."""

    permission = Permission.GRANT_EARLY_ACCESS

    @cached_property
    def release(self) -> Release:
        return get_object_or_404(figures.releases_visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("outcomes:release-detail", args=[self.release.pk]) + "#early-readers"


class GrantEarlyAccess(OneAction, OfOneRelease, FormView):
    template_name = "outcomes/early_access.html"
    form_class = EarlyAccessForm

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"people": early_access.who_may_be_let()}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"release": self.release}

    def act(self, **details) -> str:
        access = actions.grant_early_access(release=self.release, **details)
        return f"{access.user} may read it once it is approved, until it is public."


class EndEarlyAccess(OfOneRelease, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, access: int) -> HttpResponse:
        found = get_object_or_404(EarlyAccess.objects.select_related("user"), release=self.release, pk=access)
        actions.end_early_access(access=found, by=request.user, now=timezone.now())
        messages.success(request, f"{found.user} can no longer read it early.")
        return redirect(self.get_success_url())


def _this_month() -> Month:
    return Month.of(timezone.localdate())
