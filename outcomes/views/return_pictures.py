"""What a partner told the unit of one delivery, as a picture with its table."""

from __future__ import annotations

from outcomes.queries.returns import DeliveryTold, MonthTold
from vru_portal.core import charts

REASONS = {
    "submitted": "sent, not yet accepted",
    "returned": "returned",
    "overdue": "late",
    "draft": "begun",
    "due": "due",
    "waived": "waived",
    "": "not over yet",
}


def told(delivery: DeliveryTold) -> charts.Figure:
    """People seen each month; a month without an accepted return is a gap with its reason."""
    points = [
        charts.MonthPoint(
            month.month, lower=(month.submission.size if month.submission else None), reason=REASONS.get(month.tag, "")
        )
        for month in delivery.months
    ]
    what = "Pupils who pass youth workers (estimate)" if delivery.counts_exposure else "People seen"
    return charts.Figure(
        title=delivery.delivery.name,
        subtitle=f"{what}, each month, from accepted returns",
        svg=charts.range_trend(points, id=f"told-{delivery.delivery.pk}", title=f"{what}: {delivery.delivery}"),
        table=charts.Table(head=_head(delivery), rows=[_row(delivery, month) for month in delivery.months]),
    )


def _head(delivery: DeliveryTold) -> list[str]:
    if delivery.counts_exposure:
        return ["Month", "Pupils (estimate)"]
    return ["Month", "A: new", "B: known", "C: counted", "First seen (A + B)", "Contacts"]


def _row(delivery: DeliveryTold, month: MonthTold) -> list[str]:
    said = month.submission
    if said is None:
        return [str(month.month), REASONS.get(month.tag, ""), *[""] * (len(_head(delivery)) - 2)]
    if delivery.counts_exposure:
        return [str(month.month), f"{said.exposed_people:,}"]
    counts = [said.new_people, said.known_people, said.already_counted_people, said.first_seen_people, said.contacts]
    return [str(month.month), *(f"{count:,}" for count in counts)]
