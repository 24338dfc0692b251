"""Registers as they are kept: contacts by day and place, with pseudonyms in place of who was met.

Nothing here identifies anybody to whoever has not the key. Pseudonyms stay personal data all the same.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from outcomes.models.return_rules import refuse
from outcomes.registers.pseudonyms import PACKED_BYTES
from programmes.models import Rung
from vru_portal.core.constraints import in_this_transaction, one_of, together


class RegisterIdentity(models.Model):
    """One way in which one partner wrote somebody, as pseudonyms under one version of the key.

    While a new key takes over, each row is written under both. The writing under the new one `renews` that under the
    old one, which its contact names: the two are of one row.
    """

    partner = models.ForeignKey("partners.Organisation", models.PROTECT, related_name="+")
    key_version = models.PositiveSmallIntegerField()
    packed = models.BinaryField(help_text="See outcomes.registers.pseudonyms.")
    renews = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        related_name="renewed_by",
        db_index=False,  # the constraint has the index
        help_text="The same under the key before.",
    )
    objection = models.ForeignKey(
        "Objection",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,  # no row keeps one: it goes in the same transaction
        help_text="Whose it is has objected: it is being taken out, and its contacts with it.",
    )

    class Meta:
        verbose_name_plural = "register identities"
        constraints = [
            models.UniqueConstraint(
                fields=["renews"], name="registeridentity_renewed_once", condition=models.Q(renews__isnull=False)
            ),
            models.UniqueConstraint(fields=["partner", "key_version", "packed"], name="registeridentity_once"),
            models.CheckConstraint(
                name="registeridentity_length",
                condition=models.Q(models.lookups.Exact(models.Func("packed", function="octet_length"), PACKED_BYTES)),
            ),
        ]
        triggers = [
            # What it renews may be said later, since a row of last year may arrive late; and that somebody objected.
            pgtrigger.Protect(
                name="append_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__partner__df=pgtrigger.F("new__partner"))
                | pgtrigger.Q(old__key_version__df=pgtrigger.F("new__key_version"))
                | pgtrigger.Q(old__packed__df=pgtrigger.F("new__packed"))
                | pgtrigger.Q(old__renews__isnull=False, old__renews__df=pgtrigger.F("new__renews"))
                | pgtrigger.Q(old__objection__isnull=False),
            ),
            # An objection takes out what is there as it is recorded, and nothing ever after.
            pgtrigger.Trigger(
                name="objection_as_it_is_recorded",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__objection__isnull=False),
                func=f"""
                    IF NOT EXISTS (
                        SELECT 1 FROM outcomes_objection o
                        WHERE o.id = NEW.objection_id AND {in_this_transaction("o")}) THEN
                        {refuse("registeridentity_objection_as_it_is_recorded", "objection %", "NEW.objection_id")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - the names are ours
            ),
            pgtrigger.Trigger(
                name="renews_an_older_one",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__renews__isnull=False),
                func=f"""
                    IF NOT EXISTS (
                        SELECT 1 FROM outcomes_registeridentity i
                        WHERE i.id = NEW.renews_id AND i.partner_id = NEW.partner_id
                        AND i.key_version < NEW.key_version) THEN
                        {refuse("registeridentity_renews_an_older_one", "% is not the same partner’s", "NEW.renews_id")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - the names are ours
            ),
        ]

    def __str__(self) -> str:
        return f"Pseudonym {self.pk}"


class RegisterFileState(models.TextChoices):
    STAGED = "staged", "Waits to be confirmed"
    TAKEN = "taken", "Part of the register"
    REMOVED = "removed", "Taken out again"


@pghistory.track()
class RegisterFile(models.Model):
    """A file, some pasted rows or one typed row, whose contacts are part of a return's register once confirmed.

    The file itself is kept nowhere, nor its name, which may be somebody's.
    """

    State = RegisterFileState

    version = models.ForeignKey("ReturnVersion", models.PROTECT, related_name="register_files")
    state = models.CharField(max_length=10, choices=State, default=State.STAGED)
    digest = models.CharField(max_length=64, help_text="A keyed hash of what was sent: the same again changes nothing.")
    rows_read = models.PositiveIntegerField()
    rows_refused = models.PositiveIntegerField()
    staged_at = models.DateTimeField()
    staged_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["version", "pk"]
        constraints = [
            one_of("state", RegisterFileState, "registerfile_state"),
            models.UniqueConstraint(
                fields=["version", "digest"], name="registerfile_once", condition=models.Q(state="taken")
            ),
            together("registerfile_taken_whole", "taken_at", "taken_by"),
            together("registerfile_removed_whole", "removed_at", "removed_by"),
            models.CheckConstraint(
                name="registerfile_state_is_dated",
                condition=models.Q(state="staged", taken_at__isnull=True, removed_at__isnull=True)
                | models.Q(state="taken", taken_at__isnull=False, removed_at__isnull=True)
                | models.Q(state="removed", taken_at__isnull=False, removed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="registerfile_refused_were_read", condition=models.Q(rows_refused__lte=models.F("rows_read"))
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="keeps_what_it_is",
                fields=["version", "digest", "rows_read", "rows_refused", "staged_at", "staged_by"],
            ),
            # A register changes only while its return may be written.
            pgtrigger.Trigger(
                name="of_an_open_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("found", "text")],
                func=f"""
                    SELECT v.state INTO found FROM outcomes_returnversion v WHERE v.id = NEW.version_id FOR SHARE;
                    IF found NOT IN ('draft', 'returned') THEN
                        {refuse("registerfile_of_an_open_version", "the return is %", "found")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - the names are ours
            ),
            # What was never confirmed goes; what was part of a register stays on record.
            pgtrigger.Protect(
                name="kept_once_taken",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["taken", "removed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}, file {self.pk}"


class RegisterContactQuerySet(models.QuerySet):
    def confirmed(self) -> RegisterContactQuerySet:
        """Without what only waits for an answer."""
        return self.exclude(file__state=RegisterFileState.STAGED)


class RegisterContact(models.Model):
    """Somebody was met: one row of a register."""

    file = models.ForeignKey(RegisterFile, models.CASCADE, related_name="contacts")
    row = models.PositiveIntegerField(help_text="As the spreadsheet numbers it.")
    identity = models.ForeignKey(RegisterIdentity, models.PROTECT, related_name="contacts")
    contact_on = models.DateField()
    kind = models.CharField(max_length=20, choices=Rung)
    setting = models.ForeignKey("programmes.Setting", models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveSmallIntegerField(null=True)
    age = models.PositiveSmallIntegerField(null=True, help_text="On 1 April of the financial year.")
    age_band = models.ForeignKey("Category", models.PROTECT, related_name="+")
    sex = models.ForeignKey("Category", models.PROTECT, related_name="+")
    ethnicity = models.ForeignKey("Category", models.PROTECT, related_name="+")
    district = models.ForeignKey("Category", models.PROTECT, related_name="+")
    referred_to = models.CharField(max_length=500, blank=True)

    objects = RegisterContactQuerySet.as_manager()

    class Meta:
        ordering = ["file", "row"]
        constraints = [
            one_of("kind", Rung, "registercontact_kind"),
            models.CheckConstraint(
                name="registercontact_age", condition=models.Q(age__isnull=True) | models.Q(age__lte=120)
            ),
            models.CheckConstraint(
                name="registercontact_minutes", condition=models.Q(minutes__isnull=True) | models.Q(minutes__lte=1440)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="kept_once_taken",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM outcomes_registerfile f WHERE f.id = OLD.file_id AND f.state <> 'staged')
                    AND NOT EXISTS (
                        SELECT 1 FROM outcomes_registeridentity i
                        WHERE i.id = OLD.identity_id AND i.objection_id IS NOT NULL) THEN
                        {refuse("registercontact_kept_once_taken", "contact % is part of a register", "OLD.id")}
                    END IF;
                    RETURN OLD;
                """,  # noqa: S608 - the names are ours
            ),
            # Once for all rows that are written together.
            pgtrigger.Trigger(
                name="of_its_month",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="added"),
                declare=[("stray", "date")],
                func=f"""
                    SELECT a.contact_on INTO stray FROM added a
                    JOIN outcomes_registerfile f ON f.id = a.file_id
                    JOIN outcomes_returnversion v ON v.id = f.version_id
                    JOIN outcomes_obligation o ON o.id = v.obligation_id
                    WHERE f.state <> 'staged' OR date_trunc('month', a.contact_on::timestamp)::date <> o.month LIMIT 1;
                    IF FOUND THEN
                        {refuse("registercontact_of_its_month", "% is of another month", "stray")}
                    END IF;
                    RETURN NULL;
                """,  # noqa: S608 - the names are ours
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}"
