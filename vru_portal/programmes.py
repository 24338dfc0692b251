"""The pages of a programme and of a delivery, composed of what is delivered and of the returns about it: `programmes`
knows nothing of `outcomes`."""

from __future__ import annotations

from django.utils import timezone

from outcomes.queries.openings import first_opening
from outcomes.queries.returns import last_returns
from outcomes.queries.targets import progress_so_far
from programmes import views
from vru_portal.core.periods import FinancialYear


class ShowProgramme(views.ShowProgramme):
    """With how far each delivery of which something is owed this year is on its way."""

    template_name = "portal/programme.html"

    def get_context_data(self, **kwargs) -> dict:
        context, year = super().get_context_data(**kwargs), FinancialYear.of(timezone.localdate())
        progresses = progress_so_far(context["deliveries"], year)
        far = [(delivery, progresses[delivery.pk]) for delivery in context["deliveries"]]
        return context | {"year": year, "progresses": [each for each in far if each[1].is_owed]}


class ShowDelivery(views.ShowDelivery):
    """With how far it is on its way this year, and where its last months' returns stand."""

    template_name = "portal/delivery.html"

    def get_context_data(self, **kwargs) -> dict:
        context, today = super().get_context_data(**kwargs), timezone.localdate()
        delivery, year = context["delivery"], FinancialYear.of(today)
        return context | {
            "year": year,
            "progress": progress_so_far([delivery], year)[delivery.pk],
            "returns": last_returns(self.request.user, delivery, today),
            "opening": first_opening(delivery, today),
        }
