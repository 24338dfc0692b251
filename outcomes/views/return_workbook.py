"""A return by workbook instead of form: download it, fill it in, see what it changes, then keep it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.views.generic import FormView, View

from outcomes.actions.answers import is_counted_field
from outcomes.actions.returns import FROM_REGISTER
from outcomes.forms.return_fields import likely
from outcomes.forms.return_workbook import Box, read, write
from outcomes.views.fill_in import OpenReturn, save, texts_in
from vru_portal.core.free_text import sentence
from vru_portal.core.refusals import Refusal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 2 * 1024 * 1024


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label="The workbook that you filled in",
        help_text="Excel (.xlsx). You see what it changes before anything is kept.",
        error_messages={"required": "Choose the workbook.", "empty": "The file is empty. Choose another."},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(".xlsx"):
            raise forms.ValidationError("Choose a workbook that ends in .xlsx.")
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 2 MB. Choose the return's own workbook.")
        return file


@dataclass(frozen=True)
class Change:
    """One answer that the workbook would change."""

    label: str
    before: str
    after: str


class DownloadWorkbook(OpenReturn, View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if why := self.why_closed():
            return self.refused(why)
        prefilled: dict[str, str] = {}
        for section in self.questions.sections:
            prefilled |= likely(section, self.before)
        data = write(self.form(initial=prefilled | self.typed), self.obligation)
        name = slugify(f"{self.obligation.delivery.code} {self.obligation.period.code}")
        response = HttpResponse(data, content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return response


class UploadWorkbook(OpenReturn, FormView):
    """Nothing of the file is stored: the page itself carries what is right in it to its own confirmation."""

    template_name = "outcomes/return_workbook.html"
    form_class = WorkbookForm

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if "confirm" in request.POST:
            return self.take(texts_in(request.POST["confirm"]), texts_in(request.POST.get("opened", "")))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: WorkbookForm) -> HttpResponse:
        asked = self.form()
        try:
            boxes = read(form.cleaned_data["file"].read(), set(asked.section_of))
        except Refusal as refusal:
            form.add_error("file", refusal.message)
            return self.form_invalid(form)
        wrong = dict(self._wrong(boxes))
        typed = {name: box.text for name, box in boxes.items() if name not in wrong}
        changes = [
            Change(f"{asked.fields[name].label}", self.typed.get(name, "") or "empty", text or "empty")
            for name, text in typed.items()
            if text != self.typed.get(name, "")
        ]
        context = {
            "form": WorkbookForm(),
            "file_name": form.cleaned_data["file"].name,
            "wrong": [(boxes[name].place, said) for name, said in wrong.items()],
            "changes": changes,
            "confirm": json.dumps(typed),
            "opened": json.dumps({name: self.typed.get(name, "") for name in typed}),
        }
        return self.render_to_response(self.get_context_data(**context))

    def _wrong(self, boxes: dict[str, Box]):
        """(field, sentence) of each box that cannot be taken; what does not add up yet is told on the return's page."""
        form = self.form({name: box.text for name, box in boxes.items()})
        for name, box in boxes.items():
            if self.from_register and is_counted_field(name):
                found = FROM_REGISTER if box.text != self.typed.get(name, "") else ""
            else:
                found = box.problem or sentence("This", box.text) or (box.text and form.field_problem(name))
            if found:
                yield name, found

    def take(self, typed: dict[str, str], opened: dict[str, str]) -> HttpResponse:
        asked = self.form().section_of
        before = dict(self.typed)
        try:
            saved = save(self, {n: t for n, t in typed.items() if n in asked}, opened)
        except Refusal as refusal:
            return self.refused(refusal)
        after = saved.version.typed
        changed = sum(before.get(name, "") != after.get(name, "") for name in before.keys() | after.keys())
        if saved.differing:
            messages.warning(self.request, f"{saved.by_whom} That stands; the rest was taken.")
        else:
            told = "1 answer was" if changed == 1 else f"{changed:,} answers were"
            messages.success(self.request, f"{told} taken from the workbook at {timezone.localtime():%H:%M}.")
        return redirect("outcomes:return-fill-in", self.obligation.pk)
