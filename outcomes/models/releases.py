"""Reach releases: what was published, from which returns, and every figure of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

import pghistory
import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from vru_portal.core.constraints import first_of_month, in_order, in_this_transaction, one_of, together
from vru_portal.core.periods import Month


def written_with_its_release(table: str) -> pgtrigger.Trigger:
    """What a release is made of is written in its own transaction, and nothing is added to it later."""
    return pgtrigger.Trigger(
        name="with_its_release",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(new="added"),
        func=f"""
            IF EXISTS (
                SELECT 1 FROM outcomes_release r
                WHERE r.id IN (SELECT release_id FROM added) AND NOT {in_this_transaction("r")}) THEN
                RAISE EXCEPTION '{table}_with_its_release: a release is never added to'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_with_its_release';
            END IF;
            RETURN NULL;
        """,  # noqa: S608 - the names are ours
    )


class ReleaseQuerySet(models.QuerySet):
    def approved(self) -> ReleaseQuerySet:
        """Public, or public once their day comes. Not those that were stopped before it came."""
        return self.kept().filter(approved_at__isnull=False)

    def published(self, at: datetime | None = None) -> ReleaseQuerySet:
        """What everybody may see, now (by the database's clock) or at a moment. Until then nobody but the unit and
        those who were given it early learns that a release is approved."""
        return self.kept().filter(public_at__lte=at or Now())

    def under_embargo(self, at: datetime | None = None) -> ReleaseQuerySet:
        return self.kept().filter(public_at__gt=at or Now())

    def stopped(self) -> ReleaseQuerySet:
        return self.filter(approved_at__isnull=False, discarded_at__isnull=False)

    def known_outside(self) -> ReleaseQuerySet:
        """What somebody outside the unit knows, or will: what is approved, and what was read early and then stopped."""
        read = models.Q(early_access__readings__isnull=False)
        return self.filter(models.Q(discarded_at__isnull=True) | read, approved_at__isnull=False).distinct()

    def kept(self) -> ReleaseQuerySet:
        """Without those that were discarded, which stay on record and are no longer used."""
        return self.filter(discarded_at__isnull=True)

    def called(self, code: str) -> ReleaseQuerySet:
        """By `Release.code`; none if it is no code of a release."""
        month, _, number = code.partition(".")
        try:
            return self.filter(month=Month.parse(month).first, number=int(number))
        except ValueError:
            return self.none()

    def visible_to(self, user) -> ReleaseQuerySet:
        from partners.permissions import Permission

        if user.may(Permission.VIEW_UNPUBLISHED_RELEASE):
            return self
        if user.may(Permission.VIEW_PUBLISHED_RELEASE):
            return self.published()
        return self.none()


class ReleaseStatus(models.TextChoices):
    PROVISIONAL = "provisional", "Provisional"
    REVISED = "revised", "Revised"
    FINAL = "final", "Final"


@pghistory.track()
class Release(models.Model):
    """The reach up to and with a month, numbered. Never edited; producing it again gives the same bytes."""

    Status = ReleaseStatus

    month = models.DateField(help_text="The last month that it covers; it begins in April of that financial year.")
    number = models.PositiveSmallIntegerField(help_text="1 for the first release of the month, 2 for its revision.")
    status = models.CharField(max_length=20, choices=Status)
    policy = models.ForeignKey("Policy", models.PROTECT, related_name="releases")
    code_version = models.CharField(max_length=80)
    input_fingerprint = models.CharField(max_length=64, help_text="SHA-256 of what it was made from.")
    ledger_position = models.BigIntegerField(
        default=0, help_text="The last entry of the ledger of links that it was made with; 0: no registers."
    )
    contacts = models.PositiveIntegerField(
        default=0, help_text="Rows of registers that it was made of; objections may take some out later."
    )
    frame = models.JSONField(
        default=dict,
        help_text="Programmes, deliveries with the months they owed, and categories as they were, to make it again.",
    )
    output_fingerprint = models.CharField(max_length=64, help_text="SHA-256 of reach.csv.")
    labels = models.JSONField(
        default=dict,
        help_text="Codes and names of programmes and categories as they were, by id: renaming changes no release.",
    )
    compared_with = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="What was public of the same months, or the first of them, when it was made.",
    )
    account = models.JSONField(
        default=dict,
        help_text="What is said beside its figures: who sent everything, what changed and why, what breaks.",
    )
    hidden_beside = models.JSONField(
        default=list,
        help_text="Numbers hidden beside small ones: row, end, and [release, row, end] that could be told without it.",
    )
    told = models.JSONField(
        null=True,
        help_text="Hidden numbers that can be told even so: [release, row, end] of each; of activity and networks "
        "[release, key, file]. Empty: it was not attacked.",
    )
    told_before = models.JSONField(
        default=list,
        help_text="Hidden numbers that earlier releases tell for ever, as far without it: of each the same as of those "
        "that can be told. Before this was kept they stood among those that can be told.",
    )
    attacked_with = models.JSONField(
        default=list,
        help_text="The approved releases of its financial year that it was attacked together with, by id: release 0, 1 "
        "and so on of those lists; after them comes this one.",
    )
    # Empty when the clock produced it.
    produced_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="releases_produced")
    produced_at = models.DateTimeField()
    approved_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="releases_approved")
    approved_at = models.DateTimeField(null=True)
    unproven_reason = models.TextField(
        blank=True, help_text="Why it was approved although its certificate does not prove every hidden number."
    )
    told_before_reason = models.TextField(
        blank=True, help_text="Why it was approved although earlier releases tell hidden numbers for ever."
    )
    public_at = models.DateTimeField(null=True, help_text="Decided when it is approved; under embargo until then.")
    # Instead of approving it, or of letting its day come (then it was stopped): it is kept and never published.
    discarded_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    discarded_at = models.DateTimeField(null=True)
    discarded_reason = models.TextField(blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["month", "number"], name="release_number_once"),
            first_of_month("month", "release_month_is_first_day"),
            one_of("status", ReleaseStatus, "release_status"),
            together("release_approved_whole", "approved_by", "approved_at", "public_at"),
            in_order("approved_at", "public_at", "release_public_once_approved"),
            models.CheckConstraint(
                name="release_unproven_once_approved",
                condition=models.Q(unproven_reason="") | models.Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="release_told_before_with_reason",
                condition=models.Q(models.Q(approved_at__isnull=True) | models.Q(told_before=[]), told_before_reason="")
                | (models.Q(approved_at__isnull=False) & ~models.Q(told_before=[]) & ~models.Q(told_before_reason="")),
            ),
            models.CheckConstraint(
                name="release_final_of_march",
                condition=~models.Q(status="final") | models.Q(month__month=3),
            ),
            models.CheckConstraint(
                name="release_approved_by_another",
                condition=models.Q(produced_by__isnull=True)
                | models.Q(approved_by__isnull=True)
                | ~models.Q(produced_by=models.F("approved_by")),
            ),
            together("release_discarded_whole", "discarded_by", "discarded_at"),
            models.CheckConstraint(
                name="release_discarded_with_reason",
                condition=models.Q(discarded_at__isnull=True, discarded_reason="")
                | (models.Q(discarded_at__isnull=False) & ~models.Q(discarded_reason="")),
            ),
            models.CheckConstraint(
                name="release_discarded_never_public",
                condition=models.Q(discarded_at__isnull=True)
                | models.Q(approved_at__isnull=True)
                | models.Q(discarded_at__gt=models.F("approved_at"), discarded_at__lt=models.F("public_at")),
            ),
        ]
        triggers = [
            # The only changes that a release ever sees: it is approved or discarded, and what is approved is stopped.
            pgtrigger.Trigger(
                name="never_edited",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.discarded_at IS NULL
                       AND (OLD.approved_at IS NULL
                            OR (NEW.approved_at, NEW.approved_by_id, NEW.public_at, NEW.unproven_reason,
                                NEW.told_before_reason)
                             = (OLD.approved_at, OLD.approved_by_id, OLD.public_at, OLD.unproven_reason,
                                OLD.told_before_reason))
                       AND (to_jsonb(NEW) - ARRAY['approved_at', 'approved_by_id', 'public_at', 'discarded_at',
                                                  'discarded_by_id', 'discarded_reason', 'unproven_reason',
                                                  'told_before_reason'])
                         = (to_jsonb(OLD) - ARRAY['approved_at', 'approved_by_id', 'public_at', 'discarded_at',
                                                  'discarded_by_id', 'discarded_reason', 'unproven_reason',
                                                  'told_before_reason']) THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'release_never_edited: release % is never edited', OLD.id
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'release_never_edited';
                """,
            ),
            pgtrigger.Trigger(
                name="approved_after_it_was_produced",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__approved_at__isnull=False),
                func="""
                    RAISE EXCEPTION 'release_approved_after_it_was_produced: a release begins without approval'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'release_approved_after_it_was_produced';
                """,
            ),
            # A final release ends its financial year: nothing of that is produced or approved after it.
            pgtrigger.Trigger(
                name="year_is_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF (TG_OP = 'INSERT' OR (OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL)) AND EXISTS (
                        SELECT 1 FROM outcomes_release r
                        WHERE r.id <> NEW.id AND r.status = 'final'
                          AND r.approved_at IS NOT NULL AND r.discarded_at IS NULL
                          AND NEW.month <= r.month AND NEW.month > r.month - interval '1 year') THEN
                        RAISE EXCEPTION 'release_year_is_final: a final release of this financial year is approved'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_year_is_final';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # Never before the day that was announced, nor before an earlier one of its year, whose months it holds.
            pgtrigger.Trigger(
                name="public_as_announced",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__approved_at__isnull=True, new__approved_at__isnull=False),
                func="""
                    IF NEW.public_at < (
                        SELECT d.public_at FROM outcomes_announceddate d
                        WHERE d.month = NEW.month ORDER BY d.number DESC LIMIT 1)
                    OR NEW.public_at < (
                        SELECT max(r.public_at) FROM outcomes_release r
                        WHERE r.month <= NEW.month AND r.discarded_at IS NULL
                          AND date_trunc('year', r.month - interval '3 months')
                            = date_trunc('year', NEW.month - interval '3 months')) THEN
                        RAISE EXCEPTION 'release_public_as_announced: it is not public before its day'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_public_as_announced';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # By the clock on the wall and not that of the transaction; the last minute is left for it to be committed.
            pgtrigger.Trigger(
                name="stopped_before_it_is_public",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__approved_at__isnull=False, new__discarded_at__isnull=False),
                func="""
                    IF clock_timestamp() > OLD.public_at - interval '1 minute' THEN
                        RAISE EXCEPTION 'release_stopped_before_it_is_public: release % is public', OLD.id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_stopped_before_it_is_public';
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM outcomes_release r
                        WHERE r.approved_at IS NOT NULL AND r.discarded_at IS NULL
                          AND r.month >= OLD.month AND r.attacked_with @> to_jsonb(OLD.id)) THEN
                        RAISE EXCEPTION 'release_stopped_the_last_first: another was approved upon release %', OLD.id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_stopped_the_last_first';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # It was attacked together with all that is known of its financial year outside the unit, and tells nothing
            # hidden. What the others tell without it is published for a reason: `release_told_before_with_reason`.
            pgtrigger.Trigger(
                name="attacked_before_it_is_approved",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__approved_at__isnull=True, new__approved_at__isnull=False),
                func="""
                    IF NEW.told IS DISTINCT FROM '[]'::jsonb OR NEW.attacked_with IS DISTINCT FROM (
                        SELECT coalesce(jsonb_agg(r.id ORDER BY r.id), '[]') FROM outcomes_release r
                        WHERE r.id <> NEW.id AND r.approved_at IS NOT NULL
                          AND (r.discarded_at IS NULL OR EXISTS (
                              SELECT 1 FROM outcomes_earlyaccess a JOIN outcomes_earlyreading e ON e.access_id = a.id
                              WHERE a.release_id = r.id))
                          AND date_trunc('year', r.month - interval '3 months')
                            = date_trunc('year', NEW.month - interval '3 months')) THEN
                        RAISE EXCEPTION 'release_attacked_before_it_is_approved: what it hides may be told'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_attacked_before_it_is_approved';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # What is not proven of it is published for a reason that somebody gave.
            pgtrigger.Trigger(
                name="proven_before_it_is_approved",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__approved_at__isnull=True, new__approved_at__isnull=False),
                func="""
                    IF NOT coalesce((
                        SELECT c.output_fingerprint = NEW.output_fingerprint AND c.made_with = NEW.attacked_with
                               AND (c.proven = c.numbers) = (NEW.unproven_reason = '')
                        FROM outcomes_certificate c
                        WHERE c.release_id = NEW.id ORDER BY c.number DESC LIMIT 1), false) THEN
                        RAISE EXCEPTION 'release_proven_before_it_is_approved: what it hides is not proven'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_proven_before_it_is_approved';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Reach to {self.month:%B %Y}, release {self.number}"

    @property
    def code(self) -> str:
        """As 2021-12.2: its last month and its number."""
        return f"{self.month:%Y-%m}.{self.number}"

    @property
    def first_day(self) -> date:
        return Month.of(self.month).financial_year.first

    @property
    def last_day(self) -> date:
        return Month.of(self.month).last

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None

    @property
    def is_published(self) -> bool:
        """As `ReleaseQuerySet.published`."""
        return self.public_at is not None and self.public_at <= timezone.now() and not self.is_discarded

    @property
    def is_under_embargo(self) -> bool:
        return self.is_approved and not self.is_published and not self.is_discarded

    @property
    def is_discarded(self) -> bool:
        return self.discarded_at is not None

    @property
    def is_stopped(self) -> bool:
        """Approved, and never public: an error was found before its day came."""
        return self.is_approved and self.is_discarded

    @property
    def is_decided(self) -> bool:
        return self.is_approved or self.is_discarded

    def programme_label(self, pk: int | None) -> Label:
        return _label(self.labels["programmes"], pk, "All programmes")

    def district_label(self, pk: int | None) -> Label:
        return _label(self.labels["categories"], pk, "All districts")

    def age_label(self, pk: int | None) -> Label:
        return _label(self.labels["categories"], pk, "All ages")


class Label(NamedTuple):
    code: str
    name: str


def _label(labels: dict[str, list[str]], pk: int | None, everything: str) -> Label:
    return Label("all", everything) if pk is None else Label(*labels[str(pk)])


class ReleaseInput(models.Model):
    """An accepted version that a release was made of."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="inputs")
    version = models.ForeignKey("ReturnVersion", models.PROTECT, related_name="releases")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "version"], name="releaseinput_once")]
        triggers = [
            written_with_its_release("releaseinput"),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.version} in {self.release}"


class ReleaseFile(models.Model):
    """A file of a release as it was written: the same bytes for ever, whatever code runs later."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="files")
    name = models.CharField(max_length=80)
    size = models.PositiveIntegerField(help_text="In bytes, before compression.")
    sha256 = models.CharField(max_length=64)
    compressed = models.BinaryField(help_text="gzip")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "name"], name="releasefile_once")]
        triggers = [
            written_with_its_release("releasefile"),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.release}"
