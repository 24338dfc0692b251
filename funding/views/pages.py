"""What the pages with one form have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal
from vru_portal.core.rescue import KeepsTyping


class FormPage(KeepsTyping, PermissionRequired, FormView):
    """One form, one action, and back to the page above. A view gives `heading`, `button`, `above` and `act`; one that
    changes something gives `subject` too, and names in `edited` the fields that the form begins with."""

    permission = Permission.MANAGE_MONEY
    template_name = "funding/form_page.html"
    intro = ""
    edited: ClassVar[Sequence[str]] = ()

    @property
    def above(self) -> tuple[str, str]:
        """The label and the address of the page that leads here."""
        return "Money", reverse("funding:cover")

    def act(self, **details) -> str:
        """Do it, told `by` and `now` beside what was typed; gives the sentence that says so."""
        raise NotImplementedError

    def get_initial(self) -> dict:
        return {name: getattr(self.subject, name) for name in self.edited}

    def get_context_data(self, **kwargs) -> dict:
        label, address = self.above
        own = {"heading": self.heading, "button": self.button, "intro": self.intro}
        return super().get_context_data(**kwargs) | own | {"above": label, "above_url": address}

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            done = self.act(**form.cleaned_data, by=self.request.user, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, done)
        return redirect(self.above[1])
