"""Young people who objected to being kept in registers: pseudonyms alone, by which their rows are known."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from outcomes.models.return_rules import refuse
from outcomes.registers.pseudonyms import PACKED_BYTES
from vru_portal.core.constraints import one_of, together


class Channel(models.TextChoices):
    SPOKEN = "spoken", "The young person said so"
    WRITTEN = "written", "The young person wrote"
    FAMILY = "family", "A parent or carer, on their behalf"
    PARTNER = "partner", "Through a partner"
    PROFESSIONAL = "professional", "Through another professional"


class ObjectionQuerySet(models.QuerySet):
    def in_force(self) -> ObjectionQuerySet:
        return self.filter(withdrawn_at__isnull=True)


@pghistory.track()
class Objection(models.Model):
    """Somebody objected. Whose it is only a paper outside the portal says, by the objection's number."""

    Channel = Channel

    channel = models.CharField("how it came", max_length=20, choices=Channel)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    rows_purged = models.PositiveIntegerField("rows taken out")
    partners_purged = models.PositiveIntegerField("partners whose rows they were")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            one_of("channel", Channel, "objection_channel"),
            together("objection_withdrawn_whole", "withdrawn_at", "withdrawn_by"),
            models.CheckConstraint(
                name="objection_rows_are_of_partners",
                condition=models.Q(rows_purged=0, partners_purged=0)
                | models.Q(rows_purged__gte=models.F("partners_purged"), partners_purged__gte=1),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="keeps_what_was_recorded",
                fields=["channel", "recorded_at", "recorded_by", "rows_purged", "partners_purged"],
            ),
            pgtrigger.Protect(
                name="withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Objection {self.pk}"


class ObjectionWriting(models.Model):
    """Who objected, as pseudonyms under one version of the key. Gone once the objection is withdrawn."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="writings")
    partner = models.ForeignKey("partners.Organisation", models.PROTECT, null=True, related_name="+")
    key_version = models.PositiveSmallIntegerField()
    packed = models.BinaryField(help_text="See outcomes.registers.pseudonyms.")

    class Meta:
        ordering = ["objection", "key_version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["objection", "key_version", "packed"], name="objectionwriting_once"),
            models.CheckConstraint(
                name="objectionwriting_length",
                condition=models.Q(models.lookups.Exact(models.Func("packed", function="octet_length"), PACKED_BYTES)),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="kept_while_in_force",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM outcomes_objection o
                        WHERE o.id = OLD.objection_id AND o.withdrawn_at IS NULL) THEN
                        {refuse("objectionwriting_kept_while_in_force", "objection % is in force", "OLD.objection_id")}
                    END IF;
                    RETURN OLD;
                """,  # noqa: S608 - the names are ours
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection}, key version {self.key_version}"
