"""What the portal wrote to people: the list with its states, one message, and sending one again."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView, View

from partners.access import PermissionRequired
from partners.actions.messages import send_again
from partners.forms import MessagesForm
from partners.models import Invitation, Message
from partners.permissions import Permission
from partners.queries.messages import find_messages, invitations_lately, unsettled_count
from vru_portal.core.refusals import Refusal

PER_PAGE = 50


class ListMessages(PermissionRequired, TemplateView):
    permission = Permission.VIEW_MESSAGES
    template_name = "portal/message_list.html"

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        form = MessagesForm(self.request.GET or None)
        wanted = form.cleaned_data if form.is_valid() else {}
        page = Paginator(find_messages(user, **wanted), PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "filters": form,
            "is_filtered": any(wanted.values()),
            "page": page,
            "unsettled": unsettled_count(user),
            "invitations": self._invitations(wanted),
        }

    def _invitations(self, wanted: dict) -> list[tuple[Invitation, bool]]:
        """Each with whether it has expired. They have no state or kind to be found by."""
        now = timezone.now()
        asked = {name: wanted[name] for name in ("organisation", "to") if name in wanted}
        return [(each, each.has_expired(now)) for each in invitations_lately(self.request.user, now=now, **asked)]


class ShowMessage(PermissionRequired, TemplateView):
    permission = Permission.VIEW_MESSAGES
    template_name = "partners/message_detail.html"

    def get_context_data(self, pk: int, **kwargs) -> dict:
        visible = Message.objects.visible_to(self.request.user).select_related("to_user", "organisation")
        message = get_object_or_404(visible, pk=pk)
        return super().get_context_data(**kwargs) | {
            "message": message,
            "subjects": message.subjects.all(),
            "may_send_again": message.is_unsettled and self.request.user.may(Permission.SEND_MESSAGE_AGAIN),
        }


class SendMessageAgain(PermissionRequired, View):
    permission = Permission.SEND_MESSAGE_AGAIN
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
        try:
            send_again(message=message, by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"On its way again: {message}.")
        return redirect("partners:message-detail", pk)
