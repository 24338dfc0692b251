"""Young people who objected to being kept in registers.

Nothing that identifies somebody leaves the request that brought it: the page that asks whether to go on carries
pseudonyms, signed, and no name.
"""

from __future__ import annotations

import base64

from django.contrib import messages
from django.core import signing
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import FormView, TemplateView

from outcomes.actions import objections as actions
from outcomes.forms.objections import ObjectionForm
from outcomes.models import Objection
from outcomes.models.objections import Channel
from outcomes.queries import objections as queries
from partners.access import PermissionRequired
from partners.models import Organisation
from partners.permissions import Permission
from vru_portal.core.form_views import OneAction
from vru_portal.core.refusals import Refusal

SALT = "outcomes.objection"
LASTS = 30 * 60  # seconds between typing and going on


class ListObjections(PermissionRequired, TemplateView):
    permission = Permission.VIEW_ALL_RETURNS
    template_name = "outcomes/objections.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "lines": [(objection, queries.known_under(objection)) for objection in queries.all_objections()],
            "newest": queries.newest_key(),
            "may_record": self.request.user.may(Permission.RECORD_OBJECTION),
        }


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class RecordObjection(PermissionRequired, TemplateView):
    """Typed, then looked at in numbers, then recorded."""

    permission = Permission.RECORD_OBJECTION
    template_name = "outcomes/objection_record.html"

    def form(self, data=None) -> ObjectionForm:
        return ObjectionForm(data, today=timezone.localdate())

    def get_context_data(self, **kwargs) -> dict:
        kwargs.setdefault("form", self.form())
        return super().get_context_data(**kwargs) | {"has_key": queries.newest_key() is not None}

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        if "them" in request.POST:
            return self._record(request.POST["them"])
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        writings, partner = queries.writings_of(form.details), form.cleaned_data["partner"]
        context = super().get_context_data() | {
            "found": queries.found(queries.identities_of(writings, partner)),
            "channel": Channel(form.cleaned_data["channel"]).label,
            "them": self._signed(writings, partner, form.cleaned_data["channel"]),
        }
        return self.response_class(request, "outcomes/objection_preview.html", context, using=self.template_engine)

    def _signed(self, writings: dict[int, bytes], partner: Organisation | None, channel: str) -> str:
        """Who is meant, as pseudonyms, for the next page alone and for nobody else's."""
        texts = {version: base64.b85encode(packed).decode() for version, packed in writings.items()}
        them = {"by": self.request.user.pk, "partner": partner and partner.pk, "channel": channel, "writings": texts}
        return signing.dumps(them, salt=SALT, compress=True)

    @sensitive_variables()
    def _record(self, signed: str) -> HttpResponse:
        try:
            them = signing.loads(signed, salt=SALT, max_age=LASTS)
            if them["by"] != self.request.user.pk:
                raise signing.BadSignature
            objection = actions.record(
                writings={int(version): base64.b85decode(text) for version, text in them["writings"].items()},
                partner=Organisation.objects.filter(pk=them["partner"]).first(),
                channel=them["channel"],
                by=self.request.user,
                now=timezone.now(),
            )
        except signing.BadSignature:
            messages.error(self.request, "That took too long. Type the details again: they are kept nowhere.")
            return redirect("outcomes:objection-record")
        except Refusal as refusal:
            messages.error(self.request, refusal.message)
            return redirect("outcomes:objection-record")
        messages.success(
            self.request,
            f"{objection} is recorded. Write this number on the paper that it came on, or on a note that you keep "
            "outside the portal: no name leads to it.",
        )
        return redirect("outcomes:objections")


class WithdrawObjection(OneAction, PermissionRequired, FormView):
    permission = Permission.RECORD_OBJECTION
    template_name = "outcomes/objection_withdraw.html"
    form_class = Form

    @cached_property
    def objection(self) -> Objection:
        return get_object_or_404(Objection.objects.in_force(), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"objection": self.objection}

    def act(self, **details) -> str:
        actions.withdraw(objection=self.objection, **details)
        return f"{self.objection} is withdrawn."

    def get_success_url(self) -> str:
        return reverse("outcomes:objections")
