"""The Money page, and a partner's own money."""

from __future__ import annotations

from django.utils import timezone
from django.views.generic import TemplateView

from funding import pictures, queries
from funding.forms import AsAtForm
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.periods import FinancialYear


class ShowCover(PermissionRequired, TemplateView):
    """What is secured, announced, bridged and committed, and when it is no longer enough."""

    permission = Permission.VIEW_MONEY
    template_name = "funding/cover.html"

    def get_context_data(self, **kwargs) -> dict:
        user, today = self.request.user, timezone.localdate()
        form = AsAtForm(self.request.GET, today=today)
        day, year = form.day, FinancialYear.of(form.day)
        cover = queries.cover(user=user, as_at=day)
        funds = queries.fund_lines(user=user, as_at=day)
        facilities = queries.facility_lines(user=user, as_at=day)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "as_at": day,
            "year": year,
            "cover": cover,
            "last_month": cover.months[-1].month,
            "idle": cover.months[0].ring_fenced_idle,
            "finding": pictures.finding(cover),
            "stats": pictures.cover_stats(cover, funds, facilities),
            "figure": pictures.cover_figure(cover),
            "funds": funds,
            "facilities": facilities,
            "prompts": queries.repayment_prompts(user=user, as_at=day),
            # What waits, waits now: on an earlier day the page says what it said then.
            "awards_waiting": queries.awards_waiting(user=user) if day >= today else [],
            "movements_waiting": queries.movements_waiting(user=user) if day >= today else [],
            "new_funds": queries.funds_without_years(user=user),
            "may_manage": user.may(Permission.MANAGE_MONEY),
            "awards": queries.partner_awards(user=user, as_at=day).filter(award_year__financial_year=year.start),
        }


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
