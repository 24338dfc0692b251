"""`manage.py load_reference_tables`: the code lists that come with the portal, through the same door as uploads."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outcomes.actions import ready_templates
from outcomes.resources import CategoryResource, MeasureOptionResource, MeasureResource, PolicyResource
from partners.actions import reference_tables
from partners.resources import AreaResource, problems
from programmes.resources import SchoolTermResource, SettingResource
from vru_portal.core.spreadsheets import read_table

# In the order in which they refer to each other.
TABLES = [
    (AreaResource, "partners/reference/areas.csv"),
    (SettingResource, "programmes/reference/settings.csv"),
    (SchoolTermResource, "programmes/reference/school_terms.csv"),
    (CategoryResource, "outcomes/reference/categories.csv"),
    (PolicyResource, "outcomes/reference/policies.csv"),
    (MeasureResource, "outcomes/reference/measures.csv"),
    (MeasureOptionResource, "outcomes/reference/measure_options.csv"),
]


class Command(BaseCommand):
    help = "Load the code lists that come with the portal into tables that are empty; the others are staff's own."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--overwrite", action="store_true", help="Put what the files have into every table, over staff's changes."
        )

        parser.add_argument("--without-templates", action="store_true", help="Add no ready return template.")

    def handle(self, *args, overwrite: bool, without_templates: bool, **options) -> None:
        for resource, path in TABLES:
            table = resource()
            # A table with rows is left whole: a row that it lacks may be one that staff renamed or deleted.
            if table.get_queryset().exists() and not overwrite:
                self.stdout.write(f"{table.get_display_name()}: left as they are.")
            else:
                self.stdout.write(self._load(table, settings.BASE_DIR / path))
        if not without_templates:
            added, left = ready_templates.load(now=timezone.now())
            self.stdout.write(f"Return templates: {added} added, {left} left.")

    def _load(self, table, path: Path) -> str:
        try:
            result = reference_tables.import_table(
                table=table,
                dataset=read_table(path.read_bytes(), path.name),
                file_name=path.name,
                by=None,
                now=timezone.now(),
            )
        except reference_tables.FileRefused as refused:
            lines = [f"row {number}: {sentence}" for number, sentence in problems(refused.result)]
            raise CommandError(f"{path.name}: {'; '.join(lines)}") from refused
        totals = result.totals
        return f"{table.get_display_name()}: {totals['new']} added, {totals['update']} changed, {totals['skip']} left."
