"""Settings, programmes, deliveries and school terms as files."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from import_export import fields

from partners.models import Area, Organisation
from partners.permissions import Permission
from partners.resources import ReferenceResource
from programmes.models import Delivery, Programme, SchoolTerm, Setting
from programmes.queries import has_obligations, has_returns
from vru_portal.core.spreadsheets import CodesWidget, CodeWidget


class SettingResource(ReferenceResource):
    class Meta(ReferenceResource.Meta):
        model = Setting
        import_id_fields = ["code"]
        fields = ["code", "name", "order"]


class ProgrammeResource(ReferenceResource):
    class Meta(ReferenceResource.Meta):
        model = Programme
        import_id_fields = ["code"]
        fields = [
            "code",
            "name",
            "summary",
            "theory_of_change",
            "prevention_level",
            "life_stage",
            "evidence_rating",
            "rung",
            "beneficiary",
            "order",
        ]

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True) -> None:
        errors = dict(import_validation_errors or {}) | _counted_otherwise(instance)
        super().validate_instance(instance, errors, validate_unique)


def _counted_otherwise(programme: Programme) -> dict[str, ValidationError]:
    """What may not change any more, by its column."""
    before = Programme.objects.filter(pk=programme.pk).first()
    if before is None or not has_returns(before):
        return {}
    return {
        name: ValidationError(
            f"Returns of {before.code} are begun, so its {name} stays. Add another programme instead."
        )
        for name in ("rung", "beneficiary")
        if getattr(before, name) != getattr(programme, name)
    }


class DeliveryResource(ReferenceResource):
    needs = Permission.MANAGE_PARTNERS

    programme = fields.Field(attribute="programme", column_name="programme", widget=CodeWidget(Programme, "code"))
    partner = fields.Field(attribute="partner", column_name="partner", widget=CodeWidget(Organisation, "name"))
    setting = fields.Field(attribute="setting", column_name="setting", widget=CodeWidget(Setting, "code"))
    areas = fields.Field(attribute="areas", column_name="areas", widget=CodesWidget(Area, "gss_code"))

    class Meta(ReferenceResource.Meta):
        model = Delivery
        import_id_fields = ["code"]
        fields = [
            "code",
            "name",
            "programme",
            "partner",
            "setting",
            "areas",
            "counting_basis",
            "starts_on",
            "ends_on",
            "is_term_time",
        ]

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True) -> None:
        errors = dict(import_validation_errors or {}) | _moved(instance)
        super().validate_instance(instance, errors, validate_unique)


def _moved(delivery: Delivery) -> dict[str, ValidationError]:
    """What may not change any more, by its column."""
    before = Delivery.objects.filter(pk=delivery.pk).first()
    if before is None or not has_obligations(before):
        return {}
    return {
        name: ValidationError(f"Returns are owed for {before.code}, so its {name} stays. Add another delivery instead.")
        for name in ("programme", "partner")
        if getattr(before, f"{name}_id") != getattr(delivery, f"{name}_id")
    }


class SchoolTermResource(ReferenceResource):
    """A row is a term of one area, known by its name there."""

    area = fields.Field(attribute="area", column_name="area", widget=CodeWidget(Area, "gss_code"))

    class Meta(ReferenceResource.Meta):
        model = SchoolTerm
        import_id_fields = ["area", "name"]
        fields = ["area", "name", "starts_on", "ends_on"]
