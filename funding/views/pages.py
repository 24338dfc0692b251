"""What the pages with one form have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.urls import reverse
from django.views.generic import FormView

from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.form_views import OneAction


class FormPage(OneAction, PermissionRequired, FormView):
    """One form, one action, and back to the page above. A view gives `heading`, `button`, `above` and `act`; one that
    changes something gives `subject` too, and names in `edited` the fields that the form begins with."""

    permission = Permission.MANAGE_MONEY
    template_name = "funding/form_page.html"
    intro = ""
    edited: ClassVar[Sequence[str]] = ()

    @property
    def above(self) -> tuple[str, str]:
        """The label and the address of the page that leads here."""
        return "Money", reverse("money")

    def get_initial(self) -> dict:
        return {name: getattr(self.subject, name) for name in self.edited}

    def get_context_data(self, **kwargs) -> dict:
        label, address = self.above
        own = {"heading": self.heading, "button": self.button, "intro": self.intro}
        of_the_unit = self.request.user.may(Permission.VIEW_MONEY)
        section = ("Money", reverse("money")) if of_the_unit else ("Our money", reverse("funding:our-money"))
        own |= {"section": section[0], "section_url": section[1]}
        return super().get_context_data(**kwargs) | own | {"above": label, "above_url": address}

    def get_success_url(self) -> str:
        return self.above[1]
