"""The thread of comments on one section of a return."""

from __future__ import annotations

from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.views.generic import FormView

from outcomes.actions.comments import comment
from outcomes.forms.decisions import CommentForm
from outcomes.queries.comments import Thread, threads
from outcomes.views.returns import OneReturn
from partners.permissions import Permission
from vru_portal.core.form_views import OneAction


class ShowThread(OneAction, OneReturn, FormView):
    """What was written about a section, and one's own sentence after it."""

    permission = (Permission.SUBMIT_RETURN, Permission.REVIEW_RETURN)
    template_name = "outcomes/return_comments.html"
    form_class = CommentForm
    refusal_field = "text"

    @cached_property
    def thread(self) -> Thread:
        found = threads(self.request.user, self.obligation)
        one = next((thread for thread in found if thread.section.key == self.kwargs["section"]), None)
        if one is None:
            raise Http404
        return one

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"thread": self.thread}

    def act(self, **details) -> str:
        comment(obligation=self.obligation, section=self.thread.section.key, **details)
        return f"Written about {self.thread.section.title}. They are told by mail."

    def get_success_url(self) -> str:
        return reverse("outcomes:return-comments", args=[self.obligation.pk, self.thread.section.key])
