"""Claims: the partner fills one in and sends it, the unit reads, queries and decides it."""

from __future__ import annotations

import json
from functools import cached_property

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView, View

from funding import queries
from funding.actions import claims
from funding.forms import ClaimForm, DeclineForm, QueryForm
from funding.models import Claim, ClaimFile, PartnerAward
from funding.models.claims import TRANSITIONS, ClaimState
from funding.queries.claims import claimed, draft_of, lines_of, may_be_sent
from funding.views.pages import FormPage
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.file_kinds import CONTENT_TYPES, FileKind
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal
from vru_portal.core.rescue import KeepsTyping

PER_PAGE = 25
READERS = (Permission.VIEW_MONEY, Permission.VIEW_OWN_MONEY)


class ShowClaims(PermissionRequired, TemplateView):
    """All claims: to decide, queried, not made yet, decided."""

    permission = Permission.VIEW_MONEY
    template_name = "funding/claim_list.html"

    def get_context_data(self, **kwargs) -> dict:
        user, today = self.request.user, timezone.localdate()
        found = queries.claims(user=user)
        decided = found.filter(state__in=[ClaimState.APPROVED, ClaimState.DECLINED])
        due = queries.claims_due(user=user, today=today)
        return super().get_context_data(**kwargs) | {
            "sent": list(found.filter(state=ClaimState.SENT)),
            "queried": list(found.filter(state=ClaimState.QUERIED)),
            "page": Paginator(decided, PER_PAGE).get_page(self.request.GET.get("page")),
            "late": [each for each in due if each.due_on < today],
            "due": [each for each in due if each.due_on >= today],
        }


class _OnClaim(PermissionRequired):
    """One claim that the person may see."""

    @cached_property
    def claim(self) -> Claim:
        return get_object_or_404(queries.claim_with_parts(user=self.request.user), pk=self.kwargs["pk"])

    @property
    def above(self) -> tuple[str, str]:
        return str(self.claim), reverse("funding:claim-detail", args=[self.claim.pk])


class ShowClaim(_OnClaim, TemplateView):
    """What is claimed, the evidence, and what was asked and decided."""

    permission = READERS
    template_name = "funding/claim_detail.html"

    def get_context_data(self, **kwargs) -> dict:
        user, claim = self.request.user, self.claim
        (money,) = queries.money_of([claim.award], as_at=timezone.localdate())
        may_send = may_be_sent(claim)
        paid = [each for each in queries.payables([claim.award]) if each.subject == claim]
        return super().get_context_data(**kwargs) | {
            "claim": claim,
            "lines": lines_of(claim),
            "files": [file for file in claim.files.all() if not file.removed_at],
            "removed": [file for file in claim.files.all() if file.removed_at],
            "money": money,
            "payable": paid[0] if paid else None,
            "is_stuck": claim.is_open and not may_send,
            "may_fill_in": may_send and user.may_at(Permission.MAKE_CLAIM, claim.award.delivery.partner),
            "may_query": claim.state == ClaimState.SENT
            and (user.may(Permission.MANAGE_MONEY) or user.may(Permission.APPROVE_MONEY)),
            "may_approve": claim.state == ClaimState.SENT and user.may(Permission.APPROVE_MONEY),
            "may_decline": ClaimState.DECLINED in TRANSITIONS[claim.state] and user.may(Permission.APPROVE_MONEY),
            "may_pay": bool(paid) and paid[0].left > 0 and not paid[0].hold and user.may(Permission.MANAGE_MONEY),
            "is_staff": user.may(Permission.VIEW_MONEY),
        }


class StartClaim(PermissionRequired, View):
    """The button beside a quarter that is over."""

    permission = Permission.MAKE_CLAIM
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int, month: str) -> HttpResponse:
        award = get_object_or_404(PartnerAward.objects.visible_to(request.user), pk=pk)
        try:
            quarter = Month.parse(month).quarter
        except ValueError:
            raise Http404 from None
        try:
            claim = claims.start(award=award, quarter=quarter, by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect("funding:our-money")
        return redirect("funding:claim-fill-in", pk=claim.pk)


@method_decorator(never_cache, name="get")
class FillInClaim(KeepsTyping, _OnClaim, FormView):
    """Saved as a draft, or sent. Files are added with either; one is removed by its own button, and nothing typed is
    lost by that.

    Never out of a cache: Back comes to what is saved by now. (What was posted and refused may be: else Back would have
    to send it again.)
    """

    permission = Permission.MAKE_CLAIM
    template_name = "funding/claim_fill_in.html"
    form_class = ClaimForm

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Leads to the claim where nothing can be sent any more, unless something was typed by then."""
        context = self.get_context_data()
        if may_be_sent(self.claim) or context["form"].is_bound:
            return self.render_to_response(context)
        return redirect("funding:claim-detail", pk=self.claim.pk)

    @cached_property
    def question(self) -> str:
        """What the unit asked last, while it waits for an answer."""
        return list(self.claim.steps.all())[-1].note if self.claim.state == ClaimState.QUERIED else ""

    def get_form_kwargs(self) -> dict:
        kwargs = super().get_form_kwargs()
        return kwargs | {"asked": bool(self.question) or "note" in (kwargs.get("data") or {})}

    def get_initial(self) -> dict:
        stored = draft_of(self.claim)
        return stored | {"opened": json.dumps(stored)}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "claim": self.claim,
            "question": self.question,
            "files": self.claim.files.kept(),
            "total": claimed(self.claim),
            "to_claim": queries.left_to_claim(self.claim.award),
        }

    def form_valid(self, form: ClaimForm) -> HttpResponse:
        who = {"by": self.request.user, "now": timezone.now()}
        amounts, note, opened = form.typed_amounts, form.cleaned_data.get("note"), form.cleaned_data["opened"]
        try:
            claims.save(claim=self.claim, amounts=amounts, answer=note, opened=opened, **who)
            if remove := self.request.POST.get("remove"):
                claims.remove_file(file=get_object_or_404(self.claim.files.kept(), pk=remove), **who)
            for file in form.cleaned_data["files"]:
                claims.add_file(claim=self.claim, name=file.name, content=file.read(), **who)
            if "send" in self.request.POST:
                claims.send(claim=self.claim, amounts=amounts, note=note or "", **who)
        except Refusal as refusal:
            form.add_error(refusal.field_among(form.fields), refusal.message)
            if isinstance(refusal, claims.ChangedMeanwhile | claims.NotYours) and form.cleaned_data.get("files"):
                form.add_error("files", "The files you chose are not kept either: choose them again.")
            form.begin_again_with(draft_of(self.claim))
            return self.form_invalid(form)
        if "send" in self.request.POST:
            messages.success(self.request, "Sent. You see here when the unit asks something or approves it.")
            return redirect("funding:claim-detail", pk=self.claim.pk)
        messages.success(self.request, "Saved. Nobody at the unit sees it until you send it.")
        return redirect("funding:claim-fill-in", pk=self.claim.pk)


class DownloadClaimFile(PermissionRequired, View):
    """A file as it was sent, never shown in the page: what it is, its content said and not its name."""

    permission = READERS

    def get(self, request: HttpRequest, pk: int, kind: str) -> FileResponse:
        file = get_object_or_404(ClaimFile.objects.visible_to(request.user).kept(), pk=pk, kind=kind)
        answer = FileResponse(
            default_storage.open(file.stored_as),
            as_attachment=True,
            filename=file.name,
            content_type=CONTENT_TYPES[FileKind(file.kind)],
        )
        answer["Cache-Control"] = "private, no-store"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


class ApproveClaim(_OnClaim, View):
    permission = Permission.APPROVE_MONEY
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            claims.approve(claim=self.claim, by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "Approved. It can be paid now.")
        return redirect(self.above[1])


class QueryClaim(_OnClaim, FormPage):
    permission = (Permission.MANAGE_MONEY, Permission.APPROVE_MONEY)
    form_class = QueryForm
    button = "Ask the partner"
    intro = "The partner can change the claim until it answers."

    @property
    def heading(self) -> str:
        return f"Query the claim of {self.claim.award.delivery.partner}"

    def act(self, **details) -> str:
        claims.query(claim=self.claim, **details)
        return "Asked. The claim comes back with the answer."


class DeclineClaim(_OnClaim, FormPage):
    permission = Permission.APPROVE_MONEY
    form_class = DeclineForm
    button = "Decline claim"
    intro = "Nothing of it is paid, and this quarter is not claimed again. To have it changed, query it instead."

    @property
    def heading(self) -> str:
        return f"Decline the claim of {self.claim.award.delivery.partner}"

    def act(self, **details) -> str:
        claims.decline(claim=self.claim, **details)
        return "Declined."
