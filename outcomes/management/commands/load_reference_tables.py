"""`manage.py load_reference_tables`: the code lists that come with the portal, through the same door as uploads."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from outcomes.actions import templates
from outcomes.models import ReturnTemplate
from outcomes.resources import CategoryResource, MeasureOptionResource, MeasureResource, PolicyResource
from partners.actions import reference_tables
from partners.resources import AreaResource, problems
from programmes.resources import SchoolTermResource, SettingResource
from vru_portal.core.periods import Month
from vru_portal.core.spreadsheets import read_csv

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
TEMPLATES = "outcomes/reference/templates.json"
# A ready template asks for any month that a unit may enter after the fact.
READY_FROM = Month(2000, 1)


class Command(BaseCommand):
    help = "Load the code lists that come with the portal into tables that are empty; the others are staff's own."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--overwrite", action="store_true", help="Put what the files have into every table, over staff's changes."
        )

    def handle(self, *args, overwrite: bool, **options) -> None:
        for resource, path in TABLES:
            table = resource()
            # A table with rows is left whole: a row that it lacks may be one that staff renamed or deleted.
            if table.get_queryset().exists() and not overwrite:
                self.stdout.write(f"{table.get_display_name()}: left as they are.")
            else:
                self.stdout.write(self._load(table, settings.BASE_DIR / path))
        self._load_templates(settings.BASE_DIR / TEMPLATES)

    def _load_templates(self, path: Path) -> None:
        """Ready templates that are missing; those that are there are staff's own."""
        known, now = set(ReturnTemplate.objects.values_list("code", flat=True)), timezone.now()
        missing = [content for content in json.loads(path.read_text()) if content["code"] not in known]
        for content in missing:
            with transaction.atomic():
                facts = {name: content[name] for name in ("code", "name", "summary", "standard_for") if name in content}
                version = templates.create(**facts, by=None, now=now)
                templates.fill(version=version, content=content, by=None, now=now)
                templates.publish(version=version, first_month=READY_FROM, by=None, now=now)
        self.stdout.write(f"Return templates: {len(missing)} added, {len(known)} left.")

    def _load(self, table, path: Path) -> str:
        try:
            result = reference_tables.import_table(
                table=table, dataset=read_csv(path.read_bytes()), file_name=path.name, by=None, now=timezone.now()
            )
        except reference_tables.FileRefused as refused:
            lines = [f"row {number}: {sentence}" for number, sentence in problems(refused.result)]
            raise CommandError(f"{path.name}: {'; '.join(lines)}") from refused
        totals = result.totals
        return f"{table.get_display_name()}: {totals['new']} added, {totals['update']} changed, {totals['skip']} left."
