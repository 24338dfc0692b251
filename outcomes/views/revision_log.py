"""What was revised in public and why, and how far to trust a first figure."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404
from django.views.generic import TemplateView

from outcomes.models import Figure, Release
from outcomes.queries import revision_log as queries
from outcomes.views.releases import READERS
from partners.access import PermissionRequired
from partners.permissions import Audience
from vru_portal.core.periods import FinancialYear

PER_PAGE = 20


class ShowRevisionLog(PermissionRequired, TemplateView):
    permission = READERS
    template_name = "outcomes/revision_log.html"

    def get_context_data(self, **kwargs) -> dict:
        replacing = Release.objects.published().filter(compared_with__isnull=False).select_related("compared_with")
        page = Paginator(replacing.order_by("-public_at", "-produced_at"), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        page.object_list = queries.revisions(page.object_list)
        years = queries.years_published()
        year = self._year(years)
        return super().get_context_data(**kwargs) | {
            "page": page,
            "years": list(years),
            "year": year,
            "triangles": _triangles(year) if year else [],
            "on_downloads": self.request.user.audience == Audience.COMMISSIONER,
        }

    def _year(self, years: dict[FinancialYear, int]) -> FinancialYear | None:
        """The one asked for, or the newest of which something was said twice; None while nothing is published."""
        asked = self.request.GET.get("year")
        if asked is None:
            return next((year for year, releases in years.items() if releases > 1), next(iter(years), None))
        for year in years:
            if str(year.start) == asked:
                return year
        raise Http404("Nothing is published of that year.")


def _triangles(year: FinancialYear) -> list[tuple[str, queries.Triangle]]:
    return [
        ("In the month", queries.triangle(year, Figure.PeriodType.MONTH)),
        ("From April to the month", queries.triangle(year, Figure.PeriodType.YEAR_TO_DATE)),
    ]
