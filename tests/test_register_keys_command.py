"""The command by which two people make a register key, at a real terminal."""

import contextlib
import os
import pty
import re
import select
import subprocess
import time

import pytest

from outcomes.models import RegisterKey
from outcomes.registers import keys
from outcomes.registers.ceremony import FIRST, new_share
from partners.permissions import Role
from tests.browser import on_test_database, somebody
from tests.ceremony import OLD
from tests.factories import PASSWORD
from vru_portal.run import MANAGE


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

    def terminal(self, keys_file, *options: str) -> Terminal:
        environment = on_test_database(os.environ) | {"REGISTER_KEYS_FILE": str(keys_file), "REGISTER_KEYS": ""}
        return Terminal([*MANAGE, "make_register_key", *options], environment)

    def sign_in(self, terminal, person) -> None:
        terminal.reads("Email address: ")
        terminal.types(person.email)
        terminal.reads("Password: ")
        terminal.types(PASSWORD)

    def test_makes_a_key_with_two_people_and_restores_it_from_their_papers(self, keys_file, custodians):
        at = self.terminal(keys_file)
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
        key = keys.configured(str(keys_file), "")[1]
        assert key.fingerprint == made.fingerprint
        assert key.secret.hex() not in at.shown

        keys_file.write_text(OLD.line + "\n")
        again = self.terminal(keys_file, "--restore", "2")
        for person, paper in zip(custodians, papers, strict=True):
            self.sign_in(again, person)
            again.reads("Your share")
            again.types(paper.lower())
        assert again.ends() == 0, again.shown
        assert keys.configured(str(keys_file), "")[1] == key
        assert not any(paper in again.shown.upper() for paper in papers)

    def test_ends_when_the_first_custodian_comes_as_the_second_too(self, keys_file, custodians):
        at = self.terminal(keys_file, "--restore", "2")
        self.sign_in(at, custodians[0])
        at.reads("Your share")
        at.types(new_share(2, FIRST).written)
        self.sign_in(at, custodians[0])
        assert at.ends() == 1
        assert "nobody makes a key alone" in at.shown

    def test_lets_nobody_in_who_may_not_or_with_a_wrong_password(self, keys_file):
        at = self.terminal(keys_file)
        self.sign_in(at, somebody(Role.ANALYST))
        assert at.ends() == 1
        assert "Your role does not allow this" in at.shown
        at = self.terminal(keys_file)
        for _ in range(3):
            at.reads("Email address: ")
            at.types("nobody@example.org")
            at.reads("Password: ")
            at.types("a wrong password")
        assert at.ends() == 1
        assert "Too many wrong tries" in at.shown
        assert keys_file.read_text() == OLD.line + "\n"

    def test_goes_through_no_pipe(self, keys_file):
        environment = on_test_database(os.environ) | {"REGISTER_KEYS_FILE": str(keys_file)}
        done = subprocess.run(
            [*MANAGE, "make_register_key"], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "at a terminal" in done.stderr
