"""Networks of adults who work with the unit: a stock on a date, never part of reach."""

from __future__ import annotations

import pghistory
from django.core.exceptions import ValidationError
from django.db import models

from vru_portal.core.constraints import in_order, one_of


class NetworkKind(models.TextChoices):
    FAITH_ALLIANCE = "faith_alliance", "Faith Alliance"
    COMMUNITY = "community", "Community network"
    THEMATIC = "thematic", "Thematic group"


# Not everybody who reads what happened may read who belongs to a network.
SOMEBODY_IN = "somebody in"


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


class NetworkMemberQuerySet(models.QuerySet):
    def known_as(self, *, name: str, belongs_to: str, district) -> NetworkMemberQuerySet:
        """Somebody of the same name, group and district is the same person: one, or none."""
        return self.filter(name=name, belongs_to=belongs_to, district=district)


@pghistory.track()
class NetworkMember(models.Model):
    """An adult who belongs to one network or to several."""

    name = models.CharField(max_length=150)
    belongs_to = models.CharField("congregation, group or body", max_length=150, blank=True)
    district = models.ForeignKey("Area", models.PROTECT, null=True, blank=True, related_name="+")

    name_in_events = f"{SOMEBODY_IN} a network"

    objects = NetworkMemberQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="networkmember_once",
                fields=["name", "belongs_to", "district"],
                nulls_distinct=False,
                violation_error_message="Somebody of this name, group and district is known already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class NetworkMembershipQuerySet(models.QuerySet):
    def on(self, day) -> NetworkMembershipQuerySet:
        """The stock on a day: joined by then and not yet left."""
        return self.filter(joined_on__lte=day).filter(models.Q(left_on__isnull=True) | models.Q(left_on__gt=day))

    def overlapping(self, first, end) -> NetworkMembershipQuerySet:
        """Those that held on some day from `first` until the day before `end` (None: without an end)."""
        found = self.exclude(left_on=models.F("joined_on")).exclude(left_on__lte=first)
        return found if end is None else found.filter(joined_on__lt=end)

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

    @property
    def name_in_events(self) -> str:
        return f"{SOMEBODY_IN} {self.network}"

    def clean(self) -> None:
        """Nobody is twice in the same network on the same day. What overlaps from before can be corrected and ended,
        as long as it comes to hold on no further day."""
        if not (self.network_id and self.member_id and self.joined_on) or self._has_no_day() or self._held_all_along():
            return
        same = NetworkMembership.objects.filter(network=self.network_id, member=self.member_id).exclude(pk=self.pk)
        other = same.overlapping(self.joined_on, self.left_on).order_by("joined_on").first()
        if other is not None:
            where = f"A day that is wrong is corrected with “Change” on the page of {self.network}."
            raise ValidationError({"member": f"{self._already(other)} {where}"})

    def _has_no_day(self) -> bool:
        return self.left_on is not None and self.left_on <= self.joined_on

    def _held_all_along(self) -> bool:
        """It is of the same person and network as it is kept, and holds on no day on which it did not."""
        kept = NetworkMembership.objects.filter(pk=self.pk, network=self.network_id, member=self.member_id)
        until_then = models.Q(left_on=None)
        if self.left_on:
            until_then |= models.Q(left_on__gte=self.left_on)
        return kept.filter(until_then, joined_on__lte=self.joined_on).exists()

    def _already(self, other: NetworkMembership) -> str:
        since = f"{other.joined_on:%-d %B %Y}"
        if other.left_on is None:
            return f"{self.member} is a member of {self.network} already, since {since}."
        left = f"{other.left_on:%-d %B %Y}"
        was = f"{self.member} was a member of {self.network} from {since} on and left on {left}."
        return f"{was} To join again, give that day or a later one."
