"""Reference tables as files: natural keys (codes and names) instead of ids, one row an object, all or nothing."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from import_export import fields, resources
from import_export.instance_loaders import ModelInstanceLoader
from import_export.results import Result, RowResult

from partners.actions.network_lock import one_at_a_time
from partners.models import Area, Network, NetworkMember, NetworkMembership, Organisation
from partners.permissions import Permission
from vru_portal.core.spreadsheets import (
    CodeWidget,
    DayWidget,
    TextWidget,
    WholeNumberWidget,
    YesNoWidget,
    unescape_formula,
)


class PlainDiff(resources.Diff):
    """Old and new value side by side: the package's own diff writes style attributes, which our policy refuses."""

    def as_html(self) -> list[tuple[str, str]]:
        """(old, new) for each column; old is empty for a new row."""
        left = [""] * len(self.left) if self.new else self.left
        return [(str(old), str(new)) for old, new in zip(left, self.right, strict=True)]


class MostlyNew(ModelInstanceLoader):
    """Asks for a row only where there can be one: in a file that fills a table, nearly every row is new.

    A row that is there is read when it is come to, never ahead, so that what colleagues changed meanwhile stays.
    """

    def __init__(self, resource, dataset=None) -> None:
        super().__init__(resource, dataset)
        self.keys: set[tuple] | None = None

    def get_instance(self, row):
        fields = [self.resource.fields[name] for name in self.resource.get_import_id_fields()]
        values = [field.clean(row) for field in fields]
        if self.keys is None:
            self.keys = set(self.get_queryset().values_list(*(field.attribute for field in fields)))
        key = tuple(value.pk if isinstance(value, Model) else value for value in values)
        if key in self.keys:
            return super().get_instance(row)
        self.keys.add(key)  # the same row may come again further down
        return None


class TableResource(resources.ModelResource):
    """What every table that comes as a file has in common: columns by their names, and a transaction that all of it is
    taken in or none."""

    WIDGETS_MAP = resources.ModelResource.WIDGETS_MAP | {
        "CharField": TextWidget,
        "SlugField": TextWidget,
        "TextField": TextWidget,
        "PositiveSmallIntegerField": WholeNumberWidget,
        "BooleanField": YesNoWidget,
        "DateField": DayWidget,
    }

    class Meta:
        skip_unchanged = True
        report_skipped = True
        store_instance = True
        use_transactions = True

    @classmethod
    def columns(cls) -> list[str]:
        """The names of the file's columns, in order."""
        return cls().get_export_headers()

    @classmethod
    def key_columns(cls) -> list[str]:
        return [cls.fields[name].column_name for name in cls._meta.import_id_fields]

    def code_widgets(self) -> list[CodeWidget]:
        return [field.widget for field in self.fields.values() if isinstance(field.widget, CodeWidget)]

    def before_import(self, dataset, **kwargs) -> None:
        for widget in self.code_widgets():
            widget.found.clear()
        known = self.columns()
        strange = [header for header in dataset.headers if header not in known]
        if strange:
            raise ValidationError(
                f"The file has a column “{strange[0]}” that this table does not have. Its columns: {', '.join(known)}."
            )
        missing = [column for column in self.key_columns() if column not in dataset.headers]
        if missing:
            raise ValidationError(f"The file lacks the column “{missing[0]}”, by which a row is known.")

    def before_import_row(self, row, **kwargs) -> None:
        for column, value in row.items():
            row[column] = unescape_formula(value.strip()) if isinstance(value, str) else value


class ReferenceResource(TableResource):
    """What every reference table has in common."""

    # What a person needs beside `EDIT_REFERENCE_TABLES` to see and change this table.
    needs: ClassVar[Permission | None] = None

    class Meta(TableResource.Meta):
        clean_model_instances = True
        instance_loader_class = MostlyNew

    @classmethod
    def wait_for_others(cls) -> None:
        """Before the first row is read: until whoever changes this table has done so, where its rows hang together."""

    def before_import(self, dataset, **kwargs) -> None:
        super().before_import(dataset, **kwargs)
        self._refuse_twice_the_same(dataset)

    def _refuse_twice_the_same(self, dataset) -> None:
        """Of two rows for one the second would win, unseen."""
        keys, seen = self.key_columns(), {}
        for number, row in enumerate(dataset.dict, 2):
            key = tuple(str(row[column] if row[column] is not None else "").strip() for column in keys)
            if key in seen:
                twice = f"Rows {seen[key]} and {number} are both of {', '.join(key)}."
                raise ValidationError(f"{twice} Leave one of them out.")
            seen[key] = number

    @classmethod
    def get_diff_class(cls):
        return PlainDiff

    @classmethod
    def get_display_name(cls) -> str:
        return str(cls._meta.model._meta.verbose_name_plural).capitalize()

    def after_save_instance(self, instance, row, **kwargs) -> None:
        """A row that others of the file name, such as an area's parent, is read anew once it changed."""
        for widget in self.code_widgets():
            if isinstance(instance, widget.model):
                widget.found.clear()

    def after_import(self, dataset, result, **kwargs) -> None:
        """Nothing to put right: ids come from their sequences, never from a file."""


def problems(result: Result) -> list[tuple[int | None, str]]:
    """(row number as a spreadsheet shows it, or None for the whole file; sentence) of everything that is wrong."""
    found: list[tuple[int | None, str]] = [
        (None, sentence) for e in result.base_errors for sentence in _sentences(e.error)
    ]
    for number, errors in result.row_errors():
        found += [(number + 1, sentence) for error in errors for sentence in _sentences(error.error)]
    for row in result.invalid_rows:
        for field, messages in row.field_specific_errors.items():
            found += [(row.number + 1, f"{field}: {message}") for message in messages]
        found += [(row.number + 1, str(message)) for message in row.non_field_specific_errors]
    return sorted(found, key=lambda line: line[0] or 0)


def _sentences(error: Exception) -> list[str]:
    return error.messages if isinstance(error, ValidationError) else [str(error)]


def changed_rows(result: Result) -> list[RowResult]:
    changing = {RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE}
    return [row for row in result.rows if row.import_type in changing]


class AreaWidget(CodeWidget):
    """An area by its ONS code or by its name, in capitals or not."""

    def __init__(self) -> None:
        super().__init__(Area, "gss_code")

    def _look_up(self, code: str, row) -> Area:
        found = list(Area.objects.filter(Q(gss_code__iexact=code) | Q(name__iexact=code)).order_by("gss_code"))
        if len(found) > 1:
            codes = " or ".join(area.gss_code for area in found)
            raise ValueError(f"There is more than one area “{code}”. Write the code of the one that is meant: {codes}.")
        if not found:
            raise ValueError(f"There is no area “{code}”. {_what_may_be_written()}")
        return found[0]


def _what_may_be_written() -> str:
    known = "; ".join(f"{area.name} or {area.gss_code}" for area in Area.objects.order_by("name", "gss_code"))
    return f"Write {known}." if known else "Add it to its own table first."


class AreaResource(ReferenceResource):
    parent = fields.Field(attribute="parent", column_name="parent", widget=CodeWidget(Area, "gss_code"))

    class Meta(ReferenceResource.Meta):
        model = Area
        import_id_fields = ["gss_code"]
        fields = ["gss_code", "name", "kind", "parent", "safeguarding", "tile_row", "tile_column"]


class OrganisationResource(ReferenceResource):
    needs = Permission.MANAGE_PARTNERS

    district = fields.Field(attribute="district", column_name="district", widget=AreaWidget())
    succeeded_by = fields.Field(
        attribute="succeeded_by", column_name="succeeded_by", widget=CodeWidget(Organisation, "name")
    )

    class Meta(ReferenceResource.Meta):
        model = Organisation
        import_id_fields = ["name"]
        fields = ["name", "kind", "org_id", "district", "telephone", "succeeded_by", "opened_on", "closed_on"]


class NetworkResource(ReferenceResource):
    district = fields.Field(attribute="district", column_name="district", widget=AreaWidget())

    class Meta(ReferenceResource.Meta):
        model = Network
        import_id_fields = ["name"]
        fields = ["name", "kind", "district", "purpose"]


class NetworkMembershipResource(ReferenceResource):
    """A row is a person in a network from a day on; the person is known by name, group and district."""

    network = fields.Field(attribute="network", column_name="network", widget=CodeWidget(Network, "name"))
    member = fields.Field(attribute="member__name", column_name="member", widget=TextWidget(), readonly=True)
    belongs_to = fields.Field(
        attribute="member__belongs_to", column_name="belongs_to", widget=TextWidget(), readonly=True
    )
    district = fields.Field(attribute="member__district", column_name="district", widget=AreaWidget(), readonly=True)

    class Meta(ReferenceResource.Meta):
        model = NetworkMembership
        import_id_fields = ["network", "member", "joined_on"]
        fields = ["network", "member", "belongs_to", "district", "joined_on", "left_on"]

    @classmethod
    def wait_for_others(cls) -> None:
        one_at_a_time()

    def get_queryset(self):
        return NetworkMembership.objects.select_related("network", "member__district")

    def get_instance(self, instance_loader, row) -> NetworkMembership | None:
        network, member, joined_on = self._key(row)
        if network is None or joined_on is None or member.pk is None:
            return None
        return self.get_queryset().filter(network=network, member=member, joined_on=joined_on).first()

    def init_instance(self, row=None) -> NetworkMembership:
        _, member, _ = self._key(row)
        if member.pk is None and member.name:
            member.full_clean()
            member.save()
        return NetworkMembership(member=member if member.pk else None)

    def _key(self, row):
        """(network or None, the member (unsaved when new), the day joined or None) that the row names."""
        try:
            network = self.fields["network"].clean(row)
            joined_on = self.fields["joined_on"].clean(row)
            district = self.fields["district"].widget.clean(row.get("district"))
        except ValueError as error:
            raise ValidationError(str(error)) from error
        name, group = TextWidget().clean(row["member"]), TextWidget().clean(row.get("belongs_to"))
        person = {"name": name, "belongs_to": group, "district": district}
        known = NetworkMember.objects.known_as(**person).first()
        return network, known or NetworkMember(**person), joined_on
