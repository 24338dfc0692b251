"""A release attacked by what is published of it."""

import io
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from outcomes.actions import releases
from outcomes.queries.audit import as_published
from outcomes.queries.hidden import hidden_again
from outcomes.queries.reach import inputs_of
from outcomes.release_figures import figure_rows
from partners.permissions import Role
from tests import factories
from vru_portal.core.periods import Month

pytestmark = [pytest.mark.usefixtures("workbooks_once"), pytest.mark.django_db]

APRIL, MAY, JUNE = Month(2021, 4), Month(2021, 5), Month(2021, 6)
NOW = factories.noon(date(2021, 7, 22))
# Three of them in Walsall, which is hidden; the others and all of them are given.
SENT = {"district": {"first_seen": {"E08000025": 41, "E08000030": 3}}}


def make(**policy):
    factories.PolicyFactory(**policy)
    factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=44, breakdowns=SENT)
    return releases.produce(month=JUNE, by=None, now=NOW)


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("audit_release", *arguments, stdout=out)
    return out.getvalue()


def test_where_numbers_are_rounded_nothing_can_be_told():
    make(round_to=5)
    words = said("2021-06.1")
    assert "of 2021-06.1; 0 of them can be given away." in words
    assert not words.startswith("0 hidden numbers")


def test_each_hidden_number_is_listed_with_what_can_be_said_of_it():
    make(round_to=5)
    line = next(line for line in said("2021-06.1", "--all").splitlines() if "E08000030" in line)
    assert line.startswith("2021-06.1 month 2021-06-01 to 2021-06-30")
    assert " to " in line.rpartition(": ")[2]


def test_what_exact_numbers_would_give_away_is_hidden_beside_it():
    release = make(round_to=1)
    assert release.hidden_beside
    assert "; 0 of them can be given away." in said("2021-06.1")


def made_after_one_that_showed_everything():
    """The rules became stricter in June; what May's release showed of April is hidden in June's, in vain."""
    factories.PolicyFactory(effective_from=date(2021, 4, 1), round_to=1, hide_below=1)
    factories.PolicyFactory(effective_from=date(2021, 6, 1))
    factories.accepted_return(factories.DeliveryFactory(), APRIL, new_people=44, breakdowns=SENT)
    first = releases.produce(month=MAY, by=None, now=NOW)
    factories.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW)
    return releases.produce(month=JUNE, by=None, now=NOW)


def test_where_an_earlier_release_gives_a_number_away_it_fails_and_names_what_does():
    made_after_one_that_showed_everything()
    out = io.StringIO()
    with pytest.raises(CommandError, match="can be told"):
        call_command("audit_release", "2021-06.1", stdout=out)
    line = next(line for line in out.getvalue().splitlines() if "E08000030" in line)
    assert line.startswith("2021-06.1 ")
    assert ": 3 to 3, by 2021-05.1 " in line


def test_one_that_tells_what_it_hides_is_never_approved():
    """As one that was made when the attack found something, and nobody looked whether earlier ones tell it."""
    release = made_after_one_that_showed_everything()
    release.pk, release.number = None, release.number + 1
    release.told, release.told_before = release.told_before, []
    release.save(force_insert=True)
    with pytest.raises(releases.CanBeTold, match="can be worked out"):
        factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)


def test_what_was_public_before_is_attacked_with_it():
    first = make(round_to=5)
    factories.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW)
    factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=7)
    releases.produce(month=JUNE, by=None, now=NOW)
    assert "hidden numbers of 2021-06.1, 2021-06.2; 0 of them can be given away." in said("2021-06.2")


def test_of_a_release_that_is_not_there_it_says_how_to_name_one():
    with pytest.raises(CommandError, match=r"as 2021-12\.2"):
        said("2021-06.7")


def test_what_the_other_rounding_of_a_bound_would_give_away_is_hidden_too():
    """At most 40 of 43 or more live in Birmingham: so at least three live elsewhere."""
    factories.PolicyFactory(round_to=5)
    sent = {"district": {"first_seen": {"E08000025": 40, "E08000030": 3}}}
    factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=43, breakdowns=sent)
    release = releases.produce(month=JUNE, by=None, now=NOW)
    assert release.hidden_beside
    assert "; 0 of them can be given away." in said("2021-06.1")


def test_attacks_what_was_published_as_it_was_counted_then():
    release = make(round_to=5)
    rows = as_published(release).rows
    again = hidden_again(release, figure_rows(inputs_of(release)))
    assert list(rows) == again
    assert any(row.symbol == "c" for row in rows)


def sent_in_april(**walsall):
    """Returns of one programme by several partners: so many people in Walsall each, and 41 in Birmingham."""
    programme = factories.ProgrammeFactory()
    for name, people in walsall.items():
        delivery = factories.DeliveryFactory(programme=programme, partner=factories.OrganisationFactory(name=name))
        sent = {"district": {"first_seen": {"E08000025": 41, "E08000030": people}}}
        factories.accepted_return(delivery, APRIL, new_people=41 + people, breakdowns=sent)


def test_as_a_partner_it_looks_for_what_others_contributed():
    factories.PolicyFactory()
    sent_in_april(Lockside=2, Lantern=1)
    releases.produce(month=APRIL, by=None, now=NOW)
    words = said("2021-04.1", "--partners", "--all")
    for partner in ("Lockside", "Lantern"):
        assert re.search(rf"^{partner}: [1-9]\d* numbers of others; 0 can be given away.$", words, re.MULTILINE)


def test_where_a_partner_can_tell_what_others_contributed_it_fails_and_names_the_partner():
    """Of three in Walsall, which May's release showed, two were its own."""
    factories.PolicyFactory(effective_from=date(2021, 4, 1), round_to=1, hide_below=1)
    factories.PolicyFactory(effective_from=date(2021, 6, 1))
    sent_in_april(Lockside=2, Lantern=1)
    first = releases.produce(month=MAY, by=None, now=NOW)
    factories.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW)
    releases.produce(month=JUNE, by=None, now=NOW)
    out = io.StringIO()
    with pytest.raises(CommandError, match="can be told"):
        call_command("audit_release", "2021-06.1", "--partners", stdout=out)
    lines = [line for line in out.getvalue().splitlines() if line.startswith("Lockside: 2021-06.1")]
    assert lines
    assert all(": 1 to 1, by 2021-05.1" in line for line in lines)
