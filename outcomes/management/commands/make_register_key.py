"""`manage.py make_register_key`: two people at one terminal make the next register key, or an old one again.

Each signs in and gives a share of it. A share is shown once, to be written down and sealed, or typed; what is typed is
never shown, and what was shown is wiped before the other person sits down.
"""

from __future__ import annotations

import getpass
import sys

from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outcomes.actions import register_keys as actions
from outcomes.queries.register_keys import configured_keys, next_version
from outcomes.registers.ceremony import FIRST, SECOND, Share, WrongShare, new_share, share_in
from partners.models import User
from vru_portal.core.refusals import Refusal

TRIES = 3
WIPE = "\033[H\033[2J\033[3J"  # the screen and what was scrolled away
WHICH = {FIRST: "First", SECOND: "Second"}


class Command(BaseCommand):
    help = "Make the next key of registers' pseudonyms with two people; --restore VERSION makes an old one again."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--restore", type=int, metavar="VERSION", help="from the two shares that were sealed")

    def handle(self, *args, restore: int | None, **options) -> None:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise CommandError("Two people make a key, at a terminal: shares must not pass through a file or a pipe.")
        try:
            self._hold(restore)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        except (EOFError, KeyboardInterrupt):
            raise CommandError("Ended. Nothing was made, and the shares shown so far are void.") from None

    def _hold(self, restore: int | None) -> None:
        actions.require_place()
        version = restore or next_version()
        is_there = any(key.version == version for key in configured_keys())
        verb = "Restoring" if restore else "Making"
        self.stdout.write(f"{verb} version {version} of the register key. Two people are needed, each with a share.")
        first = self._custodian(FIRST)
        first_share = self._share(version, FIRST, is_new=not restore)
        second = self._custodian(SECOND, beside=first)
        second_share = self._share(version, SECOND, is_new=not restore)
        act = actions.restore if restore else actions.make
        key = act(first=first_share, second=second_share, by=first, beside=second, now=timezone.now())
        self.stdout.write(f"Version {version} is {'right' if restore else 'made'}. Fingerprint: {key.fingerprint}")
        if is_there:
            self.stdout.write("It is configured already, so nothing was written.")
        elif settings.REGISTER_KEYS_FILE:
            self.stdout.write(f"It is in {settings.REGISTER_KEYS_FILE}. Web and worker read it from now on.")
        else:
            self.stdout.write("The keys are in REGISTER_KEYS, kept elsewhere. Put this line there, the last:\n")
            self._show_once(key.line, "Is it there? Press Enter, and it is wiped. ")

    def _custodian(self, place: int, beside: User | None = None) -> User:
        self.stdout.write(f"\n{WHICH[place]} custodian")
        for _ in range(TRIES):
            email = input("Email address: ")
            password = getpass.getpass("Password: ")
            user = authenticate(None, email=email.strip(), password=password)
            if user is not None:
                if place == FIRST:
                    actions.require_custodians(first=user)
                else:
                    actions.require_custodians(first=beside, second=user)
                return user
            self.stdout.write("They do not go together. Check both, and try again.")
        raise CommandError("Too many wrong tries. Nothing was made, and the shares shown so far are void.")

    def _share(self, version: int, place: int, *, is_new: bool) -> Share:
        if not is_new:
            return self._typed(version, place, "Your share (it is not shown): ")
        share = new_share(version, place)
        self.stdout.write(f"\nYour share of version {version}. Only you look at it. Write it down:\n")
        self._show_once(share.written, "Is it written down? Press Enter, and it is wiped. ")
        typed = self._typed(version, place, "Type it once from the paper (it is not shown): ")
        if typed != share:
            raise WrongShare("This is another share. Begin again.")
        self.stdout.write("It is right. Seal the paper, with the version, your name and the date on the envelope.")
        return share

    def _typed(self, version: int, place: int, question: str) -> Share:
        for _ in range(TRIES):
            try:
                return share_in(getpass.getpass(question), version=version, place=place)
            except WrongShare as refusal:
                self.stdout.write(refusal.message)
        raise CommandError("Too many wrong tries. Nothing was made.")

    def _show_once(self, text: str, question: str) -> None:
        self.stdout.write(f"    {text}\n")
        self.stdout.flush()
        input(question)
        self.stdout.write(WIPE)
