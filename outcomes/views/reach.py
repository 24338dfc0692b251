"""The dashboard of reach, for staff and for commissioners, and what its words mean."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404
from django.utils import timezone
from django.views.generic import TemplateView

from outcomes.forms.reach import ChangeFilter, ReachFilter
from outcomes.models import Category
from outcomes.models.policy import Dimension
from outcomes.package import reach as reach_table
from outcomes.package.beside import DEFINITIONS
from outcomes.queries import change, figures
from outcomes.queries.policies import NoPolicy, policy_on
from outcomes.sentences import headline
from outcomes.views import reach_pictures as pictures
from partners.access import PermissionRequired
from partners.permissions import Permission
from programmes.models import Rung
from vru_portal.core.periods import FinancialYear


class ShowReach(PermissionRequired, TemplateView):
    """Staff: the latest release, published or not."""

    permission = Permission.VIEW_REACH
    template_name = "outcomes/reach.html"

    def releases(self):
        return figures.releases_visible_to(self.request.user)

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        releases = self.releases()
        choices = figures.standing(releases)
        form = ReachFilter(self.request.GET or None, releases=choices)
        context["form"] = form
        if not choices:
            return context
        if form.is_bound and not form.is_valid():
            raise Http404("There is no such release, programme or district.")
        release = form.chosen("release") or choices[0]
        programme, district = form.chosen("programme"), form.chosen("district")
        context |= {"release": release, "scope": form.in_words(), "district_chosen": district is not None}
        found = figures.reach(release, releases, programme=programme, district=district)
        if found is None:
            return context | {"why_none": figures.why_no_figure(release, programme, district)}
        return context | {
            "reach": found,
            "headline": headline_of(found.headline),
            "last_year_headline": headline_of(found.last_year_headline) if found.last_year_headline else "",
            "trend": pictures.trend(found, form.in_words()),
            "tiles": pictures.district_tiles(found, chosen=release.district_label(district).code),
            "breaks": figures.breaks(release, programme),
            "rungs": rungs_in_words(found.headline.rungs),
            "programme_chosen": programme is not None,
        }


class ShowFigures(ShowReach):
    """Commissioners: published releases only."""

    permission = Permission.VIEW_PUBLISHED_RELEASE

    def releases(self):
        return super().releases().published()


class ShowChange(PermissionRequired, TemplateView):
    permission = Permission.VIEW_REACH
    template_name = "outcomes/change.html"

    def get_context_data(self, **kwargs) -> dict:
        this_year = FinancialYear.of(timezone.localdate())
        form = ChangeFilter(self.request.GET or None, this_year=this_year)
        year, programme = form.year_chosen(), form.programme_chosen()
        found = change.change_in(year, programme=programme)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "year": year,
            "programme": programme,
            "changes": found,
            "pictures": [(s, pictures.change(s, year)) for each in found for s in each.series] if programme else [],
        }


class ShowDefinitions(PermissionRequired, TemplateView):
    permission = (Permission.VIEW_PUBLISHED_RELEASE, Permission.VIEW_REACH)
    template_name = "outcomes/definitions.html"

    def get_context_data(self, **kwargs) -> dict:
        try:
            policy = policy_on(timezone.localdate())
        except NoPolicy as refusal:
            raise Http404(refusal.message) from refusal
        return super().get_context_data(**kwargs) | {
            "policy": policy,
            "supported": rungs_in_words(policy.supported_rungs),
            "rungs": [rung.label.lower() for rung in Rung],
            "columns": reach_table.COLUMNS,
            "meanings": dict(DEFINITIONS),
            "age_bands": Category.objects.filter(dimension=Dimension.AGE_BAND),
            "districts": Category.objects.filter(dimension=Dimension.DISTRICT).select_related("area"),
        }


def headline_of(number: figures.Number, where: str = "") -> str:
    return headline(
        lower=number.lower,
        upper=number.upper,
        within=number.within,
        beneficiary=number.beneficiary,
        start=number.start,
        end=number.end,
        where=where,
        is_estimate=number.is_estimate,
        is_complete=number.is_complete,
        returns_estimated=number.returns_estimated,
    )


def rungs_in_words(rungs: Iterable[str]) -> list[str]:
    return [Rung(rung).label.lower() for rung in rungs]
