"""Settings, programmes and deliveries for tools."""

from __future__ import annotations

from rest_framework import serializers

from partners.api import EVERY_ROLE, CodeField, Filters, MonthField, ReadOnlyViewSet, described
from partners.permissions import Permission
from programmes.models import Delivery, Programme, Setting
from programmes.queries import visible_deliveries
from vru_portal.core.periods import Month


class SettingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Setting
        fields = ["code", "name", "order"]


@described("settings")
class SettingViewSet(ReadOnlyViewSet):
    """Where support is met."""

    permission = EVERY_ROLE
    queryset = Setting.objects.order_by("order", "code")
    serializer_class = SettingSerializer
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9_-]+"


class ProgrammeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Programme
        fields = [
            "code",
            "name",
            "summary",
            "prevention_level",
            "life_stage",
            "evidence_rating",
            "rung",
            "beneficiary",
            "order",
        ]


@described("programmes")
class ProgrammeViewSet(ReadOnlyViewSet):
    """What is delivered, with its rung of support."""

    permission = EVERY_ROLE
    queryset = Programme.objects.order_by("order", "code")
    serializer_class = ProgrammeSerializer
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9_-]+"


class DeliverySerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    partner = serializers.PrimaryKeyRelatedField(read_only=True)
    partner_name = serializers.CharField(source="partner.name", read_only=True)
    setting = serializers.SlugRelatedField(slug_field="code", read_only=True)
    areas = serializers.SlugRelatedField(slug_field="gss_code", read_only=True, many=True)

    class Meta:
        model = Delivery
        fields = [
            "code",
            "name",
            "programme",
            "partner",
            "partner_name",
            "setting",
            "areas",
            "counting_basis",
            "starts_on",
            "ends_on",
            "is_term_time",
        ]


class DeliveryFilters(Filters):
    programme = CodeField(required=False, help_text="The programme's code.")
    month = MonthField(required=False)

    def validate_programme(self, code: str) -> Programme:
        programme = Programme.objects.filter(code=code).first()
        if programme is None:
            raise serializers.ValidationError(f"There is no programme “{code}”.")
        return programme


@described("deliveries", DeliveryFilters)
class DeliveryViewSet(ReadOnlyViewSet):
    """One partner delivering one programme; a partner sees its own. With `month`: those running in it."""

    permission = (Permission.VIEW_PROGRAMMES, Permission.VIEW_OWN_RETURNS)
    queryset = Delivery.objects.none()
    serializer_class = DeliverySerializer
    filters = DeliveryFilters
    lookup_field = "code"
    lookup_value_regex = "[A-Z0-9-]+"

    def get_queryset(self):
        return visible_deliveries(self.request.user).order_by("code")

    def narrowed(self, queryset, *, programme: Programme | None = None, month: Month | None = None):
        if programme is not None:
            queryset = queryset.filter(programme=programme)
        if month is not None:
            queryset = queryset.running_in(month.first, month.last)
        return queryset
