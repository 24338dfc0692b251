"""Making a register key, or the same one again: always two people, each with a share of it."""

from __future__ import annotations

import hmac
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError

from outcomes.models import RegisterKey
from outcomes.queries.register_keys import configured_keys, next_version
from outcomes.registers import keys
from outcomes.registers.ceremony import Share, key_of
from outcomes.registers.keys import Key
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal


class NoCeremony(Refusal):
    """The key cannot be made so."""


def require_place() -> None:
    """There is somewhere to put a key."""
    if not (settings.REGISTER_KEYS_FILE or settings.REGISTER_KEYS):
        raise NoCeremony("Set REGISTER_KEYS_FILE first: the file that the key goes into, in a folder that is kept.")


def require_custodians(*, first: User, second: User | None = None) -> None:
    """Those who may keep a share; two of them are two people."""
    if second is not None and first.pk == second.pk:
        raise NoCeremony("The second custodian must be somebody else: nobody makes a key alone.")
    for custodian in filter(None, (first, second)):
        require(custodian, Permission.MAKE_REGISTER_KEY)


def make(*, first: Share, second: Share, by: User, beside: User, now: datetime) -> Key:
    """Make the next version of the key out of the shares of two custodians, `by` the first and `beside` them the
    second: record it and write it into the file of keys. Where that is not ours to write, whoever calls shows its line.
    """
    require_place()
    require_custodians(first=by, second=beside)
    key = key_of(first, second)
    with acting("outcomes.register_key.made", by=by, now=now, reason=f"Second custodian: {beside}") as act:
        if key.version != next_version():
            raise NoCeremony(f"Version {key.version} was made meanwhile. Begin again.")
        try:
            made = RegisterKey.objects.create(
                version=key.version,
                fingerprint=key.fingerprint,
                made_at=now,
                first_custodian=by,
                second_custodian=beside,
            )
        except IntegrityError as error:
            raise NoCeremony(f"Version {key.version} was made meanwhile. Begin again.") from error
        act.on(made)
        _write(key)  # last: if it cannot be, nothing was recorded
    return key


def restore(*, first: Share, second: Share, by: User, beside: User, now: datetime) -> Key:
    """Make a recorded version of the key once more out of its shares, and write it where it is missing."""
    require_place()
    require_custodians(first=by, second=beside)
    key = key_of(first, second)
    with acting("outcomes.register_key.restored", by=by, now=now, reason=f"Second custodian: {beside}") as act:
        made = RegisterKey.objects.filter(version=key.version).first()
        if made is None:
            raise NoCeremony(f"Version {key.version} was not made in a ceremony, so no shares make it again.")
        if not hmac.compare_digest(made.fingerprint, key.fingerprint):
            raise NoCeremony(f"These two shares do not make version {key.version}. One of them is of another ceremony.")
        there = next((k for k in configured_keys() if k.version == key.version), None)
        if there is not None and there != key:
            raise NoCeremony(
                f"Another key is configured as version {key.version}. Take its line out first: rows written under it "
                "cannot be compared with any others."
            )
        act.on(made)
        if there is None:
            _write(key)
    return key


def _write(key: Key) -> None:
    if settings.REGISTER_KEYS_FILE:
        keys.add(settings.REGISTER_KEYS_FILE, key)
