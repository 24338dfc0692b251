"""The dashboard of reach, for staff and for commissioners, and what its words mean."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone
from django.views.generic import TemplateView

from outcomes.forms.reach import ReachFilter, YearFilter
from outcomes.models import Category, Policy
from outcomes.models.policy import Dimension
from outcomes.queries import change, figures
from outcomes.queries.reach import NoPolicy, policy_on
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
        found = figures.reach(release, releases, programme=form.chosen("programme"), district=form.chosen("district"))
        if found is None:
            raise Http404("The release holds no such figure.")
        return context | {
            "release": release,
            "reach": found,
            "headline": _headline(found.headline),
            "scope": form.in_words(release),
            "last_year_headline": _headline(found.last_year_headline) if found.last_year_headline else "",
            "trend": pictures.trend(found, form.in_words(release)),
            "tiles": pictures.district_tiles(found),
            "rungs": _rungs(release.policy),
            "exposed": found.exposed,
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
        form = YearFilter(self.request.GET or None, this_year=this_year)
        year = form.year_chosen()
        return super().get_context_data(**kwargs) | {
            "form": form,
            "year": year,
            "changes": [(found, pictures.change(found, year)) for found in change.change_in(year)],
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
            "supported": _rungs(policy),
            "rungs": [rung.label.lower() for rung in Rung],
            "age_bands": Category.objects.filter(dimension=Dimension.AGE_BAND),
            "districts": Category.objects.filter(dimension=Dimension.DISTRICT).select_related("area"),
        }


def _headline(number: figures.Number) -> str:
    return headline(
        lower=number.lower,
        upper=number.upper,
        beneficiary=number.beneficiary,
        start=number.start,
        end=number.end,
    )


def _rungs(policy: Policy) -> list[str]:
    return [Rung(rung).label.lower() for rung in policy.supported_rungs]
