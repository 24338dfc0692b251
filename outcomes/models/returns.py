"""Obligations, the numbered versions of their returns, and what each submission said.

A version travels `draft → submitted → returned → submitted → accepted` (or ends `superseded` or `void`); until it is
decided, who sent it may take it back. Each time it
is sent, a `Submission` is written and never changed, so that nothing which a partner sent is overwritten.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from outcomes.models import return_rules as rules
from outcomes.models.policy import Category
from outcomes.models.return_rules import ReturnVersionState
from outcomes.models.unlock_rules import SENT_UNDER_AN_UNLOCK, UNDER_AN_UNLOCK
from partners.permissions import Permission
from programmes.calendar import owed_in
from programmes.models import CountingBasis
from vru_portal.core.constraints import first_of_month, one_of, together
from vru_portal.core.periods import Month


class ObligationQuerySet(models.QuerySet):
    def visible_to(self, user) -> ObligationQuerySet:
        """All for those who may see every partner's returns, its own for a partner."""
        if user.may(Permission.VIEW_ALL_RETURNS):
            return self
        return self.filter(delivery__partner__in=user.organisations_where(Permission.VIEW_OWN_RETURNS))

    def expected(self) -> ObligationQuerySet:
        """Without the months of which nothing was sent and for which, as it is now known, nothing is owed: the
        delivery did not run, its partner had closed, or its schools had holidays."""
        sent = Submission.objects.filter(version__obligation=models.OuterRef("pk"))
        return self.filter(owed_in("month", "delivery__") | models.Exists(sent))

    def owed(self) -> ObligationQuerySet:
        """Expected, and not waived."""
        return self.expected().filter(waived_at__isnull=True)

    def met(self) -> ObligationQuerySet:
        """With an accepted return."""
        return self.filter(versions__state=ReturnVersion.State.ACCEPTED)

    def unsent(self) -> ObligationQuerySet:
        """Owed, and nothing sent that is waiting or accepted: still the partner's turn."""
        sent = ReturnVersion.objects.filter(
            obligation=models.OuterRef("pk"),
            state__in=[ReturnVersion.State.SUBMITTED, ReturnVersion.State.ACCEPTED],
        )
        return self.owed().filter(~models.Exists(sent))

    def late(self, today) -> ObligationQuerySet:
        """Past their day, and never sent or taken back. What the unit has returned is not late: it came once."""
        returned = ReturnVersion.objects.filter(obligation=models.OuterRef("pk"), state=ReturnVersion.State.RETURNED)
        return self.unsent().filter(~models.Exists(returned), due_date__lt=today)


@pghistory.track()
class Obligation(models.Model):
    """A delivery owes a return for a month. Exists before anybody types."""

    delivery = models.ForeignKey("programmes.Delivery", models.PROTECT, related_name="obligations")
    month = models.DateField()
    due_date = models.DateField()
    opened_at = models.DateTimeField()
    waived_at = models.DateTimeField(null=True)
    waived_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    waived_reason = models.TextField(blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "delivery"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "month"], name="obligation_once"),
            first_of_month("month", "obligation_month_is_first_day"),
            together("obligation_waived_whole", "waived_at", "waived_by"),
            models.CheckConstraint(
                name="obligation_waived_with_reason",
                condition=models.Q(waived_at__isnull=True, waived_reason="")
                | (models.Q(waived_at__isnull=False) & ~models.Q(waived_reason="")),
            ),
        ]
        indexes = [models.Index(fields=["month"], name="obligation_month")]
        triggers = [
            pgtrigger.ReadOnly(name="never_moves", fields=["delivery", "month"]),
            rules.WAIVED_BEFORE_ANYTHING_IS_SENT,
            rules.WAIVED_FOR_GOOD,
            rules.DUE_DATE_MOVES_BY_EXTENSION,
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}, {self.period}"

    @property
    def period(self) -> Month:
        return Month.of(self.month)


class ReturnVersionRevisionReason(models.TextChoices):
    LATE_RETURN = "late_return", "Late return"
    CORRECTION = "correction", "Correction"
    DEFINITION_CHANGE = "definition_change", "Definition change"


# What is typed and not sent is nobody's business but the partner's, and is saved every few seconds.
@pghistory.track(exclude=["typed", "typed_by", "revision", "saved_at", "saved_by"])
class ReturnVersion(models.Model):
    """One numbered version of an obligation's return."""

    State = ReturnVersionState
    RevisionReason = ReturnVersionRevisionReason

    OPEN_STATES = (State.DRAFT, State.SUBMITTED, State.RETURNED)

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    # What was asked when it was begun; it stays so when the template gets a new version.
    template = models.ForeignKey("TemplateVersion", models.PROTECT, related_name="returns")
    # What its delivery gave as it was begun; it stays so when the delivery gives something else from then on.
    counting_basis = models.CharField(max_length=20, choices=CountingBasis)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    # What stands in the form's fields, as typed (also what is not a number yet), by field name.
    typed = models.JSONField(default=dict)
    typed_by = models.JSONField(default=dict)  # [id of the user, moment] by field name, to say who was first
    # Counted up at every save; a form that carries an older one was opened before somebody else's save.
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    is_backfilled = models.BooleanField(default=False, help_text="Entered by the unit after the fact.")
    revision_reason = models.CharField(max_length=20, choices=RevisionReason, blank=True)
    # Begun to correct what was accepted: what allowed it.
    unlock = models.ForeignKey("Unlock", models.PROTECT, null=True, related_name="corrections")
    reason = models.TextField(blank=True, help_text="Why it was returned, or made void.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")  # None: the clock

    class Meta:
        ordering = ["obligation", "number"]
        constraints = [
            one_of("state", ReturnVersionState, "returnversion_state"),
            one_of("counting_basis", CountingBasis, "returnversion_counting_basis"),
            one_of("revision_reason", ReturnVersionRevisionReason, "returnversion_revision_reason", blank=True),
            models.UniqueConstraint(fields=["obligation", "number"], name="returnversion_number_once"),
            models.UniqueConstraint(
                fields=["obligation"],
                name="returnversion_one_open",
                condition=models.Q(state__in=["draft", "submitted", "returned"]),
            ),
            models.UniqueConstraint(
                fields=["obligation"],
                name="returnversion_one_accepted",
                condition=models.Q(state="accepted"),
            ),
            together("returnversion_decided_whole", "decided_at", "decided_by"),
            models.CheckConstraint(
                name="returnversion_decision_recorded",
                condition=~models.Q(state__in=["returned", "accepted"]) | models.Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="returnversion_void_recorded",
                condition=models.Q(state="void", voided_at__isnull=False)
                | (~models.Q(state="void") & models.Q(voided_at__isnull=True, voided_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="returnversion_reason_given",
                condition=~models.Q(state__in=["returned", "void"]) | ~models.Q(reason=""),
            ),
            models.CheckConstraint(
                name="returnversion_later_has_reason_class",
                condition=models.Q(number=1) | ~models.Q(revision_reason=""),
            ),
        ]
        triggers = [
            rules.LEGAL_STEP,
            rules.ACCEPTED_IS_LOCKED,
            UNDER_AN_UNLOCK,
            rules.VOID_BEFORE_A_CORRECTION,
            rules.AGREES_WITH_SUBMISSIONS,
            pgtrigger.ReadOnly(
                name="keeps_what_it_was_begun_with",
                fields=["obligation", "number", "template", "counting_basis", "unlock"],
            ),
            rules.OF_A_LIVE_TEMPLATE,
            rules.OF_WHAT_IS_OWED,
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.obligation}, version {self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES

    @property
    def latest_submission(self) -> Submission | None:
        return self.submissions.order_by("-sequence").first()


HOLIDAYS = "Holidays or closure"
NIL_REASONS = [
    "No sessions were planned this month",
    "Sessions were cancelled",
    "Nobody came or was referred",
    HOLIDAYS,
    "Staff were away or posts were vacant",
    "The service has not started yet",
]


class Submission(models.Model):
    """What was sent, once and for ever. Nil is a submission with a reason and true zeros.

    For a delivery on the exposure rung `exposed_people` is an estimate and the counts of people are empty; for every
    other delivery the counts are given: A new to the delivery, B known from an earlier year and first seen this
    financial year, C already counted this financial year, and contacts.
    """

    version = models.ForeignKey(ReturnVersion, models.PROTECT, related_name="submissions")
    sequence = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    # Who put the numbers together, and who signed them off: often the same person.
    provided_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    submitted_by = models.ForeignKey("partners.User", models.PROTECT, related_name="submissions")
    is_nil = models.BooleanField(default=False)
    nil_reason = models.CharField(max_length=300, blank=True)
    new_people = models.PositiveIntegerField("A: new to this delivery", null=True)
    known_people = models.PositiveIntegerField("B: known from an earlier year", null=True)
    already_counted_people = models.PositiveIntegerField("C: already counted this year", null=True)
    contacts = models.PositiveIntegerField(null=True)
    exposed_people = models.PositiveIntegerField(null=True)
    exposure_method = models.CharField(max_length=300, blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["version", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["version", "sequence"], name="submission_sequence_once"),
            models.CheckConstraint(
                name="submission_people_or_exposure",
                condition=models.Q(
                    new_people__isnull=False,
                    known_people__isnull=False,
                    already_counted_people__isnull=False,
                    contacts__isnull=False,
                    exposed_people__isnull=True,
                )
                | models.Q(
                    new_people__isnull=True,
                    known_people__isnull=True,
                    already_counted_people__isnull=True,
                    contacts__isnull=True,
                    exposed_people__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="submission_contacts_cover_people",
                condition=models.Q(contacts__isnull=True)
                | models.Q(
                    contacts__gte=models.F("new_people") + models.F("known_people") + models.F("already_counted_people")
                ),
            ),
            models.CheckConstraint(
                name="submission_nil_is_zero_with_reason",
                condition=models.Q(is_nil=False, nil_reason="")
                | (
                    models.Q(is_nil=True)
                    & ~models.Q(nil_reason="")
                    & (
                        # Said of both sides: an empty field would make the whole rule unknown, and so kept.
                        models.Q(
                            exposed_people__isnull=True,
                            new_people=0,
                            known_people=0,
                            already_counted_people=0,
                            contacts=0,
                        )
                        | models.Q(exposed_people__isnull=False, exposed_people=0)
                    )
                ),
            ),
            models.CheckConstraint(
                name="submission_exposure_has_method",
                condition=models.Q(exposed_people__isnull=True)
                | models.Q(exposed_people=0)
                | ~models.Q(exposure_method=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            rules.SENT_OF_AN_OPEN_VERSION,
            SENT_UNDER_AN_UNLOCK,
            rules.NOBODY_COUNTED_BEFORE_APRIL,
            # At commit, when the breakdown's rows are there too: each of them adds up to the people.
            rules.BREAKDOWNS_ADD_UP,
        ]

    def __str__(self) -> str:
        return f"{self.version}, sent {self.submitted_at:%-d %B %Y}"

    @property
    def first_seen_people(self) -> int | None:
        """A + B: counted towards the financial year for the first time."""
        return None if self.new_people is None else self.new_people + self.known_people

    @property
    def people(self) -> int | None:
        """A + B + C: everybody seen in the month."""
        return None if self.new_people is None else self.first_seen_people + self.already_counted_people

    @property
    def size(self) -> int:
        """People, or pupils exposed."""
        return self.people if self.exposed_people is None else self.exposed_people


class Seen(models.TextChoices):
    FIRST_SEEN = "first_seen", "First seen this financial year (A + B)"
    ALREADY_COUNTED = "already_counted", "Already counted this financial year (C)"


class SubmissionCount(models.Model):
    """One cell of a submission's breakdowns. A breakdown is whole: a category without a row is a true zero."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="counts")
    seen = models.CharField(max_length=20, choices=Seen)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            one_of("seen", Seen, "submissioncount_seen"),
            models.UniqueConstraint(fields=["submission", "seen", "category"], name="submissioncount_once"),
            models.CheckConstraint(name="submissioncount_not_zero", condition=models.Q(people__gt=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            rules.written_with_its_submission("submissioncount"),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.people}"


class Explanation(models.Model):
    """What the partner says to a check that needed an explanation. `asked` is the check's sentence at that time."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="explanations")
    check_rule = models.ForeignKey("TemplateCheck", models.PROTECT, related_name="+")
    asked = models.TextField()
    text = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "check_rule"], name="explanation_once"),
            models.CheckConstraint(name="explanation_says_something", condition=~models.Q(text="")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            rules.written_with_its_submission("explanation"),
        ]

    def __str__(self) -> str:
        return self.text
