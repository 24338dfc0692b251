"""Awards and payments from a spreadsheet."""

from __future__ import annotations

from django import forms

from vru_portal.core.uploads import TableField


class ImportForm(forms.Form):
    file = TableField(
        label="File", help_text="Excel (.xlsx), OpenDocument (.ods) or CSV, up to 2 MB.", most_megabytes=2
    )
