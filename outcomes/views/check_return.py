"""The last page of a return: everything once more in words, what explains it, and the one button that sends it."""

from __future__ import annotations

import json
from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from outcomes.actions import registers as register_actions
from outcomes.actions import returns as actions
from outcomes.actions.answers import as_typed, says_the_same
from outcomes.actions.comments import may_comment
from outcomes.actions.return_checks import to_explain
from outcomes.forms.returns import ReturnForm, SendForm, word_fields
from outcomes.models import ReturnVersion, Submission
from outcomes.models.templates import SectionBlock
from outcomes.queries.review import said_when_sent_back, unusual_before_sending
from outcomes.views.fill_in import OpenReturn, clean_text, save, texts_in
from outcomes.views.return_words import in_words
from outcomes.views.returns import OneReturn
from partners.models import User
from partners.permissions import PARTNER_ROLES, Permission
from vru_portal.core.refusals import Refusal
from vru_portal.core.rescue import rescued

State = ReturnVersion.State


class CheckReturn(OpenReturn, TemplateView):
    """Its own words are kept with the draft whenever the return is not sent, whatever the reason."""

    template_name = "outcomes/return_check.html"

    @cached_property
    def filled(self) -> ReturnForm:
        if self.from_register and self.version and self.version.state in (State.DRAFT, State.RETURNED):
            # An earlier month's register may have changed since.
            by, now = self.request.user, timezone.now()
            self.version = register_actions.recount(version=self.version, by=by, now=now)
        form = self.form(self.typed)
        form.is_valid()
        return form

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if why := self.why_closed():
            return self.refused(why)
        if self.filled.answers is None:
            return self._mend()
        return super().get(request, *args, **kwargs)

    def _mend(self) -> HttpResponse:
        """To the first section with something to mend."""
        for section in self.questions.sections:
            if self.filled.problems_in(section) and self.is_counted(section):
                return redirect("outcomes:register", self.obligation.pk)
            if self.filled.problems_in(section):
                path = reverse("outcomes:return-section", args=[self.obligation.pk, section.key])
                return redirect(f"{path}?mend=1")
        return redirect("outcomes:return-fill-in", self.obligation.pk)

    def send_form(self, data=None) -> SendForm:
        tripped = to_explain(self.questions, self.filled.answers, self.before)
        people = _people(self.request.user, self)
        return SendForm(data, tripped=tripped, is_unusual=bool(self.unusual), people=people, initial=self.typed)

    def get_context_data(self, **kwargs) -> dict:
        kept = rescued(self.request) if "form" not in kwargs else None
        opened = {name: self.typed.get(name, "") for name in word_fields(self.questions)}
        kwargs.setdefault("form", self.send_form(kept))
        return super().get_context_data(**kwargs) | {
            "opened": kept.get("opened", "") if kept else json.dumps(opened),
            "parts": [
                (section, in_words(self.filled.answers, self.questions, section)) for section in self.questions.sections
            ],
            "of": self.parts,
            "unusual": self.unusual,
            "who": SectionBlock.WHO,
            "tables": self.filled.breakdown_tables,
            "seen_columns": self.filled.seen_columns,
        }

    @cached_property
    def unusual(self) -> tuple[str, ...]:
        answers = self.filled.answers
        names = ("new_people", "known_people", "already_counted_people", "contacts", "exposed_people")
        said = Submission(**{name: getattr(answers, name) for name in names})
        found = unusual_before_sending(self.obligation, said, answers.cells)
        was = said_when_sent_back(self.version) if self.version else None
        if was and says_the_same(was, answers):
            return "The unit asked you to change this return, and nothing in it is changed.", *found
        return found

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.version is None:
            return self._closed(self.why_closed() or "Nothing is typed yet. Fill in the return first.")
        if self.version.state == State.SUBMITTED:
            return self._closed(self.why_closed())
        is_back = request.POST.get("action") == "back"
        try:
            if not is_back and self.filled.answers and (form := self.send_form(request.POST)).is_valid():
                return self._send(form)
            return self._keep(redirect("outcomes:return-fill-in", pk) if is_back else None)
        except Refusal as refusal:
            return self._closed(refusal)

    def _closed(self, why: Refusal | str) -> HttpResponse:
        """It was sent, or decided, elsewhere meanwhile: words that were not sent with it are shown once more."""
        posted = {name: clean_text(self.request.POST.get(name, "")).strip() for name in word_fields(self.questions)}
        sent = Submission.objects.filter(version__obligation=self.obligation).order_by("submitted_at").last()
        known = {*self.typed.values(), *(as_typed(sent) if sent else {}).values()}
        unsent = [text for text in posted.values() if text and text not in known]
        if not unsent:
            return self.refused(why)
        comments = may_comment(self.request.user, self.obligation)
        context = super().get_context_data(why=str(why), unsent=unsent, may_comment=comments)
        return render(self.request, "outcomes/return_words_unsent.html", context)

    def _send(self, form: SendForm) -> HttpResponse:
        request, revision = self.request, self.request.POST.get("revision", "")
        given = form.cleaned_data
        answers = self.filled.answers.with_words(
            comment=given["comment"],
            explanations={
                check.pk: given[name]
                for check in self.questions.checks
                if (name := f"explain__{check.pk}") in given and given[name]
            },
        )
        try:
            actions.submit(
                version=self.version,
                answers=answers,
                revision=int(revision) if revision.isdigit() else -1,
                provided_by=given["provided_by"],
                by=request.user,
                now=timezone.now(),
            )
        except actions.ChangedMeanwhile as refusal:
            messages.error(request, f"{refusal.message} Read it again before you send it.")
            return self._keep(redirect(request.path))
        except actions.DoesNotAddUp as refusal:
            for problem in refusal.problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(request, f"Sent: {self.obligation}. Until the unit reads it, you can take it back.")
        return self.detail() if request.user.may(Permission.BACKFILL_RETURN) else redirect("home")

    def _keep(self, then: HttpResponse | None) -> HttpResponse:
        """Keep the words and go on to `then`; without it, or where they cannot all be kept, the page says why."""
        posted = self.request.POST.copy()
        words = {name: clean_text(posted[name]) for name in word_fields(self.questions) if name in posted}
        saved = save(self, words, texts_in(posted.get("opened", "")))
        self.version = saved.version
        for name in ("filled", "unusual"):  # somebody else may have changed the numbers
            vars(self).pop(name, None)
        if then and not (saved.held or saved.differing):
            return then
        told = {name: f"{sentence} It is not saved." for name, sentence in saved.held.items()} | {
            name: f"{saved.by_whom} That is kept: “{theirs or 'empty'}”. Press again to keep what stands here instead."
            for name, theirs in saved.differing.items()
        }
        if self.filled.answers is None:
            for sentence in told.values():
                messages.error(self.request, sentence)
            return then or self._mend()
        if then:  # it is not to be sent now: what else is missing is asked later
            posted.pop("signs_off", None)
        form = self.send_form(posted)
        if then:
            for field in form.fields.values():
                field.required = False
        for name in told.keys() & form.fields.keys() - form.errors.keys():
            form.add_error(name, told[name])
        return self.render_to_response(self.get_context_data(form=form))


def _people(user: User, view: OneReturn) -> list[User]:
    """Who may have put the numbers together: the user first, then the partner's other people."""
    partner = view.obligation.delivery.partner
    open_ = partner.memberships.open_on(timezone.localdate()).filter(role__in=PARTNER_ROLES, user__is_active=True)
    others = User.objects.filter(pk__in=open_.values("user")).exclude(pk=user.pk).order_by("name")
    return [user, *others]
