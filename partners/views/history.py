"""The history: what people did, and row by row what changed. The auditor's home."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import Http404
from django.utils import timezone
from django.views.generic import TemplateView

from partners.access import PermissionRequired
from partners.forms import HistoryForm
from partners.models import Event
from partners.permissions import Permission
from partners.queries import history
from partners.queries.amounts import with_amounts

PER_PAGE = 50


class History(PermissionRequired, TemplateView):
    permission = Permission.VIEW_HISTORY
    template_name = "partners/history.html"

    def get_context_data(self, **kwargs) -> dict:
        given = {name: value for name, value in self.request.GET.items() if name != "page"}
        form = HistoryForm(self.request.GET if given else None)
        is_read = form.is_bound and form.is_valid()
        filters = form.cleaned_data if is_read else {"doer": history.PEOPLE}
        events = history.find_events(self.request.user, **filters)
        page = Paginator(events, PER_PAGE).get_page(self.request.GET.get("page"))
        week_ago = timezone.localdate() - timedelta(days=7)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "week_ago": week_ago,
            "lately": history.find_events(self.request.user, doer=history.PEOPLE, first=week_ago).count(),
            "is_filtered": any(value for name, value in filters.items() if name != "doer"),
            "doer": filters["doer"],
            "told": with_amounts(page.object_list),
            "by_whom": history.DOERS[filters["doer"]].lower(),
            "doers": history.DOERS.items(),
            "page": page,
        }


class SubjectHistory(PermissionRequired, TemplateView):
    """Everything that happened to one organisation, delivery, return, …"""

    permission = Permission.VIEW_HISTORY
    template_name = "partners/history_subject.html"

    def get_context_data(self, subject_type: str, subject_id: int, **kwargs) -> dict:
        events = Event.objects.visible_to(self.request.user).filter(subject_type=subject_type, subject_id=subject_id)
        subject = history.find_subject(subject_type, subject_id)
        if subject is None and not events:
            raise Http404("There is nothing of this kind with this number.")
        return super().get_context_data(**kwargs) | {
            "subject": subject or events[0].subject,
            "kind": subject._meta.verbose_name if subject else "",
            "told": with_amounts(events.select_related("by")),
            "rows": history.row_changes(subject) if subject else [],
        }
