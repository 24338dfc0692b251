"""What proves that the hidden numbers of a release cannot be told. Secret: no page and no file shows its worlds."""

from __future__ import annotations

import pgtrigger
from django.db import models


class Certificate(models.Model):
    """Invented populations that come to everything a release publishes and not to what it hides.

    The first is made with its release and holds the truth alone, which already is one side of some hidden numbers; the
    next when other populations were looked for; and one more, if some are left, when it was looked for what to hide.
    """

    release = models.ForeignKey("Release", models.PROTECT, related_name="certificates")
    number = models.PositiveSmallIntegerField()
    output_fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the reach.csv that it was made of.")
    made_with = models.JSONField(default=list, help_text="The releases that it was made of too, as `attacked_with`.")
    is_searched = models.BooleanField(help_text="Whether other populations than the true one were looked for.")
    looked_further = models.BooleanField(
        default=False, help_text="Whether it was looked for what more would have to be hidden for all to be proven."
    )
    worlds = models.BinaryField(help_text="How each population differs from the true one: JSON in gzip. Secret.")
    world_count = models.PositiveIntegerField()
    numbers = models.PositiveIntegerField(
        help_text="Hidden numbers of all these releases that protect somebody and that no earlier one tells."
    )
    proven = models.PositiveIntegerField(help_text="Those that could be large, and one or none, for all that is told.")
    unproven = models.JSONField(
        default=list, help_text="The others: [release, row, end, the published numbers in the way]."
    )
    further = models.JSONField(
        default=list,
        help_text="What would have to be hidden too for all to be proven: [row, end, the hidden number in whose way].",
    )
    further_worlds = models.BinaryField(
        default=b"", help_text="As `worlds`: what proves the others once that is hidden. Secret."
    )
    code_version = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["release", "number"]
        constraints = [
            models.UniqueConstraint(fields=["release", "number"], name="certificate_number_once"),
            models.CheckConstraint(
                name="certificate_proven_among_numbers", condition=models.Q(proven__lte=models.F("numbers"))
            ),
            models.CheckConstraint(
                name="certificate_further_only_if_unproven",
                condition=models.Q(further=[], further_worlds=b"")
                | models.Q(looked_further=True, proven__lt=models.F("numbers")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_its_release",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.proven + jsonb_array_length(NEW.unproven) <> NEW.numbers OR NOT EXISTS (
                        SELECT 1 FROM outcomes_release r
                        WHERE r.id = NEW.release_id AND r.output_fingerprint = NEW.output_fingerprint
                          AND r.attacked_with = NEW.made_with) THEN
                        RAISE EXCEPTION 'certificate_of_its_release: it is not of what release % publishes',
                                NEW.release_id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_of_its_release';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Certificate {self.number} of {self.release}"

    @property
    def is_whole(self) -> bool:
        return self.proven == self.numbers
