"""Organisations: partners, funders, commissioners and the unit itself."""

from __future__ import annotations

import pghistory
from django.db import models

from partners.permissions import Permission
from vru_portal.core.constraints import in_order, one_of


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user) -> OrganisationQuerySet:
        """All for staff and auditors, its own for a partner."""
        if user.may(Permission.VIEW_PARTNERS):
            return self
        return self.filter(pk__in=user.organisations_where(Permission.VIEW_OWN_RETURNS))

    def to_invite_into_by(self, user) -> OrganisationQuerySet:
        """Those whose people this person may ask in and whose roles they may end."""
        if user.may(Permission.INVITE_PEOPLE):
            return self
        return self.filter(pk__in=user.organisations_where(Permission.INVITE_COLLEAGUES))

    def open_on(self, day) -> OrganisationQuerySet:
        return self.filter(models.Q(closed_on__isnull=True) | models.Q(closed_on__gt=day))


class OrganisationKind(models.TextChoices):
    UNIT = "unit", "Violence Reduction Unit"
    COMMISSIONER = "commissioner", "Police and crime commissioner"
    GOVERNMENT = "government", "Government department"
    COUNCIL = "council", "Council"
    POLICE = "police", "Police"
    NHS = "nhs", "NHS"
    SCHOOL = "school", "School or trust"
    CHARITY = "charity", "Charity"
    FAITH = "faith", "Faith body"
    COMMUNITY = "community", "Community group"
    COMPANY = "company", "Company"


@pghistory.track()
class Organisation(models.Model):
    Kind = OrganisationKind

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    org_id = models.CharField(
        "org-id identifier",
        max_length=60,
        blank=True,
        help_text="As listed at org-id, for example GB-CHC-1234567 or GB-LAE-BIR.",
    )
    district = models.ForeignKey("Area", models.PROTECT, null=True, blank=True, related_name="organisations")
    telephone = models.CharField(max_length=30, blank=True)
    succeeded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            one_of("kind", OrganisationKind, "organisation_kind"),
            models.CheckConstraint(
                name="organisation_org_id_shape",
                condition=models.Q(org_id="") | models.Q(org_id__regex=r"^[A-Z]{2}-[A-Z0-9]+-[A-Za-z0-9-]+$"),
                violation_error_message="Write the identifier as in GB-CHC-1234567.",
            ),
            models.UniqueConstraint(
                name="organisation_org_id_once",
                fields=["org_id"],
                condition=~models.Q(org_id=""),
                violation_error_message="Another organisation has this identifier.",
            ),
            models.CheckConstraint(
                name="organisation_not_its_own_successor",
                condition=models.Q(succeeded_by__isnull=True) | ~models.Q(succeeded_by=models.F("id")),
                violation_error_message="An organisation cannot succeed itself.",
            ),
            in_order("opened_on", "closed_on", "organisation_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.name
