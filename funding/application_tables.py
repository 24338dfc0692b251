"""An application's parts as tables, to be sent to the funder as a spreadsheet. Amounts in pounds, with pence."""

from __future__ import annotations

from funding.queries import Contents
from vru_portal.core.tables_out import Column, Table, in_pounds, pounds_column


def tables_of(contents: Contents) -> list[Table]:
    about = f"{contents.fund}, {contents.year}."
    return [
        Table(
            "budget",
            "Budget",
            about,
            (
                Column("line", "What is planned"),
                Column("category", "What kind of spending it is", heading="For"),
                Column("ring_fence", "The ring-fence that it is paid out of, if any"),
                pounds_column("asked_for", "Asked for, pounds"),
            ),
            ("line",),
            [[line.name, line.category, line.ring_fence or "none", in_pounds(line.pence)] for line in contents.lines],
        ),
        Table(
            "ring_fences",
            "By ring-fence",
            about,
            (Column("ring_fence", "The ring-fence"), pounds_column("asked_for", "Asked for, pounds")),
            ("ring_fence",),
            [[name or "none", in_pounds(pence)] for name, pence in contents.by_ring_fence],
        ),
        Table(
            "deliveries",
            "What is delivered",
            about,
            (
                Column("delivery", "Who delivers what, where"),
                Column("programme", "Of which programme"),
                Column("partner", "By whom"),
                Column("people_to_reach", "The target; empty where none is set", "integer"),
                pounds_column("committed", "Awarded out of this year and approved, pounds"),
                pounds_column("waiting_for_approval", "Proposed, and not approved yet, pounds"),
            ),
            ("delivery",),
            [
                [
                    *(each.delivery, each.programme, each.partner, each.target),
                    *map(in_pounds, (each.pence, each.waiting_pence)),
                ]
                for each in contents.deliveries
            ],
        ),
        Table(
            "match",
            "Match",
            about,
            (
                Column("organisation", "Who gives it"),
                Column("kind", "Cash or in kind"),
                pounds_column("amount", "How much, pounds"),
                Column("confirmed", "yes or no"),
            ),
            ("organisation", "kind"),
            [
                [each.organisation, each.kind, in_pounds(each.pence), "yes" if each.is_confirmed else "no"]
                for each in contents.matches
            ],
        ),
        Table(
            "conditions",
            "What the funder asks",
            about,
            (Column("condition", "In the funder's words"),),
            ("condition",),
            [[wording] for wording in contents.conditions],
        ),
    ]
