"""The twelve registers of ../shared through the site: the count is the command's, and the truth's within the bound."""

import json
from datetime import date

import pytest

from outcomes.actions import linkage
from outcomes.models import Linkage, ReachCell
from tests.factories import ProgrammeFactory, noon
from tests.registers import accepted_file, giving_registers
from tests.test_count_registers import RETURNS, count
from vru_portal.core.periods import Month

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not RETURNS.is_dir(), reason="../shared/returns is not there"),
    pytest.mark.usefixtures("reference_tables"),
    pytest.mark.django_db,
]
NOW = noon(date(2026, 7, 6))


def told(where: str, period: str, **of) -> int:
    cell = ReachCell.objects.filter(
        where=where, period=period, district="", age_band="", sex="", ethnicity="", cube__year=2026, **of
    )
    return cell.latest("end").told


def test_the_twelve_registers_count_on_the_site_as_by_the_command_and_in_truth():
    programme = ProgrammeFactory()
    files = sorted(RETURNS.glob("*_2026-??.*"))
    deliveries = {
        code: giving_registers(code=code, programme=programme, starts_on=date(2026, 4, 1))
        for code in sorted({file.name.split("_")[0] for file in files})
    }
    for file in files:
        code, _, month = file.stem.partition("_")
        accepted_file(deliveries[code], Month.parse(month), file.name, file.read_bytes(), now=NOW)
    linkage.settle(now=NOW)

    truth, command = json.loads((RETURNS / "expected.json").read_text()), count(*files)
    assert Linkage.objects.first().contacts == truth["contacts"] == command["contacts"]
    assert told("any", "year_to_date") == command["period"]["all"]
    assert abs(told("any", "year_to_date") / truth["period"]["all"] - 1) <= 0.005
    for month, expected in truth["month"].items():
        first = Month.parse(month).first
        assert told("any", "month", start=first) == command["month"][month]["all"]
        for code, delivery in deliveries.items():
            met = told("partner", "month", start=first, what=str(delivery.partner_id))
            assert met == command["month"][month][code] == expected[code]
    for code, delivery in deliveries.items():
        met = told("partner", "year_to_date", what=str(delivery.partner_id))
        assert met == command["period"][code]
