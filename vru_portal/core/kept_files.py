"""A file between its preview and its confirmation: kept for an hour, and only for the person who chose it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from django.core.cache import cache

KEPT_SECONDS = 60 * 60
GONE = "The file is no longer kept here. Choose it again."


@dataclass(frozen=True)
class KeptFiles:
    """Of one kind of import and one person."""

    kind: str
    person: int

    def keep(self, name: str, data: bytes) -> str:
        """The key by which `get` gives it back."""
        key = uuid4().hex
        cache.set(self._key(key), (name, data), KEPT_SECONDS)
        return key

    def get(self, key: str) -> tuple[str, bytes] | None:
        return cache.get(self._key(key))

    def forget(self, key: str) -> None:
        cache.delete(self._key(key))

    def _key(self, key: str) -> str:
        return f"kept-file:{self.kind}:{self.person}:{key}"
