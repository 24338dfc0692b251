"""When a release becomes public: the days that are announced, and who may read one before its day."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from vru_portal.core.constraints import first_of_month, together


class AnnouncedDate(models.Model):
    """On which day and at what time the first release of a month becomes public, said beforehand.

    Moving it is a new row with a reason. What was announced is never edited.
    """

    month = models.DateField(help_text="The last month that the release covers.")
    number = models.PositiveSmallIntegerField(help_text="1 for what was announced first, 2 once it was moved.")
    public_at = models.DateTimeField()
    reason = models.TextField(blank=True, help_text="Why it was moved.")
    # Empty when the clock announced it.
    announced_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    announced_at = models.DateTimeField()

    class Meta:
        ordering = ["-month", "-number"]
        constraints = [
            first_of_month("month", "announceddate_month_is_first_day"),
            models.UniqueConstraint(fields=["month", "number"], name="announceddate_number_once"),
            models.CheckConstraint(
                name="announceddate_beforehand", condition=models.Q(public_at__gt=models.F("announced_at"))
            ),
            models.CheckConstraint(
                name="announceddate_moved_with_reason",
                condition=models.Q(number=1, reason="") | (models.Q(number__gt=1) & ~models.Q(reason="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            # An approved release keeps the day on which it becomes public, so the calendar must not say another.
            pgtrigger.Trigger(
                name="before_approval",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM outcomes_release r
                               WHERE r.month = NEW.month
                                 AND r.approved_at IS NOT NULL AND r.discarded_at IS NULL) THEN
                        RAISE EXCEPTION 'announceddate_before_approval: a release of the month is approved'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'announceddate_before_approval';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Day of the release to {self.month:%B %Y}"


@pghistory.track()
class EarlyAccess(models.Model):
    """Somebody outside the unit who may read a release once it is approved and before it is public, and why."""

    release = models.ForeignKey("Release", models.PROTECT, related_name="early_access")
    user = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    reason = models.TextField()
    granted_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    ended_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["granted_at", "pk"]
        verbose_name_plural = "early access"
        constraints = [
            models.UniqueConstraint(
                fields=["release", "user"],
                condition=models.Q(ended_at__isnull=True),
                name="earlyaccess_once",
                violation_error_message="They are on the list already.",
            ),
            models.CheckConstraint(name="earlyaccess_with_reason", condition=~models.Q(reason="")),
            together("earlyaccess_ended_whole", "ended_by", "ended_at"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="never_edited",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.ended_at IS NULL
                       AND (to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id'])
                         = (to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id']) THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'earlyaccess_never_edited: it only ends, once'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'earlyaccess_never_edited';
                """,
            ),
            pgtrigger.Trigger(
                name="before_it_is_public",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM outcomes_release r WHERE r.id = NEW.release_id
                               AND (r.public_at <= NEW.granted_at OR r.discarded_at IS NOT NULL)) THEN
                        RAISE EXCEPTION 'earlyaccess_before_it_is_public: the release is public or discarded'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'earlyaccess_before_it_is_public';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.release}"


class EarlyReading(models.Model):
    """They read it, on this day: the first time of the day is kept."""

    access = models.ForeignKey(EarlyAccess, models.PROTECT, related_name="readings")
    day = models.DateField()
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["read_at"]
        constraints = [models.UniqueConstraint(fields=["access", "day"], name="earlyreading_once_a_day")]
        triggers = [
            pgtrigger.Trigger(
                name="under_embargo",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM outcomes_earlyaccess a JOIN outcomes_release r ON r.id = a.release_id
                        WHERE a.id = NEW.access_id AND a.ended_at IS NULL AND r.discarded_at IS NULL
                          AND r.approved_at <= NEW.read_at AND NEW.read_at < r.public_at) THEN
                        RAISE EXCEPTION 'earlyreading_under_embargo: it is read early only while it is under embargo'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'earlyreading_under_embargo';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.access}: {self.day}"
