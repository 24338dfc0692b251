"""The list of a package's files, by which a reader sees that all came and none was changed on the way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from outcomes.models import Release
from vru_portal.core.tables_out import Table

NAME = "manifest.json"


def manifest(release: Release, contents: Mapping[str, bytes], tables: Mapping[str, Table]) -> bytes:
    """Every file with its bytes and SHA-256, and of tables how many rows stand under their header."""
    described = {
        "release": release.code,
        "status": release.status,
        "covers": [release.first_day.isoformat(), release.last_day.isoformat()],
        "made_from_sha256": release.input_fingerprint,
        "code_version": release.code_version,
        "files": [_file(name, content, tables.get(name)) for name, content in sorted(contents.items())],
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode() + b"\n"


def _file(name: str, content: bytes, table: Table | None) -> dict:
    rows = {} if table is None else {"rows": len(table.rows)}
    return {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), **rows}
