"""What people do with their own account: their name, and tokens for tools that read the API."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from knox.models import AuthToken

from partners.actions.events import acting
from partners.models import User
from vru_portal.core.refusals import Refusal

TOKEN_VALID_FOR = timedelta(days=90)


class TooManyTokens(Refusal):
    """A person has a few tokens at a time."""


class NoSuchToken(Refusal):
    """Revoked before, or somebody else's."""


class NameMissing(Refusal):
    """Nobody is nameless here: the name stands beside what they did."""


def rename(*, name: str, by: User, now: datetime) -> None:
    name = name.strip()
    if not name:
        raise NameMissing("Enter your name.")
    with acting("partners.account.renamed", by=by, now=now) as act:
        if name != by.name:
            by.name = name
            by.save(update_fields=["name"])
            act.on(by)


def create_token(*, by: User, now: datetime) -> str:
    """A new API token, valid for 90 days. Gives its secret, which is kept nowhere: show it once."""
    most = settings.REST_KNOX["TOKEN_LIMIT_PER_USER"]
    with acting("partners.token.created", by=by, now=now) as act:
        User.objects.select_for_update().get(pk=by.pk)
        if AuthToken.objects.filter(user=by, expiry__gt=now).count() >= most:
            raise TooManyTokens(f"You have {most} tokens. Revoke one that you no longer use.")
        _, secret = AuthToken.objects.create(user=by, expiry=TOKEN_VALID_FOR)
        act.on(by)
    return secret


def set_password(*, password: str, by: User, now: datetime) -> None:
    """Sets a password that was found good. Whoever has a token that was made under the old one is out as well."""
    with acting("partners.password.changed", by=by, now=now) as act:
        by.set_password(password)
        by.save(update_fields=["password"])
        revoke_all_tokens(by)
        act.on(by)


def revoke_all_tokens(user: User) -> None:
    """Inside the action that ends what they were for."""
    AuthToken.objects.filter(user=user).delete()


def revoke_token(*, digest: str, by: User, now: datetime) -> None:
    """`digest` names the token (it is not the secret)."""
    with acting("partners.token.revoked", by=by, now=now) as act:
        deleted, _ = AuthToken.objects.filter(user=by, digest=digest).delete()
        if not deleted:
            raise NoSuchToken("This token was revoked already.")
        act.on(by)
