"""Networks of adults who work with the unit: a stock on a date, never part of reach."""

from __future__ import annotations

import pghistory
from django.db import models

from vru_portal.core.constraints import in_order, one_of


class NetworkKind(models.TextChoices):
    FAITH_ALLIANCE = "faith_alliance", "Faith Alliance"
    COMMUNITY = "community", "Community network"
    THEMATIC = "thematic", "Thematic group"


@pghistory.track()
class Network(models.Model):
    Kind = NetworkKind

    name = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    district = models.ForeignKey("Area", models.PROTECT, null=True, blank=True, related_name="networks")
    purpose = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [one_of("kind", NetworkKind, "network_kind")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class NetworkMember(models.Model):
    """An adult who belongs to one network or to several."""

    name = models.CharField(max_length=150)
    belongs_to = models.CharField("congregation, group or body", max_length=150, blank=True)
    district = models.ForeignKey("Area", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class NetworkMembershipQuerySet(models.QuerySet):
    def on(self, day) -> NetworkMembershipQuerySet:
        """The stock on a day: joined by then and not yet left."""
        return self.filter(joined_on__lte=day).filter(models.Q(left_on__isnull=True) | models.Q(left_on__gt=day))

    def members_on(self, day) -> int:
        """Distinct members on a day, however many of these networks each belongs to."""
        return self.on(day).aggregate(n=models.Count("member", distinct=True))["n"]


@pghistory.track()
class NetworkMembership(models.Model):
    network = models.ForeignKey(Network, models.PROTECT, related_name="memberships")
    member = models.ForeignKey(NetworkMember, models.PROTECT, related_name="memberships")
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True, help_text="The first day on which it no longer holds.")

    objects = NetworkMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            in_order("joined_on", "left_on", "networkmembership_dates_in_order"),
            models.UniqueConstraint(
                name="networkmembership_open_once",
                fields=["network", "member"],
                condition=models.Q(left_on__isnull=True),
                violation_error_message="This member is in the network already, and has not left it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.network}"
