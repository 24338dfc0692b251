"""A page where no script runs, beside the same page where they do."""

from pathlib import Path

from playwright.sync_api import Page

from tests.browser import DESK, HEIGHT, PHONE

SCRIPT = Path(__file__).with_suffix(".js").read_text()


def inventory(page: Page) -> list[str]:
    """Headings, links, fields and buttons that can be seen, each as a sentence."""
    page.evaluate(SCRIPT)
    return page.evaluate("scripts.inventory()")


def wrong_without_scripts(page: Page, with_scripts: list[str]) -> list[str]:
    """Everything that is there with scripts has to be there without, and be of use. There may be more: what a script
    would fold away, or do by itself, like refreshing the page."""
    found = inventory(page)
    wrong = [f"missing: {each}" for each in with_scripts if each not in found]
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        wrong += page.evaluate("scripts.wrong()")
    return list(dict.fromkeys(wrong))
