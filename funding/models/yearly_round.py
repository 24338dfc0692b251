"""Asking the funder: the application for an award year, each version kept, and the claims of its quarters."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from funding.models.deciding import (
    DecidedByTwo,
    DecidedQuerySet,
    by_two_people,
    corrections_say_why,
    decided_once,
    holds,
    takes,
)
from funding.models.grants import AwardYear, MoneyQuerySet
from vru_portal.core.periods import Month, Quarter


class Application(models.Model):
    """What was asked for, as it stood when somebody kept it: plan, budget by ring-fence, targets, match. Whatever
    changes in the records afterwards, this version does not."""

    award_year = models.ForeignKey(AwardYear, models.PROTECT, related_name="applications")
    version = models.PositiveSmallIntegerField()
    asked_pence = models.BigIntegerField()
    note = models.CharField(max_length=300, blank=True, help_text="What is new in this version, or who asked for it.")
    contents = models.JSONField(encoder=DjangoJSONEncoder)
    kept_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    objects = MoneyQuerySet.as_manager()

    class Meta:
        ordering = ["award_year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["award_year", "version"], name="application_version_once"),
            models.CheckConstraint(name="application_asks_for_something", condition=models.Q(asked_pence__gt=0)),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Application for {self.award_year}, version {self.version}"


class GrantClaimQuerySet(DecidedQuerySet, MoneyQuerySet):
    pass


@pghistory.track()
class GrantClaim(DecidedByTwo):
    """What is claimed from the funder for a quarter; one person proposes it, another approves. Never changed: a
    correction is a further claim, less than nothing where it must be, with its reason."""

    award_year = models.ForeignKey(AwardYear, models.PROTECT, related_name="claims")
    quarter = models.DateField(help_text="The first day of the quarter.")
    amount_pence = models.BigIntegerField()
    reference = models.CharField(max_length=60, help_text="As on the claim form.")
    note = models.CharField(max_length=300, blank=True)

    objects = GrantClaimQuerySet.as_manager()

    class Meta:
        ordering = ["quarter", "id"]
        constraints = [
            models.UniqueConstraint(fields=["award_year", "reference"], name="grantclaim_reference_once"),
            models.CheckConstraint(
                name="grantclaim_quarter_begins",
                condition=models.Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
            ),
            corrections_say_why("grantclaim"),
            *by_two_people("grantclaim"),
        ]
        triggers = [
            *decided_once(),
            # The award year is locked, so that two claims at once cannot both take the last of it. Only a grant whose
            # agreement is signed can be claimed, and no more of it than was awarded.
            pgtrigger.Trigger(
                name="within_award",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__declined_by__isnull=True),
                declare=[("award", "funding_awardyear"), ("others", "bigint")],
                func=f"""
                    SELECT * INTO award FROM funding_awardyear WHERE id = NEW.award_year_id FOR UPDATE;
                    IF NEW.quarter NOT BETWEEN make_date(award.financial_year, 4, 1)
                       AND make_date(award.financial_year + 1, 3, 31) THEN
                        RAISE EXCEPTION 'grantclaim_within_award_year: % leaves its award year', NEW.reference
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'grantclaim_within_award_year';
                    END IF;
                    IF award.state NOT IN (
                        'agreement_signed', 'part_claimed', 'fully_claimed', 'reconciled', 'closed') THEN
                        RAISE EXCEPTION 'grantclaim_after_signature: the agreement is not signed'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'grantclaim_after_signature';
                    END IF;
                    SELECT COALESCE(sum(c.amount_pence), 0) INTO others FROM funding_grantclaim c
                    WHERE c.award_year_id = NEW.award_year_id AND c.id <> NEW.id AND {takes("c")};
                    IF NEW.amount_pence > 0 AND others + NEW.amount_pence > award.awarded_pence THEN
                        RAISE EXCEPTION 'grantclaim_within_award: % claims more than is left', NEW.reference
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'grantclaim_within_award';
                    END IF;
                    IF NEW.amount_pence < 0 AND NEW.amount_pence + (
                        SELECT COALESCE(sum(c.amount_pence), 0) FROM funding_grantclaim c
                        WHERE c.award_year_id = NEW.award_year_id AND c.id <> NEW.id AND {holds("c")}) < 0 THEN
                        RAISE EXCEPTION 'grantclaim_not_below_zero: less was claimed than % takes back', NEW.reference
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'grantclaim_not_below_zero';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 (fragments of ours)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, {self.period}"

    @property
    def period(self) -> Quarter:
        return Month.of(self.quarter).quarter
