"""Reach as it stands now, for staff: not published, and right again within seconds of any change."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.generic import TemplateView, View

from outcomes.forms.now import OfProgramme, OfYear, OverlapFilter, SlicesFilter
from outcomes.models import Recount
from outcomes.models.cube import CellPeriod, CellWhere
from outcomes.queries import now as queries
from outcomes.queries.policies import policy_on
from outcomes.sentences import headline
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.periods import FinancialYear

PAIRS_SHOWN = 25


class OfReachNow(PermissionRequired, TemplateView):
    """A view gives `found(form, year)`: what its template shows of the year that is chosen."""

    permission = Permission.VIEW_REACH
    form_class = OfYear

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        years = queries.years_counted()
        if not years:
            return context
        form = self.form_class(self.request.GET or None, years=years)
        year = form.year_chosen()
        return context | {"form": form, "year": year} | vars(queries.standing(year)) | self.found(form, year)


class ShowSlices(OfReachNow):
    template_name = "outcomes/now.html"
    form_class = SlicesFilter

    def found(self, form: SlicesFilter, year: FinancialYear) -> dict:
        by = form.chosen("by", CellWhere.PROGRAMME.value)
        period = form.chosen("period", CellPeriod.YEAR_TO_DATE.value)
        found = queries.slices(year, period, by)
        latest = queries.slices(year, CellPeriod.YEAR_TO_DATE, by).latest
        return {
            "slices": found,
            "latest": latest,
            "heading": {**queries.BY_DELIVERY, **queries.BY_PEOPLE}[by],
            "period_label": dict(queries.periods_shown())[period],
            "headline": latest
            and headline(
                lower=latest.lower,
                upper=latest.upper,
                within=policy_on(latest.end).one_number_within,
                beneficiary="young_people",
                start=latest.start,
                end=latest.end,
            ),
        }


class ShowComings(OfReachNow):
    """Who is new, who comes back, and how often."""

    template_name = "outcomes/now_people.html"
    form_class = OfProgramme

    def found(self, form: OfProgramme, year: FinancialYear) -> dict:
        programme = form.chosen("programme", None)
        return {
            "programme": programme,
            "flows": queries.flows(year, programme),
            "dose": queries.dose(year, programme),
        }


class ShowOverlap(OfReachNow):
    template_name = "outcomes/now_overlap.html"
    form_class = OverlapFilter

    def found(self, form: OverlapFilter, year: FinancialYear) -> dict:
        by = form.chosen("by", CellWhere.PROGRAMME.value)
        overlap = queries.overlap(year, by)
        return {
            "overlap": overlap,
            "pairs": overlap.pairs[:PAIRS_SHOWN],
            "more": max(0, len(overlap.pairs) - PAIRS_SHOWN),
            "of": "programmes" if by == CellWhere.PROGRAMME else "partners",
        }


class ShowRecount(PermissionRequired, View):
    """How far a recount is; htmx asks for the bar alone."""

    permission = Permission.VIEW_REACH

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        recount = get_object_or_404(Recount, pk=pk)
        is_over = recount.state in {Recount.State.FINISHED, Recount.State.FAILED}
        fragment = request.headers.get("HX-Request") == "true"
        template = "outcomes/recount_progress.html" if fragment else "outcomes/recount.html"
        response = render(request, template, {"recount": recount, "is_over": is_over})
        if fragment and is_over:
            response["HX-Refresh"] = "true"
        return response
