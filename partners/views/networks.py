"""Networks: a stock of adults on a day, with joiners and leavers."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from partners.access import PermissionRequired
from partners.actions import networks as actions
from partners.forms import ChangeNetworkMemberForm, LeaveNetworkForm, MembersForm, NetworkMemberForm, OnDayForm
from partners.models import Network, NetworkMembership
from partners.permissions import Permission
from partners.queries import networks
from vru_portal.core.form_views import OneAction

PER_PAGE = 50


def _chosen_day(request: HttpRequest, form_class: type[OnDayForm] = OnDayForm) -> tuple[OnDayForm, date]:
    """The form, and the day asked for: today when none is, or when it is no day."""
    today = timezone.localdate()
    if not request.GET.keys() - {"page"}:
        return form_class(initial={"day": today}, today=today), today
    form = form_class(request.GET, today=today)
    return form, (form.is_valid() and form.cleaned_data["day"]) or today


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
    """Its stock for all who see networks; who its members are for those who may read that."""

    permission = Permission.VIEW_PARTNERS
    template_name = "partners/network_detail.html"

    def get_context_data(self, pk: int, **kwargs) -> dict:
        network = get_object_or_404(Network.objects.select_related("district"), pk=pk)
        reads_members = networks.may_read_members(self.request.user)
        form, day = _chosen_day(self.request, MembersForm if reads_members else OnDayForm)
        return super().get_context_data(**kwargs) | {
            "network": network,
            "form": form,
            "day": day,
            "count": network.memberships.members_on(day),
            "quarters": networks.quarters_to(network, day),
            "reads_members": reads_members,
            "may_record": self.request.user.may(Permission.EDIT_REFERENCE_TABLES),
            **(self._members(network, form, day) if reads_members else {}),
        }

    def _members(self, network: Network, form: MembersForm, day: date) -> dict:
        wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
        name, left = wanted.get("name", ""), wanted.get("who") == "left"
        found = networks.find_members(network, day, name=name, left=left)
        return {
            "page": Paginator(found, PER_PAGE).get_page(self.request.GET.get("page")),
            "name": name,
            "left": left,
            "changes": networks.changed_since(network, day),
        }


class _MemberFormView(OneAction, PermissionRequired, FormView):
    permission = Permission.EDIT_REFERENCE_TABLES

    @cached_property
    def membership(self) -> NetworkMembership:
        rows = NetworkMembership.objects.select_related("network", "member__district")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def network(self) -> Network:
        return self.membership.network

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"network": self.network}

    def get_success_url(self) -> str:
        return reverse("partners:network-detail", args=[self.network.pk])


class AddNetworkMember(_MemberFormView):
    form_class = NetworkMemberForm
    template_name = "partners/network_member_add.html"

    @cached_property
    def network(self) -> Network:
        return get_object_or_404(Network, pk=self.kwargs["pk"])

    def get_initial(self) -> dict:
        return {"district": self.network.district_id}

    def act(self, **details) -> str:
        added = actions.add_member(network=self.network, **details)
        again = " again" if networks.is_back(added) else ""
        return f"{added.member} is a member of {self.network}{again}, from {added.joined_on:%-d %B %Y} on."


class ChangeNetworkMember(_MemberFormView):
    form_class = ChangeNetworkMemberForm
    template_name = "partners/network_member_change.html"

    def get_initial(self) -> dict:
        facts = networks.facts_of(self.membership)
        return facts | {"revision": networks.revision_of_membership(self.membership)}

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"membership": self.membership}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "membership": self.membership,
            "others": networks.other_networks(self.membership),
        }

    def act(self, **details) -> str:
        changed = actions.change_member(membership=self.membership, **details)
        return f"What is recorded of {changed.member} is changed."


class LeaveNetwork(_MemberFormView):
    form_class = LeaveNetworkForm
    template_name = "partners/network_member_leave.html"

    def get_initial(self) -> dict:
        return {"left_on": timezone.localdate()}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"membership": self.membership}

    def act(self, **details) -> str:
        actions.record_leaving(membership=self.membership, **details)
        return f"{self.membership.member} is no longer a member of {self.network}."
