"""The keys of registers' pseudonyms, as far as they may be shown: never one of them."""

from __future__ import annotations

from django.conf import settings
from django.views.generic import TemplateView

from outcomes.queries.register_keys import key_lines
from outcomes.registers.keys import NoKey
from partners.access import PermissionRequired
from partners.permissions import Permission


class ListKeys(PermissionRequired, TemplateView):
    permission = Permission.VIEW_ALL_RETURNS
    template_name = "outcomes/register_keys.html"

    def get_context_data(self, **kwargs) -> dict:
        try:
            found = {"lines": key_lines(), "problem": ""}
        except NoKey as refusal:
            found = {"lines": [], "problem": refusal.message}
        is_configured = bool(settings.REGISTER_KEYS_FILE or settings.REGISTER_KEYS)
        return super().get_context_data(**kwargs) | found | {"is_configured": is_configured}
