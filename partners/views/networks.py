"""Networks: a stock of adults on a day, with joiners and leavers."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView

from partners.access import PermissionRequired
from partners.forms import OnDayForm
from partners.models import Network
from partners.permissions import Permission
from partners.queries import networks


def _chosen_day(request: HttpRequest) -> tuple[OnDayForm, date]:
    """The form, and the day asked for: today when none is, or when it is no day."""
    today = timezone.localdate()
    if not request.GET:
        return OnDayForm(initial={"day": today}), today
    form = OnDayForm(request.GET)
    return form, form.cleaned_data["day"] if form.is_valid() else today


class ListNetworks(PermissionRequired, TemplateView):
    permission = Permission.VIEW_PARTNERS
    template_name = "partners/network_list.html"

    def get_context_data(self, **kwargs) -> dict:
        form, day = _chosen_day(self.request)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "day": day,
            "kinds": networks.stocks_on(day),
            "people": networks.people_on(day),
        }


class ShowNetwork(PermissionRequired, TemplateView):
    permission = Permission.VIEW_PARTNERS
    template_name = "partners/network_detail.html"

    def get_context_data(self, pk: int, **kwargs) -> dict:
        network = get_object_or_404(Network.objects.select_related("district"), pk=pk)
        form, day = _chosen_day(self.request)
        members = networks.members_on(network, day)
        return super().get_context_data(**kwargs) | {
            "network": network,
            "form": form,
            "day": day,
            "members": members,
            "count": len(members),
            "quarters": networks.quarters_to(network, day),
            "changes": networks.changed_since(network, day),
        }
