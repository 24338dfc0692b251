"""Prices: the deflator series that are loaded, and loading another."""

from __future__ import annotations

from functools import cached_property

import tablib
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import TemplateView, View

from funding import deflator_csv
from funding.actions import deflators
from funding.forms import DeclineForm, ImportForm
from funding.models import DeflatorSeries
from funding.queries import deflators as queries
from funding.views.imports import KINDS, PreviewFirst, attachment
from funding.views.pages import FormPage
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal


class ShowDeflators(PermissionRequired, TemplateView):
    permission = Permission.VIEW_MONEY
    template_name = "funding/deflators.html"

    def get_context_data(self, **kwargs) -> dict:
        series = DeflatorSeries.objects.select_related("loaded_by", "withdrawn_by").prefetch_related("indices")
        return super().get_context_data(**kwargs) | {
            "series": series.standing(),
            "withdrawn": series.exclude(pk__in=series.standing()),
            "in_use": queries.newest(series),
            "columns": deflator_csv.COLUMNS,
            "example": deflator_csv.EXAMPLE,
            "may_manage": self.request.user.may(Permission.MANAGE_MONEY),
        }


class LoadDeflators(PreviewFirst):
    kind = "deflators"
    address = ("funding:deflators-load",)

    def preview(self, name: str, data: bytes) -> HttpResponse:
        try:
            series = deflator_csv.read(data, name)
        except deflator_csv.WrongRows as wrong:
            return self.page(ImportForm(), file_name=name, problems=wrong.rows)
        seen = [(each, deflators.known(each)) for each in series]
        new = sum(known is None for _, known in seen)
        key = self.kept_files.keep(name, data) if new else ""
        return self.page(ImportForm(), file_name=name, seen=seen, new=new, key=key)

    def take(self, name: str, data: bytes, key: str) -> HttpResponse:
        try:
            added = deflators.load(series=deflator_csv.read(data, name), **self.act)
        except Refusal as refusal:  # something has changed since the preview
            messages.error(self.request, refusal.message)
            return redirect(*self.address)
        self.kept_files.forget(key)
        said = f"Loaded: {', '.join(map(str, added))}." if added else "All of it was loaded before."
        messages.success(self.request, said)
        return redirect("funding:deflators")

    def page(self, form: ImportForm, **found) -> HttpResponse:
        context = {
            "form": form,
            "columns": deflator_csv.COLUMNS,
            "example": deflator_csv.EXAMPLE,
            "endings": KINDS,
        }
        return render(self.request, "funding/deflators_load.html", context | found)


class DownloadDeflatorColumns(PermissionRequired, View):
    """The names of the columns, to begin from."""

    permission = Permission.MANAGE_MONEY

    def get(self, request: HttpRequest, ending: str) -> HttpResponse:
        empty = tablib.Dataset(headers=deflator_csv.COLUMNS, title="deflators")
        return attachment(empty.export(ending), "deflators", ending)


class WithdrawDeflators(FormPage):
    """Kept with its reason; figures go by the newest of the others."""

    form_class = DeclineForm
    button = "Withdraw series"

    @cached_property
    def series(self) -> DeflatorSeries:
        return get_object_or_404(DeflatorSeries.objects.standing(), pk=self.kwargs["pk"])

    @property
    def heading(self) -> str:
        return f"Withdraw {self.series}"

    @property
    def intro(self) -> str:
        others = DeflatorSeries.objects.standing().exclude(pk=self.series.pk)
        after = queries.newest(others)
        goes_by = f"go by {after}" if after else "are not shown until another series is loaded"
        return f"It stays here with your reason, and nothing goes by it. Real-terms figures then {goes_by}."

    @property
    def above(self) -> tuple[str, str]:
        return "Prices", reverse("funding:deflators")

    def act(self, **details) -> str:
        return f"Withdrawn: {deflators.withdraw(series=self.series, **details)}."
