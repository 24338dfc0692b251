"""Who may do what, on one page: roles, permissions, and the sections that each kind of person sees.

A permission says "may this person"; whether a thing can be done in its present state is asked by the action.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", "Administrator"
    DIRECTOR = "director", "Director"
    PROGRAMME_MANAGER = "programme_manager", "Programme manager"
    ANALYST = "analyst", "Analyst"
    FINANCE_OFFICER = "finance_officer", "Finance officer"
    PARTNER_LEAD = "partner_lead", "Partner lead"
    PARTNER = "partner", "Partner"
    COMMISSIONER = "commissioner", "Commissioner"
    AUDITOR = "auditor", "Auditor"


class Audience(StrEnum):
    """The four kinds of people, each with its own sections and home page."""

    STAFF = "staff"
    PARTNER = "partner"
    COMMISSIONER = "commissioner"
    AUDITOR = "auditor"


class Permission(StrEnum):
    VIEW_ALL_RETURNS = "view_all_returns"
    VIEW_OWN_RETURNS = "view_own_returns"
    SUBMIT_RETURN = "submit_return"
    BACKFILL_RETURN = "backfill_return"
    REVIEW_RETURN = "review_return"
    WAIVE_OBLIGATION = "waive_obligation"
    EXTEND_DUE_DATE = "extend_due_date"
    REMIND_PARTNER = "remind_partner"
    UNLOCK_RETURN = "unlock_return"
    VOID_RETURN = "void_return"
    MANAGE_TEMPLATES = "manage_templates"
    VIEW_REACH = "view_reach"
    DECIDE_LINKS = "decide_links"
    PRODUCE_RELEASE = "produce_release"
    VIEW_UNPUBLISHED_RELEASE = "view_unpublished_release"
    APPROVE_RELEASE = "approve_release"
    DISCARD_RELEASE = "discard_release"
    ANNOUNCE_RELEASE = "announce_release"
    GRANT_EARLY_ACCESS = "grant_early_access"
    VIEW_PUBLISHED_RELEASE = "view_published_release"
    VIEW_FUNDER_REPORTS = "view_funder_reports"
    PREPARE_FUNDER_REPORT = "prepare_funder_report"
    CERTIFY_FUNDER_REPORT = "certify_funder_report"
    VIEW_PROGRAMMES = "view_programmes"
    VIEW_PARTNERS = "view_partners"
    MANAGE_PARTNERS = "manage_partners"
    MANAGE_AGREEMENTS = "manage_agreements"
    INVITE_PEOPLE = "invite_people"
    INVITE_COLLEAGUES = "invite_colleagues"
    VIEW_MONEY = "view_money"
    MANAGE_MONEY = "manage_money"
    APPROVE_MONEY = "approve_money"
    VIEW_OWN_MONEY = "view_own_money"
    MAKE_CLAIM = "make_claim"
    MAKE_REGISTER_KEY = "make_register_key"
    RECORD_OBJECTION = "record_objection"
    EDIT_REFERENCE_TABLES = "edit_reference_tables"
    VIEW_HISTORY = "view_history"
    VIEW_MESSAGES = "view_messages"
    SEND_MESSAGE_AGAIN = "send_message_again"
    VIEW_MAIL = "view_mail"


P = Permission

_STAFF_READS = {
    P.VIEW_ALL_RETURNS,
    P.VIEW_REACH,
    P.VIEW_UNPUBLISHED_RELEASE,
    P.VIEW_PUBLISHED_RELEASE,
    P.VIEW_FUNDER_REPORTS,
    P.VIEW_PROGRAMMES,
    P.VIEW_PARTNERS,
    P.VIEW_MONEY,
    P.VIEW_MESSAGES,
}
_STAFF_RUNS_RETURNS = {
    P.RECORD_OBJECTION,
    P.REVIEW_RETURN,
    P.BACKFILL_RETURN,
    P.WAIVE_OBLIGATION,
    P.EXTEND_DUE_DATE,
    P.REMIND_PARTNER,
    P.UNLOCK_RETURN,
    P.VOID_RETURN,
    P.SEND_MESSAGE_AGAIN,
    P.DECIDE_LINKS,
    P.PRODUCE_RELEASE,
    P.APPROVE_RELEASE,
    P.DISCARD_RELEASE,
    P.ANNOUNCE_RELEASE,
}
_PARTNER = {P.VIEW_OWN_RETURNS, P.SUBMIT_RETURN, P.VIEW_OWN_MONEY, P.MAKE_CLAIM}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        _STAFF_READS
        | {
            P.EDIT_REFERENCE_TABLES,
            P.INVITE_PEOPLE,
            P.MANAGE_PARTNERS,
            P.MANAGE_AGREEMENTS,
            P.MAKE_REGISTER_KEY,
            P.VIEW_HISTORY,
            P.VIEW_MAIL,
            P.SEND_MESSAGE_AGAIN,
        }
    ),
    Role.DIRECTOR: frozenset(
        _STAFF_READS
        | _STAFF_RUNS_RETURNS
        | {P.APPROVE_MONEY, P.INVITE_PEOPLE, P.MANAGE_PARTNERS, P.MANAGE_AGREEMENTS, P.MAKE_REGISTER_KEY}
        | {P.GRANT_EARLY_ACCESS, P.CERTIFY_FUNDER_REPORT}
    ),
    Role.PROGRAMME_MANAGER: frozenset(
        _STAFF_READS
        | _STAFF_RUNS_RETURNS
        | {P.INVITE_PEOPLE, P.MANAGE_PARTNERS, P.MANAGE_AGREEMENTS, P.MAKE_REGISTER_KEY}
        | {P.EDIT_REFERENCE_TABLES, P.MANAGE_TEMPLATES, P.GRANT_EARLY_ACCESS}
        | {P.PREPARE_FUNDER_REPORT, P.CERTIFY_FUNDER_REPORT}
    ),
    Role.ANALYST: frozenset(
        _STAFF_READS | _STAFF_RUNS_RETURNS | {P.EDIT_REFERENCE_TABLES, P.MANAGE_TEMPLATES, P.PREPARE_FUNDER_REPORT}
    ),
    Role.FINANCE_OFFICER: frozenset(
        _STAFF_READS | {P.MANAGE_MONEY, P.APPROVE_MONEY, P.PREPARE_FUNDER_REPORT, P.CERTIFY_FUNDER_REPORT}
    ),
    Role.PARTNER_LEAD: frozenset(_PARTNER | {P.INVITE_COLLEAGUES}),
    Role.PARTNER: frozenset(_PARTNER),
    Role.COMMISSIONER: frozenset({P.VIEW_PUBLISHED_RELEASE}),
    Role.AUDITOR: frozenset(_STAFF_READS | {P.VIEW_HISTORY}),
}

AUDIENCES: dict[Role, Audience] = {
    Role.ADMINISTRATOR: Audience.STAFF,
    Role.DIRECTOR: Audience.STAFF,
    Role.PROGRAMME_MANAGER: Audience.STAFF,
    Role.ANALYST: Audience.STAFF,
    Role.FINANCE_OFFICER: Audience.STAFF,
    Role.PARTNER_LEAD: Audience.PARTNER,
    Role.PARTNER: Audience.PARTNER,
    Role.COMMISSIONER: Audience.COMMISSIONER,
    Role.AUDITOR: Audience.AUDITOR,
}

STAFF_ROLES = frozenset(role for role, audience in AUDIENCES.items() if audience == Audience.STAFF)
PARTNER_ROLES = frozenset(role for role, audience in AUDIENCES.items() if audience == Audience.PARTNER)

_STAFF_SECTIONS = [
    ("Today", "home"),
    ("Reach", "outcomes:reach"),
    ("Returns", "outcomes:returns"),
    ("Programmes", "programmes:programme-list"),
    ("Partners", "partners:organisation-list"),
    ("Money", "money"),
    ("Releases", "outcomes:release-list"),
    ("Settings", "settings"),
]
SECTIONS: dict[Audience, list[tuple[str, str]]] = {
    Audience.STAFF: _STAFF_SECTIONS,
    Audience.PARTNER: [
        ("Due now", "home"),
        ("Our returns", "outcomes:our-returns"),
        ("Our figures", "outcomes:our-figures"),
        ("Our money", "funding:our-money"),
        ("Our organisation", "partners:our-organisation"),
    ],
    Audience.COMMISSIONER: [
        ("Releases", "home"),
        ("Figures", "outcomes:figures"),
        ("Definitions", "outcomes:definitions"),
        ("Downloads", "outcomes:downloads"),
    ],
    Audience.AUDITOR: [("History", "home"), *_STAFF_SECTIONS[1:]],
}


def sections_for(user) -> list[tuple[str, str]]:
    """(label, URL name) of each section in the user's service bar, home first; empty when signed out."""
    if not user.is_authenticated or user.audience is None:
        return []
    return SECTIONS[user.audience]
