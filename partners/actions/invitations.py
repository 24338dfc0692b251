"""How people come in and go: invited to an address, with a secret in a link, into one role at one organisation."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import pghistory
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners import notifications
from partners.actions.accounts import revoke_all_tokens
from partners.actions.events import acting
from partners.models import Invitation, Membership, Organisation, User
from partners.models.people import InvitationQuerySet
from partners.permissions import PARTNER_ROLES, STAFF_ROLES, Permission, Role
from vru_portal.core.refusals import NotAllowed, Refusal

VALID_FOR = timedelta(days=14)
GIVEN_BY_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR, Role.DIRECTOR})


class CannotInvite(Refusal):
    """This invitation makes no sense as it stands."""


class InvitationClosed(Refusal):
    """The link leads nowhere any more."""


class SignInFirst(Refusal):
    """The address has an account already, and somebody else (or nobody) is signed in."""


class PasswordRefused(Refusal):
    """The password is too weak. `sentences` say what to do."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class CannotEnd(Refusal):
    """The membership must stay for now."""


# ---- Who may give which role ----


def roles_to_give(by: User, organisation: Organisation) -> list[Role]:
    """The roles that this person may invite others into at this organisation, in the order of the roles."""
    return [role for role in Role if _fits(role, organisation) and _may_give(by, role, organisation)]


def _fits(role: Role, organisation: Organisation) -> bool:
    """Staff work at the unit and partners elsewhere; a commissioner or an auditor may sit anywhere."""
    is_unit = organisation.kind == Organisation.Kind.UNIT
    return (role not in STAFF_ROLES or is_unit) and (role not in PARTNER_ROLES or not is_unit)


def _may_give(by: User, role: Role, organisation: Organisation) -> bool:
    if role in GIVEN_BY_ADMINISTRATORS and not _is_administrator(by):
        return False
    if by.may(Permission.INVITE_PEOPLE):
        return True
    return by.may_at(Permission.INVITE_COLLEAGUES, organisation) and role in PARTNER_ROLES


def _is_administrator(user: User) -> bool:
    return any(membership.role == Role.ADMINISTRATOR for membership in user.open_memberships)


# ---- Inviting ----


def invite(
    *,
    email: str,
    organisation: Organisation,
    role: Role,
    by: User | None,
    now: datetime,
    link_to: Callable[[str], str],
) -> tuple[Invitation, str]:
    """Ask somebody in; the mail with the link goes out after commit. Gives the invitation and its link.

    `link_to` makes the address of the page out of the secret. `by` is None on the command line.
    """
    role, email = Role(role), _address(email)
    if by is not None and not _may_give(by, role, organisation):
        raise NotAllowed("You cannot invite people into this role here. Ask an administrator at the unit.")
    if not _fits(role, organisation):
        raise CannotInvite(f"{role.label} is not a role at {organisation}. Choose another role.")
    secret = secrets.token_urlsafe(32)
    with acting("partners.invitation.sent", by=by, now=now) as act:
        Organisation.objects.select_for_update().get(pk=organisation.pk)  # one at a time for each organisation
        _refuse_oneself(email, by)
        _refuse_a_stranger(email, by, now)
        _refuse_a_second(email, organisation, role, now)
        _to(email, organisation).filter(expires_at__lte=now).update(withdrawn_at=now)
        invitation = Invitation.objects.create(
            email=email,
            organisation=organisation,
            role=role,
            token_hash=_hash(secret),
            invited_by=by,
            invited_at=now,
            expires_at=now + VALID_FOR,
        )
        act.on(invitation, organisation=organisation)
        link = link_to(secret)
        transaction.on_commit(lambda: notifications.send_invitation(invitation, link), robust=True)
    return invitation, link


def _address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise CannotInvite("Enter an email address like name@example.org.") from error
    return email


def _refuse_oneself(email: str, by: User | None) -> None:
    if by is not None and by.email.lower() == email:
        raise CannotInvite(
            "This is your own address, and nobody gives a role to themselves. Ask a colleague to invite you."
        )


def _refuse_a_stranger(email: str, by: User | None, now: datetime) -> None:
    """To a partner who asks for the unit's own people, or a commissioner's; where they are is not told."""
    if by is None or by.may(Permission.INVITE_PEOPLE):
        return
    held = Membership.objects.open_on(timezone.localdate(now)).filter(user__email__iexact=email)
    if held.exclude(role__in=PARTNER_ROLES).exists():
        raise CannotInvite(f"{email} has an account at another organisation. Ask the unit to invite them.")


def _refuse_a_second(email: str, organisation: Organisation, role: Role, now: datetime) -> None:
    today = timezone.localdate(now)
    there = Membership.objects.open_on(today).filter(user__email__iexact=email, organisation=organisation)
    if there.filter(role=role).exists():
        raise CannotInvite(
            f"{email} has this role at {organisation} already, and signs in with that address. Enter another address."
        )
    # A lead does all that a partner does; of the unit's people some have two roles.
    if role in PARTNER_ROLES and (held := there.filter(role__in=PARTNER_ROLES).first()):
        raise CannotInvite(
            f"{email} is {held.get_role_display().lower()} at {organisation} already, and signs in with that address. "
            f"If they are to be {role.label.lower()} instead, end that role first."
        )
    if standing := _to(email, organisation).filter(expires_at__gt=now).first():
        until = timezone.localdate(standing.expires_at)
        raise CannotInvite(
            f"{email} is invited already: {standing.get_role_display().lower()}, until {until:%-d %B %Y}. Withdraw "
            "that invitation first, or wait until it is accepted."
        )


def _to(email: str, organisation: Organisation) -> InvitationQuerySet:
    """Neither accepted nor withdrawn: one at most, as the database has it."""
    sent = Invitation.objects.filter(email__iexact=email, organisation=organisation)
    return sent.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# ---- Accepting ----


def find_open(secret: str, *, now: datetime) -> Invitation:
    """The invitation that a link leads to; raises `InvitationClosed` with what to do instead."""
    return _open_or_refuse(_of_secret(secret).first(), now)


def _of_secret(secret: str):
    return Invitation.objects.filter(token_hash=_hash(secret)).select_related("organisation")


def _open_or_refuse(invitation: Invitation | None, now: datetime) -> Invitation:
    if invitation is None:
        raise InvitationClosed("This link is not complete. Open it from the message again, or copy all of it.")
    if invitation.accepted_at is not None:
        raise InvitationClosed("This invitation was used already. Sign in with your email address and password.")
    if invitation.has_expired(now):
        raise InvitationClosed("This invitation has expired. Ask the person who invited you to send another.")
    if invitation.withdrawn_at is not None:
        raise InvitationClosed("This invitation was withdrawn. Ask the person who invited you.")
    return invitation


def has_account(invitation: Invitation) -> bool:
    return User.objects.filter(email__iexact=invitation.email).exists()


def accept_invitation(*, token: str, by: User | None, now: datetime, name: str = "", password: str = "") -> User:
    """Come in by a link, once. A new person gives name and password; one with an account is signed in as `by`."""
    event = "partners.invitation.accepted"
    with transaction.atomic(), pghistory.context(event=event):
        invitation = _open_or_refuse(_of_secret(token).select_for_update(of=("self",)).first(), now)
        user = _existing(invitation, by) or _new_user(invitation.email, name, password)
        with acting(event, by=user, now=now) as act:
            Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user, accepted_at=now)
            membership, _ = Membership.objects.get_or_create(
                user=user,
                organisation=invitation.organisation,
                role=invitation.role,
                ended_on=None,
                defaults={"started_on": timezone.localdate(now)},
            )
            act.on(membership, organisation=invitation.organisation)
    return user


def _existing(invitation: Invitation, by: User | None) -> User | None:
    user = User.objects.filter(email__iexact=invitation.email).first()
    if user is None:
        return None
    if not user.is_active:
        raise InvitationClosed("This account is closed. Ask the unit to open it again.")
    if by is None or by.pk != user.pk:
        raise SignInFirst(f"{user.email} has an account. Sign in with it, then open the link again.")
    return user


def _new_user(email: str, name: str, password: str) -> User:
    name = name.strip()
    if not name:
        raise CannotInvite("Enter your name.")
    user = User(email=email, name=name)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordRefused(error.messages) from error
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise SignInFirst(f"{email} has an account. Sign in with it, then open the link again.") from error
    return user


# ---- Taking back ----


def withdraw(*, invitation: Invitation, by: User, now: datetime) -> None:
    """The link stops working."""
    if not _may_give(by, Role(invitation.role), invitation.organisation):
        raise NotAllowed()
    with acting("partners.invitation.withdrawn", by=by, now=now) as act:
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        _open_or_refuse(locked, now)
        locked.withdrawn_at = now
        locked.save(update_fields=["withdrawn_at"])
        act.on(locked, organisation=invitation.organisation)


def end_membership(*, membership: Membership, by: User, now: datetime, reason: str = "") -> None:
    """From today on the person has this role no longer; what they did stays under their name.

    With the last role go the person's tokens: another invitation must not bring them back to life.
    """
    role = Role(membership.role)
    if not _may_give(by, role, membership.organisation):
        raise NotAllowed()
    if membership.user_id == by.pk:
        raise CannotEnd("You cannot end your own role. Ask a colleague or the unit.")
    with acting("partners.membership.ended", by=by, now=now, reason=reason) as act:
        today = timezone.localdate(now)
        if role == Role.ADMINISTRATOR:
            _refuse_the_last_administrator(today)
        locked = Membership.objects.select_for_update().get(pk=membership.pk)
        if locked.ended_on is not None:
            raise CannotEnd("This membership was ended already.")
        locked.ended_on = today
        locked.save(update_fields=["ended_on"])
        if not Membership.objects.open_on(today).filter(user=locked.user_id).exists():
            revoke_all_tokens(locked.user)
        act.on(membership, organisation=membership.organisation)


def _refuse_the_last_administrator(today) -> None:
    open_ones = Membership.objects.open_on(today).filter(role=Role.ADMINISTRATOR, user__is_active=True)
    # Locked in one order and listed (a count locks nothing): two who end each other's role come one after the other.
    if len(open_ones.order_by("pk").select_for_update(of=("self",))) <= 1:
        raise CannotEnd("Somebody must be administrator. Invite another one first.")
