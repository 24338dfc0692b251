"""Searching everything that the portal keeps for what it must not keep: also where it stands in another form.

Bytes are written as hexadecimal by PostgreSQL, a session may be compressed, a task's arguments stand in base64, a
workbook is an archive: each is laid open before anybody looks into it.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connection

from vru_portal.core.workers import redis_client

TOO_LARGE = 50_000_000
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")


def laid_open(held: bytes) -> str:
    """What stands in it, and what the base64 in it stands for, and the base64 in that."""
    found, left = [], [held]
    while left:
        part = left.pop()
        found.append(part.decode("latin-1"))
        for run in _BASE64.findall(part):
            if (inside := _unbased(run)) is not None:
                left.append(inside)
    return "\n".join(found)


def _unbased(run: bytes) -> bytes | None:
    plain = run.rstrip(b"=")
    try:
        inside = base64.b64decode(
            plain + b"=" * (-len(plain) % 4), altchars=b"-_" if b"-" in run or b"_" in run else None
        )
    except binascii.Error:
        return None
    try:
        return zlib.decompress(inside)
    except zlib.error:
        return inside


def everything_in_the_database() -> str:
    """Each row of each table as text, bytes as they are, and sessions opened."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - the names are the database's
            found += [row for (row,) in cursor.fetchall()]
            for column in connection.introspection.get_table_description(cursor, table):
                if connection.introspection.data_types_reverse.get(column.type_code) == "BinaryField":
                    cursor.execute(f'SELECT "{column.name}" FROM "{table}"')  # noqa: S608 - as above
                    found += [bytes(value).decode("latin-1") for (value,) in cursor.fetchall() if value is not None]
    return "\n".join([*found, *(repr(session.get_decoded()) for session in Session.objects.all())])


def everything_in_redis() -> str:
    """Each key with what it holds, read by its kind: Redis compresses what it dumps."""
    with redis_client() as client:
        return "\n".join(laid_open(key + b"\n" + _held(client, key)) for key in client.scan_iter())


def _held(client, key: bytes) -> bytes:
    read = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"hash": client.hgetall,
        b"stream": client.xrange,
    }[client.type(key)]
    held = read(key)
    return held if isinstance(held, bytes) else b"\n".join(_flat(held))


def _flat(held) -> Iterator[bytes]:
    if isinstance(held, bytes):
        yield held
    else:
        for part in held.items() if isinstance(held, dict) else held or ():
            yield from _flat(part)


def files_written_since(moment: float, folders: list[Path]) -> str:
    """Logs, mail, uploads and whatever else the portal may have written; without what the browser and pytest keep."""
    held = []
    for path in _files_in(folders):
        own = any("playwright" in part or part.startswith("pytest-of-") for part in path.parts)
        try:
            if not own and path.is_file() and path.stat().st_mtime >= moment and path.stat().st_size < TOO_LARGE:
                held += [each.decode("latin-1") for each in _contents(path)]
        except OSError:
            continue  # gone meanwhile, or another's
    return "\n".join(held)


def _contents(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def _files_in(folders: list[Path]) -> Iterator[Path]:
    """By os.walk, which goes on where a folder is gone meanwhile: others drop databases beside us."""
    for top in folders:
        for folder, _, names in os.walk(top):
            yield from (Path(folder, name) for name in names)
