"""Asking people in, the page that their link opens, and taking either back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, View

from partners.access import PermissionRequired, Public
from partners.actions import invitations
from partners.forms import AcceptForm, InviteForm, ReasonForm
from partners.models import Invitation, Membership, Organisation
from partners.permissions import Permission, Role
from vru_portal.core.form_views import OneAction
from vru_portal.core.refusals import Refusal

SIGN_IN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
INVITERS = (Permission.INVITE_PEOPLE, Permission.INVITE_COLLEAGUES)


def organisation_url(request: HttpRequest, organisation: Organisation) -> str:
    """Where this person reads about the organisation."""
    if request.user.may(Permission.VIEW_PARTNERS):
        return reverse("partners:organisation-detail", args=[organisation.pk])
    return reverse("partners:our-organisation")


class InviteSomebody(OneAction, PermissionRequired, FormView):
    permission = INVITERS
    form_class = InviteForm
    template_name = "partners/invite.html"
    refusal_field = "email"

    @property
    def organisation(self) -> Organisation:
        return get_object_or_404(Organisation.objects.to_invite_into_by(self.request.user), pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict:
        roles = invitations.roles_to_give(self.request.user, self.organisation)
        return super().get_form_kwargs() | {"roles": roles}

    def get_context_data(self, **kwargs) -> dict:
        organisation = self.organisation
        return super().get_context_data(**kwargs) | {
            "organisation": organisation,
            "organisation_url": organisation_url(self.request, organisation),
        }

    def act(self, *, role: str, **details) -> str:
        invitation, _ = invitations.invite(
            organisation=self.organisation, role=Role(role), link_to=self._link, **details
        )
        return f"{invitation.email} is invited."

    def get_success_url(self) -> str:
        return organisation_url(self.request, self.organisation)

    def _link(self, secret: str) -> str:
        return self.request.build_absolute_uri(reverse("partners:invitation-accept", args=[secret]))


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class AcceptInvitation(Public, View):
    """The page behind the link: a name and a password; or one button for those who have an account."""

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponseBase:
        try:
            self.invitation = invitations.find_open(token, now=timezone.now())
        except invitations.InvitationClosed as refusal:
            return render(request, "partners/invitation_closed.html", {"sentence": refusal.message}, status=410)
        return super().dispatch(request, token)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._page(AcceptForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = AcceptForm(request.POST)
        has_account = invitations.has_account(self.invitation)
        if not has_account and not form.is_valid():
            return self._page(form)
        given = {} if has_account else form.cleaned_data
        by = request.user if request.user.is_authenticated else None
        try:
            user = invitations.accept_invitation(token=token, by=by, now=timezone.now(), **given)
        except invitations.PasswordRefused as refused:
            for sentence in refused.sentences:
                form.add_error("password", sentence)
            return self._page(form)
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect(request.path)
        if by is None:
            login(request, user, backend=SIGN_IN_BACKEND)
        messages.success(request, f"Welcome to {self.invitation.organisation}.")
        return redirect("home")

    def _page(self, form: AcceptForm) -> HttpResponse:
        has_account = invitations.has_account(self.invitation)
        user = self.request.user
        is_theirs = user.is_authenticated and user.email.lower() == self.invitation.email.lower()
        context = {"invitation": self.invitation, "form": form, "has_account": has_account, "is_theirs": is_theirs}
        return render(self.request, "partners/invitation_accept.html", context)


class WithdrawInvitation(PermissionRequired, View):
    permission = INVITERS

    def _invitation(self) -> Invitation:
        own = Organisation.objects.to_invite_into_by(self.request.user)
        return get_object_or_404(Invitation.objects.filter(organisation__in=own), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = self._invitation()
        context = {"invitation": invitation, "organisation_url": organisation_url(request, invitation.organisation)}
        return render(request, "partners/invitation_withdraw.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = self._invitation()
        try:
            invitations.withdraw(invitation=invitation, by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"The invitation of {invitation.email} is withdrawn.")
        return redirect(organisation_url(request, invitation.organisation))


class EndMembership(OneAction, PermissionRequired, FormView):
    permission = INVITERS
    form_class = ReasonForm
    template_name = "partners/membership_end.html"

    @cached_property
    def membership(self) -> Membership:
        own = Organisation.objects.to_invite_into_by(self.request.user)
        return get_object_or_404(
            Membership.objects.filter(organisation__in=own, ended_on=None).select_related("user", "organisation"),
            pk=self.kwargs["pk"],
        )

    def get_context_data(self, **kwargs) -> dict:
        membership = self.membership
        return super().get_context_data(**kwargs) | {
            "membership": membership,
            "organisation_url": organisation_url(self.request, membership.organisation),
        }

    def act(self, **details) -> str:
        invitations.end_membership(membership=self.membership, **details)
        return f"{self.membership.user} has this role no longer."

    def get_success_url(self) -> str:
        return organisation_url(self.request, self.membership.organisation)
