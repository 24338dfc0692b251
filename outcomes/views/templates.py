"""Settings: return templates. Their list, their versions, and the programmes that they ask."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.generic import FormView, TemplateView, View

from outcomes.actions import templates as actions
from outcomes.actions.return_checks import to_explain
from outcomes.forms.returns import ReturnForm
from outcomes.forms.templates import (
    AssignForm,
    LastMonthForm,
    RenameForm,
    TemplateForm,
    TryMonth,
)
from outcomes.models import ReturnTemplate, TemplateVersion
from outcomes.models.templates import SectionBlock
from outcomes.queries import templates as queries
from outcomes.queries.questions import Questions, questions_in
from partners.access import PermissionRequired
from partners.permissions import Permission
from programmes.models import Programme
from vru_portal.core.form_views import OneAction
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal


class Reading(PermissionRequired):
    """Staff read templates; those who manage them see the buttons."""

    permission = Permission.VIEW_ALL_RETURNS

    def get_context_data(self, **kwargs) -> dict:
        manages = self.request.user.may(Permission.MANAGE_TEMPLATES)
        return super().get_context_data(**kwargs) | {"manages": manages}


class OfTemplate:
    """Pages below one template."""

    @cached_property
    def template(self) -> ReturnTemplate:
        return get_object_or_404(ReturnTemplate, code=self.kwargs["code"])

    @property
    def template_url(self) -> str:
        return reverse("outcomes:template-detail", args=[self.kwargs["code"]])

    @property
    def is_there(self) -> bool:
        """A template that never had another version goes with its draft."""
        return ReturnTemplate.objects.filter(code=self.kwargs["code"]).exists()

    def version_url(self, version: TemplateVersion) -> str:
        return reverse("outcomes:template-version", args=[self.kwargs["code"], version.number])

    @property
    def above(self) -> list[tuple[str, str]]:
        """The breadcrumbs: label and address."""
        return [*LIST, (self.template.name, self.template_url)]


LIST = [("Settings", "/settings/"), ("Return templates", "/settings/templates/")]


class FormPage(OneAction, PermissionRequired, FormView):
    """One form, one action. A view gives `heading`, `button`, `above` and `act`."""

    permission = Permission.MANAGE_TEMPLATES
    template_name = "outcomes/template_form.html"
    intro = ""
    is_warning = False  # of what cannot be undone

    def get_context_data(self, **kwargs) -> dict:
        own = {name: getattr(self, name) for name in ("title", "heading", "button", "intro", "is_warning")}
        return super().get_context_data(**kwargs) | own | {"crumbs": self.above}

    @property
    def title(self) -> str:
        """Of the window; says more than the heading where other pages have the same one."""
        return self.heading

    def get_success_url(self) -> str:
        return self.above[-1][1]


class OfDraft(OfTemplate):
    """Pages of a draft. What is posted says of which one, so that it never changes the one that came after it."""

    @cached_property
    def draft(self) -> TemplateVersion:
        """`Refusal` if it was published or thrown away since its page was opened; not found if there never was one."""
        versions = TemplateVersion.objects.filter(template__code=self.kwargs["code"])
        versions = versions.select_related("template", "published_by")
        if opened := self.request.POST.get("draft", ""):
            return actions.still_a_draft(versions.filter(pk=opened if opened.isdigit() else 0).first())
        found = versions.filter(state=TemplateVersion.State.DRAFT).first()
        if found is None and self.request.method != "POST":
            raise Http404("This template has no draft.")
        return actions.still_a_draft(found)


# ---- Reading ----
class ListTemplates(Reading, TemplateView):
    template_name = "outcomes/template_list.html"

    def get_context_data(self, **kwargs) -> dict:
        lines = queries.template_lines(Month.of(timezone.localdate()))
        return super().get_context_data(**kwargs) | {"lines": lines}


class ShowTemplate(Reading, OfTemplate, TemplateView):
    """Its versions, what each changed, and the programmes that it asks."""

    template_name = "outcomes/template_detail.html"

    def get_context_data(self, *, form=None, **kwargs) -> dict:
        versions = list(self.template.versions.select_related("published_by", "template").order_by("number"))
        pairs = zip(versions, [None, *versions], strict=False)
        month = Month.of(timezone.localdate())
        return super().get_context_data(**kwargs) | {
            "template": self.template,
            "versions": [(v, queries.changes(before, v) if before else []) for v, before in pairs][::-1],
            "draft": next((v for v in versions if v.state == TemplateVersion.State.DRAFT), None),
            "in_force": queries.version_in_force(self.template, month),
            "programmes": queries.programmes_of(self.template),
            "form": form or AssignForm(template=self.template),
            "above": LIST,
        }


class ShowVersion(Reading, OfTemplate, TemplateView):
    """What a version asks; for a draft the place where it is built."""

    template_name = "outcomes/template_version.html"

    @cached_property
    def version(self) -> TemplateVersion:
        versions = self.template.versions.select_related("template", "published_by")
        return get_object_or_404(versions, number=self.kwargs["number"])

    @cached_property
    def before(self) -> TemplateVersion | None:
        return self.template.versions.filter(number__lt=self.version.number).order_by("-number").first()

    def get_context_data(self, **kwargs) -> dict:
        version, names = self.version, queries.items_of(self.version)
        context = super().get_context_data(**kwargs)
        is_draft = version.state == TemplateVersion.State.DRAFT
        return context | {
            "template": self.template,
            "version": version,
            "is_draft": is_draft,
            "builds": is_draft and context["manages"],
            "parts": queries.with_all_of_it(version),
            "checks": [(check, queries.check_in_words(check, names)) for check in version.checks.all()],
            "wrong": list(actions.wrong_with(version)) if is_draft else [],
            "changes": queries.changes(self.before, version) if self.before else [],
            "before": self.before,
        }


class TryVersion(Reading, OfTemplate, TemplateView):
    """The form as partners see it, all sections on one page. What is typed is checked and stored nowhere."""

    template_name = "outcomes/template_try.html"

    @cached_property
    def version(self) -> TemplateVersion:
        return get_object_or_404(self.template.versions.select_related("template"), number=self.kwargs["number"])

    @cached_property
    def month_form(self) -> TryMonth:
        asked = self.request.GET or self.request.POST
        return TryMonth(asked if "month" in asked else None, this_month=Month.of(timezone.localdate()))

    @cached_property
    def questions(self) -> Questions:
        return questions_in(self.version, self.month_form.chosen)

    def get_context_data(
        self, *, form: ReturnForm | None = None, last_month: LastMonthForm | None = None, **kwargs
    ) -> dict:
        form = form or ReturnForm(questions=self.questions)
        last_month = last_month or LastMonthForm(questions=self.questions)
        return super().get_context_data(**kwargs) | {
            "template": self.template,
            "version": self.version,
            "version_url": self.version_url(self.version),
            "month_form": self.month_form,
            "month": self.questions.month,
            "form": form,
            "last_month": last_month,
            "forms": [last_month],  # for the list of errors
            "parts": [_part(form, section) for section in self.questions.sections],
        }

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = ReturnForm(request.POST, questions=self.questions)
        form.is_valid()
        last_month = LastMonthForm(request.POST, questions=self.questions)
        tripped = to_explain(self.questions, form.answers, last_month.numbers) if form.answers else []
        context = {"form": form, "last_month": last_month, "tried": True, "tripped": [words for _, words in tripped]}
        return self.render_to_response(self.get_context_data(**context))


def _part(form: ReturnForm, section) -> dict:
    return {
        "section": section,
        "headlines": form.headlines(section),
        "tables": form.breakdown_tables if section.block == SectionBlock.WHO else [],
        "groups": [form.group(question) for question in section.questions],
        "problems": form.problems_in(section) if form.is_bound else [],
    }


# ---- Templates ----
class AddTemplate(FormPage):
    form_class = TemplateForm
    heading, button, above = "Add a return template", "Add template", LIST
    intro = "It begins as an empty draft. Nobody is asked by it until it is published and a programme uses it."

    def act(self, *, name: str, summary: str, **who) -> str:
        self.version = actions.create(code=_free_code(name), name=name, summary=summary, **who)
        return f"{name} is added. Build its draft below."

    def get_success_url(self) -> str:
        return reverse("outcomes:template-version", args=[self.version.template.code, self.version.number])


def _free_code(name: str) -> str:
    stem, number = slugify(name)[:36].strip("-") or "template", 1
    code = stem
    while code in ("add",) or ReturnTemplate.objects.filter(code=code).exists():
        number += 1
        code = f"{stem}-{number}"
    return code


class RenameTemplate(OfTemplate, FormPage):
    form_class = RenameForm
    button = "Save template"

    @property
    def heading(self) -> str:
        return f"Rename {self.template}"

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"template": self.template}

    def get_initial(self) -> dict:
        revision = queries.revision_of_template(self.template)
        return {"name": self.template.name, "summary": self.template.summary, "revision": revision}

    def act(self, **details) -> str:
        actions.rename(template=self.template, **details)
        return "The template is saved."


class AssignTemplate(ShowTemplate):
    """Gives the template to a programme."""

    permission = Permission.MANAGE_TEMPLATES

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        form = AssignForm(request.POST, template=self.template)
        if form.is_valid():
            programme = form.cleaned_data["programme"]
            try:
                actions.assign(programme=programme, template=self.template, by=request.user, now=timezone.now())
            except Refusal as refusal:
                form.add_error("programme", refusal.message)
            else:
                messages.success(request, f"{programme} is asked by {self.template} from its next new return on.")
                return redirect(self.template_url)
        return self.render_to_response(self.get_context_data(form=form))


class OneStep(OfTemplate, PermissionRequired, View):
    """A button: one action, and back with its sentence."""

    permission = Permission.MANAGE_TEMPLATES
    http_method_names: ClassVar = ["post"]

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        try:
            done, address = self.act(by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect(self.template_url if self.is_there else "outcomes:template-list")
        if done:
            messages.success(request, done)
        return redirect(address)


class UnassignTemplate(OneStep):
    def act(self, **who) -> tuple[str, str]:
        programme = get_object_or_404(Programme, pk=self.kwargs["pk"], return_template__template=self.template)
        actions.unassign(programme=programme, **who)
        return f"{programme} is asked by the standard template again.", self.template_url


class StartVersion(OneStep):
    def act(self, **who) -> tuple[str, str]:
        return "", self.version_url(actions.start_version(template=self.template, **who))
