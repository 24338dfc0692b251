"""What a journey says of a page that something is wrong with."""

import pytest

from tests.browser import PHONE

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
