"""Past months from a table: choose it, see what it does, then take all of it or none."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from outcomes.actions import returns
from outcomes.forms.returns_import import FileForm, Row, columns, read_rows
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.kept_files import GONE, KeptFiles
from vru_portal.core.refusals import Refusal


class ImportReturns(PermissionRequired, View):
    permission = Permission.BACKFILL_RETURN

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(FileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if key := request.POST.get("confirm", ""):
            return self.take(key)
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form)
        file = form.cleaned_data["file"]
        return self.preview(form, file.name, file.read())

    def preview(self, form: FileForm, name: str, data: bytes) -> HttpResponse:
        try:
            rows = self.rows(name, data)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
            return self.page(form)
        key = ""
        if any(row.is_new for row in rows) and not any(row.problems for row in rows):
            key = self.kept_files.keep(name, data)
        return self.page(FileForm(), file_name=name, rows=rows, key=key)

    def take(self, key: str) -> HttpResponse:
        kept = self.kept_files.get(key)
        if kept is None:
            messages.error(self.request, GONE)
            return redirect("outcomes:returns-import")
        name, data = kept
        rows = self.rows(name, data)
        if any(row.problems for row in rows):  # something has changed since the preview
            return self.page(FileForm(), file_name=name, rows=rows, key="")
        new = [(row.obligation, row.answers) for row in rows if row.is_new]
        try:
            returns.backfill_all(returns=new, file_name=name, by=self.request.user, now=timezone.now())
        except Refusal as refusal:
            messages.error(self.request, f"Nothing was imported. {refusal}")
            return redirect("outcomes:returns-import")
        self.kept_files.forget(key)
        entered = "1 return was" if len(new) == 1 else f"{len(new):,} returns were"
        messages.success(self.request, f"{entered} entered from {name}. A colleague reads and accepts them.")
        return redirect("outcomes:review-queue")

    def rows(self, name: str, data: bytes) -> list[Row]:
        return read_rows(name, data, user=self.request.user, today=timezone.localdate())

    @property
    def kept_files(self) -> KeptFiles:
        return KeptFiles("returns", self.request.user.pk)

    def page(
        self, form: FileForm, *, file_name: str = "", rows: list[Row] | None = None, key: str = ""
    ) -> HttpResponse:
        rows = rows or []
        context = {
            "form": form,
            "file_name": file_name,
            "key": key,
            "rows": rows,
            "wrong": [row for row in rows if row.problems],
            "new": [row for row in rows if row.is_new],
            "unchanged": [row for row in rows if row.is_unchanged],
        }
        return render(self.request, "outcomes/returns_import.html", context)


class DownloadColumns(PermissionRequired, View):
    """The header row to begin from."""

    permission = Permission.BACKFILL_RETURN

    def get(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="returns.csv"'
        csv.writer(response).writerow(columns())
        return response
