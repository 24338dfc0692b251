"""What the database itself refuses of unlocks, and of versions that need one, whatever the code above it does."""

from __future__ import annotations

import pgtrigger
from django.conf import settings

from outcomes.models.return_rules import refuse, sql_list

LONGEST_UNLOCK = 92  # days, whatever the policy says


def _day_of(moment: str) -> str:
    return f"({moment} AT TIME ZONE '{settings.TIME_ZONE}')::date"


def _require_unlock(rule: str, accepted: str, person: str, moment: str) -> str:
    """PL/pgSQL: the accepted version was unlocked for the person at that moment. Who takes it back meanwhile waits."""
    return f"""
        PERFORM 1 FROM outcomes_unlock u
        WHERE u.version_id = {accepted} AND (u.for_person_id IS NULL OR u.for_person_id = {person})
          AND u.unlocked_at <= {moment} AND u.until >= {_day_of(moment)}
          AND (u.taken_back_at IS NULL OR u.taken_back_at > {moment})
        FOR SHARE;
        IF NOT FOUND THEN
            {refuse(rule, "version % is locked", accepted)}
        END IF;
    """


# What counts is the newest version that was ever accepted: also when it is superseded in the same breath, with nothing
# in its place yet. What became void counts no longer, and its month is owed again without any unlock.
UNDER_AN_UNLOCK = pgtrigger.Trigger(
    name="under_an_unlock",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("counts", "outcomes_returnversion")],
    func=f"""
        SELECT * INTO counts FROM outcomes_returnversion v
        WHERE v.obligation_id = NEW.obligation_id AND v.number < NEW.number AND v.state IN ('accepted', 'superseded')
        ORDER BY v.number DESC LIMIT 1;
        IF counts.state = 'accepted' OR (counts.state = 'superseded' AND NOT EXISTS (
            SELECT 1 FROM outcomes_returnversion v
            WHERE v.obligation_id = NEW.obligation_id AND v.number > counts.number)) THEN
            {_require_unlock("returnversion_under_an_unlock", "counts.id", "NEW.created_by_id", "NEW.created_at")}
            IF NOT EXISTS (
                SELECT 1 FROM outcomes_unlock u WHERE u.id = NEW.unlock_id AND u.version_id = counts.id) THEN
                {refuse("returnversion_under_an_unlock", "it does not say under which unlock of %", "counts.id")}
            END IF;
        ELSIF NEW.unlock_id IS NOT NULL THEN
            {refuse("returnversion_under_an_unlock", "nothing of obligation % is locked", "NEW.obligation_id")}
        END IF;
        RETURN NEW;
    """,  # noqa: S608 - the names are ours
)

SENT_UNDER_AN_UNLOCK = pgtrigger.Trigger(
    name="under_an_unlock",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("corrected", "bigint")],
    func=f"""
        SELECT COALESCE(
            (SELECT u.version_id FROM outcomes_unlock u WHERE u.id = v.unlock_id),
            (SELECT a.id FROM outcomes_returnversion a
             WHERE a.obligation_id = v.obligation_id AND a.state = 'accepted' AND a.number < v.number))
        INTO corrected FROM outcomes_returnversion v WHERE v.id = NEW.version_id;
        IF corrected IS NOT NULL THEN
            {_require_unlock("submission_under_an_unlock", "corrected", "NEW.submitted_by_id", "NEW.submitted_at")}
        END IF;
        RETURN NEW;
    """,  # noqa: S608 - the names are ours
)


def of_what_is_accepted(table: str) -> pgtrigger.Trigger:
    """Only what is accepted is locked, so that it can be unlocked."""
    rule = f"{table}_of_what_is_accepted"
    return pgtrigger.Trigger(
        name="of_what_is_accepted",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            PERFORM 1 FROM outcomes_returnversion v WHERE v.id = NEW.version_id AND v.state = 'accepted' FOR SHARE;
            IF NOT FOUND THEN
                {refuse(rule, "version % is not accepted", "NEW.version_id")}
            END IF;
            RETURN NEW;
        """,
    )


def decided_once(table: str, decision: str, *fields: str) -> pgtrigger.Trigger:
    """The only change that a row ever sees: `fields` are written, once, and `decision` is one of them."""
    rule = f"{table}_decided_once"
    written = f"ARRAY[{sql_list(fields)}]"
    return pgtrigger.Trigger(
        name="decided_once",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF OLD.{decision} IS NULL AND to_jsonb(NEW) - {written} = to_jsonb(OLD) - {written} THEN
                RETURN NEW;
            END IF;
            {refuse(rule, "row % is never edited", "OLD.id")}
        """,
    )


UNLOCK_FITS = pgtrigger.Trigger(
    name="fits",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("partner", "bigint")],
    func=f"""
        IF NEW.until < {_day_of("NEW.unlocked_at")} OR NEW.until > {_day_of("NEW.unlocked_at")} + {LONGEST_UNLOCK} THEN
            {refuse("unlock_ends_in_time", "% is no day on which it could end", "NEW.until")}
        END IF;
        SELECT d.partner_id INTO partner
        FROM outcomes_returnversion v JOIN outcomes_obligation o ON o.id = v.obligation_id
        JOIN programmes_delivery d ON d.id = o.delivery_id WHERE v.id = NEW.version_id;
        IF NEW.for_organisation_id <> partner THEN
            {refuse("unlock_for_its_partner", "version % is another partner’s", "NEW.version_id")}
        END IF;
        IF EXISTS (
            SELECT 1 FROM outcomes_unlockrequest r
            WHERE r.id = NEW.request_id AND (r.version_id <> NEW.version_id OR r.declined_reason <> '')) THEN
            {refuse("unlock_answers_its_request", "request % is another one", "NEW.request_id")}
        END IF;
        RETURN NEW;
    """,  # noqa: S608 - the names are ours
)

# Asked at the commit: the request is decided first, and the unlock follows.
REQUEST_IS_ANSWERED = pgtrigger.Trigger(
    name="is_answered",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    timing=pgtrigger.Deferred,
    func=f"""
        IF NEW.decided_at IS NOT NULL AND NEW.declined_reason = ''
           AND NOT EXISTS (SELECT 1 FROM outcomes_unlock u WHERE u.request_id = NEW.id) THEN
            {refuse("unlockrequest_is_answered", "request % is neither granted nor declined", "NEW.id")}
        END IF;
        RETURN NULL;
    """,  # noqa: S608 - the names are ours
)
