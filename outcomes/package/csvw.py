"""The metadata beside the CSV files: CSV on the Web, https://www.w3.org/TR/tabular-metadata/."""

from __future__ import annotations

import json
from collections.abc import Sequence

from vru_portal.core.tables_out import Column, Table

NAME = "csv-metadata.json"


def metadata(tables: Sequence[Table]) -> bytes:
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "lineTerminators": ["\r\n"]},
        "tables": [_table(table) for table in tables],
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode() + b"\n"


def _table(table: Table) -> dict:
    return {
        "url": table.file_name,
        "dc:title": table.title,
        "dc:description": table.about,
        "tableSchema": {"columns": [_column(column) for column in table.columns], "primaryKey": list(table.key)},
    }


def _column(column: Column) -> dict:
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.meaning,
        "datatype": column.datatype,
    }
