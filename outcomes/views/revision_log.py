"""What was revised in public and why, and how far to trust a first figure."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from outcomes.models import Figure, Release
from outcomes.queries import revision_log as queries
from outcomes.views.releases import READERS
from partners.access import PermissionRequired
from partners.permissions import Audience
from vru_portal.core.periods import FinancialYear
from vru_portal.core.tables_out import Column, Table

PER_PAGE = 20
TRIANGLES = (
    ("In the month", Figure.PeriodType.MONTH),
    ("From April to the month", Figure.PeriodType.YEAR_TO_DATE),
)
COLUMNS = (
    Column("period_type", "month, or year_to_date: April to the month."),
    Column("period_end", "The last day of the period.", "date"),
    Column("said", "1: what was said first; 2: what the next release said; and so on.", "integer"),
    Column("release", "The release that said it."),
    Column("status", "provisional, revised or final."),
    Column("published", "The day on which it became public.", "date"),
    Column("row", "The figure's row in its reach.csv.", "integer"),
    Column("lower", "The lower end as it was published.", "integer"),
    Column("upper", "The upper end as it was published.", "integer"),
    Column("symbol", "Why a number is missing."),
)


class ShowRevisionLog(PermissionRequired, TemplateView):
    permission = READERS
    template_name = "outcomes/revision_log.html"

    def get_context_data(self, **kwargs) -> dict:
        replacing = Release.objects.published().filter(compared_with__isnull=False).select_related("compared_with")
        pages = Paginator(replacing.order_by("-public_at", "-produced_at"), PER_PAGE)
        page = pages.get_page(self.request.GET.get("page"))
        page.object_list = queries.revisions(page.object_list)
        years = queries.years_published()
        year = self._year(years)
        return super().get_context_data(**kwargs) | {
            "page": page,
            "years": list(years),
            "year": year,
            "triangles": [(title, queries.triangle(year, of)) for title, of in TRIANGLES] if year else [],
            "on_downloads": self.request.user.audience == Audience.COMMISSIONER,
        }

    def _year(self, years: dict[FinancialYear, int]) -> FinancialYear | None:
        """The one asked for, or the newest of which something was said twice; None while nothing is published."""
        asked = self.request.GET.get("year")
        if asked is None:
            return next((year for year, releases in years.items() if releases > 1), next(iter(years), None))
        return _published(asked, years)


class DownloadTriangle(PermissionRequired, View):
    """What each release said of each month of a financial year, one row each."""

    permission = READERS

    def get(self, request: HttpRequest, start: int) -> HttpResponse:
        year = _published(str(start), queries.years_published())
        rows = [row for _, period_type in TRIANGLES for row in _rows(year, period_type)]
        table = Table("revisions_triangle", "", "", COLUMNS, ("period_type", "period_end", "said"), rows)
        return HttpResponse(
            table.csv(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="revisions_triangle_{start}.csv"'},
        )


def _rows(year: FinancialYear, period_type: str) -> list[list]:
    return [
        [
            *(str(period_type), line.end, order, told.release.code, told.release.status),
            *(timezone.localdate(told.release.public_at), told.row),
            *(told.said.lower, told.said.upper, told.said.symbol),
        ]
        for line in queries.triangle(year, period_type).lines
        for order, told in enumerate(line.told, start=1)
    ]


def _published(asked: str, years: dict[FinancialYear, int]) -> FinancialYear:
    found = next((year for year in years if str(year.start) == asked), None)
    if found is None:
        raise Http404("Nothing is published of that year.")
    return found
