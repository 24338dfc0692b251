"""Settings: the library of measures that templates ask from."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from outcomes.actions import measures as actions
from outcomes.forms.templates import LibraryFilter, MeasureForm, SuccessorForm
from outcomes.models import Measure
from outcomes.queries import templates as queries
from outcomes.views.templates import LIST, FormPage, Reading
from partners.permissions import Permission
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal

LIBRARY = [*LIST, ("Measures", "/settings/measures/")]


class ListMeasures(Reading, TemplateView):
    template_name = "outcomes/measure_list.html"

    def get_context_data(self, **kwargs) -> dict:
        form = LibraryFilter(self.request.GET)
        return super().get_context_data(**kwargs) | {"form": form, "measures": queries.library(form.chosen)}


class OfMeasure:
    @cached_property
    def measure(self) -> Measure:
        return get_object_or_404(Measure, code=self.kwargs["code"])

    @property
    def above(self) -> list[tuple[str, str]]:
        return [*LIBRARY, (self.measure.name, reverse("outcomes:measure-detail", args=[self.measure.code]))]


class ShowMeasure(Reading, OfMeasure, TemplateView):
    """Its definition, how it adds up, where it is asked, and what came before and after it."""

    template_name = "outcomes/measure_detail.html"

    def get_context_data(self, **kwargs) -> dict:
        measure = self.measure
        return super().get_context_data(**kwargs) | {
            "measure": measure,
            "options": measure.options.all(),
            "versions": queries.where_asked(measure),
            "is_asked": actions.is_asked(measure),
            "followed_by": getattr(measure, "succeeded_by", None),
            "follows": measure.successions.select_related("old"),
            "above": LIBRARY,
        }


class AddMeasure(FormPage):
    form_class = MeasureForm
    heading, button, above = "Add a measure", "Add measure", LIBRARY
    intro = (
        "One thing that returns ask each month. Look through the library first: a measure that is there already keeps "
        "numbers comparable."
    )

    def act(self, *, options: list[str], by, now, revision: str, **facts) -> str:
        self.measure = actions.add(facts=facts, options=options, by=by, now=now)
        return f"“{self.measure}” is in the library. Ask it in a draft."

    def get_success_url(self) -> str:
        return reverse("outcomes:measure-detail", args=[self.measure.code])


class EditMeasure(OfMeasure, FormPage):
    form_class = MeasureForm
    button = "Save measure"

    @property
    def heading(self) -> str:
        return f"Edit “{self.measure}”"

    def get_initial(self) -> dict:
        return {"revision": queries.revision_of_measure(self.measure)}

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"instance": Measure.objects.get(pk=self.measure.pk)}

    def get_context_data(self, **kwargs) -> dict:
        successor = reverse("outcomes:measure-successor", args=[self.measure.code])
        more = {"other_url": successor, "other": "Make a successor instead"} if actions.is_asked(self.measure) else {}
        return super().get_context_data(**kwargs) | more

    def act(self, *, options: list[str], by, now, revision: str, **facts) -> str:
        actions.edit(measure=self.measure, facts=facts, options=options, revision=revision, by=by, now=now)
        return "The measure is saved."


class SucceedMeasure(OfMeasure, FormPage):
    form_class = SuccessorForm
    button = "Make successor"
    intro = (
        "The new measure takes over from a month on. Earlier values stand in its series, behind a break that says what "
        "is counted otherwise. Then ask it in a draft in the old one’s place."
    )

    @property
    def heading(self) -> str:
        return f"A successor to “{self.measure}”"

    def get_initial(self) -> dict:
        old = self.measure
        begins = {name: getattr(old, name) for name in ("name", "definition", "example", "unit", "people_label")}
        month = Month.of(timezone.localdate()).plus(1).first
        return begins | {"options": [option.name for option in old.options.all()], "month": month, "factor": 1}

    def act(self, **details) -> str:
        self.new = actions.make_successor(old=self.measure, **details)
        return f"“{self.new}” follows “{self.measure}”. Ask it in the drafts of the templates that ask the old one."

    def get_success_url(self) -> str:
        return reverse("outcomes:measure-detail", args=[self.new.code])


class DeleteMeasure(ShowMeasure):
    permission = Permission.MANAGE_TEMPLATES
    http_method_names = ("post",)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        try:
            actions.delete(measure=self.measure, by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect("outcomes:measure-detail", code)
        messages.success(request, "The measure is deleted.")
        return redirect("outcomes:measure-list")
