"""A partner's returns: what is due, filling in, checking and sending, and what the unit was told."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import FormView, TemplateView, View

from funding import queries as money
from outcomes.actions import returns as actions
from outcomes.actions.comments import may_comment
from outcomes.actions.corrections import why_not_void
from outcomes.actions.digests import why_not_reminded
from outcomes.actions.obligations import why_not_extended
from outcomes.actions.return_access import is_own, may_take_back, may_write, why_closed
from outcomes.actions.return_checks import left_open
from outcomes.forms.decisions import NilForm, NilLine, ReturnsFilter
from outcomes.models import Obligation, ReturnVersion
from outcomes.queries import returns as queries
from outcomes.queries.comments import threads, told_to_change
from outcomes.queries.questions import questions_of
from outcomes.queries.registers import why_not_nil
from outcomes.queries.standing import open_version, with_versions
from outcomes.queries.targets import progress, progress_so_far
from outcomes.queries.unlocks import unlock_for
from outcomes.views import return_pictures as pictures
from partners.access import PermissionRequired
from partners.permissions import Permission
from programmes.queries import whom_to_call
from vru_portal.core.refusals import Refusal
from vru_portal.core.rescue import KeepsTyping

READERS = (Permission.VIEW_ALL_RETURNS, Permission.VIEW_OWN_RETURNS)
WRITERS = (Permission.SUBMIT_RETURN, Permission.BACKFILL_RETURN)


# ---- Lists ----
class DueNow(PermissionRequired, TemplateView):
    """A partner's home page."""

    permission = Permission.VIEW_OWN_RETURNS
    template_name = "outcomes/due_now.html"

    def get_context_data(self, **kwargs) -> dict:
        today = timezone.localdate()
        due = queries.due_now(self.request.user, today)
        may_see_money = self.request.user.may(Permission.VIEW_OWN_MONEY)
        claims_due = money.claims_due(user=self.request.user, today=today) if may_see_money else []
        claims_asked = money.claims_asked(user=self.request.user) if may_see_money else []
        late = due.late + sum(bool(each.late) for each in claims_due)
        return super().get_context_data(**kwargs) | {
            "due": due,
            "waiting": [(line, self._nil_line(line)) for line in due.waiting],
            "claims_due": claims_due,
            "claims_asked": claims_asked,
            "due_words": self._words(len(due.waiting), len(claims_due) + len(claims_asked), late),
        }

    @staticmethod
    def _words(returns: int, claims: int, late: int) -> str:
        """“3 returns, 1 claim, 2 late”; empty if nothing waits."""
        counts = [(returns, "return"), (claims, "claim")]
        words = [f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count]
        return ", ".join([*words, f"{late} late"] if late else words)

    @staticmethod
    def _nil_line(line: queries.DueReturn) -> NilLine | None:
        """None where something is typed already: the page of its own says what becomes of that."""
        if not line.may_be_nil or line.is_begun:
            return None
        return NilLine(obligation=line.obligation, last_reason=line.last_nil_reason)


class OurReturns(PermissionRequired, TemplateView):
    permission = Permission.VIEW_OWN_RETURNS
    template_name = "outcomes/our_returns.html"

    def get_context_data(self, **kwargs) -> dict:
        user, today = self.request.user, timezone.localdate()
        filters = ReturnsFilter(self.request.GET, years=queries.years_of(user, today))
        lines = queries.our_returns(user, filters.chosen_year, today, filters.chosen_tag)
        return super().get_context_data(**kwargs) | {"filters": filters, "lines": lines}


class OurFigures(PermissionRequired, TemplateView):
    """What we told the unit, from accepted returns."""

    permission = Permission.VIEW_OWN_RETURNS
    template_name = "outcomes/our_figures.html"

    def get_context_data(self, **kwargs) -> dict:
        user, today = self.request.user, timezone.localdate()
        filters = ReturnsFilter(self.request.GET, years=queries.years_of(user, today))
        told = queries.our_figures(user, filters.chosen_year, today)
        progresses = progress_so_far([each.delivery for each in told], filters.chosen_year, today)
        return super().get_context_data(**kwargs) | {
            "filters": filters,
            "told": [(each, pictures.told(each), progresses[each.delivery.pk]) for each in told],
        }


class ShowReturn(PermissionRequired, TemplateView):
    """One return with everything that was sent and decided: for its partner, the unit and auditors."""

    permission = READERS
    template_name = "outcomes/return_detail.html"

    def get_context_data(self, **kwargs) -> dict:
        user, today = self.request.user, timezone.localdate()
        detail = queries.return_detail(user, kwargs["pk"], today)
        if detail is None:
            raise Http404
        is_writer = may_write(user, detail.obligation, today)
        newest = detail.newest
        is_sent = newest is not None and newest.state == ReturnVersion.State.SUBMITTED
        is_open = newest is not None and newest.is_open
        unlocked = unlock_for(user, detail.obligation, today)
        is_to_remind = detail.tag == "overdue" and user.may(Permission.REMIND_PARTNER)
        not_reminded = why_not_reminded(detail.obligation, today) if is_to_remind else ""
        return super().get_context_data(**kwargs) | {
            "detail": detail,
            "obligation": detail.obligation,
            "versions": [
                (
                    version,
                    [(sent, queries.broken_down(sent)) for sent in version.submissions.all()],
                    user.may(Permission.VOID_RETURN) and not why_not_void(version),
                )
                for version in detail.versions
            ],
            "threads": threads(user, detail.obligation),
            "may_comment": may_comment(user, detail.obligation),
            "to_change": told_to_change(newest),
            "progress": progress(detail.obligation.delivery, detail.obligation.period),
            "is_partner": user.may(Permission.VIEW_OWN_RETURNS),
            "may_view_messages": user.may(Permission.VIEW_MESSAGES),
            "may_fill_in": not why_closed(user, detail.obligation, today),
            "may_correct": is_writer and detail.accepted is not None and not is_open,
            "is_open": is_open,
            "asked": detail.asked,
            "unlocks": detail.unlocks,
            "unlocked_until": unlocked.until if unlocked else None,
            "may_ask": detail.accepted is not None
            and is_own(user, detail.obligation)
            and not (detail.asked or unlocked or is_open),
            "may_unlock": detail.accepted is not None and user.may(Permission.UNLOCK_RETURN),
            "may_take_back": is_sent and may_take_back(user, newest, today),
            "may_review": is_sent and user.may(Permission.REVIEW_RETURN),
            "may_extend": user.may(Permission.EXTEND_DUE_DATE) and not why_not_extended(detail.obligation),
            "may_remind": is_to_remind and not not_reminded,
            "why_not_reminded": not_reminded,
            "may_waive": user.may(Permission.WAIVE_OBLIGATION)
            and not (detail.accepted or is_sent or detail.obligation.waived_at),
        }


# ---- One return ----
class OneReturn(KeepsTyping, PermissionRequired):
    """Pages that change one obligation's return. Its address carries the obligation; others' are not found."""

    permission = WRITERS
    keeps_no_personal_details = True

    @cached_property
    def obligation(self) -> Obligation:
        visible = Obligation.objects.visible_to(self.request.user)
        if self.request.method == "GET":
            visible = with_versions(visible)
        return get_object_or_404(
            visible.select_related("delivery__programme", "delivery__partner"), pk=self.kwargs["pk"]
        )

    @cached_property
    def version(self) -> ReturnVersion | None:
        """The open version, if there is one."""
        return open_version(self.obligation)

    def detail(self) -> HttpResponse:
        return redirect("outcomes:return-detail", self.obligation.pk)

    def refused(self, refusal: Refusal | str) -> HttpResponse:
        level = messages.ERROR if isinstance(refusal, Refusal) else messages.INFO
        messages.add_message(self.request, level, str(refusal))
        return self.detail()

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "obligation": self.obligation,
            "is_partner": self.request.user.may(Permission.VIEW_OWN_RETURNS),
            "month_lasts": self.obligation.period.last >= timezone.localdate(),
            "to_call": whom_to_call(self.obligation.delivery),
        }

    def why_closed(self) -> str:
        """Why this return cannot be filled in at present; empty when it can."""
        return why_closed(self.request.user, self.obligation, timezone.localdate())


class SendNilReturn(OneReturn, FormView):
    """Nothing to report: one click and a reason."""

    template_name = "outcomes/return_nil.html"
    form_class = NilForm

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if why := self.why_closed() or why_not_nil(self.version):
            return self.refused(why)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        is_begun = bool(self.version and self.version.typed)
        return super().get_context_data(**kwargs) | {"is_begun": is_begun, "left_open": self.left_open}

    @cached_property
    def left_open(self) -> list[str]:
        return left_open(questions_of(self.obligation))

    def form_valid(self, form: NilForm) -> HttpResponse:
        try:
            actions.send_nil(obligation=self.obligation, reason=form.words, by=self.request.user, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        open_ = f" It says nothing of {', '.join(self.left_open)}." if self.left_open else ""
        messages.success(
            self.request,
            f"Sent: nothing to report for {self.obligation}.{open_} Until the unit reads it, you can take it back.",
        )
        return self.detail() if self.request.user.may(Permission.BACKFILL_RETURN) else redirect("home")


class TakeBackReturn(OneReturn, View):
    """Sent too early, or by a slip: it opens again, as long as nobody at the unit has decided it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = self.version
        if version is None:
            return self.refused(self.why_closed() or "Nothing is sent yet, so there is nothing to take back.")
        try:
            actions.take_back(version=version, by=request.user, now=timezone.now())
        except Refusal as refusal:
            return self.refused(refusal)
        messages.success(request, f"Taken back: {self.obligation}. Change it and send it again.")
        return redirect("outcomes:return-fill-in", pk)
