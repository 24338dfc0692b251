"""Filling in a return: the task list, one section a page, and what saves itself meanwhile."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from outcomes.actions import returns as actions
from outcomes.actions.answers import is_counted_field
from outcomes.actions.comments import may_comment
from outcomes.forms.return_fields import likely
from outcomes.forms.returns import ReturnForm
from outcomes.models import ReturnVersion, SentBack, Submission
from outcomes.models.templates import SectionBlock
from outcomes.queries import registers
from outcomes.queries.comments import threads, to_change, told_to_change
from outcomes.queries.questions import Questions, Section, questions_of
from outcomes.queries.standing import month_before, open_version
from outcomes.views.returns import OneReturn
from vru_portal.core.refusals import Refusal
from vru_portal.core.rescue import forget_below, rescued

State = ReturnVersion.State
MOST_FIELDS = 2_000
COUNTED = (SectionBlock.PEOPLE, SectionBlock.WHO)


class OpenReturn(OneReturn):
    """Pages of a return that is being filled in."""

    @cached_property
    def questions(self) -> Questions:
        return questions_of(self.obligation)

    @cached_property
    def before(self) -> Submission | None:
        return month_before(self.obligation)

    @property
    def typed(self) -> dict[str, str]:
        return self.version.typed if self.version else {}

    @cached_property
    def from_register(self) -> bool:
        """Whether the people are counted from a register, and not typed."""
        return registers.counts_from_register(self.obligation)

    def is_counted(self, section: Section) -> bool:
        """Whether the register answers all of a section."""
        return self.from_register and section.block in COUNTED and not section.questions

    @property
    def sections(self) -> tuple[Section, ...]:
        """Those with something to fill in."""
        return tuple(section for section in self.questions.sections if not self.is_counted(section))

    @property
    def parts(self) -> int:
        """How many its list has: the register, if there is one, each section, and at last to check and send it."""
        return self.from_register + len(self.sections) + 1

    def form(self, data=None, initial=None, shown: Section | None = None) -> ReturnForm:
        return ReturnForm(data, initial=initial, questions=self.questions, before=self.before, shown=shown)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if why := self.why_closed():
            return self.refused(why)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"version": self.version}


@dataclass(frozen=True)
class Task:
    section: Section
    state: str
    words: str
    asked: str = ""  # what the unit asks to change in it


class FillInReturn(OpenReturn, TemplateView):
    """The task list: each section with where it stands."""

    template_name = "outcomes/return_fill_in.html"

    def get_context_data(self, **kwargs) -> dict:
        form = self.form(self.typed)
        form.is_valid()
        asked = to_change(self.version)
        tasks = [
            replace(
                self._task(form, section, self._change_asked(form, section, asked)),
                asked=asked[section.key].reason if section.key in asked else "",
            )
            for section in self.sections
        ]
        told = told_to_change(self.version)
        register = self._register(form) if self.from_register else None
        parts = [*tasks, register] if register else tasks
        return super().get_context_data(**kwargs) | {
            "tasks": tasks,
            "register": register,
            "no_rows": registers.why_no_rows(self.obligation),
            "done": sum(part.state in ("done", "not_needed") for part in parts),
            "of": self.parts,
            "is_ready": form.answers is not None,
            "whole": next((reason for title, reason in told if not title), ""),
            "parts_to_change": [title for title, _ in told if title],
        }

    def _register(self, form: ReturnForm) -> Task:
        """The register as one part of the list: it answers who was met."""
        counted = [section for section in self.questions.sections if section.block in COUNTED]
        size = (
            self.version.register_files.filter(state="taken").aggregate(n=Count("contacts"))["n"] if self.version else 0
        )
        if not size:
            return Task(counted[0], "to_do", "To do")
        return Task(counted[0], "done", f"{size:,} contact{'' if size == 1 else 's'}")

    def _task(self, form: ReturnForm, section: Section, change_asked: bool) -> Task:
        to_mend, is_begun = len(form.problems_in(section)), form.is_begun(section)
        if change_asked and not to_mend:
            return Task(section, "to_change", "To change")
        if to_mend and is_begun:
            return Task(section, "to_mend", f"{to_mend} to mend")
        if to_mend or (not self.from_register and form.waits_for_people(section)):
            return Task(section, "to_do", "To do")
        if is_begun:
            return Task(section, "done", "Done")
        if section.questions:
            return Task(section, "optional", "Optional")
        return Task(section, "not_needed", "Nothing needed")

    def _change_asked(self, form: ReturnForm, section: Section, asked: dict[str, SentBack]) -> bool:
        """The unit sent this section back, and nobody has changed a field of it since."""
        if section.key not in asked:
            return False
        saved = [self.version.typed_by[name][1] for name in form.fields_of(section) if name in self.version.typed_by]
        return not any(datetime.fromisoformat(moment) > asked[section.key].sent_back_at for moment in saved)


@method_decorator(never_cache, name="get")
class FillInSection(OpenReturn, TemplateView):
    """One section. Saving keeps whatever is typed; going on shows what is to be mended first.

    Never out of a cache: Back comes to what is saved by now, and not to what the page was opened with then. (What was
    posted and could not all be saved may be: else Back would have to send it again.)
    """

    template_name = "outcomes/return_section.html"

    @cached_property
    def section(self) -> Section:
        found = next((s for s in self.sections if s.key == self.kwargs["section"]), None)
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs) -> dict:
        if "form" not in kwargs:
            kwargs |= self._as_it_stands()
        form = kwargs["form"]
        number = self.from_register + self.sections.index(self.section)
        opened = {name: kwargs["stored"].get(name, "") for name in self._typed_here(form)}
        counts = self.from_register and self.section.block in COUNTED
        return super().get_context_data(**kwargs) | {
            "section": self.section,
            "number": number + 1,
            "of": self.parts,
            "counts": counts,
            "opened": json.dumps({name: text for name, text in opened.items() if text}),
            "headlines": [] if counts else form.headlines(self.section),
            "people_so_far": form.people_so_far,
            "targets": form.targets if self.section.block == SectionBlock.WHO and not counts else {},
            "tables": form.breakdown_tables if self.section.block == SectionBlock.WHO and not counts else [],
            "groups": [form.group(question) for question in self.section.questions],
            "closed": bool(self.why_closed()),
            "sent_back": to_change(self.version).get(self.section.key),
            "threads": threads(self.request.user, self.obligation, [self.section]),
            "may_comment": may_comment(self.request.user, self.obligation),
        }

    def _typed_here(self, form: ReturnForm) -> list[str]:
        """The fields of this page, without what the register counts."""
        return [name for name in form.fields_of(self.section) if not (self.from_register and is_counted_field(name))]

    def _as_it_stands(self) -> dict:
        """The form as it was saved, or as it was typed before its writer was signed out."""
        if kept := rescued(self.request):
            typed = kept.dict()
            return {"form": self._shown(self.typed | typed), "stored": texts_in(typed.get("opened", ""))}
        if "mend" in self.request.GET:
            return {"form": self._checked(self.typed), "stored": self.typed}
        prefilled = likely(self.section, self.before)
        return {
            "form": self._shown(prefilled | self.typed),
            "stored": self.typed,
            "likely": bool(prefilled.keys() - self.typed),
        }

    def _shown(self, typed: dict[str, str]) -> ReturnForm:
        """This page alone, with nothing said of what is wrong."""
        return self.form(initial=typed, shown=self.section)

    def _checked(self, typed: dict[str, str]) -> ReturnForm:
        form = self.form(typed)
        form.is_valid()
        form.look_only_at(self.section)
        return form

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        names = self._typed_here(self._shown({}))
        typed = {name: clean_text(request.POST.get(name, "")) for name in names}
        try:
            saved = save(self, typed, texts_in(request.POST.get("opened", "")))
        except Refusal as refusal:
            messages.error(request, refusal.message)
            form = self._shown(self.typed | typed)
            return self.render_to_response(self.get_context_data(form=form, stored=self.typed))
        self.version = saved.version
        form = self._checked(saved.version.typed | {name: typed[name] for name in (*saved.held, *saved.differing)})
        for name, sentence in saved.held.items():
            form.errors.pop(name, None)
            form.add_error(name, f"{sentence} It is not saved.")
        if not saved.held and not saved.differing:
            to_mend = request.POST.get("action") == "next" and form.problems_in(self.section)
            # All of it is saved, so the page of what is to be mended is one that Back can come to again.
            return redirect(f"{request.path}?mend=1") if to_mend else self._go_on(request.POST.get("action", ""))
        context = {"form": form, "stored": saved.version.typed, "differing": _differing(form, saved, typed)}
        return self.render_to_response(self.get_context_data(**context, by_whom=saved.by_whom))

    def _go_on(self, action: str) -> HttpResponse:
        messages.success(self.request, f"Saved at {timezone.localtime():%H:%M}.")
        sections = self.sections
        following = sections[sections.index(self.section) + 1 :]
        if action == "next" and following:
            return redirect("outcomes:return-section", self.obligation.pk, following[0].key)
        if action == "next":
            return redirect("outcomes:return-check", self.obligation.pk)
        return redirect("outcomes:return-fill-in", self.obligation.pk)


def clean_text(text: str) -> str:
    """The database's text holds no null character."""
    return text.replace("\0", "")


def texts_in(text: str) -> dict[str, str]:
    """What the page's fields held when it was opened, as the page itself wrote it; empty if it is no longer legible."""
    return _texts(_parsed(text)) or {}


def _parsed(text: str | bytes) -> dict:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _texts(found: object) -> dict[str, str] | None:
    """Texts by the names of fields; None if it is anything else."""
    if not isinstance(found, dict) or len(found) > MOST_FIELDS:
        return None
    return {name: clean_text(text) for name, text in found.items() if isinstance(text, str)}


def save(view: OpenReturn, typed: dict[str, str], opened: dict[str, str]) -> actions.Saved:
    now, by = timezone.now(), view.request.user
    version = open_version(view.obligation) or actions.start(obligation=view.obligation, by=by, now=now)
    return actions.save_draft(version=version, typed=typed, opened=opened, by=by, now=now)


def _differing(form: ReturnForm, saved: actions.Saved, typed: dict[str, str]) -> list[tuple[str, str, str]]:
    """(question, what somebody else has saved, what was typed here)."""
    return [
        (form.fields[name].label, theirs or "empty", typed[name] or "empty") for name, theirs in saved.differing.items()
    ]


class SaveReturn(OneReturn, View):
    """What the page saves by itself while somebody types: JSON in, JSON out."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.obligation  # noqa: B018 - not found, before anything is read
        sent = _parsed(request.body)
        typed, opened = (_texts(sent.get(name)) for name in ("typed", "opened"))
        if typed is None or opened is None:
            return JsonResponse({"problem": "This page is out of date. Load it again."}, status=400)
        try:
            saved = save(self, typed, opened)
        except Refusal as refusal:
            return JsonResponse({"problem": refusal.message}, status=409)
        if not (saved.held or saved.differing):
            forget_below(request, reverse("outcomes:return-fill-in", args=[pk]))
        return JsonResponse(
            {
                "revision": saved.version.revision,
                "differing": dict(saved.differing),
                "by_whom": saved.by_whom,
                "held": dict(saved.held),
            }
        )
