"""People who sign in, what they may do and where, and how they were asked in."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from partners.permissions import AUDIENCES, PERMISSIONS, Audience, Permission, Role
from vru_portal.core.constraints import in_order, one_of, together

if TYPE_CHECKING:
    from partners.models.organisations import Organisation


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username: str) -> User:
        return self.get(email__iexact=username)


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """Somebody who signs in with an email address. What they may do comes from their memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once_in_any_case")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    # Read once per request: a user object lives no longer than that.
    @cached_property
    def open_memberships(self) -> list[Membership]:
        today = timezone.localdate()
        return list(self.memberships.open_on(today).select_related("organisation").order_by("started_on", "id"))

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        if not self.is_active:
            return frozenset()
        return frozenset().union(*(PERMISSIONS[Role(m.role)] for m in self.open_memberships))

    @cached_property
    def audience(self) -> Audience | None:
        """Which home page and sections this person gets; None without an open membership."""
        audiences = {AUDIENCES[Role(m.role)] for m in self.open_memberships}
        return next((audience for audience in Audience if audience in audiences), None)

    def may(self, permission: Permission) -> bool:
        """Anywhere: for pages, and for what belongs to no one organisation."""
        return permission in self.permissions

    def organisations_where(self, permission: Permission) -> frozenset[int]:
        """The ids of those organisations at which a role of this person's own allows it."""
        if not self.is_active:
            return frozenset()
        return frozenset(m.organisation_id for m in self.open_memberships if permission in PERMISSIONS[Role(m.role)])

    def may_at(self, permission: Permission, organisation: Organisation) -> bool:
        """At this organisation: a role at one says nothing about another."""
        return organisation.pk in self.organisations_where(permission)

    # What Django's admin asks of a user. Its pages hold reference tables only.
    @property
    def is_staff(self) -> bool:
        return self.may(Permission.EDIT_REFERENCE_TABLES)

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj=None) -> bool:
        return self.may(Permission.EDIT_REFERENCE_TABLES)

    def has_module_perms(self, app_label: str) -> bool:
        return self.may(Permission.EDIT_REFERENCE_TABLES)


class MembershipQuerySet(models.QuerySet):
    def open_on(self, day) -> MembershipQuerySet:
        return self.filter(started_on__lte=day).filter(models.Q(ended_on__isnull=True) | models.Q(ended_on__gt=day))


@pghistory.track()
class Membership(models.Model):
    """A person's role in an organisation, from a day until a day."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey("Organisation", models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True, help_text="The first day on which it no longer holds.")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "role"]
        constraints = [
            one_of("role", Role, "membership_role"),
            in_order("started_on", "ended_on", "membership_dates_in_order"),
            models.UniqueConstraint(
                name="membership_open_once",
                fields=["user", "organisation", "role"],
                condition=models.Q(ended_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} at {self.organisation}"


class InvitationQuerySet(models.QuerySet):
    def open_at(self, now) -> InvitationQuerySet:
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)


@pghistory.track(exclude=["token_hash"])
class Invitation(models.Model):
    """The only way in. The link's secret is kept as a hash."""

    email = models.EmailField()
    organisation = models.ForeignKey("Organisation", models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    # Empty when the command line asked in the first administrator.
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="invitations_sent")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="invitations_accepted")
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            one_of("role", Role, "invitation_role"),
            together("invitation_accepted_whole", "accepted_by", "accepted_at"),
            models.CheckConstraint(
                name="invitation_not_accepted_and_withdrawn",
                condition=models.Q(accepted_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
            ),
            in_order("invited_at", "expires_at", "invitation_dates_in_order"),
            # One that has expired is withdrawn when the next is sent.
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                name="invitation_open_once",
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.get_role_display().lower()} at {self.organisation}"

    def has_expired(self, now: datetime) -> bool:
        """Nobody accepted or withdrew it in its time."""
        return self.accepted_at is None and self.expires_at <= (self.withdrawn_at or now)
