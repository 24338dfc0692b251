"""The unit's work on returns: the year at a glance, the queue, and one return to read."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import TemplateView, View

from outcomes.actions import decisions
from outcomes.forms.decisions import DecisionForm, ReturnsFilter
from outcomes.models import Obligation
from outcomes.queries import review as queries
from outcomes.queries.comments import threads
from outcomes.queries.returns import broken_down, years_of
from outcomes.queries.revisions import revision_count
from outcomes.queries.targets import progress
from outcomes.queries.unlocks import waiting_requests
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal
from vru_portal.core.rescue import KeepsTyping, rescued


class ListReturns(PermissionRequired, TemplateView):
    """Partner by month, a square each."""

    permission = Permission.VIEW_ALL_RETURNS
    template_name = "outcomes/returns.html"

    def get_context_data(self, **kwargs) -> dict:
        user, today = self.request.user, timezone.localdate()
        filters = ReturnsFilter(self.request.GET, years=years_of(user, today))
        return super().get_context_data(**kwargs) | {
            "filters": filters,
            "heat": queries.heat_map(user, filters.chosen_year, today),
            "counts": queries.counts(user, today),
            "asked_to_unlock": waiting_requests(user).count(),
            "revisions": revision_count(),
            "may_review": user.may(Permission.REVIEW_RETURN),
            "may_backfill": user.may(Permission.BACKFILL_RETURN),
        }


class ReviewQueue(PermissionRequired, TemplateView):
    permission = Permission.REVIEW_RETURN
    template_name = "outcomes/review_queue.html"

    def get_context_data(self, **kwargs) -> dict:
        queue = queries.queue(self.request.user)
        ordinary = sum(line.is_ordinary for line in queue)
        return super().get_context_data(**kwargs) | {"queue": queue, "ordinary": ordinary}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Accepts the ticked ones together, of those that are still ordinary and say what the page showed."""
        ticked = set(request.POST.getlist("submission"))
        lines = [line for line in queries.queue(request.user) if str(line.waiting.submission.pk) in ticked]
        chosen = [line.waiting.submission for line in lines if line.is_ordinary]
        done = decisions.accept_many(submissions=chosen, by=request.user, now=timezone.now())
        if not ticked:
            messages.error(request, "Tick the returns to accept.")
        if done.accepted:
            messages.success(request, f"Accepted: {', '.join(str(version.obligation) for version in done.accepted)}.")
        for line in lines:
            if not line.is_ordinary:
                messages.error(request, f"{line.obligation}: not accepted. Read this one by itself.")
        for obligation, why in done.refused:
            messages.error(request, f"{obligation}: {why}")
        if gone := len(ticked) - len(lines):
            messages.error(request, f"{gone:,} of them no longer wait to be read as they stood on the page.")
        return redirect("outcomes:review-queue")


class ReviewReturn(KeepsTyping, PermissionRequired, View):
    """One return beside its past; Accept and Return side by side; then the next one opens.

    The form carries the submission that its page showed: nothing is decided on numbers that nobody has read.
    """

    permission = Permission.REVIEW_RETURN

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        waiting = self.waiting()
        if waiting is None or not waiting.is_to_be_read:
            return redirect("outcomes:return-detail", pk)
        typed = rescued(request)
        initial = typed.dict() | {"sections": typed.getlist("sections")} if typed else {}
        return self.page(waiting, self.form(waiting, initial=initial))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        waiting = self.waiting()
        if waiting is None:
            return redirect("outcomes:return-detail", pk)
        gives_back = request.POST.get("decision") == "return"
        waits = waiting.submission if waiting.is_to_be_read and not self.is_mine(waiting) else None
        form = self.form(waiting, request.POST, gives_back=gives_back, waits=waits)
        if not form.is_valid():
            return self.page(waiting, form)
        read, now = form.cleaned_data["submission"], timezone.now()
        try:
            if gives_back:
                decisions.return_to_partner(
                    submission=read,
                    reason=form.cleaned_data["reason"],
                    sections=form.cleaned_data["changes"],
                    by=request.user,
                    now=now,
                )
            else:
                decisions.accept(submission=read, by=request.user, now=now)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self.page(self.waiting(), form)
        messages.success(request, f"{'Returned' if gives_back else 'Accepted'}: {waiting.obligation}.")
        return self.next_one()

    def next_one(self) -> HttpResponse:
        for line in queries.queue(self.request.user):
            if not line.is_mine:
                return redirect("outcomes:return-review", line.obligation.pk)
        return redirect("outcomes:review-queue")

    def waiting(self) -> queries.Waiting | None:
        if not Obligation.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).exists():
            raise Http404
        return queries.last_sent(self.request.user, self.kwargs["pk"])

    def is_mine(self, waiting: queries.Waiting) -> bool:
        return waiting.submission.submitted_by_id == self.request.user.pk

    @staticmethod
    def form(waiting: queries.Waiting, data=None, **kwargs) -> DecisionForm:
        sections = waiting.version.template.sections.order_by("order")
        return DecisionForm(data, obligation=waiting.obligation, sections=sections, **kwargs)

    def page(self, waiting: queries.Waiting, form: DecisionForm) -> HttpResponse:
        return render(
            self.request,
            "outcomes/review_return.html",
            {
                "form": form,
                "waiting": waiting,
                "obligation": waiting.obligation,
                "submission": waiting.submission,
                "reading": queries.reading(waiting),
                "progress": progress(waiting.obligation.delivery, waiting.obligation.period),
                "breakdowns": broken_down(waiting.submission),
                "threads": threads(self.request.user, waiting.obligation),
                "may_comment": True,
                "is_mine": self.is_mine(waiting),
                "left": queries.counts(self.request.user, timezone.localdate()).to_read,
            },
        )
