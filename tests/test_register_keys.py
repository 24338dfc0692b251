"""Register keys: made and restored by two people, written into their file whole, and two of them side by side."""

import contextlib
import os
import pty
import re
import select
import stat
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outcomes.actions import register_keys as actions
from outcomes.actions import registers
from outcomes.checks import keys_are_there
from outcomes.models import RegisterContact, RegisterFile, RegisterIdentity, RegisterKey, ReturnVersion
from outcomes.queries.linkage import identities_in_use
from outcomes.queries.register_keys import keys_for, versions_without_key
from outcomes.queries.registers import counted
from outcomes.registers import keys
from outcomes.registers.ceremony import FIRST, SECOND, WrongShare, hkdf, key_of, new_share, share_in
from outcomes.registers.keys import Key, NoKey
from partners.models import Event
from partners.permissions import Role
from programmes.models import CountingBasis
from tests.browser import on_test_database, somebody
from tests.factories import PASSWORD, DeliveryFactory, ObligationFactory, noon, user_with
from tests.test_registers_pages import AMINA, JAKUB, KOFI, add, send, text, upload
from tests.test_registers_pages import csv_of as rows
from tests.test_returns_concurrency import at_once
from vru_portal.core.periods import Month
from vru_portal.core.refusals import NotAllowed
from vru_portal.run import MANAGE

NOW = noon(date(2021, 6, 20))
OLD = Key(1, b"\1" * 32)


@pytest.fixture
def file(tmp_path, settings) -> Path:
    """The installation's file of keys, with one that was set by hand."""
    path = tmp_path / "register-keys"
    path.write_text(OLD.line + "\n")
    settings.REGISTER_KEYS_FILE, settings.REGISTER_KEYS = str(path), ""
    return path


@pytest.fixture
def two():
    return user_with(Role.DIRECTOR), user_with(Role.PROGRAMME_MANAGER)


def shares(version: int = 2):
    return new_share(version, FIRST), new_share(version, SECOND)


def make(two, of=None, now=NOW) -> Key:
    first, second = of or shares()
    return actions.make(first=first, second=second, by=two[0], beside=two[1], now=now)


def restore(two, of) -> Key:
    return actions.restore(first=of[0], second=of[1], by=two[0], beside=two[1], now=NOW)


class TestShare:
    def test_is_read_from_paper_however_it_is_written(self):
        share = new_share(2, FIRST)
        assert len(share.written.split()) == 9
        for written in (share.written, share.written.lower().replace(" ", "-"), share.written.replace("O", "0")):
            assert share_in(written, version=2, place=FIRST) == share

    def test_with_one_letter_wrong_is_refused(self):
        written = new_share(2, FIRST).written
        slips = [written[:n] + ("A" if sign != "A" else "B") + written[n + 1 :] for n, sign in enumerate(written)]
        for slip in (slip for slip, sign in zip(slips, written, strict=True) if sign != " "):
            with pytest.raises(WrongShare, match="a letter of it is wrong"):
                share_in(slip, version=2, place=FIRST)

    @pytest.mark.parametrize(("version", "place"), [(3, FIRST), (2, SECOND)])
    def test_of_another_version_or_custodian_is_refused(self, version, place):
        with pytest.raises(WrongShare):
            share_in(new_share(2, FIRST).written, version=version, place=place)

    @pytest.mark.parametrize("typed", ["", "AAAA", "é" * 36, "A" * 36, "A" * 400])
    def test_that_is_none_is_refused(self, typed):
        with pytest.raises(WrongShare):
            share_in(typed, version=2, place=FIRST)

    def test_is_shown_in_no_trace(self):
        share, key = new_share(2, FIRST), key_of(*shares())
        assert share.written[:4] not in repr(share)
        assert key.secret.hex()[:8] not in repr(key)


class TestKeyOfTwoShares:
    def test_is_derived_as_rfc_5869_says(self):
        made = hkdf(b"\x0b" * 22, salt=bytes(range(13)), info=bytes(range(0xF0, 0xFA)))
        assert made.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"

    def test_depends_on_both_and_on_the_version(self):
        first, second = shares()
        again = share_in(first.written, version=2, place=FIRST), share_in(second.written, version=2, place=SECOND)
        assert key_of(first, second) == key_of(*again)
        others = [key_of(new_share(2, FIRST), second), key_of(first, new_share(2, SECOND))]
        moved = [type(s)(3, s.place, s.secret) for s in (first, second)]
        assert len({key_of(first, second).secret, *(key.secret for key in others), key_of(*moved).secret}) == 4

    def test_needs_the_first_and_the_second(self):
        first, second = shares()
        for one, other in ((first, first), (second, first), (first, new_share(3, SECOND))):
            with pytest.raises(WrongShare):
                key_of(one, other)


class TestFile:
    def test_takes_a_key_in_its_place_and_is_only_its_owners(self, file):
        file.write_text(f"# ours\n{OLD.line}\n3 {'ab' * 32}\n")
        keys.add(str(file), Key(2, b"\2" * 32))
        assert file.read_text() == f"# ours\n{OLD.line}\n2 {'02' * 32}\n3 {'ab' * 32}\n"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [path.name for path in file.parent.iterdir()] == [file.name]

    def test_is_made_where_there_is_none(self, tmp_path):
        keys.add(str(tmp_path / "new"), OLD)
        assert keys.configured(str(tmp_path / "new"), "") == [OLD]

    def test_that_is_a_link_stays_one(self, file, tmp_path):
        link = tmp_path / "link"
        link.symlink_to(file)
        keys.add(str(link), Key(2, b"\2" * 32))
        assert link.is_symlink()
        assert len(keys.configured(str(file), "")) == 2

    @pytest.mark.parametrize("spoilt", ["1 abc\n", "2 " + "ab" * 32 + "\n", "é"])
    def test_that_is_wrong_is_left_as_it_is(self, file, spoilt):
        file.write_text(spoilt)
        with pytest.raises(NoKey):
            keys.add(str(file), Key(2, b"\2" * 32))
        assert file.read_text() == spoilt

    def test_that_cannot_be_written_is_said(self, tmp_path):
        with pytest.raises(NoKey, match="cannot be written"):
            keys.add(str(tmp_path), OLD)


@pytest.mark.django_db
class TestMake:
    def test_writes_the_key_and_records_who_made_it_and_no_key(self, file, two):
        key = make(two)
        assert keys.configured(str(file), "") == [OLD, key]
        made = RegisterKey.objects.get()
        assert (made.version, made.fingerprint) == (2, key.fingerprint)
        assert (made.first_custodian, made.second_custodian) == two
        event = Event.objects.about(made).get()
        assert (event.words, event.by, event.reason) == ("Register key made", two[0], f"Second custodian: {two[1]}")

    def test_by_one_person_alone_is_refused(self, file, two):
        with pytest.raises(actions.NoCeremony, match="nobody makes a key alone"):
            make((two[0], two[0]))
        assert (RegisterKey.objects.count(), file.read_text()) == (0, OLD.line + "\n")

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.DIRECTOR, Role.PROGRAMME_MANAGER}))
    def test_with_somebody_who_may_not_is_refused(self, file, two, role):
        for pair in ((two[0], user_with(role)), (user_with(role), two[0])):
            with pytest.raises(NotAllowed):
                make(pair)

    def test_records_nothing_if_the_file_cannot_be_written(self, file, two, settings):
        settings.REGISTER_KEYS_FILE = str(file / "not a folder")
        with pytest.raises(NoKey):
            make(two, shares(1))
        assert not RegisterKey.objects.exists()

    def test_leaves_the_environment_to_who_keeps_it(self, two, settings):
        settings.REGISTER_KEYS_FILE, settings.REGISTER_KEYS = "", OLD.line
        key = make(two)
        assert key.line.startswith("2 ")
        assert RegisterKey.objects.get().fingerprint == key.fingerprint

    def test_without_a_place_for_keys_is_refused(self, two, settings):
        settings.REGISTER_KEYS_FILE = settings.REGISTER_KEYS = ""
        with pytest.raises(actions.NoCeremony, match="Set REGISTER_KEYS_FILE first"):
            make(two, shares(1))

    def test_begins_with_version_1_where_the_file_is_not_there_yet(self, two, settings, tmp_path):
        settings.REGISTER_KEYS_FILE = str(tmp_path / "register-keys")
        assert make(two, shares(1)).version == 1


@pytest.mark.django_db(transaction=True)
class TestTwoCeremoniesAtOnce:
    def test_make_one_key_and_the_second_pair_is_told(self, file, two):
        others = user_with(Role.ADMINISTRATOR), user_with(Role.DIRECTOR)
        outcome = at_once(2, lambda n: make((two, others)[n]))
        assert outcome == {"Key": 1, "NoCeremony": 1}
        assert [key.version for key in keys.configured(str(file), "")] == [1, 2]
        assert RegisterKey.objects.get().fingerprint == keys.configured(str(file), "")[1].fingerprint


@pytest.mark.django_db
class TestRestore:
    def test_makes_the_same_key_again(self, file, two):
        made = make(two, of := shares())
        file.write_text(OLD.line + "\n")
        assert restore((two[1], two[0]), of) == made
        assert keys.configured(str(file), "") == [OLD, made]
        assert Event.objects.filter(name="outcomes.register_key.restored").count() == 1

    def test_of_a_key_that_is_there_changes_nothing(self, file, two):
        make(two, of := shares())
        before = file.read_text()
        restore(two, of)
        assert file.read_text() == before

    def test_from_other_shares_is_refused(self, file, two):
        make(two, of := shares())
        with pytest.raises(actions.NoCeremony, match="do not make version 2"):
            restore(two, (of[0], new_share(2, SECOND)))

    def test_by_one_person_alone_is_refused(self, file, two):
        make(two, of := shares())
        with pytest.raises(actions.NoCeremony, match="nobody makes a key alone"):
            restore((two[0], two[0]), of)

    def test_of_a_key_that_was_set_by_hand_is_refused(self, file, two):
        with pytest.raises(actions.NoCeremony, match="was not made in a ceremony"):
            restore(two, shares(1))

    def test_beside_another_key_of_that_version_is_refused(self, file, two):
        make(two, of := shares())
        file.write_text(f"{OLD.line}\n2 {'ab' * 32}\n")
        with pytest.raises(actions.NoCeremony, match="Another key is configured"):
            restore(two, of)


class Terminal:
    """A command at a real terminal, as two people sit before it."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._here, there = pty.openpty()
        self._process = subprocess.Popen(
            command, stdin=there, stdout=there, stderr=there, env=environment, start_new_session=True
        )
        os.close(there)
        self.shown, self._read = "", 0

    def reads(self, words: str) -> str:
        """Wait until the words are shown; what was shown since the last ones, up to these."""
        until = time.monotonic() + 60
        while words not in self.shown[self._read :]:
            if select.select([self._here], [], [], 1)[0]:
                self.shown += self._piece()
            else:
                assert time.monotonic() < until, f"No “{words}” in: {self.shown}"
        since, self._read = self._read, self.shown.index(words, self._read) + len(words)
        return self.shown[since : self._read]

    def _piece(self) -> str:
        try:
            return os.read(self._here, 1000).decode(errors="replace")
        except OSError as error:  # Linux's way to say that the other end is closed
            raise EOFError(self.shown) from error

    def types(self, line: str) -> None:
        os.write(self._here, f"{line}\n".encode())

    def ends(self) -> int:
        with contextlib.suppress(EOFError):
            while True:
                self.shown += self._piece()
        os.close(self._here)
        return self._process.wait(timeout=60)


@pytest.mark.django_db(transaction=True)
class TestCommand:
    @pytest.fixture
    def custodians(self):
        return [somebody(Role.DIRECTOR), somebody(Role.ADMINISTRATOR)]

    def terminal(self, file, *options: str) -> Terminal:
        environment = on_test_database(os.environ) | {"REGISTER_KEYS_FILE": str(file), "REGISTER_KEYS": ""}
        return Terminal([*MANAGE, "make_register_key", *options], environment)

    def sign_in(self, terminal, person) -> None:
        terminal.reads("Email address: ")
        terminal.types(person.email)
        terminal.reads("Password: ")
        terminal.types(PASSWORD)

    def test_makes_a_key_with_two_people_and_restores_it_from_their_papers(self, file, custodians):
        at = self.terminal(file)
        papers = []
        for person in custodians:
            self.sign_in(at, person)
            shown = at.reads("Is it written down?")
            papers.append(re.search(r"(?:[A-Z2-7]{4} ){8}[A-Z2-7]{4}", shown)[0])
            at.types("")
            assert "\033[3J" in at.reads("Type it once from the paper")
            at.types(papers[-1])
            assert papers[-1] not in at.reads("Seal the paper")
        assert at.ends() == 0, at.shown
        made = RegisterKey.objects.get()
        assert f"Version 2 is made. Fingerprint: {made.fingerprint}" in at.shown
        assert PASSWORD not in at.shown
        key = keys.configured(str(file), "")[1]
        assert key.fingerprint == made.fingerprint
        assert key.secret.hex() not in at.shown

        file.write_text(OLD.line + "\n")
        again = self.terminal(file, "--restore", "2")
        for person, paper in zip(custodians, papers, strict=True):
            self.sign_in(again, person)
            again.reads("Your share")
            again.types(paper.lower())
        assert again.ends() == 0, again.shown
        assert keys.configured(str(file), "")[1] == key
        assert not any(paper in again.shown.upper() for paper in papers)

    def test_ends_when_the_first_custodian_comes_as_the_second_too(self, file, custodians):
        at = self.terminal(file, "--restore", "2")
        self.sign_in(at, custodians[0])
        at.reads("Your share")
        at.types(new_share(2, FIRST).written)
        self.sign_in(at, custodians[0])
        assert at.ends() == 1
        assert "nobody makes a key alone" in at.shown

    def test_lets_nobody_in_who_may_not_or_with_a_wrong_password(self, file):
        at = self.terminal(file)
        self.sign_in(at, somebody(Role.ANALYST))
        assert at.ends() == 1
        assert "Your role does not allow this" in at.shown
        at = self.terminal(file)
        for _ in range(3):
            at.reads("Email address: ")
            at.types("nobody@example.org")
            at.reads("Password: ")
            at.types("a wrong password")
        assert at.ends() == 1
        assert "Too many wrong tries" in at.shown
        assert file.read_text() == OLD.line + "\n"

    def test_goes_through_no_pipe(self, file):
        environment = on_test_database(os.environ) | {"REGISTER_KEYS_FILE": str(file)}
        done = subprocess.run(
            [*MANAGE, "make_register_key"], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "at a terminal" in done.stderr


# ---- On the site ----
@pytest.fixture
def staff(db):
    client = Client()
    client.force_login(user_with(Role.FINANCE_OFFICER))
    return client


class TestPage:
    def page(self, client) -> str:
        return text(client.get(reverse("outcomes:register-keys")))

    def test_says_what_was_set_by_hand(self, staff, file):
        page = self.page(staff)
        assert f"Version 1 {OLD.fingerprint} not made in a ceremony 0 Configured" in page
        assert OLD.secret.hex() not in page

    def test_says_who_made_a_key_and_what_to_do_when_it_is_missing(self, staff, file, two):
        key = make(two)
        assert f"Version 2 {key.fingerprint} 20 June 2021 by {two[0]} and {two[1]} 0 Configured" in self.page(staff)
        file.write_text(OLD.line + "\n")
        page = self.page(staff)
        assert "Missing" in page
        assert "make_register_key --restore 2" in page

    def test_says_that_another_key_stands_in_its_place(self, staff, file, two):
        make(two)
        file.write_text(f"{OLD.line}\n2 {'ab' * 32}\n")
        assert "What is configured as version 2 is not what was made" in self.page(staff)

    def test_says_what_is_wrong_with_the_file(self, staff, file):
        file.write_text("nonsense")
        assert "Line 1 of the register keys is not a version" in self.page(staff)

    def test_says_how_to_begin(self, staff, settings):
        settings.REGISTER_KEYS_FILE = settings.REGISTER_KEYS = ""
        assert "There is no key" in self.page(staff)
        settings.REGISTER_KEYS_FILE = "/there/is/none"
        assert "Two custodians make the first one" in self.page(staff)


# ---- Two keys side by side ----
@pytest.fixture
def delivery(reference_tables, db):
    return DeliveryFactory(counting_basis=CountingBasis.REGISTER, starts_on=date(2020, 4, 1))


@pytest.fixture
def partner(delivery):
    return user_with(Role.PARTNER, delivery.partner)


@pytest.fixture
def client(partner):
    client = Client()
    client.force_login(partner)
    return client


def month(delivery, first: date):
    return ObligationFactory(delivery=delivery, month=first)


def give(client, obligation, *people: str):
    """A register of these people, each met on the 10th."""
    return add(client, obligation, rows(*people, day=f"10/{obligation.month:%m/%Y}"))


def writings() -> list[tuple[int, int, bool]]:
    """(key version, contacts, whether it renews another)."""
    found = RegisterIdentity.objects.order_by("pk")
    return [(i.key_version, i.contacts.count(), i.renews_id is not None) for i in found]


class TestWhichKeys:
    def test_are_the_old_and_the_new_until_the_financial_years_end(self, db, file, two):
        key = make(two)
        assert keys_for(Month(2021, 4)) == [OLD, key]
        assert keys_for(Month(2022, 3)) == [OLD, key]
        assert keys_for(Month(2022, 4)) == [key]

    def test_begin_with_the_one_by_which_that_year_is_linked(self, db, file, two):
        second = make(two)
        third = make(two, shares(3), now=noon(date(2023, 5, 1)))
        assert keys_for(Month(2020, 4)) == keys_for(Month(2021, 6)) == [OLD, second, third]
        assert keys_for(Month(2022, 6)) == keys_for(Month(2023, 6)) == [second, third]
        assert keys_for(Month(2024, 4)) == [third]

    def test_stay_all_where_nobody_recorded_when_they_were_made(self, db, file):
        keys.add(str(file), Key(2, b"\2" * 32))
        assert [key.version for key in keys_for(Month(2026, 4))] == [1, 2]

    def test_are_refused_if_one_is_not_what_was_made(self, db, file, two):
        make(two)
        file.write_text(f"{OLD.line}\n2 {'ab' * 32}\n")
        with pytest.raises(NoKey, match="not the one that was made"):
            keys_for(Month(2021, 4))


class TestRotation:
    def test_writes_each_row_under_both_keys_and_ties_the_two(self, client, delivery, file, two):
        give(client, month(delivery, date(2021, 5, 1)), AMINA)
        make(two)
        give(client, month(delivery, date(2021, 6, 1)), AMINA, JAKUB)
        assert writings() == [(1, 2, False), (1, 1, False), (2, 0, True), (2, 0, True)]
        ties = RegisterIdentity.objects.filter(renews__isnull=False)
        assert {tie.renews.key_version for tie in ties} == {1}

    def test_writes_a_later_year_under_the_new_key_alone(self, client, delivery, file, two):
        make(two)
        give(client, month(delivery, date(2022, 4, 1)), AMINA)
        assert writings() == [(2, 1, False)]

    def test_ties_what_arrives_late_to_what_is_there(self, client, delivery, file, two):
        make(two)
        give(client, month(delivery, date(2022, 4, 1)), AMINA)
        give(client, month(delivery, date(2022, 3, 1)), AMINA)
        assert sorted(writings()) == [(1, 1, False), (2, 1, True)]

    def test_knows_the_same_file_again_under_either_key(self, client, delivery, file, two):
        june = month(delivery, date(2021, 6, 1))
        give(client, june, AMINA)
        make(two)
        again = text(upload(client, june, rows(AMINA, day="10/06/2021")))
        assert "These rows are in the register already" in again
        give(client, july := month(delivery, date(2021, 7, 1)), KOFI)
        assert "in the register already" in text(upload(client, july, rows(KOFI, day="10/07/2021")))

    def test_counts_each_person_of_the_year_once(self, client, delivery, file, two):
        give(client, month(delivery, date(2021, 5, 1)), AMINA)
        make(two)
        give(client, june := month(delivery, date(2021, 6, 1)), AMINA, JAKUB)
        found = counted(ReturnVersion.objects.get(obligation=june))
        assert found.people == 2

    def test_knows_somebody_of_the_year_before(self, client, delivery, partner, file, two):
        give(client, may := month(delivery, date(2021, 5, 1)), AMINA.replace("Amina", "Aminah"), KOFI)
        send(may, partner)
        make(two)
        give(client, june := month(delivery, date(2021, 6, 1)), AMINA)
        send(june, partner)
        give(client, april := month(delivery, date(2022, 4, 1)), AMINA, JAKUB)
        found = counted(ReturnVersion.objects.get(obligation=april))
        assert (found.new_people, found.known_people) == (1, 1)

    def test_puts_people_together_over_both_years(self, client, delivery, file, two):
        make(two)
        for first in (date(2022, 3, 1), date(2022, 4, 1)):
            give(client, month(delivery, first), AMINA)
        versions = list(ReturnVersion.objects.values_list("pk", flat=True))
        assert RegisterContact.objects.values("identity").distinct().count() == 2
        assert len(set(identities_in_use(versions).linked().groups.tolist())) == 1

    def test_drops_both_writings_of_what_nobody_confirmed(self, client, delivery, file, two):
        make(two)
        give(client, june := month(delivery, date(2021, 6, 1)), AMINA)
        upload(client, june, rows(AMINA, JAKUB, day="11/06/2021"))
        assert len(writings()) == 4
        registers.discard_stale(now=timezone.now() + timedelta(hours=25))
        assert writings() == [(1, 1, False), (2, 0, True)]
        assert RegisterFile.objects.count() == 1

    def test_counts_what_stands_under_each_key(self, client, delivery, file, two, staff):
        make(two)
        give(client, month(delivery, date(2021, 6, 1)), AMINA, JAKUB)
        page = text(staff.get(reverse("outcomes:register-keys")))
        assert "0 2 ways of writing people tied to the key before Configured" in page
        assert "not made in a ceremony 2 Configured" in page


class TestCheck:
    def test_warns_of_rows_whose_key_is_not_configured(self, client, delivery, file):
        give(client, month(delivery, date(2021, 6, 1)), AMINA)
        assert (versions_without_key(), keys_are_there()) == ([], [])
        file.write_text(f"2 {'ab' * 32}\n")
        (warning,) = keys_are_there()
        assert "stand under version 1 of the key" in warning.msg
        assert RegisterContact.objects.exists()

    def test_warns_of_a_file_that_cannot_be_read(self, db, file):
        file.write_text("nonsense")
        assert keys_are_there()[0].id == "outcomes.W001"
