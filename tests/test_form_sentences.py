"""What the forms of money and of organisations say to a box that is left empty."""

import re
from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import iter_modules

import pytest
from django import forms
from django.core.exceptions import ValidationError

import funding.forms
import partners.forms
from vru_portal.core.forms import in_our_words

MODULES = [
    partners.forms,
    *(import_module(f"funding.forms.{one.name}") for one in iter_modules(funding.forms.__path__)),
]
# A label that is no noun makes no sentence: “Enter the paid on”, “Enter the to whom”.
NO_SENTENCE = re.compile(
    r"(Enter|Choose) (the (at|choose|for|from|in|of|on|to|where)\b|(at|for|on|to)\b|what for$|.* on$)"
)


def fields():
    for module in MODULES:
        for _, form in getmembers(module, isclass):
            if issubclass(form, forms.BaseForm) and form.__module__ == module.__name__:
                yield from (
                    pytest.param(field, id=f"{form.__name__}.{name}")
                    for name, field in form.base_fields.items()
                    if field.required and field.label
                )


@pytest.mark.parametrize("field", list(fields()))
def test_asks_for_what_is_left_empty_in_a_sentence(field):
    bound = forms.Form()
    bound.fields["asked"] = field
    sentence = in_our_words(ValidationError(field.error_messages["required"], code="required"), bound["asked"])
    assert not NO_SENTENCE.match(sentence), sentence
