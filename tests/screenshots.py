"""`make screenshots`: the README's pictures, taken of the demo region on servers of its own."""

import os
import subprocess
import sys

import django

from tests.servers import chromium
from vru_portal.embedded import BASE_DIR, temporary_servers
from vru_portal.run import MANAGE, code_version, static_files_are_old

FOLDER = BASE_DIR / "docs" / "images"
PHONE, DESK = (360, 740), (1440, 900)

# The picture's name, whose it is, the links to follow from home, and the window.
PICTURES = [
    ("partner-due-now", "partner", [], PHONE),
    ("partner-return", "partner", ["Change return"], (360, 1300)),
    ("staff-today", "director", [], DESK),
    ("staff-returns", "programme_manager", ["Returns"], DESK),
    ("staff-reach", "analyst", ["Reach"], (1440, 1250)),
    ("staff-money", "finance_officer", ["Money"], (1440, 1520)),
    ("staff-release", "director", ["Read and approve"], DESK),
    ("commissioner-figures", "commissioner", ["Figures"], (1440, 1250)),
]


def main() -> int:
    """Writes the pictures; the exit status."""
    if chromium() is None:
        print("No Chromium found: install it, or set CHROMIUM to its path.", file=sys.stderr)  # noqa: T201
        return 1
    with temporary_servers() as servers:
        os.environ.update(servers.environment | code_version())
        for command in ["migrate", "collectstatic --noinput" if static_files_are_old() else "", "load_demo"]:
            if command:
                subprocess.run([*MANAGE, *command.split(), "--verbosity", "0"], check=True)
        django.setup()
        take()
    return 0


def take() -> None:
    # Not before Django is set up.
    from outcomes.demo.people import PASSWORD, demo_accounts
    from tests.browser import Visitor, chromium_browser, web_server

    emails = {account.code: account.email for account in reversed(demo_accounts())}  # the first of each role
    FOLDER.mkdir(exist_ok=True)
    with web_server(dict(os.environ)) as address, chromium_browser() as browser:
        for name, role, links, (width, height) in PICTURES:
            context = browser.new_context(viewport={"width": width, "height": height})
            visitor = Visitor(context, address)
            visitor.sign_in(emails[role], PASSWORD)
            for link in links:
                page = visitor.page
                target = page.get_by_role("link", name=link).or_(page.get_by_role("button", name=link))
                visitor.open(target.first.get_attribute("href"))
            visitor.page.screenshot(path=FOLDER / f"{name}.png")
            context.close()


if __name__ == "__main__":
    sys.exit(main())
