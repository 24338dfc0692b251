"""A page that is gone through with Tab alone."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).with_suffix(".js").read_text()


def wrong_by_keyboard(page: Page) -> list[str]:
    """Of what can be used and seen, Tab has to reach each in the order of the page, show it, and come out at the end;
    what scrolls inside itself has to be reached too, and the first link has to lead past the sections."""
    page.evaluate(SCRIPT)
    for _ in range(page.evaluate("keyboard.begin()")):
        page.keyboard.down("Tab")  # and not up again in between: a page of squares has five hundred stops
    page.keyboard.up("Tab")
    wrong = page.evaluate("keyboard.wrong()")
    page.keyboard.press("Tab")
    if page.evaluate("keyboard.isTrapped()"):
        wrong.append("Tab does not come out at the end")
    return wrong + _wrong_with_skip_link(page)


def _wrong_with_skip_link(page: Page) -> list[str]:
    target = page.evaluate("keyboard.skipLink()")
    if not target:
        return ["the first link leads to no place on the page"]
    page.evaluate("keyboard.toTheTop()")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith(f"#{target}"))
    page.keyboard.press("Tab")
    skipped = page.evaluate("target => keyboard.hasSkippedTo(target)", target)
    page.evaluate("keyboard.toTheTop()")
    return [] if skipped else ["the skip link skips nothing"]
