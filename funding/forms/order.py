"""A rule of several forms."""

from __future__ import annotations

from django import forms


def in_order(form: forms.Form, cleaned: dict, first: str, last: str) -> dict:
    if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
        form.add_error(last, "The last day must not be before the first")
    return cleaned
