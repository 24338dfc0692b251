"""Registers for tests: sent, and accepted, by the actions of the site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from outcomes.actions import decisions, registers, returns
from outcomes.forms.returns import ReturnForm
from outcomes.models import Obligation, ReturnVersion
from outcomes.queries.questions import questions_of
from outcomes.queries.registers import code_lists
from outcomes.registers.reading import Expected, read
from partners.permissions import Role
from programmes.models import CountingBasis, Delivery
from tests.factories import DeliveryFactory, ObligationFactory, user_with
from vru_portal.core.tables_in import Row

HEADER = (
    *("Your reference", "First name", "Last name", "Date of birth", "Postcode", "District", "Sex", "Ethnicity"),
    *("Date of contact", "Kind of contact", "Setting"),
)


def giving_registers(**delivery) -> Delivery:
    return DeliveryFactory(counting_basis=CountingBasis.REGISTER, **delivery)


def sent_register(delivery: Delivery, month: date, rows: Iterable[tuple], **at) -> ReturnVersion:
    """A return whose people are counted from these rows; see `HEADER`."""
    obligation = Obligation.objects.filter(delivery=delivery, month=month).first() or ObligationFactory(
        delivery=delivery, month=month
    )
    by, now = user_with(Role.PARTNER, delivery.partner), at.get("now") or timezone.now()
    add_rows(obligation, rows, by=by, now=now)
    version = obligation.versions.latest("number")
    form = ReturnForm(version.typed, questions=questions_of(obligation))
    assert form.is_valid(), form.errors
    returns.submit(version=version, answers=form.answers, by=by, now=now)
    version.refresh_from_db()
    return version


def add_rows(obligation: Obligation, rows: Iterable[tuple], *, by, now) -> None:
    table = [HEADER, *rows]
    expected = Expected(
        partner=str(obligation.delivery.partner_id),
        month=obligation.period,
        today=max(timezone.localdate(now), obligation.period.last),
        default_kind=obligation.delivery.programme.rung,
        default_setting=obligation.delivery.setting.code,
    )
    register = read((Row("", n, tuple(cells)) for n, cells in enumerate(table, 1)), expected, code_lists())
    assert not register.wrong, register.wrong
    file = registers.stage(obligation=obligation, register=register, content=repr(table).encode(), by=by, now=now)
    registers.take(file=file, by=by, now=now)


def accepted_register(delivery: Delivery, month: date, rows: Iterable[tuple], **at) -> ReturnVersion:
    version = sent_register(delivery, month, rows, **at)
    by = user_with(Role.ANALYST)
    return decisions.accept(submission=version.latest_submission, by=by, now=at.get("now") or timezone.now())
