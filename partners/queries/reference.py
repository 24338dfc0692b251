"""The reference tables that staff edit in Django's admin, whichever app they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.contrib import admin
from django.db.models import PROTECT, RESTRICT, Model
from django.db.models.deletion import get_candidate_relations_to_delete
from django.urls import reverse

from partners.models import User
from partners.permissions import Permission


@dataclass(frozen=True)
class ReferenceTable:
    label: str
    list_url: str
    import_url: str
    export_url: str


def reference_tables(user: User) -> list[ReferenceTable]:
    """Each table that the user may edit, in the order of the apps and then of their admin modules."""
    if not user.may(Permission.EDIT_REFERENCE_TABLES):
        return []
    order = {config.label: number for number, config in enumerate(apps.get_app_configs())}
    found = [model for model, model_admin in admin.site._registry.items() if _is_open(model_admin, user)]
    return [_table(model) for model in sorted(found, key=lambda model: order[model._meta.app_label])]


def used_by(row: Model) -> str:
    """A kind of row, in the plural, that refers to this one and so keeps it from being deleted; empty if none does.

    Asks for one row of each kind: thousands of counts can refer to a category.
    """
    for relation in get_candidate_relations_to_delete(row._meta):
        if relation.on_delete in {PROTECT, RESTRICT}:
            referring = relation.related_model._base_manager.filter(**{relation.field.name: row})
            if referring.exists():
                return str(relation.related_model._meta.verbose_name_plural)
    return ""


def _is_open(model_admin: admin.ModelAdmin, user: User) -> bool:
    resources = getattr(model_admin, "resource_classes", [])
    return bool(resources) and (resources[0].needs is None or user.may(resources[0].needs))


def _table(model) -> ReferenceTable:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    return ReferenceTable(
        label=str(model._meta.verbose_name_plural).capitalize(),
        list_url=reverse(f"{name}_changelist"),
        import_url=reverse(f"{name}_import"),
        export_url=reverse(f"{name}_export"),
    )
