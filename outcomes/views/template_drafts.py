"""Settings: the draft of a return template, built with forms and buttons, and published."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from outcomes.actions import template_drafts as drafts
from outcomes.actions import templates as actions
from outcomes.forms.templates import (
    CheckForm,
    EditQuestionForm,
    EditSectionForm,
    LibraryFilter,
    MinutesForm,
    PublishForm,
    QuestionForm,
    SectionForm,
    question_begins_with,
)
from outcomes.models import Measure, TemplateCheck, TemplateQuestion, TemplateSection
from outcomes.queries import templates as queries
from outcomes.views.templates import FormPage, OfDraft, OneStep, Reading
from partners.permissions import Permission
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal


class DraftForm(OfDraft, FormPage):
    """Changes the draft, and leads back to it. Once it is no draft, a page says so and shows what was typed."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            self.draft  # noqa: B018 - refuses
        except Refusal as refusal:
            return self._gone(refusal)
        return super().post(request, *args, **kwargs)

    def _gone(self, refusal: Refusal) -> HttpResponse:
        typed = [
            (field.label, text)
            for name, field in self.form_class.base_fields.items()
            if isinstance(field, TYPED) and not field.widget.is_hidden
            if (text := self.request.POST.get(name, "").strip())
        ]
        template = self.template if self.is_there else None
        context = {"refusal": refusal.message, "typed": typed, "template": template}
        return render(self.request, "outcomes/template_draft_gone.html", context)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"draft": self.draft}

    @property
    def title(self) -> str:
        return f"{self.heading}: {self.template}, version {self.draft.number}"

    @property
    def above(self) -> list[tuple[str, str]]:
        return [*super().above, ("Draft", self.version_url(self.draft))]


TYPED = forms.CharField, forms.IntegerField, forms.DecimalField


class AddSection(DraftForm):
    form_class = SectionForm
    heading, button = "Add a part", "Add part"

    def act(self, **details) -> str:
        section = drafts.add_section(version=self.draft, **details)
        return f"“{section}” is added at the end."


class EditRow(DraftForm):
    """A form of something in the draft. If somebody takes it out meanwhile, what was typed stays beside the refusal."""

    rows: ClassVar  # those that the draft may hold
    version: ClassVar = "version"  # the way to it from the row

    @cached_property
    def row(self) -> queries.Row | None:
        found = self.rows.filter(**{self.version: self.draft}, pk=self.kwargs["pk"]).first()
        if found is None and self.request.method != "POST":
            raise Http404
        return found

    def get_initial(self) -> dict:
        return self.begins_with() | {"revision": queries.revision_of_row(self.row)} if self.row else {}

    def act(self, **details) -> str:
        if self.row is None:
            raise drafts.TakenOut
        return self.save(**details)


class EditSection(EditRow):
    rows = TemplateSection.objects.select_related("version")
    form_class = EditSectionForm
    button = "Save part"

    @property
    def heading(self) -> str:
        return f"Edit “{self.row}”" if self.row else "Edit a part"

    def begins_with(self) -> dict:
        return {name: getattr(self.row, name) for name in ("title", "intro", "block")}

    def save(self, **details) -> str:
        drafts.edit_section(section=self.row, **details)
        return "The part is saved."


class ChooseMeasure(Reading, OfDraft, TemplateView):
    """The library, to add a question from."""

    permission = Permission.MANAGE_TEMPLATES
    template_name = "outcomes/template_choose_measure.html"

    def get_context_data(self, **kwargs) -> dict:
        form = LibraryFilter(self.request.GET)
        return super().get_context_data(**kwargs) | {
            "template": self.template,
            "crumbs": [*self.above, ("Draft", self.version_url(self.draft))],
            "section": get_object_or_404(self.draft.sections, pk=self.kwargs["pk"]),
            "form": form,
            "measures": queries.measures_to_ask(self.draft, form.chosen),
        }


class AddQuestion(DraftForm):
    form_class = QuestionForm
    button = "Add question"

    @cached_property
    def measure(self) -> Measure:
        return get_object_or_404(Measure, code=self.kwargs["measure"])

    @property
    def heading(self) -> str:
        return f"Ask “{self.measure}”"

    @property
    def title(self) -> str:
        part = get_object_or_404(self.draft.sections, pk=self.kwargs["pk"])
        return f"{self.heading} in “{part}”: {self.template}, version {self.draft.number}"

    @property
    def intro(self) -> str:
        return self.measure.definition

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"version": self.draft}

    def get_initial(self) -> dict:
        return {"section": self.kwargs["pk"], "is_required": True}

    def act(self, **details) -> str:
        drafts.add_question(measure=self.measure, **details)
        return f"“{self.measure}” is asked."


class EditQuestion(EditRow):
    rows = TemplateQuestion.objects.select_related("measure", "section__version")
    version = "section__version"
    form_class = EditQuestionForm
    button = "Save question"

    @property
    def heading(self) -> str:
        return f"How “{self.row.measure}” is asked" if self.row else "How a measure is asked"

    @property
    def intro(self) -> str:
        return self.row.measure.definition if self.row else ""

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"version": self.draft}

    def begins_with(self) -> dict:
        return question_begins_with(self.row)

    def save(self, **details) -> str:
        drafts.edit_question(question=self.row, **details)
        return "The question is saved."


class _OneCheck:
    form_class = CheckForm
    intro = "A rule between answers, read as a sentence. It is told beside the answer that it begins with."

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"items": queries.items_of(self.draft)}


class AddCheck(_OneCheck, DraftForm):
    heading, button = "Add a check", "Add check"

    def act(self, **details) -> str:
        drafts.put_check(version=self.draft, **details)
        return "The check is saved."


class EditCheck(_OneCheck, EditRow):
    rows = TemplateCheck.objects.all()
    button = "Save check"

    @property
    def heading(self) -> str:
        return f"Edit “{queries.rule_in_words(self.row, queries.items_of(self.draft))}”" if self.row else "Edit a check"

    def begins_with(self) -> dict:
        return CheckForm.of(self.row)

    def save(self, **details) -> str:
        drafts.put_check(version=self.draft, check=self.row, **details)
        return "The check is saved."


class SetMinutes(DraftForm):
    form_class = MinutesForm
    heading, button = "How long it takes", "Save minutes"

    def get_initial(self) -> dict:
        return {"minutes": self.draft.minutes, "revision": queries.revision_of_row(self.draft)}

    def act(self, **details) -> str:
        drafts.set_minutes(version=self.draft, **details)
        return "The minutes are saved."


class ChangeDraft(OfDraft, OneStep):
    """The small buttons of the draft: up, down, delete."""

    STEPS: ClassVar = {
        "section-up": (TemplateSection, "version", drafts.move_section, {"places": -1}),
        "section-down": (TemplateSection, "version", drafts.move_section, {"places": 1}),
        "section-delete": (TemplateSection, "version", drafts.delete_section, {}),
        "question-up": (TemplateQuestion, "section__version", drafts.move_question, {"places": -1}),
        "question-down": (TemplateQuestion, "section__version", drafts.move_question, {"places": 1}),
        "question-delete": (TemplateQuestion, "section__version", drafts.delete_question, {}),
        "check-delete": (TemplateCheck, "version", drafts.delete_check, {}),
    }

    def act(self, **who) -> tuple[str, str]:
        if self.kwargs["step"] not in self.STEPS:
            raise Http404
        model, version, action, details = self.STEPS[self.kwargs["step"]]
        row = model.objects.filter(**{version: self.draft}, pk=self.kwargs["pk"]).first()
        if row is None:
            raise drafts.TakenOut
        action(**{model.__name__.removeprefix("Template").lower(): row}, **details, **who)
        place = f"#part-{row.pk}" if model is TemplateSection else ""
        return self._done(row), f"{self.version_url(self.draft)}{place}"

    def _done(self, row) -> str:
        if "delete" not in self.kwargs["step"]:
            return ""
        if isinstance(row, TemplateCheck):
            return "The check is taken out."
        return f"“{row.measure if isinstance(row, TemplateQuestion) else row}” is taken out."


class PublishVersion(DraftForm):
    """From which month, what changed, and everything that stands in the way."""

    form_class = PublishForm
    template_name = "outcomes/template_publish.html"
    button = "Publish"

    @property
    def heading(self) -> str:
        return f"Publish {self.template}, version {self.draft.number}"

    @property
    def title(self) -> str:
        return self.heading

    def get_initial(self) -> dict:
        month = Month.of(timezone.localdate()).plus(1).first
        return {"first_month": month, "revision": queries.revision_of_draft(self.draft)}

    def get_context_data(self, **kwargs) -> dict:
        before = self.template.versions.filter(number__lt=self.draft.number).order_by("-number").first()
        return super().get_context_data(**kwargs) | {
            "wrong": list(actions.wrong_with(self.draft)),
            "changes": queries.changes(before, self.draft) if before else [],
            "before": before,
            "version": self.draft,
            "draft_url": self.version_url(self.draft),
            "programmes": queries.programmes_of(self.template),
        }

    def act(self, **details) -> str:
        published = actions.publish(version=self.draft, **details)
        return f"Published: {self.template} is asked in version {published.number} from {published.first_month} on."

    def get_success_url(self) -> str:
        return self.template_url


class DiscardDraft(DraftForm):
    """Asks first: what was built in the draft cannot be brought back."""

    form_class = forms.Form
    button, is_warning = "Throw the draft away", True

    @property
    def intro(self) -> str:
        published = " What is published stays." if self.draft.number > 1 else ""
        return f"Its parts, questions and checks go with it, and cannot be brought back.{published}"

    @property
    def heading(self) -> str:
        return f"Throw version {self.draft.number} of {self.template} away?"

    @property
    def title(self) -> str:
        return self.heading

    def act(self, **who) -> str:
        actions.discard(version=self.draft, **who)
        return "The draft is thrown away."

    def get_success_url(self) -> str:
        return self.template_url if self.is_there else reverse("outcomes:template-list")
