"""A return on paper: what is typed so far, or a blank form to fill in by hand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from outcomes.models.templates import SectionBlock
from outcomes.views.fill_in import OpenReturn


class PrintReturn(OpenReturn, TemplateView):
    """For a visit without a signal, and for who keeps the numbers but does not sign in."""

    template_name = "outcomes/return_print.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return TemplateView.get(self, request, *args, **kwargs)  # paper is never closed

    def get_context_data(self, **kwargs) -> dict:
        is_blank = "blank" in self.request.GET
        form = self.form(initial={} if is_blank else self.typed)
        return super().get_context_data(**kwargs) | {
            "is_blank": is_blank,
            "form": form,
            "parts": [
                {
                    "section": section,
                    "headlines": form.headlines(section),
                    "tables": form.breakdown_tables if section.block == SectionBlock.WHO else [],
                    "groups": [form.group(question) for question in section.questions],
                }
                for section in self.questions.sections
            ],
        }
