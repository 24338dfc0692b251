"""What the database itself refuses of returns, whatever the code above it does."""

from __future__ import annotations

import pgtrigger
from django.db.models import TextChoices

from vru_portal.core.constraints import in_this_transaction


class ReturnVersionState(TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Sent"
    RETURNED = "returned", "Returned"
    ACCEPTED = "accepted", "Accepted"
    SUPERSEDED = "superseded", "Superseded"
    VOID = "void", "Void"


_State = ReturnVersionState

# The way of a version: what may follow each state. A check constraint asks for the reason of returned and void.
STEPS: dict[str, tuple[str, ...]] = {
    _State.DRAFT: (_State.SUBMITTED, _State.VOID),
    # Back to draft: its sender takes it back before anybody has decided it.
    _State.SUBMITTED: (_State.DRAFT, _State.RETURNED, _State.ACCEPTED, _State.VOID),
    _State.RETURNED: (_State.SUBMITTED, _State.VOID),
    _State.ACCEPTED: (_State.SUPERSEDED, _State.VOID),
    _State.SUPERSEDED: (),
    _State.VOID: (),
}


def sql_list(values) -> str:
    return ", ".join(f"'{value}'" for value in values)


_LEGAL_STEPS = ", ".join(f"('{before}', '{after}')" for before, follow in STEPS.items() for after in follow)
_SENT = sql_list([_State.SUBMITTED, _State.RETURNED, _State.ACCEPTED, _State.SUPERSEDED])
_WRITTEN = sql_list([_State.DRAFT, _State.RETURNED])
_OPEN = sql_list([_State.DRAFT, _State.SUBMITTED, _State.RETURNED])
_LOCKED = [_State.ACCEPTED.value, _State.SUPERSEDED.value, _State.VOID.value]


def refuse(rule: str, sentence: str, *values: str) -> str:
    """PL/pgSQL that raises the violation of a named rule; `sentence` has a % for each of `values`."""
    said = ", ".join([f"'{rule}: {sentence}'", *values])
    return f"RAISE EXCEPTION {said} USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';"


# ---- Obligations ----
WAIVED_BEFORE_ANYTHING_IS_SENT = pgtrigger.Trigger(
    name="waived_before_anything_is_sent",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__waived_at__isnull=True, new__waived_at__isnull=False),
    func=f"""
        IF EXISTS (
            SELECT 1 FROM outcomes_returnversion v
            WHERE v.obligation_id = NEW.id AND v.state IN ('submitted', 'accepted')) THEN
            {refuse("obligation_waived_before_anything_is_sent", "the return of % is sent or accepted", "NEW.id")}
        END IF;
        RETURN NEW;
    """,  # noqa: S608 - the names are ours
)


WAIVED_FOR_GOOD = pgtrigger.Trigger(
    name="waived_for_good",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__waived_at__isnull=False),
    func=f"""
        IF (NEW.waived_at, NEW.waived_by_id, NEW.waived_reason)
           IS DISTINCT FROM (OLD.waived_at, OLD.waived_by_id, OLD.waived_reason) THEN
            {refuse("obligation_waived_for_good", "% is waived already", "OLD.id")}
        END IF;
        RETURN NEW;
    """,
)

DUE_DATE_MOVES_BY_EXTENSION = pgtrigger.Trigger(
    name="due_date_moves_by_extension",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange("due_date"),
    func=f"""
        IF NOT EXISTS (
            SELECT 1 FROM outcomes_extension e
            WHERE e.obligation_id = NEW.id AND e.due_before = OLD.due_date AND e.due_date = NEW.due_date) THEN
            {refuse("obligation_due_date_moves_by_extension", "nobody has extended %", "NEW.id")}
        END IF;
        RETURN NEW;
    """,  # noqa: S608 - the names are ours
)


# ---- Extensions ----
EXTENDS_FROM_DUE_DATE = pgtrigger.Trigger(
    name="follows_due_date",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("due", "date")],
    func=f"""
        SELECT due_date INTO due FROM outcomes_obligation WHERE id = NEW.obligation_id FOR UPDATE;
        IF due <> NEW.due_before THEN
            {refuse("extension_follows_due_date", "obligation % is due on %", "NEW.obligation_id", "due")}
        END IF;
        RETURN NEW;
    """,  # noqa: S608 - the names are ours
)

# Asked at the commit: the extension is written first, and the due date follows.
EXTENSION_MOVES_DUE_DATE = pgtrigger.Trigger(
    name="moves_due_date",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func=f"""
        IF EXISTS (
            SELECT 1 FROM outcomes_obligation o WHERE o.id = NEW.obligation_id AND o.due_date < NEW.due_date) THEN
            {refuse("extension_moves_due_date", "obligation % is still due earlier", "NEW.obligation_id")}
        END IF;
        RETURN NULL;
    """,  # noqa: S608 - the names are ours
)


# ---- Versions ----
_VOIDED = "ARRAY['state', 'reason', 'voided_at', 'voided_by_id']"

# Acceptance locks: from then on only the step to superseded, or to void with its reason, is left.
ACCEPTED_IS_LOCKED = pgtrigger.Trigger(
    name="accepted_is_locked",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__state__in=_LOCKED),
    func=f"""
        IF OLD.state = 'accepted' AND NEW.state = 'superseded'
           AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN
            RETURN NEW;
        END IF;
        IF OLD.state = 'accepted' AND NEW.state = 'void'
           AND to_jsonb(NEW) - {_VOIDED} = to_jsonb(OLD) - {_VOIDED} THEN
            RETURN NEW;
        END IF;
        {refuse("returnversion_accepted_is_locked", "version % is locked", "OLD.id")}
    """,
)

LEGAL_STEP = pgtrigger.Trigger(
    name="legal_step",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("state"),
    func=f"""
        IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN ({_LEGAL_STEPS}) THEN
            {refuse("returnversion_legal_step", "% does not follow %", "NEW.state", "OLD.state")}
        END IF;
        RETURN NEW;
    """,
)

# What a correction corrects counts until the correction is decided.
VOID_BEFORE_A_CORRECTION = pgtrigger.Trigger(
    name="void_before_a_correction",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("state"),
    condition=pgtrigger.Q(old__state="accepted", new__state="void"),
    func=f"""
        IF EXISTS (
            SELECT 1 FROM outcomes_returnversion v
            WHERE v.obligation_id = NEW.obligation_id AND v.state IN ({_OPEN})) THEN
            {refuse("returnversion_void_before_a_correction", "a correction of version % is open", "NEW.id")}
        END IF;
        RETURN NEW;
    """,  # noqa: S608 - the names are ours
)

# Asked at the commit, so that a version may be written in one transaction with all that was sent of it. Two people:
# who sent it is never who accepts it.
AGREES_WITH_SUBMISSIONS = pgtrigger.Trigger(
    name="agrees_with_submissions",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
    timing=pgtrigger.Deferred,
    condition=~pgtrigger.Q(new__state="draft"),
    declare=[("found", "outcomes_returnversion")],
    func=f"""
        SELECT * INTO found FROM outcomes_returnversion WHERE id = NEW.id;
        IF found.state IN ({_SENT})
           AND NOT EXISTS (SELECT 1 FROM outcomes_submission s WHERE s.version_id = found.id) THEN
            {refuse("returnversion_sent_has_submission", "version % says nothing", "found.id")}
        END IF;
        IF found.state IN ('accepted', 'superseded') AND EXISTS (
            SELECT 1 FROM outcomes_submission s
            WHERE s.version_id = found.id AND s.submitted_by_id = found.decided_by_id) THEN
            {refuse("returnversion_accepted_by_another", "who sent a return does not accept it")}
        END IF;
        RETURN NULL;
    """,  # noqa: S608 - the names are ours
)


# The lock keeps whoever waives it at the same moment waiting.
OF_WHAT_IS_OWED = pgtrigger.Trigger(
    name="of_what_is_owed",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("waived", "timestamptz")],
    func=f"""
        SELECT o.waived_at INTO waived FROM outcomes_obligation o WHERE o.id = NEW.obligation_id FOR SHARE;
        IF waived IS NOT NULL THEN
            {refuse("returnversion_of_what_is_owed", "the return of % is waived", "NEW.obligation_id")}
        END IF;
        RETURN NEW;
    """,  # noqa: S608 - the names are ours
)

OF_A_LIVE_TEMPLATE = pgtrigger.Trigger(
    name="of_a_live_template",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=f"""
        IF NOT EXISTS (
            SELECT 1 FROM outcomes_templateversion t WHERE t.id = NEW.template_id AND t.state = 'live') THEN
            {refuse("returnversion_of_a_live_template", "a return is begun from a published version")}
        END IF;
        RETURN NEW;
    """,  # noqa: S608 - the names are ours
)


# ---- What was sent ----
# A version has its first row of history since it exists, and that row is never written again: so it tells whether the
# version is of this transaction, which the version's own row, written at each step, would not.
SENT_OF_AN_OPEN_VERSION = pgtrigger.Trigger(
    name="of_an_open_version",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("found", "outcomes_returnversion")],
    func=f"""
        SELECT * INTO found FROM outcomes_returnversion WHERE id = NEW.version_id FOR SHARE;
        IF found.state NOT IN ({_WRITTEN}) AND NOT EXISTS (
            SELECT 1 FROM outcomes_returnversionevent e
            WHERE e.pgh_obj_id = found.id AND e.pgh_label = 'insert' AND {in_this_transaction("e")}) THEN
            {refuse("submission_of_an_open_version", "version % is %", "found.id", "found.state")}
        END IF;
        RETURN NEW;
    """,  # noqa: S608 - the names are ours
)

BREAKDOWNS_ADD_UP = pgtrigger.Trigger(
    name="breakdowns_add_up",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    condition=pgtrigger.Q(new__new_people__isnull=False),
    declare=[("wrong", "text")],
    func=f"""
        SELECT string_agg(d.dimension || ' ' || g.seen, ', ') INTO wrong
        FROM (VALUES ('age_band'), ('sex'), ('ethnicity'), ('district')) AS d(dimension)
        CROSS JOIN (VALUES ('first_seen', NEW.new_people + NEW.known_people),
                           ('already_counted', NEW.already_counted_people)) AS g(seen, people)
        WHERE g.people <> (
            SELECT COALESCE(sum(c.people), 0)
            FROM outcomes_submissioncount c JOIN outcomes_category k ON k.id = c.category_id
            WHERE c.submission_id = NEW.id AND c.seen = g.seen AND k.dimension = d.dimension);
        IF wrong IS NOT NULL THEN
            {refuse("submission_breakdowns_add_up", "% of submission %", "wrong", "NEW.id")}
        END IF;
        RETURN NULL;
    """,  # noqa: S608 - the names are ours
)

NOBODY_COUNTED_BEFORE_APRIL = pgtrigger.Trigger(
    name="nobody_counted_before_april",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Q(new__already_counted_people__gt=0),
    func=f"""
        IF EXISTS (
            SELECT 1 FROM outcomes_returnversion v JOIN outcomes_obligation o ON o.id = v.obligation_id
            WHERE v.id = NEW.version_id AND EXTRACT(MONTH FROM o.month) = 4) THEN
            {refuse("submission_april_has_no_c", "nobody is already counted in April")}
        END IF;
        RETURN NEW;
    """,  # noqa: S608 - the names are ours
)


def written_with_its_submission(table: str) -> pgtrigger.Trigger:
    """The parts of a submission are written in its own transaction, and nothing is added to it later."""
    rule = f"{table}_with_its_submission"
    return pgtrigger.Trigger(
        name="with_its_submission",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(new="added"),
        func=f"""
            IF EXISTS (
                SELECT 1 FROM added a JOIN outcomes_submission s ON s.id = a.submission_id
                WHERE NOT {in_this_transaction("s")}) THEN
                {refuse(rule, "sent returns are never added to")}
            END IF;
            RETURN NULL;
        """,  # noqa: S608 - the names are ours
    )
