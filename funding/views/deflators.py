"""Prices: the deflator series that are loaded, and loading another."""

from __future__ import annotations

from django.urls import reverse
from django.views.generic import TemplateView

from funding import deflator_csv
from funding.actions import deflators
from funding.forms import DeflatorForm
from funding.models import DeflatorSeries
from funding.views.pages import FormPage
from partners.access import PermissionRequired
from partners.permissions import Permission


class ShowDeflators(PermissionRequired, TemplateView):
    permission = Permission.VIEW_MONEY
    template_name = "funding/deflators.html"

    def get_context_data(self, **kwargs) -> dict:
        series = DeflatorSeries.objects.select_related("loaded_by").prefetch_related("indices")
        return super().get_context_data(**kwargs) | {
            "series": series,
            "columns": deflator_csv.COLUMNS,
            "example": deflator_csv.EXAMPLE,
            "may_manage": self.request.user.may(Permission.MANAGE_MONEY),
        }


class LoadDeflators(FormPage):
    form_class = DeflatorForm
    heading = "Load a deflator series"
    button = "Load series"
    intro = (
        "A small table with the columns series, published on, year and index, from what the Treasury publishes. The "
        "same file twice changes nothing; an earlier series stays."
    )

    @property
    def above(self) -> tuple[str, str]:
        return "Prices", reverse("funding:deflators")

    def act(self, file, **details) -> str:
        added = deflators.load(series=deflator_csv.read(file.read(), file.name), **details)
        return f"Loaded: {', '.join(map(str, added))}." if added else "All of it was loaded before."
