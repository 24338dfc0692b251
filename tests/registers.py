"""Registers for tests: sent, and accepted, by the actions of the site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from outcomes.actions import decisions, linkage, registers, returns
from outcomes.forms.returns import ReturnForm
from outcomes.models import Obligation, RegisterFile, ReturnVersion
from outcomes.queries.questions import questions_of
from outcomes.queries.reach import release_inputs
from outcomes.queries.registers import code_lists
from outcomes.registers.reading import Expected, read
from partners.models import User
from partners.permissions import Role
from programmes.models import CountingBasis, Delivery
from tests.factories import DeliveryFactory, ObligationFactory, user_with
from vru_portal.core.periods import Month
from vru_portal.core.tables_in import Row, rows_of

HEADER = (
    *("Your reference", "First name", "Last name", "Date of birth", "Postcode", "District", "Sex", "Ethnicity"),
    *("Date of contact", "Kind of contact", "Setting"),
)


def giving_registers(**delivery) -> Delivery:
    return DeliveryFactory(counting_basis=CountingBasis.REGISTER, **delivery)


def sent_register(delivery: Delivery, month: date, rows: Iterable[tuple], **at) -> ReturnVersion:
    """A return whose people are counted from these rows; see `HEADER`."""
    table = [HEADER, *rows]
    lines = (Row("", n, tuple(cells)) for n, cells in enumerate(table, 1))
    return _sent(delivery, Month.of(month), lines, repr(table).encode(), **at)


def accepted_register(delivery: Delivery, month: date, rows: Iterable[tuple], **at) -> ReturnVersion:
    return _accepted(sent_register(delivery, month, rows, **at), **at)


def accepted_file(delivery: Delivery, month: Month, name: str, data: bytes, **at) -> ReturnVersion:
    """The same of a file as it came."""
    return _accepted(_sent(delivery, month, rows_of(data, name), data, **at), **at)


def _accepted(version: ReturnVersion, **at) -> ReturnVersion:
    by = user_with(Role.ANALYST)
    return decisions.accept(submission=version.latest_submission, by=by, now=at.get("now") or timezone.now())


def _sent(delivery: Delivery, month: Month, lines: Iterable[Row], content: bytes, **at) -> ReturnVersion:
    obligation = Obligation.objects.filter(delivery=delivery, month=month.first).first() or ObligationFactory(
        delivery=delivery, month=month.first
    )
    by, now = user_with(Role.PARTNER, delivery.partner), at.get("now") or timezone.now()
    registers.take(file=staged(obligation, lines, content, by=by, now=now), by=by, now=now)
    version = obligation.versions.latest("number")
    form = ReturnForm(version.typed, questions=questions_of(obligation))
    assert form.is_valid(), form.errors
    returns.submit(version=version, answers=form.answers, by=by, now=now)
    version.refresh_from_db()
    return version


def staged(obligation: Obligation, lines: Iterable[Row], content: bytes, *, by: User, now: datetime) -> RegisterFile:
    expected = Expected(
        partner=str(obligation.delivery.partner_id),
        month=obligation.period,
        today=max(timezone.localdate(now), obligation.period.last),
        default_kind=obligation.delivery.programme.rung,
        default_setting=obligation.delivery.setting.code,
    )
    register = read(lines, expected, code_lists())
    assert not register.wrong, register.wrong
    return registers.stage(obligation=obligation, register=register, content=content, by=by, now=now)


def inputs_now(month: Month):
    """What a release of the month would be made of."""
    versions, position = linkage.settle_people(now=timezone.now())
    return release_inputs(month, versions=versions, position=position)[1]
