"""Award years for tools: what was announced, applied for, awarded and received, side by side."""

from __future__ import annotations

from django.db.models import BigIntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from rest_framework import serializers

from funding.models import AwardYear, GrantReceipt
from partners.api import Filters, ReadOnlyViewSet, described
from partners.permissions import Permission


class AwardYearSerializer(serializers.ModelSerializer):
    fund = serializers.CharField(source="fund.name", read_only=True)
    funder = serializers.CharField(source="fund.funder.name", read_only=True)
    financial_year = serializers.CharField(source="year", read_only=True, help_text="As 2022/23.")
    received_pence = serializers.IntegerField(read_only=True)
    is_secured = serializers.BooleanField(read_only=True, help_text="An agreement is signed.")

    class Meta:
        model = AwardYear
        fields = [
            "id",
            "fund",
            "funder",
            "financial_year",
            "state",
            "is_secured",
            "announced_pence",
            "applied_pence",
            "awarded_pence",
            "received_pence",
        ]


class AwardYearFilters(Filters):
    state = serializers.ChoiceField(AwardYear.State.choices, required=False)


@described("award years", AwardYearFilters)
class AwardYearViewSet(ReadOnlyViewSet):
    """One fund in one financial year. Amounts are whole pence; none is worked out from another."""

    permission = Permission.VIEW_MONEY
    queryset = AwardYear.objects.none()
    serializer_class = AwardYearSerializer
    filters = AwardYearFilters

    def get_queryset(self):
        receipts = GrantReceipt.objects.approved().filter(award_year=OuterRef("pk")).order_by().values("award_year")
        received = Coalesce(
            Subquery(receipts.annotate(total=Sum("amount_pence")).values("total")), 0, output_field=BigIntegerField()
        )
        rows = AwardYear.objects.visible_to(self.request.user).select_related("fund__funder")
        return rows.annotate(received_pence=received).order_by("financial_year", "fund__name", "id")
