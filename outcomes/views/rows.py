"""One figure of a release, at an address of its own for ever: what it says, and for staff what it was made of."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from outcomes.models import Figure, Release
from outcomes.package.reach import note_of
from outcomes.queries import figures
from outcomes.queries.trace import elsewhere, trace
from outcomes.sentences import NOUNS, period_in_words, quotation
from outcomes.views.reach import headline_of
from outcomes.views.releases import ReadsRelease
from partners.permissions import Permission
from programmes.models import Rung


class ShowRow(ReadsRelease, TemplateView):
    template_name = "outcomes/row.html"

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        releases = figures.releases_visible_to(user)
        release = self.release
        figure = get_object_or_404(release.figures, order=self.kwargs["row"])
        shows_returns = user.may(Permission.VIEW_ALL_RETURNS)
        return super().get_context_data(**kwargs) | {
            "release": release,
            "number": figures.number_of(release, figure, by="programme"),
            "title": _title(figure),
            "of_whom": _of_whom(release, figure),
            "sentence": _quotation(release, figure),
            "who": NOUNS[figure.beneficiary],
            "rungs": [Rung(rung).label.lower() for rung in figure.rungs.split("+")],
            "basis": note_of(figure),
            "others": [
                (one.release, figures.number_of(one.release, one, by="programme"))
                for one in elsewhere(figure, releases)
            ],
            "estimated_percent": figure.estimated_percent,
            "trace": trace(release, figure) if shows_returns else None,
        }


def _quotation(release: Release, figure: Figure) -> str:
    """Of all districts and ages, as the press may say it; empty for what is less than that, or hidden."""
    number = figures.number_of(release, figure, by="programme")
    if figure.district_id or figure.age_band_id or number.lower is None or number.upper is None:
        return ""
    where = f" in {number.label.name}" if figure.programme_id else ""
    rungs = ", ".join(Rung(rung).label.lower() for rung in number.rungs)
    people = NOUNS[figure.beneficiary]
    definition = (
        "Estimate of pupils who pass youth workers; not among the young people supported."
        if number.is_estimate
        else f"{people[0].upper()}{people[1:]} with at least one contact: {rungs}. Each counts once; where it is not "
        "known whether two are the same, they are taken to be, so there may be more."
    )
    return quotation(
        headline_of(number, where=where),
        release=str(release),
        status=release.get_status_display().lower(),
        received=number.received,
        due=number.due,
        definition=definition,
    )


def _title(figure: Figure) -> str:
    what = "Pupils exposed" if figure.measure == Figure.Measured.PEOPLE_EXPOSED else _people(figure)
    return f"{what} {period_in_words(figure.period_start, figure.period_end)}"


def _people(figure: Figure) -> str:
    words = f"{NOUNS[figure.beneficiary]} supported"
    return words[0].upper() + words[1:]


def _of_whom(release: Release, figure: Figure) -> str:
    return " · ".join(
        (
            release.programme_label(figure.programme_id).name,
            release.district_label(figure.district_id).name,
            release.age_label(figure.age_band_id).name,
        )
    )
