"""What kind of file something is, by its content: a name says what its sender likes.

Seven kinds are told apart by what each must begin with or hold, read with the standard library and never unpacked.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from django.db import models

_MAGIC = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MOST_MEMBERS = 5_000


class FileKind(models.TextChoices):
    PDF = "pdf", "PDF"
    PNG = "png", "PNG"
    JPEG = "jpeg", "JPEG"
    XLSX = "xlsx", "Excel workbook"
    ODS = "ods", "OpenDocument spreadsheet"
    DOCX = "docx", "Word document"
    CSV = "csv", "CSV"


CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.ODS: _ODS.decode(),
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.CSV: "text/csv",
}


def kind_of(content: bytes, name: str) -> FileKind | None:
    """None for a kind that is not taken. Of a table as plain text nothing but its name says so."""
    for magic, kind in _MAGIC.items():
        if content.startswith(magic):
            return FileKind(kind)
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    return FileKind.CSV if name.lower().endswith(".csv") and _is_text(content) else None


def _kind_of_archive(content: bytes) -> FileKind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = set(archive.namelist())
            if len(members) > _MOST_MEMBERS or any(name.lower().endswith("vbaproject.bin") for name in members):
                return None  # programs are no evidence
            if "[Content_Types].xml" in members:
                parts = {"xl/workbook.xml": FileKind.XLSX, "word/document.xml": FileKind.DOCX}
                return next((kind for part, kind in parts.items() if part in members), None)
            first = archive.infolist()[0]
            is_ods = first.filename == "mimetype" and first.file_size == len(_ODS) and archive.read(first) == _ODS
            return FileKind.ODS if is_ods else None
    except (zipfile.BadZipFile, IndexError, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error):
        return None


def _is_text(content: bytes) -> bool:
    """As spreadsheet programs write it: UTF-8 or Windows' own; no other control characters than a table has."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return bool(text.strip()) and all(letter.isprintable() or letter in "\t\r\n" for letter in text[:100_000])
