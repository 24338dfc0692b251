"""The jobs that produce releases, each asked for by somebody or by the clock."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from outcomes.models.releases import Release
from vru_portal.core.constraints import first_of_month, one_of


class ReleaseRunState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"
    FAILED = "failed", "Failed"


@pghistory.track()
class ReleaseRun(models.Model):
    """Somebody, or the clock, asked for a month's release. The job's progress is read from here."""

    State = ReleaseRunState

    month = models.DateField()
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    requested_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    stage = models.CharField(max_length=80, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    beat_at = models.DateTimeField(help_text="When the job was last heard of.")
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="runs")
    proves = models.ForeignKey(
        Release,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The release that is produced again with what is hidden further for all to be proven.",
    )
    found_unchanged = models.BooleanField(default=False, help_text="Nothing had changed; no new release was made.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker has begun it.")
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            first_of_month("month", "releaserun_month_is_first_day"),
            one_of("state", ReleaseRunState, "releaserun_state"),
            models.CheckConstraint(name="releaserun_percent", condition=models.Q(percent__lte=100)),
            models.UniqueConstraint(
                fields=["month"],
                name="releaserun_one_open",
                condition=models.Q(state__in=["queued", "running"]),
            ),
            models.CheckConstraint(
                name="releaserun_finished_with_release",
                condition=~models.Q(state="finished") | models.Q(release__isnull=False),
            ),
        ]

        triggers = [
            pgtrigger.Trigger(
                name="proves_its_month",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF (TG_OP = 'UPDATE' AND NEW.proves_id IS DISTINCT FROM OLD.proves_id)
                       OR (NEW.proves_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM outcomes_release r WHERE r.id = NEW.proves_id AND r.month = NEW.month)) THEN
                        RAISE EXCEPTION 'releaserun_proves_its_month: it proves a release of its month from the start'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'releaserun_proves_its_month';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Run for {self.month:%B %Y}"
