"""The Money page, composed of the money and of the people behind it: `funding` knows nothing of `outcomes`. Each of its
tables is given as CSV and as an accessible spreadsheet too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from funding import gap_words, pictures, queries
from funding.forms import CoverForm
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.table_files import file_of
from vru_portal.money_figures import money_figures
from vru_portal.money_tables import tables_of
from vru_portal.waiting import waiting


class ShowMoney(PermissionRequired, TemplateView):
    """What is secured, announced, bridged and committed; when it is no longer enough, and for whom."""

    permission = Permission.VIEW_MONEY
    template_name = "portal/money.html"

    def get_context_data(self, **kwargs) -> dict:
        user, today = self.request.user, timezone.localdate()
        form = CoverForm(self.request.GET, today=today)
        day = form.day
        found = money_figures(user=user, day=day, scenario=form.scenario)
        cover = found.cover
        form.say_years(cover.not_signed)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "query": form.query,
            "as_at": day,
            "is_earlier": day < today,
            "year": found.year,
            "cover": cover,
            "supposes": pictures.supposition(cover, form.scenario),
            "address": self.request.build_absolute_uri(f"{reverse('money')}?{form.query}"),
            "missing": found.missing,
            "stopping": found.stopping,
            "beside": gap_words.beside(sum(gap.pence for gap in cover.gaps), found.stops_costing),
            "for_whom": found.for_whom,
            "lately": found.lately,
            "last_month": cover.months[-1].month,
            "idle": cover.months[0].ring_fenced_idle,
            "what_counts": pictures.WHAT_COUNTS,
            "finding": pictures.finding(cover, form.scenario),
            "stats": pictures.cover_stats(cover, found.funds, found.facilities, form.scenario),
            "figure": pictures.cover_figure(cover, form.scenario),
            "funds": [(line, cover.of(line.fund)) for line in found.funds],
            "facilities": found.facilities,
            "prompts": queries.repayment_prompts(user=user, as_at=day),
            # What waits, waits now: on an earlier day the page says what it said then.
            "waiting": waiting(user=user, today=today) if day >= today else [],
            "new_funds": queries.funds_without_years(user=user),
            "may_manage": user.may(Permission.MANAGE_MONEY),
            "may_rank": user.may(Permission.MANAGE_MONEY) or user.may(Permission.APPROVE_MONEY),
            "awards": found.awards,
        }


class DownloadMoney(PermissionRequired, View):
    """One of the tables, as a CSV file, or all of them as a spreadsheet."""

    permission = Permission.VIEW_MONEY

    def get(self, request: HttpRequest, name: str, kind: str) -> HttpResponse:
        form = CoverForm(request.GET, today=timezone.localdate())
        figures = money_figures(user=request.user, day=form.day, scenario=form.scenario)
        suffix = f"as-at-{form.day:%Y-%m-%d}"
        supposes = pictures.supposition(figures.cover, form.scenario)
        return file_of(
            tables_of(figures),
            name,
            kind,
            suffix=suffix,
            title="Money: cover and commitments",
            intro=f"As known on {form.day:%-d %B %Y}. {supposes}".strip(),
            notes=[pictures.WHAT_COUNTS, "What a facility lends is owed back, and never income."],
            dated=form.day,
        )
