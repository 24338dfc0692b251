"""A month's register: files, pasted and typed rows; what they would change; and out again.

Nothing that identifies somebody leaves the request that brought it, but in its own answer.
"""

from __future__ import annotations

import base64
import secrets
from enum import IntEnum
from functools import cached_property

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import TemplateView, View

from outcomes.actions import registers as actions
from outcomes.forms import register_workbook
from outcomes.forms.registers import PastedForm, RegisterFileForm, RowForm, TakeForm, rows_to_mend
from outcomes.models import Category, Obligation, RegisterFile
from outcomes.queries import registers as queries
from outcomes.registers.reading import Expected, Register, Texts, read
from outcomes.registers.values import NOT_KNOWN_CODE
from outcomes.views.returns import OneReturn
from programmes.models import Setting
from vru_portal.core.how_far import HowFar, Telling, new_token, told
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal
from vru_portal.core.tables_in import rows_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SIGNED_OUT = "signed-out"
ASK_NO_MORE = 286  # htmx asks no more
SHOWN = 100  # wrong rows on the page; all of them are in the download


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class OfRegister(OneReturn):
    """Pages of one return's register. A closed return leads back to itself. What arrives signed out is not read: the
    page says so after signing in."""

    leads_back = True

    keeps_typing = False

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            back = request.path if self.leads_back else reverse("outcomes:register", args=[kwargs["pk"]])
            return redirect_to_login(f"{back}?{SIGNED_OUT}=1")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if why := self.why_not():
            return self.refused(why)
        return super().get(request, *args, **kwargs)

    def why_not(self) -> str:
        if why := self.why_closed():
            return why
        if not queries.counts_from_register(self.obligation):
            return "The people of this return are counted by hand, not from a register."
        return ""

    @property
    def references_alone(self) -> bool:
        return queries.references_alone(self.obligation)

    @sensitive_variables()
    def read(self, rows, *, words: Texts = Texts.HELD) -> Register:
        delivery = self.obligation.delivery
        programme = delivery.programme
        expected = Expected(
            partner=str(delivery.partner_id),
            month=self.obligation.period,
            today=timezone.localdate(),
            references_alone=self.references_alone,
            default_kind="" if programme.counts_exposure else programme.rung,
            default_setting=delivery.setting.code,
        )
        return read(rows, expected, queries.code_lists(), words=words)

    @sensitive_variables()
    def stage(self, register: Register, content: bytes, **options) -> RegisterFile:
        by, now = self.request.user, timezone.now()
        return actions.stage(obligation=self.obligation, register=register, content=content, by=by, now=now, **options)

    def get_context_data(self, **kwargs) -> dict:
        files = list(queries.files_of(self.version)) if self.version else []
        return super().get_context_data(**kwargs) | {
            "references_alone": self.references_alone,
            "no_rows": queries.why_no_rows(self.obligation),
            "signed_out": SIGNED_OUT in self.request.GET,
            "files": files,
            "counted": queries.counted(self.version) if files else None,
            "how_far": new_token(),
        }

    def register_page(self) -> HttpResponse:
        return redirect("outcomes:register", self.obligation.pk)


class ShowRegister(OfRegister, TemplateView):
    """What is in it, and the ways in."""

    template_name = "outcomes/register.html"

    def get_context_data(self, **kwargs) -> dict:
        kwargs.setdefault("form", RegisterFileForm())
        kwargs.setdefault("pasted", PastedForm(auto_id="pasted-%s"))
        return super().get_context_data(**kwargs)

    @sensitive_variables()
    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if why := self.why_not() or queries.why_no_rows(self.obligation):
            return self.refused(why)
        pasting = "rows" in request.POST
        form = (
            PastedForm(request.POST, auto_id="pasted-%s") if pasting else RegisterFileForm(request.POST, request.FILES)
        )
        shown = {"pasted" if pasting else "form": form}
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(**shown))
        content = form.data_pasted if pasting else form.cleaned_data["file"].read()
        name = "pasted.csv" if pasting else form.cleaned_data["file"].name
        telling = Telling(request.user.pk, request.POST.get("how_far", ""))
        try:
            register = self._read(content, name, form.chosen, telling.begin(Step.READING))
            file = self._stage(register, content, telling) if register.contacts else None
        except Refusal as refusal:
            form.add_error("rows" if pasting else "file", refusal.message)
            return self.render_to_response(self.get_context_data(**shown))
        return self._previewed(register, file, pasting)

    @sensitive_variables()
    def _read(self, content: bytes, name: str, words: Texts, telling: Telling) -> Register:
        return self.read(telling.passing(rows_of(content, name, expect=telling.expect)), words=words)

    @sensitive_variables()
    def _stage(self, register: Register, content: bytes, telling: Telling) -> RegisterFile:
        rows = len(register.contacts)
        telling.begin(Step.CODING, rows)

        def coded(done: int) -> None:
            telling.done(done)
            if done == rows:  # and what is left is the longer part of it
                telling.begin(Step.COUNTING)

        return self.stage(register, content, progress=coded)

    def _previewed(self, register: Register, file: RegisterFile | None, pasted: bool) -> HttpResponse:
        """The answer to an upload: it alone holds the rows that were not taken."""
        preview = queries.preview(file) if file else None
        context = self.get_context_data() | {
            "register": register,
            "notes": list(register.notes.items()),
            "wrong": [str(wrong) for wrong in register.wrong[:SHOWN]],
            "more": max(0, len(register.wrong) - SHOWN),
            "preview": preview,
            "take": TakeForm.about(preview) if preview and preview.there else None,
            "until": file and file.staged_at + actions.STAGED_FOR,
            "other": self._return_of(register.other_month),
            "again": (PastedForm if pasted else RegisterFileForm)(found=True) if register.held else None,
            "to_mend": _as_link(rows_to_mend(register)) if register.wrong else "",
        }
        return self.response_class(self.request, "outcomes/register_preview.html", context, using=self.template_engine)

    def _return_of(self, month: Month | None) -> Obligation | None:
        """The same delivery's for the month that the rows are of."""
        visible = Obligation.objects.visible_to(self.request.user).filter(delivery=self.obligation.delivery_id)
        return visible.filter(month=month.first).first() if month else None


class Step(IntEnum):
    """What an upload goes through."""

    SENDING, READING, CODING, COUNTING = range(4)


# What its sender sees meanwhile, and the part of the time (in per cent) that is over as the step begins and ends.
MEANWHILE = {
    Step.SENDING: ("Sending the file", 0, 0),
    Step.READING: ("Reading the rows", 0, 40),
    Step.CODING: ("Turning names into codes", 40, 65),
    Step.COUNTING: ("Keeping the codes and counting the people", 65, 65),
}


class ShowHowFar(OfRegister, TemplateView):
    """How far an upload is whose answer its page still waits for. Once there is no more to say, as the return is closed
    or its sender signed out, the bar goes and asks no more: a page that is led to elsewhere would be put in its place.
    """

    template_name = "outcomes/register_how_far.html"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return super().dispatch(request, *args, **kwargs) if request.user.is_authenticated else self.refused("")

    def refused(self, refusal: Refusal | str) -> HttpResponse:
        return HttpResponse(status=ASK_NO_MORE)

    def get_context_data(self, **kwargs) -> dict:
        far = told(self.request.user.pk, kwargs["token"]) or HowFar(Step.SENDING, 0, 0)
        sentence, begins, ends = MEANWHILE[Step(far.step)]
        percent = round(begins + (ends - begins) * far.share)
        return kwargs | {"obligation": self.obligation, "sentence": sentence, "percent": percent}


def _as_link(data: bytes) -> str:
    return f"data:text/csv;base64,{base64.b64encode(data).decode()}"


class TypeRow(OfRegister, TemplateView):
    """One contact at a time, each sent by itself and kept as pseudonyms alone."""

    template_name = "outcomes/register_row.html"

    def form(self, data=None) -> RowForm:
        choices = {
            dimension: [(code, name) for d, code, name in self._categories if d == dimension and code != NOT_KNOWN_CODE]
            for dimension in ("district", "sex", "ethnicity")  # an empty box says that nobody knows
        }
        choices["setting"] = list(Setting.objects.values_list("code", "name"))
        return RowForm(
            data,
            choices=choices,
            month=self.obligation.period,
            references_alone=self.references_alone,
            initial={"setting": self.obligation.delivery.setting.code},
        )

    @cached_property
    def _categories(self) -> list[tuple[str, str, str]]:
        return list(Category.objects.order_by("order").values_list("dimension", "code", "name"))

    def get_context_data(self, **kwargs) -> dict:
        kwargs.setdefault("form", self.form())
        return super().get_context_data(**kwargs)

    @sensitive_variables()
    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if why := self.why_not() or queries.why_no_rows(self.obligation):
            return self.refused(why)
        form = self.form(request.POST)
        if form.is_valid():
            register = self.read(iter(form.as_rows()))
            form.errors_from(register)
            if form.is_valid() and self._added(form, register):
                messages.success(request, "Added to the register. Type the next contact, or go back.")
                return redirect(request.path)
        return self.render_to_response(self.get_context_data(form=form))

    def _added(self, form: RowForm, register: Register) -> bool:
        """Nothing of a typed row is hashed as a whole: whether it is there already, its pseudonyms tell."""
        by, now = self.request.user, timezone.now()
        try:
            file = self.stage(register, secrets.token_bytes(32))
            try:
                actions.take(file=file, how=form.how, by=by, now=now)
            except actions.ThereAlready:
                actions.drop(file=file, by=by, now=now)
                form.ask_whether_once_more()
                return False
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return False
        return True


class ChangeRegister(OfRegister, TemplateView):
    """Confirm a staged file or drop it, or take one out again, which asks first."""

    template_name = "outcomes/register_remove.html"
    leads_back = False

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        if kwargs["step"] != "remove":
            raise Http404
        file = next((file for file in context["files"] if file.pk == kwargs["file"]), None)
        if file is None:
            raise Http404
        return context | {"file": file}

    def post(self, request: HttpRequest, pk: int, file: int, step: str) -> HttpResponse:
        if why := self.why_not():
            return self.refused(why)
        change = {"take": self._take, "drop": self._drop, "remove": self._remove}.get(step)
        if change is None:
            raise Http404
        found = RegisterFile.objects.select_related("version").filter(version__obligation=pk, pk=file).first()
        try:
            if found is None:
                raise actions.NoLongerThere
            change(found)
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return self.register_page()

    def _take(self, file: RegisterFile) -> None:
        form, by, now = TakeForm(self.request.POST), self.request.user, timezone.now()
        form.is_valid()
        try:
            actions.take(file=file, how=form.chosen, seen=form.files_seen, by=by, now=now)
        except actions.ThereAlready:
            actions.drop(file=file, by=by, now=now)
            raise
        size = file.contacts.count()
        messages.success(
            self.request, f"Added to the register: {size:,} contact{'' if size == 1 else 's'}. The return is counted."
        )

    def _drop(self, file: RegisterFile) -> None:
        actions.drop(file=file, by=self.request.user, now=timezone.now())
        messages.success(self.request, "Nothing was added, and nothing of it is kept.")

    def _remove(self, file: RegisterFile) -> None:
        actions.remove(file=file, by=self.request.user, now=timezone.now())
        messages.success(self.request, "Taken out of the register, and counted anew.")


class DownloadTemplate(OfRegister, View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        response = HttpResponse(register_workbook.template(self.references_alone), content_type=XLSX)
        name = f"{self.obligation.delivery.code}_{self.obligation.period.code}"  # as `count_registers` wants it
        response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return response


class PrintSheet(OfRegister, TemplateView):
    """To fill in by hand where there is no signal."""

    template_name = "outcomes/register_sheet.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return TemplateView.get(self, request, *args, **kwargs)  # paper is never closed

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "columns": register_workbook.columns(self.references_alone),
            "lines": range(20),
        }
