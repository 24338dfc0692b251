"""What a journey says of a page that something is wrong with."""

import pytest

from tests.browser import PHONE
from tests.journeys.keyboard import wrong_by_keyboard
from tests.journeys.without_scripts import inventory, wrong_without_scripts

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

FAULTS = {
    "a style that the policy refuses": (
        """document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>Red</p>")""",
        "Content Security Policy",
    ),
    "a script that fails": ("setTimeout(() => { throw new Error('torn') })", "Script: torn"),
    "an error in the console": ("console.error('worn')", "worn"),
    "a file that is missing": ("fetch('/nowhere').then(() => 0)", "/nowhere answered 404"),
    "a body that scrolls sideways": (
        """document.querySelector("main").append("wide".repeat(200))""",
        f"px wide in a window of {PHONE} px",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_is_failed_by(visitor, fault):
    script, sentence = FAULTS[fault]
    somebody = visitor(width=PHONE)
    somebody.open("/")
    somebody.page.evaluate(script)
    somebody.page.wait_for_timeout(100)
    with pytest.raises(AssertionError, match=sentence):
        somebody.look()


def test_is_failed_by_what_axe_finds(visitor):
    somebody = visitor()
    somebody.open("/")
    assert somebody.axe() == []
    somebody.page.evaluate("document.querySelectorAll('label').forEach(label => label.remove())")
    assert any("Form elements must have labels" in sentence for sentence in somebody.axe())


DRAW = """const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [sheet];
sheet.replaceSync(%r);"""
FAULTS_BY_KEYBOARD = {
    "an order of its own": ("document.querySelector('main button').tabIndex = 1", "has an order of its own"),
    "a focus that cannot be seen": (
        DRAW % "input:focus { outline: none !important; box-shadow: none !important }",
        "looks as it did without",
    ),
    "a link that is out of sight": (DRAW % "main a { position: fixed; left: -9999px }", "is out of sight"),
    "a field that holds Tab fast": (
        "document.querySelector('main [type=password]').addEventListener('keydown', (event) => event.preventDefault())",
        "Tab does not come out at the end",
    ),
    "a region that only a mouse scrolls": (DRAW % "main { overflow: auto; height: 50px }", "no key scrolls <main"),
    "a link that does not skip": ("document.querySelector('main').id = ''", "the skip link skips nothing"),
    "no link that skips": ("document.querySelector('.govuk-skip-link').remove()", "leads to no place on the page"),
}


@pytest.mark.parametrize("fault", FAULTS_BY_KEYBOARD)
def test_by_keyboard_finds(visitor, fault):
    script, sentence = FAULTS_BY_KEYBOARD[fault]
    somebody = visitor()
    somebody.open("/")
    assert wrong_by_keyboard(somebody.page) == []
    somebody.open("/")
    somebody.page.evaluate(script)
    assert any(sentence in each for each in wrong_by_keyboard(somebody.page))


FAULTS_WITHOUT_SCRIPTS = {
    "a button that waits for a script": ("<button type='button'>Open</button>", "does nothing: <button"),
    "a button of no form": ("<button>Open</button>", "does nothing: <button"),
    "a link to nothing": ("<a href='#'>Open</a>", "leads nowhere: <a"),
    "a link to a place that is not there": ("<a href='#there'>Go there</a>", "leads nowhere: <a"),
    "a tab that only a script opens": ("<div role='tab'>Table</div>", "only a script operates: <div"),
    "what only a script shows": ("<p hidden><a href='/'>Home</a></p>", "stays hidden: <a"),
    "a field of no form": ("<input name='search'>", "belongs to no form: <input"),
    "a form without a button": ("<form><input name='search'></form>", "cannot be sent: <form"),
    "what only a script fetches": ("<div hx-get='/'></div>", "only a script fetches: <div"),
}


@pytest.mark.parametrize("fault", FAULTS_WITHOUT_SCRIPTS)
def test_without_scripts_finds(visitor, fault):
    html, sentence = FAULTS_WITHOUT_SCRIPTS[fault]
    nobody, plain = visitor(), visitor(javascript=False)
    nobody.open("/")
    plain.open("/")
    assert wrong_without_scripts(plain.page, inventory(nobody.page)) == []
    plain.page.evaluate("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", html)
    assert any(sentence in each for each in wrong_without_scripts(plain.page, []))


def test_without_scripts_misses_what_scripts_add(visitor):
    nobody, plain = visitor(), visitor(javascript=False)
    nobody.open("/")
    plain.open("/")
    nobody.page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<h2>More</h2>')")
    assert wrong_without_scripts(plain.page, inventory(nobody.page)) == ["missing: heading “More”"]
