"""Coverage: how much of what is owed came, and came in time."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from outcomes import coverage_csv
from outcomes.forms.decisions import ReturnsFilter
from outcomes.queries.coverage import coverage
from outcomes.queries.returns import years_of
from partners.access import PermissionRequired
from partners.permissions import Permission

# Where the name of a group leads, and the words above its table.
GROUPS = {
    "partner": ("By partner", "partners:organisation-detail"),
    "programme": ("By programme", "programmes:programme-detail"),
    "funder": ("By funder", "partners:organisation-detail"),
}


class ShowCoverage(PermissionRequired, TemplateView):
    permission = Permission.VIEW_ALL_RETURNS
    template_name = "outcomes/coverage.html"

    def get_context_data(self, **kwargs) -> dict:
        user, today = self.request.user, timezone.localdate()
        filters = ReturnsFilter(self.request.GET, years=years_of(user, today))
        found = coverage(user, filters.chosen_year, today)
        return super().get_context_data(**kwargs) | {
            "filters": filters,
            "coverage": found,
            "groups": [(*GROUPS[name], rates) for name, rates in found.groups],
        }


class DownloadCoverage(PermissionRequired, View):
    permission = Permission.VIEW_ALL_RETURNS

    def get(self, request: HttpRequest, start: int) -> HttpResponse:
        today = timezone.localdate()
        year = next((year for year in years_of(request.user, today) if year.start == start), None)
        if year is None:
            raise Http404
        name = f"coverage_{str(year).replace('/', '-')}.csv"
        return HttpResponse(
            coverage_csv.content(coverage(request.user, year, today), today.isoformat()),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
