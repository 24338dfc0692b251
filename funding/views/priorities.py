"""Which deliveries would be kept longest."""

from __future__ import annotations

from django.utils import timezone

from funding import queries
from funding.actions import priorities
from funding.forms import PrioritiesForm
from funding.views.pages import FormPage
from partners.permissions import Permission


class SetPriorities(FormPage):
    """One table of ranks."""

    permission = (Permission.MANAGE_MONEY, Permission.APPROVE_MONEY)
    template_name = "funding/priorities.html"
    form_class = PrioritiesForm
    heading = "What is kept longest"
    button = "Save ranks"
    intro = (
        "If money runs out, the Money page says which deliveries stop first. Rank 1 is kept longest. Deliveries may "
        "share a rank; one without a rank stops before all that have one."
    )

    def get_form_kwargs(self) -> dict:
        deliveries = queries.deliveries_to_rank(user=self.request.user, today=timezone.localdate())
        return super().get_form_kwargs() | {"deliveries": deliveries}

    def act(self, **details) -> str:
        changed = len(priorities.set_priorities(**details))
        if not changed:
            return "Every delivery stands where it stood."
        return "1 rank is changed." if changed == 1 else f"{changed:,} ranks are changed."
