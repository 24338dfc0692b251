"""The reference tables that staff edit in Django's admin, whichever app they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.contrib import admin
from django.urls import reverse


@dataclass(frozen=True)
class ReferenceTable:
    label: str
    list_url: str
    import_url: str
    export_url: str


def reference_tables() -> list[ReferenceTable]:
    """Each table that has a file form, in the order of the apps and then of their admin modules."""
    order = {config.label: number for number, config in enumerate(apps.get_app_configs())}
    found = [model for model, model_admin in admin.site._registry.items() if hasattr(model_admin, "resource_classes")]
    return [_table(model) for model in sorted(found, key=lambda model: order[model._meta.app_label])]


def _table(model) -> ReferenceTable:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    return ReferenceTable(
        label=str(model._meta.verbose_name_plural).capitalize(),
        list_url=reverse(f"{name}_changelist"),
        import_url=reverse(f"{name}_import"),
        export_url=reverse(f"{name}_export"),
    )
