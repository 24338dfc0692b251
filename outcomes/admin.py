from django import forms
from django.contrib import admin

from outcomes.models import Category, Measure, Policy
from outcomes.queries.questions import is_counted
from outcomes.resources import CategoryResource, MeasureResource, PolicyResource
from partners.admin import ReferenceAdmin, RowForm
from programmes.models import Rung


@admin.register(Category)
class CategoryAdmin(ReferenceAdmin):
    resource_classes = [CategoryResource]
    list_display = ["name", "dimension", "code", "group", "order", "is_known"]
    list_filter = ["dimension"]
    search_fields = ["name", "code"]

    def get_readonly_fields(self, request, obj=None) -> tuple[str, ...]:
        """By which counts that were sent are known."""
        return ("dimension", "code") if obj and is_counted(obj) else ()


class PolicyForm(RowForm):
    supported_rungs = forms.MultipleChoiceField(
        choices=Rung.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="The rungs that “young people supported” means. Printed with the number.",
    )


@admin.register(Policy)
class PolicyAdmin(ReferenceAdmin):
    form = PolicyForm
    resource_classes = [PolicyResource]
    list_display = ["effective_from", "due_working_day", "release_working_day", "round_to", "hide_below"]


@admin.register(Measure)
class MeasureAdmin(ReferenceAdmin):
    resource_classes = [MeasureResource]
    list_display = ["name", "code", "kind", "unit", "better"]
