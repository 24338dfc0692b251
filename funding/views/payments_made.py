"""Every payment to a partner in a financial year: a page to look through, and the same as a file."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from funding import queries
from funding.forms import PaymentsMadeForm
from funding.models import PartnerPayment
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.periods import FinancialYear
from vru_portal.core.table_files import csv_file
from vru_portal.core.tables_out import Column, Table, in_pounds, pounds_column

PER_PAGE = 100
COLUMNS = (
    Column("paid_on", "The day on which it was paid.", "date"),
    Column("reference", "As on the remittance."),
    Column("partner", "Who was paid."),
    Column("delivery", "For which delivery."),
    Column("award", "The reference of the award that it is of."),
    Column("fund", "Out of which fund."),
    Column("award_year", "Out of which financial year of the fund."),
    Column("of", "Which instalment, or the quarter of the claim."),
    pounds_column("amount", "Pounds; below zero where money came back."),
    Column("proposed_by", "Who proposed it."),
    Column("approved_by", "The second person, who approved it."),
    Column("approved_on", "The day on which it was approved.", "date"),
    Column("note", "What was written beside it."),
)


def _form(request: HttpRequest) -> PaymentsMadeForm:
    years = queries.years_with_payments() or [FinancialYear.of(timezone.localdate())]
    return PaymentsMadeForm(request.GET, years=years)


def _made(request: HttpRequest, form: PaymentsMadeForm) -> QuerySet[PartnerPayment]:
    return queries.payments_made(user=request.user, year=form.year, find=form.words)


class ShowPaymentsMade(PermissionRequired, TemplateView):
    permission = Permission.VIEW_MONEY
    template_name = "funding/payments_made.html"

    def get_context_data(self, **kwargs) -> dict:
        form = _form(self.request)
        made = _made(self.request, form)
        by_award_year = queries.paid_by_award_year(made)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "page": Paginator(made, PER_PAGE).get_page(self.request.GET.get("page")),
            "by_award_year": by_award_year,
            "total": sum(pence for _, pence in by_award_year),
        }


class DownloadPaymentsMade(PermissionRequired, View):
    permission = Permission.VIEW_MONEY

    def get(self, request: HttpRequest) -> HttpResponse:
        form = _form(request)
        if form.errors:
            raise Http404  # a file has no place to say what is wrong with what was asked for
        table = Table("payments", "", "", COLUMNS, ("reference",), [_row(each) for each in _made(request, form)])
        return csv_file([table], "payments", suffix=str(form.year.start))


def _row(payment: PartnerPayment) -> list:
    award = payment.award
    return [
        *(payment.paid_on, payment.reference, award.delivery.partner.name, award.delivery.name, award.reference),
        *(str(award.award_year.fund), str(award.award_year.year), payment.of),
        *(in_pounds(payment.amount_pence), str(payment.proposed_by), str(payment.approved_by)),
        *(timezone.localdate(payment.approved_at), payment.note),
    ]
