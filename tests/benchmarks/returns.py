"""`make bench`: filling in returns, at a size that no region reaches, side by side with an empty page.

5,000 deliveries owe 36 months of returns, all of which but the last are accepted. Fifty people fill in the last one at
once and think for five seconds on average between two requests: they open a section, the page saves by itself, and now
and then they meet an empty page (the frame alone, signed in), which is the reference. All of it in one run against the
portal's own web server on this machine. Nothing is asserted: the table is the result.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import sys
import threading
import time
from collections import defaultdict
from datetime import date

import django
import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from vru_portal.embedded import temporary_servers

DELIVERIES, MONTHS, PEOPLE, PARTNERS = 5_000, 36, 50, 500
THINK = 5.0  # seconds, on average
SECONDS = float(os.environ.get("BENCH_SECONDS", "120"))
WARM_UP = 10.0
FIRST = date(2023, 4, 1)


# ---- The region ----
def load(*, deliveries: int, months: int, partners: int, people: int) -> list[tuple[str, int]]:
    """Fills a database that has the reference tables; (the cookie of a session, the open obligation's id) of each
    person."""
    from django.db import connection

    cookies = _people(deliveries, partners, people)
    with connection.cursor() as cursor:
        for table in ("obligation", "returnversion", "submission", "submissioncount"):
            # Made-up rows that keep every rule: the triggers would ask each of seven million the same questions.
            cursor.execute(f"ALTER TABLE outcomes_{table} DISABLE TRIGGER USER")
        for statement in RETURNS:
            cursor.execute(statement, {"first": FIRST, "months": months})
        for table in ("obligation", "returnversion", "submission", "submissioncount"):
            cursor.execute(f"ALTER TABLE outcomes_{table} ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")
        cursor.execute(
            "SELECT max(o.id) FROM outcomes_obligation o JOIN programmes_delivery d ON d.id = o.delivery_id "
            "JOIN partners_membership m ON m.organisation_id = d.partner_id GROUP BY m.user_id ORDER BY m.user_id"
        )
        return list(zip(cookies, [row[0] for row in cursor.fetchall()], strict=True))


def _people(deliveries: int, partners: int, people: int) -> list[str]:
    """The region's partners, and people who are signed in: their sessions' cookies."""
    from django.conf import settings
    from django.test import Client

    from partners.models import Membership, Organisation, User
    from partners.permissions import Role
    from programmes.models import Delivery, Programme, Rung, Setting

    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Partner {n}", kind=Organisation.Kind.CHARITY) for n in range(partners)
    )
    programme = Programme.objects.create(
        code="bench",
        name="Bench",
        summary="Made up.",
        prevention_level="primary",
        life_stage="all",
        rung=Rung.ONE_TO_ONE,
    )
    setting = Setting.objects.first()
    Delivery.objects.bulk_create(
        Delivery(
            code=f"BENCH-{n}",
            name=f"Delivery {n}",
            programme=programme,
            partner=organisations[n % partners],
            setting=setting,
            starts_on=FIRST,
        )
        for n in range(deliveries)
    )
    users = User.objects.bulk_create(User(email=f"person{n}@example.org", name=f"Person {n}") for n in range(people))
    Membership.objects.bulk_create(
        Membership(user=user, organisation=organisations[n], role=Role.PARTNER, started_on=FIRST)
        for n, user in enumerate(users)
    )
    return [_signed_in(Client(), user).cookies[settings.SESSION_COOKIE_NAME].value for user in users]


def _signed_in(client, user):
    client.force_login(user)
    return client


# Ten people a month: in each breakdown seven under its first line and three under its last.
RETURNS = [
    """INSERT INTO outcomes_obligation (delivery_id, month, due_date, opened_at, waived_reason)
       SELECT d.id, m::date, (m + interval '1 month 13 days')::date, m, ''
       FROM programmes_delivery d
       CROSS JOIN generate_series(%(first)s::timestamp, %(first)s::timestamp + (%(months)s - 1) * interval '1 month',
                                  interval '1 month') m""",
    """INSERT INTO outcomes_returnversion (obligation_id, number, template_id, counting_basis, state, typed, typed_by,
           revision, is_backfilled, revision_reason, reason, created_at, decided_at, decided_by_id)
       SELECT o.id, 1, t.id, 'aggregate', 'accepted', '{}', '{}', 0, false, '', '', o.due_date, o.due_date,
              (SELECT max(id) FROM partners_user)
       FROM outcomes_obligation o
       CROSS JOIN (SELECT v.id FROM outcomes_templateversion v JOIN outcomes_returntemplate r ON r.id = v.template_id
                   WHERE r.standard_for = 'people') t
       WHERE o.month < (SELECT max(month) FROM outcomes_obligation)""",
    """INSERT INTO outcomes_submission (version_id, sequence, submitted_at, submitted_by_id, is_nil, nil_reason,
           new_people, known_people, already_counted_people, contacts, exposure_method, comment)
       SELECT v.id, 1, v.created_at, (SELECT min(id) FROM partners_user), false, '', 10, 0, 0, 30, '', ''
       FROM outcomes_returnversion v""",
    """INSERT INTO outcomes_submissioncount (submission_id, seen, category_id, people)
       SELECT s.id, 'first_seen', c.id, c.people
       FROM outcomes_submission s
       CROSS JOIN (SELECT min(id) AS id, 7 AS people FROM outcomes_category GROUP BY dimension
                   UNION ALL SELECT max(id), 3 FROM outcomes_category GROUP BY dimension) c""",
]


# ---- The people ----
class Person(threading.Thread):
    """Opens sections, types, and thinks."""

    def __init__(self, address: str, cookie: str, obligation: int, took: dict[str, list[float]], until: float) -> None:
        super().__init__(daemon=True)
        self.address, self.obligation, self.took, self.until = address, obligation, took, until
        self.session = requests.Session()
        # While somebody thinks, the server hangs up; a browser dials again and nobody notices.
        self.session.mount("http://", HTTPAdapter(max_retries=Retry(2, allowed_methods=None)))
        self.session.cookies.set("sessionid", cookie)
        self.dice = random.Random(obligation)
        self.typed: dict[str, str] = {}
        self.token = ""

    def run(self) -> None:
        begun = time.monotonic()
        self._open("numbers")
        while time.monotonic() < self.until:
            time.sleep(self.dice.expovariate(1 / THINK))
            name, act = self.dice.choice(STEPS)
            start = time.monotonic()
            act(self)
            if start - begun > WARM_UP:
                self.took[name].append(time.monotonic() - start)

    def _open(self, section: str) -> None:
        page = self.session.get(f"{self.address}/returns/{self.obligation}/fill-in/{section}/")
        page.raise_for_status()
        self.token = _token(page.text)

    def numbers(self) -> None:
        self._open("numbers")

    def who(self) -> None:
        self._open("who")

    def save(self) -> None:
        name = self.dice.choice(["new_people", "known_people", "contacts"])
        value = str(self.dice.randrange(1000))
        body = {"typed": {name: value}, "opened": {name: self.typed.get(name, "")}}
        answer = self.session.post(
            f"{self.address}/returns/{self.obligation}/save/",
            json.dumps(body),
            headers={"X-CSRFToken": self.token, "Content-Type": "application/json", "Referer": self.address},
        )
        answer.raise_for_status()
        self.typed[name] = value

    def empty_page(self) -> None:
        assert self.session.get(f"{self.address}/nothing-is-here/").status_code == 404


def _token(text: str) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text).group(1)


EMPTY = "An empty page"
STEPS = [
    ("A section of counts", Person.numbers),
    ("Who they were, the longest section", Person.who),
    ("Saving by itself", Person.save),
    ("Saving by itself", Person.save),
    (EMPTY, Person.empty_page),
]


def main() -> int:
    with temporary_servers() as servers:
        os.environ.update(servers.environment | {"HTTPS": "0", "DEMO": "0"})
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("load_reference_tables", verbosity=0)
        start = time.monotonic()
        people = load(deliveries=DELIVERIES, months=MONTHS, partners=PARTNERS, people=PEOPLE)
        say(f"{DELIVERIES:,} deliveries × {MONTHS} months, loaded in {time.monotonic() - start:.0f} s")
        tell(fill_in(people))
    return 0


def fill_in(people: list[tuple[str, int]]) -> dict[str, list[float]]:
    """What each kind of request took, in seconds, while all the people fill in their returns."""
    from tests.browser import web_server

    took: dict[str, list[float]] = defaultdict(list)
    with web_server(dict(os.environ), workers=2) as address:
        until = time.monotonic() + SECONDS + WARM_UP
        threads = [Person(address, cookie, obligation, took, until) for cookie, obligation in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return took


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def tell(took: dict[str, list[float]]) -> None:
    reference = _p95(took[EMPTY])
    say(f"{PEOPLE} people, {THINK:.0f} s between requests, {SECONDS:.0f} s, {os.cpu_count()} cores")
    say(f"{'':36}{'requests':>9}{'median ms':>11}{'p95 ms':>8}{'p95 ÷ empty page':>18}")
    for name in dict.fromkeys(step for step, _ in STEPS):
        times = took[name]
        median, p95 = statistics.median(times) * 1000, _p95(times) * 1000
        say(f"{name:36}{len(times):9,}{median:11.0f}{p95:8.0f}{p95 / 1000 / reference:18.2f}")


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
