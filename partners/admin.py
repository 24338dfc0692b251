"""Reference tables in Django's admin: rows by hand, and whole tables by file with a preview before anything changes."""

from __future__ import annotations

from functools import partialmethod

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportModelAdmin

from partners.actions import reference_tables
from partners.actions.networks import forget_who_is_in_no_network
from partners.models import Area, Network, NetworkMembership, Organisation
from partners.permissions import Permission
from partners.queries.reference import used_by
from partners.resources import (
    AreaResource,
    NetworkMembershipResource,
    NetworkResource,
    OrganisationResource,
    problems,
)
from vru_portal.core.kept_files import GONE, KeptFiles
from vru_portal.core.refusals import Refusal
from vru_portal.core.rescue import TypingIsKept, rescued
from vru_portal.core.spreadsheets import CsvFormat, XlsxFormat, read_table
from vru_portal.core.tables_in import Unreadable
from vru_portal.core.uploads import TableField

FORMATS = {"csv": CsvFormat, "xlsx": XlsxFormat}
MOST_ROWS_SHOWN = 500


class RowForm(forms.ModelForm):
    """Drawn as the rest of the admin is, not as the portal's own forms are."""

    default_renderer = DjangoTemplates()


class FileForm(forms.Form):
    """The table to take in."""

    file = TableField(label="File", help_text="CSV, Excel (.xlsx) or OpenDocument (.ods), up to 10 MB.")


class ReferenceAdmin(TypingIsKept, ImportExportModelAdmin):
    """A reference table. Who may come here at all is asked by the site (`Permission.EDIT_REFERENCE_TABLES`); what
    else this table asks for is said by its resource (`needs`)."""

    form = RowForm
    actions = None
    list_per_page = 50
    change_form_template = "admin/reference_change_form.html"
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}

    # ---- Who may ----
    @property
    def _needs(self) -> Permission | None:
        return self.resource_classes[0].needs

    def _may(self, request: HttpRequest) -> bool:
        return self._needs is None or request.user.may(self._needs)

    def _require(self, request: HttpRequest) -> None:
        if not self._may(request):
            raise PermissionDenied("Your role does not allow this. Ask a colleague at the unit.")

    def has_module_permission(self, request) -> bool:
        return self._may(request) and super().has_module_permission(request)

    def has_view_permission(self, request, obj=None) -> bool:
        return self._may(request) and super().has_view_permission(request, obj)

    def has_add_permission(self, request) -> bool:
        return self._may(request) and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None) -> bool:
        return self._may(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self._may(request) and super().has_delete_permission(request, obj)

    # ---- Rows by hand ----
    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Without the icons beside it that add or change a row of another table: only a script makes them work."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    @classmethod
    def keeps_typing_at(cls, address_name: str) -> bool:
        """Of a row; files are chosen anew."""
        return address_name.endswith(("_add", "_change"))

    def get_form(self, request, obj=None, change=False, **kwargs) -> type[forms.ModelForm]:
        """With what was typed before its writer was signed out."""
        form = super().get_form(request, obj, change=change, **kwargs)
        typed = getattr(request, "typed_before", None)
        if typed is None:
            return form
        return type(form.__name__, (form,), {"__init__": partialmethod(form.__init__, typed)})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None) -> HttpResponseBase:
        extra = {"may_view_history": request.user.may(Permission.VIEW_HISTORY)} | (extra_context or {})
        if request.method != "POST":
            request.typed_before = rescued(request) if self._may(request) else None
            return super().changeform_view(request, object_id, form_url, extra)
        self._require(request)
        with reference_tables.edited(
            table=self.resource_classes[0], by=request.user, now=timezone.now()
        ) as request.act:
            return super().changeform_view(request, object_id, form_url, extra)

    def delete_view(self, request, object_id, extra_context=None) -> HttpResponseBase:
        """A row that is in use stays: the admin's own page would load and list all that refers to it."""
        row = self.get_object(request, unquote(object_id))
        if row is not None and self.has_delete_permission(request, row) and (users := used_by(row)):
            messages.error(request, f"“{row}” is in use by {users}, so it cannot be deleted.")
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", object_id)
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        self._require(request)
        with reference_tables.deleted(
            table=self.resource_classes[0], by=request.user, now=timezone.now()
        ) as request.act:
            return super().delete_view(request, object_id, extra_context)

    # The portal's own events take the place of the admin's log.
    def log_addition(self, request, obj, message) -> None:
        request.act.on(obj)

    def log_change(self, request, obj, message) -> None:
        if message:
            request.act.on(obj)

    def log_deletions(self, request, queryset) -> None:
        for obj in queryset:
            request.act.on(obj)

    def history_view(self, request, object_id, extra_context=None) -> HttpResponse:
        return redirect("partners:history-subject", self.opts.label_lower, object_id)

    # ---- Whole tables by file ----
    def import_action(self, request: HttpRequest, **kwargs) -> HttpResponse:
        """Choose a file; then see what it would change, and what is wrong with it."""
        self._require(request)
        form = FileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            data = file.read()
            try:
                dataset = read_table(data, file.name)
            except Unreadable as refusal:
                form.add_error("file", refusal.message)
            else:
                return self._preview(request, file.name, data, dataset)
        return self._import_page(request, form)

    def _preview(self, request: HttpRequest, name: str, data: bytes, dataset) -> HttpResponse:
        result = reference_tables.preview_table(table=self._table(), dataset=dataset)
        if result.has_errors() or result.has_validation_errors():
            return self._import_page(request, FileForm(), file_name=name, problems=problems(result))
        key = self._kept_files(request).keep(name, data)
        rows = [row for row in result.rows if row.import_type != "skip"]
        return self._import_page(
            request,
            FileForm(),
            file_name=name,
            key=key,
            totals=result.totals,
            headers=result.diff_headers,
            rows=rows[:MOST_ROWS_SHOWN],
            rows_not_shown=max(0, len(rows) - MOST_ROWS_SHOWN),
        )

    @method_decorator(require_POST)
    def process_import(self, request: HttpRequest, **kwargs) -> HttpResponse:
        """What was previewed is taken in: all of it, or nothing."""
        self._require(request)
        key = request.POST.get("key", "")
        kept = self._kept_files(request).get(key)
        if kept is None:
            messages.error(request, GONE)
            return redirect(self._url("import"))
        name, data = kept
        try:
            result = reference_tables.import_table(
                table=self._table(),
                dataset=read_table(data, name),
                file_name=name,
                by=request.user,
                now=timezone.now(),
            )
        except reference_tables.FileRefused as refused:
            return self._import_page(request, FileForm(), file_name=name, problems=problems(refused.result))
        except Refusal as refusal:
            raise PermissionDenied(refusal.message) from refusal
        self._kept_files(request).forget(key)
        counts = f"{result.totals['new']} added, {result.totals['update']} changed, {result.totals['skip']} left"
        messages.success(request, f"Imported {name}: {counts}.")
        return redirect(self._url("changelist"))

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The whole table as `?format=csv` or `?format=xlsx`; without either, the page with both links."""
        self._require(request)
        wanted = request.GET.get("format", "")
        if wanted not in FORMATS:
            return render(request, "import_export/export.html", self._page_context(request))
        file_format = FORMATS[wanted]()
        table = self._table()
        content = file_format.export_data(table.export(table.get_queryset().order_by(*self._order())))
        file_name = f"{self.opts.verbose_name_plural}.{wanted}".replace(" ", "-")
        headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
        return HttpResponse(content, content_type=file_format.CONTENT_TYPE, headers=headers)

    def _table(self):
        return self.resource_classes[0]()

    def _kept_files(self, request: HttpRequest) -> KeptFiles:
        return KeptFiles(self.opts.label_lower, request.user.pk)

    def _order(self) -> list[str]:
        """The same table gives the same bytes."""
        return [*self.opts.ordering, "pk"]

    def _url(self, what: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{what}")

    def _import_page(self, request: HttpRequest, form: FileForm, **context) -> HttpResponse:
        return render(request, "import_export/import.html", self._page_context(request) | {"form": form, **context})

    def _page_context(self, request: HttpRequest) -> dict:
        return {
            "label": str(self.opts.verbose_name_plural),
            "columns": self._table().columns(),
            "key_columns": self._table().key_columns(),
            "list_url": self._url("changelist"),
            "import_url": self._url("import"),
            "process_url": self._url("process_import"),
            "export_url": self._url("export"),
        }


@admin.register(Area)
class AreaAdmin(ReferenceAdmin):
    resource_classes = [AreaResource]
    list_display = ["name", "gss_code", "kind", "parent"]
    list_filter = ["kind"]
    search_fields = ["name", "gss_code"]


@admin.register(Organisation)
class OrganisationAdmin(ReferenceAdmin):
    resource_classes = [OrganisationResource]
    list_display = ["name", "kind", "org_id", "district", "closed_on"]
    list_filter = ["kind", "district"]
    search_fields = ["name", "org_id"]


@admin.register(Network)
class NetworkAdmin(ReferenceAdmin):
    resource_classes = [NetworkResource]
    list_display = ["name", "kind", "district"]
    list_filter = ["kind"]
    search_fields = ["name"]


@admin.register(NetworkMembership)
class NetworkMembershipAdmin(ReferenceAdmin):
    resource_classes = [NetworkMembershipResource]
    list_display = ["member", "network", "joined_on", "left_on"]
    list_filter = ["network"]
    list_select_related = ["member", "network"]
    search_fields = ["member__name", "member__belongs_to"]
    raw_id_fields = ["member"]

    def delete_model(self, request, obj) -> None:
        super().delete_model(request, obj)
        forget_who_is_in_no_network(obj.member)

    def _order(self) -> list[str]:
        return ["network__name", "member__name", "joined_on", "pk"]
