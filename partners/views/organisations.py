"""Organisations: the list, one of them on a page that prints, adding and editing; and a partner's own."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from partners.access import PermissionRequired
from partners.actions import invitations
from partners.actions.organisations import add_organisation, edit_organisation
from partners.forms import EditOrganisationForm, OrganisationForm, OrganisationSearchForm
from partners.models import Organisation
from partners.permissions import Permission
from partners.queries import messages, organisations
from partners.queries.agreements import agreements_of
from vru_portal.core.form_views import OneAction

PER_PAGE = 50


class ListOrganisations(PermissionRequired, TemplateView):
    permission = Permission.VIEW_PARTNERS
    template_name = "partners/organisation_list.html"

    def get_context_data(self, **kwargs) -> dict:
        form = OrganisationSearchForm(self.request.GET)
        wanted = form.cleaned_data if form.is_valid() else {}
        found = organisations.find_organisations(self.request.user, today=timezone.localdate(), **wanted)
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "search": form,
            "is_filtered": any(wanted.values()),
            "page": page,
            "count": page.paginator.count,
            "may_manage": self.request.user.may(Permission.MANAGE_PARTNERS),
        }


def _about(organisation: Organisation, user) -> dict:
    """What the pages about one organisation show of its people and its work."""
    to_give = invitations.roles_to_give(user, organisation)
    today = timezone.localdate()
    return {
        "organisation": organisation,
        "people": [
            (membership, membership.user_id != user.pk and membership.role in to_give)
            for membership in organisations.people_of(organisation, today=today)
        ],
        "invitations": organisations.open_invitations(organisation, now=timezone.now()),
        "may_invite": bool(to_give),
        "deliveries": organisations.deliveries_of(organisation),
        "agreements": [(each, each.standing_on(today)) for each in agreements_of(organisation, user)],
        "may_manage_agreements": user.may(Permission.MANAGE_AGREEMENTS),
        "may_view_history": user.may(Permission.VIEW_HISTORY),
        "written": messages.latest_to(organisation, user),
        "may_view_messages": user.may(Permission.VIEW_MESSAGES),
    }


class ShowOrganisation(PermissionRequired, TemplateView):
    permission = Permission.VIEW_PARTNERS
    template_name = "partners/organisation_detail.html"

    def get_context_data(self, pk: int, **kwargs) -> dict:
        user = self.request.user
        visible = Organisation.objects.visible_to(user).select_related("district", "succeeded_by")
        organisation = get_object_or_404(visible, pk=pk)
        return super().get_context_data(**kwargs) | {
            **_about(organisation, user),
            "networks": organisations.networks_near(organisation),
            "predecessors": organisation.predecessors.all(),
            "may_manage": user.may(Permission.MANAGE_PARTNERS),
        }


class OurOrganisation(PermissionRequired, TemplateView):
    """A partner's own organisation; whoever works for two sees both."""

    permission = Permission.VIEW_OWN_RETURNS
    template_name = "partners/our_organisation.html"

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        own = Organisation.objects.filter(pk__in=user.organisations_where(Permission.VIEW_OWN_RETURNS))
        return super().get_context_data(**kwargs) | {
            "sections_about": [_about(organisation, user) for organisation in own.order_by("name")],
        }


class _OrganisationFormView(OneAction, PermissionRequired, FormView):
    permission = Permission.MANAGE_PARTNERS
    form_class = OrganisationForm
    template_name = "partners/organisation_form.html"

    def get_success_url(self) -> str:
        return reverse("partners:organisation-detail", args=[self.saved.pk])


class AddOrganisation(_OrganisationFormView):
    def act(self, **details) -> str:
        self.saved = add_organisation(**details)
        return f"{self.saved} is saved."


class EditOrganisation(_OrganisationFormView):
    form_class = EditOrganisationForm

    def get_initial(self) -> dict:
        organisation = get_object_or_404(Organisation.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        return {"revision": organisations.revision_of_organisation(organisation)}

    def get_form_kwargs(self) -> dict:
        visible = Organisation.objects.visible_to(self.request.user)
        return super().get_form_kwargs() | {"instance": get_object_or_404(visible, pk=self.kwargs["pk"])}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"organisation": Organisation.objects.get(pk=self.kwargs["pk"])}

    def act(self, **details) -> str:
        self.saved = edit_organisation(organisation=Organisation.objects.get(pk=self.kwargs["pk"]), **details)
        return f"{self.saved} is saved."
