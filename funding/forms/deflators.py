"""What the Treasury publishes about prices."""

from __future__ import annotations

from django import forms

from vru_portal.core.uploads import TableField


class DeflatorForm(forms.Form):
    file = TableField(
        label="File", help_text="CSV, Excel or OpenDocument, with one row for each year.", most_megabytes=1
    )
