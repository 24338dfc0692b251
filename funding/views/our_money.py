"""A partner's own money."""

from __future__ import annotations

from django.utils import timezone
from django.views.generic import TemplateView

from funding import queries
from funding.models.claims import ClaimState
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.periods import FinancialYear

# Claims that wait for somebody; what was decided stands on the page of its award.
WITH_THEM = (ClaimState.QUERIED, ClaimState.SENT)


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
            "today": today,
            "due": queries.claims_due(user=self.request.user, today=today),
            "claims": [claim for claim in queries.claims(user=self.request.user) if claim.state in WITH_THEM],
            "next": queries.next_payments(user=self.request.user, today=today),
            "years": to_come,
            "past": [year for year in years if year.year < this_year],
        }
