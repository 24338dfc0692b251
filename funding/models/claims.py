"""What partners claim in arrears, quarter by quarter, with the evidence for it. Money is whole pence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pghistory
import pgtrigger
from django.db import models

from funding.models.awards import PaidBy, alike
from partners.permissions import Permission
from vru_portal.core.constraints import one_of, together
from vru_portal.core.file_kinds import FileKind
from vru_portal.core.money import pounds
from vru_portal.core.periods import Month, Quarter

# A claim is due so many days after the last day of its quarter.
DUE_AFTER = timedelta(days=30)
MOST_FILES = 10
MOST_FILE_BYTES = 10 * 1024 * 1024


class ClaimState(models.TextChoices):
    DRAFT = "draft", "Draft"
    SENT = "sent", "Sent"
    QUERIED = "queried", "Queried"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"


_S = ClaimState
# While it is the partner's turn its lines and files may change.
OPEN_STATES = frozenset({_S.DRAFT, _S.QUERIED})
# From each state to those that may follow; "" is before the first step.
TRANSITIONS: dict[str, frozenset[str]] = {
    "": frozenset({_S.DRAFT}),
    _S.DRAFT: frozenset({_S.SENT}),
    _S.SENT: frozenset({_S.QUERIED, _S.APPROVED, _S.DECLINED}),
    _S.QUERIED: frozenset({_S.SENT, _S.DECLINED}),
    _S.APPROVED: frozenset(),
    _S.DECLINED: frozenset(),
}
_LEGAL_STEPS = ", ".join(
    sorted(f"('{before}', '{after}')" for before, follow in TRANSITIONS.items() for after in follow)
)


class ClaimQuerySet(models.QuerySet):
    def visible_to(self, user) -> ClaimQuerySet:
        """What partners have sent, for those who may see the unit's money; its own for a partner, drafts too."""
        if user.may(Permission.VIEW_MONEY):
            return self.filter(steps__state=ClaimState.SENT).distinct()
        return self.filter(award__delivery__partner__in=user.organisations_where(Permission.VIEW_OWN_MONEY))

    def with_total(self) -> ClaimQuerySet:
        """Each with `total`, the sum of its lines; of one that was declined, what was sent last."""
        return self._with_total([ClaimState.DECLINED])

    def with_total_as_sent(self) -> ClaimQuerySet:
        """Each with `total` as the unit was last told: while a question is answered, nothing new is sent yet."""
        return self._with_total([ClaimState.QUERIED, ClaimState.DECLINED])

    def _with_total(self, as_sent: Sequence[ClaimState]) -> ClaimQuerySet:
        sent = ClaimStep.objects.filter(claim=models.OuterRef("pk"), state=ClaimState.SENT).order_by("-id")
        told = models.When(state__in=as_sent, then=models.Subquery(sent.values("amount_pence")[:1]))
        return self.annotate(total=models.Case(told, default=_sum_of_lines()))


def _sum_of_lines() -> models.functions.Coalesce:
    lines = ClaimLine.objects.filter(claim=models.OuterRef("pk")).order_by().values("claim")
    total = models.Subquery(lines.annotate(sum=models.Sum("amount_pence")).values("sum"))
    return models.functions.Coalesce(total, 0, output_field=models.BigIntegerField())


@pghistory.track(exclude=["answer"])
class Claim(models.Model):
    """What a delivery spent of an award in one quarter, as its partner says. Its steps say how it came to its state."""

    State = ClaimState

    award = models.ForeignKey("PartnerAward", models.PROTECT, related_name="claims")
    quarter = models.DateField(help_text="The first day of the quarter.")
    state = models.CharField(max_length=20, choices=ClaimState, default=ClaimState.DRAFT)
    answer = models.TextField(
        blank=True, max_length=2000, help_text="What the partner means to answer, until it is sent: its step keeps it."
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-quarter", "award"]
        constraints = [
            one_of("state", ClaimState, "claim_state"),
            models.UniqueConstraint(fields=["award", "quarter"], name="claim_once"),
            models.CheckConstraint(
                name="claim_quarter_begins",
                condition=models.Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="never_moves", fields=["award", "quarter"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_award",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NOT EXISTS (
                        SELECT 1 FROM funding_partneraward a WHERE a.id = NEW.award_id
                        AND a.approved_by_id IS NOT NULL AND a.amount_pence > 0 AND a.paid_by = '{PaidBy.CLAIMS}'
                        AND NEW.quarter <= a.ends_on AND NEW.quarter + interval '3 months' > a.starts_on) THEN
                        RAISE EXCEPTION 'claim_of_award: nothing can be claimed of it for %', NEW.quarter
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_of_award';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 (a choice of ours)
            ),
            # Looked at when the transaction ends, when both are written.
            pgtrigger.Trigger(
                name="agrees_with_steps",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM funding_claim c WHERE c.id = NEW.id AND c.state IS DISTINCT FROM (
                            SELECT s.state FROM funding_claimstep s WHERE s.claim_id = c.id
                            ORDER BY s.id DESC LIMIT 1)) THEN
                        RAISE EXCEPTION 'claim_agrees_with_steps: claim %', NEW.id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_agrees_with_steps';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} of {self.award}"

    def say_amounts(self, at: datetime) -> str:
        """For the history: what the claim asked for then; nothing before it was sent."""
        step = self.steps.filter(at__lte=at).order_by("id").last()
        return f"Amount {pounds(step.amount_pence)}" if step and step.amount_pence else ""

    @property
    def period(self) -> Quarter:
        return Month.of(self.quarter).quarter

    @property
    def is_open(self) -> bool:
        """It is the partner's turn."""
        return self.state in OPEN_STATES

    @property
    def is_declined_unanswered(self) -> bool:
        """What its partner changed to answer the last question was never sent."""
        return [step.state for step in self.steps.all()][-2:] == [ClaimState.QUERIED, ClaimState.DECLINED]


# The award year is locked, as for all that is decided about its money: of two claims at once the second sees what the
# first took. An award's own claims stay within it, and with its corrections all claims of the delivery do. Declined is
# what was sent: lines that changed since to answer a question were not.
_LEGAL = f"""
    SELECT a.* INTO award FROM funding_partneraward a JOIN funding_claim c ON c.award_id = a.id
    WHERE c.id = NEW.claim_id;
    PERFORM 1 FROM funding_awardyear WHERE id = award.award_year_id FOR UPDATE;
    SELECT s.state INTO before FROM funding_claimstep s WHERE s.claim_id = NEW.claim_id ORDER BY s.id DESC LIMIT 1;
    IF (COALESCE(before, ''), NEW.state) NOT IN ({_LEGAL_STEPS}) THEN
        RAISE EXCEPTION 'claimstep_legal: % does not follow %', NEW.state, before
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claimstep_legal';
    END IF;
    IF NEW.state = 'sent' AND (
        NOT EXISTS (SELECT 1 FROM funding_claimline l WHERE l.claim_id = NEW.claim_id)
        OR NOT EXISTS (SELECT 1 FROM funding_claimfile f WHERE f.claim_id = NEW.claim_id AND f.removed_at IS NULL)) THEN
        RAISE EXCEPTION 'claimstep_sent_with_evidence: amounts or files are missing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claimstep_sent_with_evidence';
    END IF;
    IF NEW.state = 'approved' THEN
        IF EXISTS (SELECT 1 FROM funding_claimstep s
                   WHERE s.claim_id = NEW.claim_id AND s.state = 'sent' AND s.by_id = NEW.by_id) THEN
            RAISE EXCEPTION 'claimstep_approved_by_another: who sent it does not approve it'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'claimstep_approved_by_another';
        END IF;
        SELECT COALESCE(sum(l.amount_pence) FILTER (WHERE c.award_id = award.id), 0), COALESCE(sum(l.amount_pence), 0)
        INTO of_award, of_all
        FROM funding_claimline l JOIN funding_claim c ON c.id = l.claim_id
        JOIN funding_partneraward a ON a.id = c.award_id
        WHERE {alike("a")} AND (c.state = 'approved' OR c.id = NEW.claim_id);
        SELECT COALESCE(sum(a.amount_pence), 0) INTO awarded FROM funding_partneraward a
        WHERE {alike("a")} AND a.approved_by_id IS NOT NULL;
        IF of_award > award.amount_pence OR of_all > awarded THEN
            RAISE EXCEPTION 'claimstep_within_award: % is awarded', awarded
                USING ERRCODE = 'check_violation', CONSTRAINT = 'claimstep_within_award';
        END IF;
    END IF;
    IF NEW.state = 'declined' THEN
        SELECT s.amount_pence INTO NEW.amount_pence FROM funding_claimstep s
        WHERE s.claim_id = NEW.claim_id AND s.state = 'sent' ORDER BY s.id DESC LIMIT 1;
        RETURN NEW;
    END IF;
    NEW.amount_pence := (
        SELECT COALESCE(sum(l.amount_pence), 0) FROM funding_claimline l WHERE l.claim_id = NEW.claim_id);
    RETURN NEW;
"""  # noqa: S608 (made of the table above and a fragment of ours)


class ClaimStep(models.Model):
    """The claim reached a state: who did it, when, what it asked for then, and the question or reason."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=20, choices=ClaimState)
    amount_pence = models.BigIntegerField(default=0, help_text="The sum of its lines, which the database writes down.")
    note = models.TextField(blank=True)
    by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["claim", "id"]
        constraints = [
            one_of("state", ClaimState, "claimstep_state"),
            models.CheckConstraint(
                name="claimstep_has_note",
                condition=~models.Q(state__in=[ClaimState.QUERIED, ClaimState.DECLINED], note=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="legal",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[
                    ("award", "funding_partneraward"),
                    ("before", "varchar"),
                    ("of_award", "bigint"),
                    ("of_all", "bigint"),
                    ("awarded", "bigint"),
                ],
                func=_LEGAL,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.claim}"


def _while_open(table: str, operation: pgtrigger.Operation, row: str = "NEW") -> pgtrigger.Trigger:
    """What was sent stays as it was sent. The claim's row is held, so that it is not sent in between."""
    return pgtrigger.Trigger(
        name=f"while_open_{row.lower()}",
        when=pgtrigger.Before,
        operation=operation,
        declare=[("turn", "varchar")],
        func=f"""
            SELECT c.state INTO turn FROM funding_claim c WHERE c.id = {row}.claim_id FOR SHARE;
            IF turn NOT IN ('draft', 'queried') THEN
                RAISE EXCEPTION '{table}_while_open: the claim is %', turn
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_while_open';
            END IF;
            RETURN {row};
        """,  # noqa: S608 (names of ours)
    )


class ClaimHeading(models.TextChoices):
    STAFF = "staff", "Staff"
    ACTIVITIES = "activities", "Activities"
    TRAVEL = "travel", "Travel"
    PREMISES = "premises", "Premises"
    EQUIPMENT = "equipment", "Equipment"
    OVERHEADS = "overheads", "Overheads"


@pghistory.track()
class ClaimLine(models.Model):
    """What was spent under one heading. What was spent on nothing has no line."""

    Heading = ClaimHeading

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines")
    heading = models.CharField(max_length=20, choices=ClaimHeading)
    amount_pence = models.BigIntegerField()

    class Meta:
        ordering = ["claim", "id"]
        constraints = [
            one_of("heading", ClaimHeading, "claimline_heading"),
            models.UniqueConstraint(fields=["claim", "heading"], name="claimline_heading_once"),
            models.CheckConstraint(name="claimline_amount_positive", condition=models.Q(amount_pence__gt=0)),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="never_moves", fields=["claim", "heading"]),
            _while_open("claimline", pgtrigger.Insert | pgtrigger.Update),
            _while_open("claimline", pgtrigger.Delete, "OLD"),
        ]

    def __str__(self) -> str:
        return self.get_heading_display()


class ClaimFileQuerySet(models.QuerySet):
    def visible_to(self, user) -> ClaimFileQuerySet:
        """Of the claims that the user may see; to the unit not what was added since it asked, until that is sent: never
        where the claim was declined before."""
        seen = self.filter(claim__in=Claim.objects.visible_to(user))
        if not user.may(Permission.VIEW_MONEY):
            return seen
        turns = ClaimStep.objects.filter(claim=models.OuterRef("claim")).exclude(state=ClaimState.DECLINED)
        turn = turns.order_by("-id")[:1]
        told = seen.alias(turn=models.Subquery(turn.values("state")), turned_at=models.Subquery(turn.values("at")))
        return told.exclude(turn=ClaimState.QUERIED, added_at__gt=models.F("turned_at"))

    def kept(self) -> ClaimFileQuerySet:
        return self.filter(removed_at__isnull=True)


@pghistory.track()
class ClaimFile(models.Model):
    """A piece of evidence. The file lies under a random name; what its sender called it is only known here. One that
    was removed leaves this row."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=FileKind, help_text="As its content says, whatever its name.")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100, unique=True)
    added_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey("partners.User", models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimFileQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "id"]
        constraints = [
            one_of("kind", FileKind, "claimfile_kind"),
            together("claimfile_removed_whole", "removed_by", "removed_at"),
            models.CheckConstraint(name="claimfile_size", condition=models.Q(size__gt=0, size__lte=MOST_FILE_BYTES)),
            models.UniqueConstraint(
                fields=["claim", "sha256"], condition=models.Q(removed_at__isnull=True), name="claimfile_once"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="only_removed", exclude=["removed_by", "removed_at"]),
            pgtrigger.Protect(
                name="removed_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__removed_at__isnull=False),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            _while_open("claimfile", pgtrigger.Insert | pgtrigger.Update),
            pgtrigger.Trigger(
                name="not_too_many",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    PERFORM 1 FROM funding_claim WHERE id = NEW.claim_id FOR UPDATE;
                    IF (SELECT count(*) FROM funding_claimfile f
                        WHERE f.claim_id = NEW.claim_id AND f.removed_at IS NULL) >= {MOST_FILES} THEN
                        RAISE EXCEPTION 'claimfile_not_too_many: {MOST_FILES} are kept'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'claimfile_not_too_many';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 (a number of ours)
            ),
        ]

    def __str__(self) -> str:
        return self.name
