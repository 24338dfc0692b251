"""The unit's awards as files for its website."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView, View

from funding import open_data
from funding.queries.open_data import UnitUnknown, open_grants, publisher
from partners.access import PermissionRequired
from partners.permissions import Permission


class ShowOpenData(PermissionRequired, TemplateView):
    """What the files hold, and where they go."""

    permission = Permission.VIEW_MONEY
    template_name = "funding/open_data.html"

    def get_context_data(self, **kwargs) -> dict:
        try:
            known = {
                "publisher": publisher(),
                "grants": open_grants(user=self.request.user, as_at=timezone.localdate()),
            }
        except UnitUnknown as refusal:
            known = {"problem": refusal.message}
        return super().get_context_data(**kwargs) | known


class DownloadOpenData(PermissionRequired, View):
    """Of today, as `kind` says."""

    permission = Permission.VIEW_MONEY

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        today = timezone.localdate()
        try:
            data = self.file(kind, today)
        except UnitUnknown as refusal:
            messages.error(request, refusal.message)
            return redirect("funding:open-data")
        content = {"json": "application/json", "csv": "text/csv; charset=utf-8"}[kind]
        disposition = f'attachment; filename="360giving-{today:%Y-%m-%d}.{kind}"'
        return HttpResponse(data, content_type=content, headers={"Content-Disposition": disposition})

    def file(self, kind: str, today: date) -> bytes:
        grants = open_grants(user=self.request.user, as_at=today)
        if kind == "csv":
            return open_data.as_csv(grants)
        return open_data.as_json(grants, publisher=publisher(), issued=today)
