"""The Money page, composed of the money and of the people behind it: `funding` knows nothing of `outcomes`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.views.generic import TemplateView

from funding import pictures, queries
from funding.forms import CoverForm
from funding.queries import DeliveryCover
from outcomes.queries.lately import Lately, Supported, supported_lately
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.periods import FinancialYear, Month, months_between

LATELY = 3


@dataclass(frozen=True)
class Stopping:
    """A delivery that is not paid for from some month on, and whom it supported lately, as far as returns say."""

    cover: DeliveryCover
    supported: Supported | None


class ShowMoney(PermissionRequired, TemplateView):
    """What is secured, announced, bridged and committed; when it is no longer enough, and for whom."""

    permission = Permission.VIEW_MONEY
    template_name = "portal/money.html"

    def get_context_data(self, **kwargs) -> dict:
        user, today = self.request.user, timezone.localdate()
        form = CoverForm(self.request.GET, today=today)
        day, year = form.day, FinancialYear.of(form.day)
        cover = queries.cover(user=user, as_at=day, scenario=form.scenario)
        funds = queries.fund_lines(user=user, as_at=day)
        facilities = queries.facility_lines(user=user, as_at=day)
        months = _last_months(day)
        lately = supported_lately(months) if cover.stopping else None
        return super().get_context_data(**kwargs) | {
            "form": form,
            "as_at": day,
            "year": year,
            "cover": cover,
            "supposes": pictures.supposition(form.scenario),
            "stopping": [Stopping(line, lately.supported(line.delivery.pk)) for line in cover.stopping],
            "for_whom": _for_whom(cover, lately) if lately else "",
            "lately": months,
            "last_month": cover.months[-1].month,
            "idle": cover.months[0].ring_fenced_idle,
            "finding": pictures.finding(cover, form.scenario),
            "stats": pictures.cover_stats(cover, funds, facilities),
            "figure": pictures.cover_figure(cover, form.scenario),
            "funds": [(line, cover.of(line.fund)) for line in funds],
            "facilities": facilities,
            "prompts": queries.repayment_prompts(user=user, as_at=day),
            # What waits, waits now: on an earlier day the page says what it said then.
            "awards_waiting": queries.awards_waiting(user=user) if day >= today else [],
            "changes_waiting": queries.budget_changes_waiting(user=user) if day >= today else [],
            "spends_waiting": queries.spends_waiting(user=user) if day >= today else [],
            "movements_waiting": queries.movements_waiting(user=user) if day >= today else [],
            "new_funds": queries.funds_without_years(user=user),
            "may_manage": user.may(Permission.MANAGE_MONEY),
            "may_rank": user.may(Permission.MANAGE_MONEY) or user.may(Permission.APPROVE_MONEY),
            "awards": queries.partner_awards(user=user, as_at=day).filter(award_year__financial_year=year.start),
        }


def _last_months(day: date) -> list[Month]:
    """The last three that are over."""
    last = Month.of(day).plus(-1)
    return months_between(last.plus(1 - LATELY), last)


def _for_whom(cover: queries.Cover, lately: Lately) -> str:
    """Of the deliveries that stop first, how many young people they supported lately."""
    first = [line.delivery.pk for line in cover.stopping if line.stops == cover.stopping[0].stops]
    people = lately.young_people(first)
    if people is None:
        return "How many young people they support is being counted."
    number = f"{people.lower:,}"
    if people.lower != people.upper:
        number = f"Between {number} and {people.upper:,}"
    those = "the one delivery that stops" if len(first) == 1 else f"the {len(first):,} deliveries that stop"
    months = f"{lately.months[0]} to {lately.months[-1]}"
    return f"{number} young people were supported by {those} from {cover.stopping[0].stops}, {months}."
