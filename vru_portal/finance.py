"""The finance page: a financial year's money by whom, where and for what, and what a young person cost. Composed of the
money and of the people behind it; each table is given as CSV and as an accessible spreadsheet too."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from funding.forms import FinanceForm
from funding.queries.finance import BY, Behind, Sums, awards_behind, years_with_money
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.table_files import file_of
from vru_portal.finance_figures import figures
from vru_portal.finance_tables import tables_of


def finance_form(request: HttpRequest) -> FinanceForm:
    return FinanceForm(request.GET, today=timezone.localdate(), years=years_with_money(user=request.user))


class ShowFinance(PermissionRequired, TemplateView):
    """One financial year, as known on a day."""

    permission = Permission.VIEW_MONEY
    template_name = "portal/finance.html"

    def get_context_data(self, **kwargs) -> dict:
        form = finance_form(self.request)
        found = figures(user=self.request.user, day=form.day, year=form.year)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "figures": found,
            "finance": found.finance,
            "query": form.query,
            "tables": [(by, label, found.finance.tables[by]) for by, label in BY.items()],
        }


class ShowAwardsBehind(PermissionRequired, TemplateView):
    """The awards that one number of the finance page adds up; each leads to its movements."""

    permission = Permission.VIEW_MONEY
    template_name = "portal/finance_awards.html"

    def get_context_data(self, by: str, **kwargs) -> dict:
        form = finance_form(self.request)
        key = self.request.GET.get("key", "")
        found = awards_behind(user=self.request.user, as_at=form.day, year=form.year, by=by, key=key)
        total = sum((each.sums for each in found), Sums())
        return super().get_context_data(**kwargs) | {
            "awards": found,
            "total": total,
            "line": _in_words(by, found),
            "form": form,
            "shares": by == "district",
        }


def _in_words(by: str, found: Sequence[Behind]) -> str:
    """The line of the table that the awards are behind: “Partner: Oak House”, “No ring-fence”."""
    label = {"grant": "Grant", "all": "All awards"}.get(by) or BY[by]
    name = found[0].name if found else ""
    if name:
        return f"{label}: {name}"
    return f"No {label.lower()}" if found and by in BY else label


class DownloadFinance(PermissionRequired, View):
    """One of the tables, as a CSV file, or all of them as a spreadsheet."""

    permission = Permission.VIEW_MONEY

    def get(self, request: HttpRequest, name: str, kind: str) -> HttpResponse:
        form = finance_form(request)
        tables = tables_of(figures(user=request.user, day=form.day, year=form.year))
        suffix = f"{form.year.start}-as-at-{form.day:%Y-%m-%d}"
        return file_of(
            tables,
            name,
            kind,
            suffix=suffix,
            title=f"Money of {form.year}",
            intro=f"As known on {form.day:%-d %B %Y}.",
            notes=["An award of several districts is shared equally between them."],
            dated=form.day,
        )
