"""Categories, policies and measures as files."""

from __future__ import annotations

from import_export import fields

from outcomes.models import Category, Measure, MeasureOption, Policy
from partners.models import Area
from partners.resources import ReferenceResource
from vru_portal.core.spreadsheets import CodeWidget, ListWidget


class CategoryResource(ReferenceResource):
    area = fields.Field(attribute="area", column_name="area", widget=CodeWidget(Area, "gss_code"))

    class Meta(ReferenceResource.Meta):
        model = Category
        import_id_fields = ["dimension", "code"]
        fields = ["dimension", "code", "name", "group", "order", "is_known", "area"]


class PolicyResource(ReferenceResource):
    supported_rungs = fields.Field(
        attribute="supported_rungs", column_name="supported_rungs", widget=ListWidget(), default=list
    )

    class Meta(ReferenceResource.Meta):
        model = Policy
        import_id_fields = ["effective_from"]
        fields = [
            "effective_from",
            "supported_rungs",
            "due_working_day",
            "release_working_day",
            "round_to",
            "one_number_within",
            "hide_below",
            "breaks_down_every_period",
            "estimate_from",
            "estimate_at_most",
            "remind_before",
            "remind_on_day",
            "remind_every",
            "escalate_to_lead_after",
            "escalate_to_manager_after",
            "unlock_days",
            "unlock_days_most",
            "publish_after",
            "publish_at",
            "final_after_months",
        ]


class MeasureResource(ReferenceResource):
    class Meta(ReferenceResource.Meta):
        model = Measure
        import_id_fields = ["code"]
        fields = [
            "code",
            "name",
            "definition",
            "example",
            "people_label",
            "kind",
            "unit",
            "is_about_people",
            "better",
            "over_months",
            "over_places",
        ]


class MeasureOptionResource(ReferenceResource):
    measure = fields.Field(attribute="measure", column_name="measure", widget=CodeWidget(Measure, "code"))

    class Meta(ReferenceResource.Meta):
        model = MeasureOption
        import_id_fields = ["measure", "code"]
        fields = ["measure", "code", "name", "order"]
