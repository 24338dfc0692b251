"""What every page with one form does when it arrives: one action, a sentence that says so, and on to the next page."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from vru_portal.core.refusals import Refusal
from vru_portal.core.rescue import KeepsTyping
from vru_portal.core.revisions import ChangedMeanwhile


class OneAction(KeepsTyping):
    """Stands before the permission mixin and `FormView`. When the rules say no, what was typed stays beside the reason.

    A view gives `get_success_url` as Django has it, and `act(**details)`: it does the action, told `by` and `now`
    beside what was typed, and returns the sentence for whoever did it.
    """

    refusal_field: str | None = None  # where a refusal that names none of the fields is shown; None: above the form

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            done = self.act(**form.cleaned_data, by=self.request.user, now=timezone.now())
        except Refusal as refusal:
            if isinstance(refusal, ChangedMeanwhile):  # now that it was read, saving again is meant
                form.data = form.data.copy()
                form.data["revision"] = refusal.revision
            form.add_error(refusal.field_among(form.fields) or self.refusal_field, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, done)
        return redirect(self.get_success_url())
