"""The pages of a programme and of a delivery, composed of what is delivered and of the returns about it: `programmes`
knows nothing of `outcomes`."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from funding.queries.finance import Sums, awards_behind
from outcomes.queries import figures
from outcomes.queries.change import change_in
from outcomes.queries.openings import first_opening
from outcomes.queries.returns import last_returns
from outcomes.queries.targets import progress_so_far
from outcomes.views.reach import headline_of, rungs_in_words
from partners.models import User
from partners.permissions import Permission
from programmes import views
from programmes.models import Programme
from vru_portal.core.periods import FinancialYear, Month


class ShowProgramme(views.ShowProgramme):
    """With what the newest release says of it, what changed and what is paid this year, and how far each delivery of
    which something is owed this year is on its way."""

    template_name = "portal/programme.html"

    def get_context_data(self, **kwargs) -> dict:
        context, today = super().get_context_data(**kwargs), timezone.localdate()
        programme, user, year = context["programme"], self.request.user, FinancialYear.of(today)
        progresses = progress_so_far(context["deliveries"], year, today)
        far = [(delivery, progresses[delivery.pk]) for delivery in context["deliveries"]]
        context |= {"year": year, "progresses": [each for each in far if each[1].is_owed]}
        if user.may(Permission.VIEW_REACH):
            changes = change_in(year, programme=programme)
            context |= {"may_view_reach": True, "changes": changes, **reach_of(programme, user)}
        if user.may(Permission.VIEW_MONEY):
            context |= {"may_view_money": True, **money_of(programme, user, today)}
        return context


class ShowDelivery(views.ShowDelivery):
    """With how far it is on its way this year, and where its last months' returns stand."""

    template_name = "portal/delivery.html"

    def get_context_data(self, **kwargs) -> dict:
        context, today = super().get_context_data(**kwargs), timezone.localdate()
        delivery, year = context["delivery"], FinancialYear.of(today)
        return context | {
            "year": year,
            "progress": progress_so_far([delivery], year, today)[delivery.pk],
            "returns": last_returns(self.request.user, delivery, today),
            "opening": first_opening(self.request.user, delivery, today),
        }


def reach_of(programme: Programme, user: User) -> dict:
    """The figure of the newest release that the user may see, from April to its month, as the page of reach has it."""
    release = figures.newest(figures.releases_visible_to(user))
    number = figures.Chosen(release, programme.pk, None).to_date(Month.of(release.month)) if release else None
    if number is None:
        return {"release": release}
    return {
        "release": release,
        "number": number,
        "headline": headline_of(number),
        "counted_on": rungs_in_words(number.rungs),
    }


def money_of(programme: Programme, user: User, today: date) -> dict:
    """The awards behind its line of the finance page's table of programmes, and what they add up to."""
    year = FinancialYear.of(today)
    awards = awards_behind(user=user, as_at=today, year=year, by="programme", key=programme.code)
    return {"awards": awards, "money": sum((each.sums for each in awards), Sums())}
