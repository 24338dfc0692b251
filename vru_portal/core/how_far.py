"""How far a request is that takes long, for the page that waits for its answer: numbers, and nothing else.

The page carries a token. Its form brings it along, and the request says by it how far it is; meanwhile the page asks,
by another request. What is said stands in the cache for a quarter of an hour. It is a step, how much of it is done,
and of how much: never anything of what the request works on, which may be young people's names.

Nothing depends on it: where the cache cannot be reached, a request says no more and does its work.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import redis
from django.core.cache import cache

KEPT_SECONDS = 15 * 60  # longer than any step takes
TOLD_EVERY = 0.5  # seconds
_TOKEN = re.compile(r"[0-9a-f]{32}")


def new_token() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class HowFar:
    step: int
    done: int
    total: int  # 0 where it is not known

    @property
    def share(self) -> float:
        """Of the step, from 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


def told(owner: int, token: str) -> HowFar | None:
    """What the request of this person's token said last; None before it said anything, and long after."""
    try:
        found = cache.get(_key(owner, token)) if _TOKEN.fullmatch(token) else None
    except redis.RedisError:
        return None
    return HowFar(*found) if found else None


class Telling:
    """Says how far this request is. Without a token it says nothing."""

    def __init__(self, owner: int, token: str) -> None:
        self._key = _key(owner, token) if _TOKEN.fullmatch(token) else ""
        self._step = self._total = 0
        self._next = 0.0

    def begin(self, step: int, total: int = 0) -> Self:
        self._step, self._total = _number(step), _number(total)
        self._say(0)
        return self

    def expect(self, more: int) -> None:
        """So many more belong to the step."""
        self._total += _number(more)

    def done(self, number: int) -> None:
        number = _number(number)
        if time.monotonic() >= self._next:
            self._say(number)

    def passing(self, items: Iterable) -> Iterator:
        for number, item in enumerate(items, 1):
            self.done(number)
            yield item

    def _say(self, done: int) -> None:
        self._next = time.monotonic() + TOLD_EVERY
        if self._key:
            try:
                cache.set(self._key, (self._step, done, self._total), KEPT_SECONDS)
            except redis.RedisError:  # out of reach, or full: each try could take as long as it may
                self._key = ""


def _number(value: int) -> int:
    if not isinstance(value, int):
        raise TypeError("How far something is can be told in whole numbers alone.")  # and not what it was
    return int(value)


def _key(owner: int, token: str) -> str:
    return f"how-far:{owner}:{token}"
