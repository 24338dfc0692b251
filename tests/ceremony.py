"""The making of register keys, for tests."""

from __future__ import annotations

from datetime import date

from outcomes.actions import register_keys as actions
from outcomes.registers.ceremony import FIRST, SECOND, new_share
from outcomes.registers.keys import Key
from tests.factories import noon

NOW = noon(date(2021, 6, 20))
OLD = Key(1, b"\1" * 32)


def shares(version: int = 2):
    return new_share(version, FIRST), new_share(version, SECOND)


def make(custodians, of=None, now=NOW) -> Key:
    first, second = of or shares()
    return actions.make(first=first, second=second, by=custodians[0], beside=custodians[1], now=now)


def restore(custodians, of) -> Key:
    return actions.restore(first=of[0], second=of[1], by=custodians[0], beside=custodians[1], now=NOW)
