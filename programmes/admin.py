from django.contrib import admin

from partners.admin import ReferenceAdmin
from programmes.models import Delivery, Programme, SchoolTerm, Setting
from programmes.queries import has_obligations, has_returns
from programmes.resources import DeliveryResource, ProgrammeResource, SchoolTermResource, SettingResource


@admin.register(Setting)
class SettingAdmin(ReferenceAdmin):
    resource_classes = [SettingResource]
    list_display = ["name", "code", "order"]


@admin.register(Programme)
class ProgrammeAdmin(ReferenceAdmin):
    resource_classes = [ProgrammeResource]
    list_display = ["name", "code", "prevention_level", "rung", "beneficiary", "evidence_rating"]
    list_filter = ["prevention_level", "rung", "beneficiary"]
    search_fields = ["name", "code"]

    def get_readonly_fields(self, request, obj=None) -> tuple[str, ...]:
        """What its returns counted."""
        return ("rung", "beneficiary") if obj and has_returns(obj) else ()


@admin.register(Delivery)
class DeliveryAdmin(ReferenceAdmin):
    resource_classes = [DeliveryResource]
    list_display = ["name", "code", "programme", "partner", "setting", "starts_on", "ends_on"]
    list_filter = ["programme", "setting"]
    list_select_related = ["programme", "partner", "setting"]
    search_fields = ["name", "code", "partner__name"]

    def get_readonly_fields(self, request, obj=None) -> tuple[str, ...]:
        """Those under which returns are owed."""
        return ("programme", "partner", "code") if obj and has_obligations(obj) else ()

    def _order(self) -> list[str]:
        return ["code"]


@admin.register(SchoolTerm)
class SchoolTermAdmin(ReferenceAdmin):
    resource_classes = [SchoolTermResource]
    list_display = ["name", "area", "starts_on", "ends_on"]
    list_filter = ["area"]
    list_select_related = ["area"]
    search_fields = ["name"]

    def _order(self) -> list[str]:
        return ["area__gss_code", "starts_on"]
