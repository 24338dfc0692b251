"""Files that people upload stay in memory: a register names young people, and must never reach a disk.

Django would write a file of more than 2.5 MB to a temporary one. Here a file is kept up to `MOST_BYTES`; of a larger
one only the size is, so that the form can say what to do.
"""

from __future__ import annotations

import io

from django import forms
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from vru_portal.core.tables_in import MEGABYTE, MOST_BYTES

OLD_EXCEL = (
    "This is in an old format of Excel (.xls). Open it in your spreadsheet program, save it as .xlsx, and choose that."
)
OTHER_KIND = "Choose a file that ends in .csv, .xlsx or .ods."


class InMemory(FileUploadHandler):
    """Keeps the files of one request, together up to `MOST_BYTES`. One that is too much arrives empty, and larger."""

    def __init__(self, request=None) -> None:
        super().__init__(request)
        self.received = 0

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        self.content = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > MOST_BYTES:
            self.content = io.BytesIO()
        else:
            self.content.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.content.seek(0)
        return InMemoryUploadedFile(
            file=self.content,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=self.received if self.received > MOST_BYTES else file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


class TableField(forms.FileField):
    """A table that `tables_in` reads."""

    ENDINGS = (".csv", ".xlsx", ".ods")

    def __init__(self, *, most_megabytes: int = 10, error_messages: dict[str, str] | None = None, **kwargs) -> None:
        self.most_megabytes = most_megabytes
        sentences = {"required": "Choose a file.", "empty": "The file is empty. Choose another."}
        super().__init__(error_messages=sentences | (error_messages or {}), **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return super().widget_attrs(widget) | {"accept": ",".join(self.ENDINGS)}

    def clean(self, data, initial=None) -> UploadedFile:
        file = super().clean(data, initial)
        if file and not file.name.lower().endswith(self.ENDINGS):
            raise forms.ValidationError(OLD_EXCEL if file.name.lower().endswith(".xls") else OTHER_KIND)
        if file and file.size > self.most_megabytes * MEGABYTE:
            raise forms.ValidationError(
                f"The file is larger than {self.most_megabytes} MB. Split it, or delete what is not the table."
            )
        return file
