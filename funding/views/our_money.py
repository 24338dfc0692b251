"""A partner's own money."""

from __future__ import annotations

from django.utils import timezone
from django.views.generic import TemplateView

from funding import queries
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.periods import FinancialYear


class ShowOurMoney(PermissionRequired, TemplateView):
    """A partner's own awards."""

    permission = Permission.VIEW_OWN_MONEY
    template_name = "funding/our_money.html"

    def get_context_data(self, **kwargs) -> dict:
        today = timezone.localdate()
        this_year = FinancialYear.of(today)
        years = queries.awards_by_year(user=self.request.user, as_at=today)
        to_come = sorted((year for year in years if year.year >= this_year), key=lambda year: year.year)
        return super().get_context_data(**kwargs) | {
            "this_year": this_year,
            "years": to_come,
            "past": [year for year in years if year.year < this_year],
        }
