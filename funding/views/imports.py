"""Awards and payments from a spreadsheet: choose it, see each row as it will be, then propose all of it or nothing."""

from __future__ import annotations

import tablib
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from funding.actions import imports
from funding.forms import ImportForm
from funding.import_codes import codes_of
from funding.resources import AwardResource, PaymentResource, ProposalResource, RowSeen
from partners.access import PermissionRequired
from partners.actions.reference_tables import FileRefused
from partners.permissions import Permission
from partners.resources import problems
from vru_portal.core.kept_files import GONE, KeptFiles
from vru_portal.core.refusals import Refusal
from vru_portal.core.spreadsheets import read_table

TABLES: dict[str, type[ProposalResource]] = {"awards": AwardResource, "payments": PaymentResource}
ALWAYS_SHOWN = ("reference", "amount")
# What each kind of file is written as, and how a browser knows it.
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class PreviewFirst(PermissionRequired, View):
    """A file is chosen, seen as it will be, and taken or left. A view gives `kind`, `preview(name, data)`,
    `take(name, data, key)` and `page(form, **found)`, and in `address` where it stands."""

    permission = Permission.MANAGE_MONEY

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self.page(ImportForm())

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        if key := request.POST.get("confirm", ""):
            return self.confirmed(key)
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form)
        file = form.cleaned_data["file"]
        try:
            return self.preview(file.name, file.read())
        except Refusal as refusal:
            form.add_error("file", refusal.message)
            return self.page(form)

    def confirmed(self, key: str) -> HttpResponse:
        kept = self.kept_files.get(key)
        if kept is None:
            messages.error(self.request, GONE)
            return redirect(*self.address)
        return self.take(*kept, key)

    @property
    def act(self) -> dict:
        return {"by": self.request.user, "now": timezone.now()}

    @property
    def kept_files(self) -> KeptFiles:
        return KeptFiles(self.kind, self.request.user.pk)


class ImportFile(PreviewFirst):
    def setup(self, request: HttpRequest, *args, kind: str, **kwargs) -> None:
        super().setup(request, *args, kind=kind, **kwargs)
        self.kind, self.table = kind, TABLES[kind]()

    @property
    def address(self) -> tuple[str, str]:
        return "funding:import", self.kind

    def preview(self, name: str, data: bytes) -> HttpResponse:
        result = imports.preview(table=self.table, dataset=read_table(data, name), **self.act)
        if wrong := problems(result):
            return self.page(ImportForm(), file_name=name, problems=wrong)
        rows = self.table.rows_seen(result)
        new = sum(not row.standing for row in rows)
        key = self.kept_files.keep(name, data) if new else ""
        filled = [column for column in self.table.columns() if any(row.cells[column] for row in rows)]
        alike = self.alike(rows, filled)
        columns = [column for column in filled if column not in alike]
        seen = [(row, [(column, row.cells[column]) for column in columns]) for row in rows]
        return self.page(ImportForm(), file_name=name, rows=seen, columns=columns, alike=alike, new=new, key=key)

    @staticmethod
    def alike(rows: list[RowSeen], columns: list[str]) -> dict[str, str]:
        """What all rows say alike is said once, so that the table is no wider than it has to be."""
        said = {column: {row.cells[column] for row in rows} for column in columns if column not in ALWAYS_SHOWN}
        return {column: next(iter(cells)) for column, cells in said.items() if len(rows) > 1 and len(cells) == 1}

    def take(self, name: str, data: bytes, key: str) -> HttpResponse:
        try:
            result = imports.propose_all(table=self.table, dataset=read_table(data, name), file_name=name, **self.act)
        except FileRefused as refused:  # something has changed since the preview
            return self.page(ImportForm(), file_name=name, problems=problems(refused.result))
        self.kept_files.forget(key)
        if new := result.totals["new"]:
            proposed = f"1 {self.table.about} is" if new == 1 else f"{new:,} {self.table.about}s are"
            messages.success(self.request, f"{proposed} proposed from {name}. A colleague now has to approve.")
        else:
            messages.success(self.request, f"Nothing was changed: all of {name} is recorded already.")
        return redirect(*self.above[1:])

    @property
    def above(self) -> tuple[str, str]:
        """The page where what was proposed waits."""
        return ("Payments", reverse("funding:payment-list")) if self.kind == "payments" else ("Money", reverse("money"))

    def page(self, form: ImportForm, **found) -> HttpResponse:
        label, address = self.above
        context = {
            "form": form,
            "kind": self.kind,
            "about": self.table.about,
            "explained": self.table.explained,
            "endings": KINDS,
            "above": label,
            "above_url": address,
        }
        return render(self.request, "funding/import.html", context | found)


class DownloadColumns(PermissionRequired, View):
    """The names of the columns, to begin from; a workbook has a second sheet with what may be written in them."""

    permission = Permission.MANAGE_MONEY

    def get(self, request: HttpRequest, kind: str, ending: str) -> HttpResponse:
        empty = tablib.Dataset(headers=TABLES[kind].columns(), title=kind)
        if ending == "xlsx":
            codes = codes_of(kind, user=request.user, today=timezone.localdate())
            content = tablib.Databook([empty, codes]).export(ending)
        else:
            content = empty.export(ending)
        return attachment(content, kind, ending)


def attachment(content: str | bytes, name: str, ending: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(content, content_type=KINDS[ending], headers=headers)
