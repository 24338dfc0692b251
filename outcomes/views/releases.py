"""Releases: produced, approved, downloaded."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View

from outcomes.actions import publishing
from outcomes.actions import releases as actions
from outcomes.forms.decisions import ApproveReleaseForm, DiscardForm, StopForm
from outcomes.forms.reach import MonthToProduce
from outcomes.models import Certificate, Release, ReleaseRun
from outcomes.package.archive import archive
from outcomes.queries import early_access, figures, files
from outcomes.queries.certificates import certificate_in_words, certificate_of
from outcomes.queries.checklist import checklist
from outcomes.queries.hidden import attack_in_words
from outcomes.queries.publishing import calendar, day_to_be_public, newer_one
from outcomes.queries.reach import months_to_produce
from outcomes.queries.revisions import revision_count
from outcomes.views.reach import headline_of
from outcomes.views.release_steps import steps_of
from partners.access import PermissionRequired
from partners.permissions import Permission
from vru_portal.core.form_views import OneAction
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal
from vru_portal.core.templatetags.portal import moment

READERS = (Permission.VIEW_PUBLISHED_RELEASE, Permission.VIEW_UNPUBLISHED_RELEASE)


class ListReleases(PermissionRequired, TemplateView):
    permission = READERS
    template_name = "outcomes/release_list.html"

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        may_produce = user.may(Permission.PRODUCE_RELEASE)
        visible = figures.releases_visible_to(user)
        return super().get_context_data(**kwargs) | {
            "releases": figures.listed(visible),
            "may_read_funder_reports": user.may(Permission.VIEW_FUNDER_REPORTS),
            "reported": figures.newest(visible.published()),
            "coming": calendar(timezone.now())[0][:1],
            "revisions": revision_count() if user.may(Permission.VIEW_ALL_RETURNS) else 0,
            "form": MonthToProduce(months=months_to_produce(_this_month())) if may_produce else None,
            "run": ReleaseRun.objects.select_related("requested_by").first() if may_produce else None,
            "early": early_access.open_to(user),
        }


class ProduceRelease(PermissionRequired, View):
    permission = Permission.PRODUCE_RELEASE
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        form = MonthToProduce(request.POST, months=months_to_produce(_this_month()))
        if not form.is_valid():
            messages.error(request, "Choose the last month of the release: one that is over and has accepted returns.")
            return redirect("outcomes:release-list")
        try:
            run = actions.request(month=form.cleaned_data["month"], by=request.user, now=now)
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect("outcomes:release-list")
        return redirect("outcomes:release-run", pk=run.pk)


class ShowRun(PermissionRequired, View):
    """The job's progress; htmx asks for the bar alone."""

    permission = Permission.PRODUCE_RELEASE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(ReleaseRun.objects.select_related("release", "requested_by"), pk=pk)
        is_over = run.state in {ReleaseRun.State.FINISHED, ReleaseRun.State.FAILED}
        fragment = request.headers.get("HX-Request") == "true"
        template = "outcomes/release_run_progress.html" if fragment else "outcomes/release_run.html"
        response = render(request, template, {"run": run, "is_over": is_over})
        if fragment and is_over:
            response["HX-Refresh"] = "true"
        return response


class ReadsRelease(PermissionRequired):
    """What a release's readers open. Who reads one before it is public is written down."""

    permission = READERS

    def releases(self, visible: QuerySet[Release]) -> QuerySet[Release]:
        """Those of them that the address means."""
        return visible.called(self.kwargs["code"])

    @cached_property
    def release(self) -> Release:
        user = self.request.user
        found = self.releases(figures.releases_visible_to(user)).first()
        if found is not None:
            return found
        access = early_access.open_to(user).filter(release__in=self.releases(Release.objects.all())).first()
        if access is None:
            raise Http404("There is no such release.")
        publishing.record_early_reading(access=access, now=timezone.now())
        return access.release


class ShowRelease(ReadsRelease, TemplateView):
    template_name = "outcomes/release_detail.html"

    def releases(self, visible: QuerySet[Release]) -> QuerySet[Release]:
        return visible.filter(pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs) -> dict:
        user, release = self.request.user, self.release
        found = figures.Chosen(release, None, None).to_date(Month.of(release.month))
        newer = figures.newer_release(release, user)
        is_open, shows_internals = not release.is_decided, user.may(Permission.VIEW_UNPUBLISHED_RELEASE)
        waits = is_open and newer is None and user.may(Permission.APPROVE_RELEASE)
        return super().get_context_data(**kwargs) | {
            "release": release,
            "number": found,
            "headline": headline_of(found),
            "coverage": figures.coverage_by_programme(release),
            "figure_count": release.figures.count(),
            "files": files.file_lines(release),
            "input_count": release.inputs.count(),
            "shows_internals": shows_internals,
            "steps": steps_of(release) if shows_internals else [],
            "attack": attack_in_words(release),
            "certificate": certificate_in_words(certificate_of(release)) if shows_internals else "",
            "newer": newer,
            "revisions": revision_count() if user.may(Permission.VIEW_ALL_RETURNS) else 0,
            "first_published": figures.first_published(release),
            "may_stop": release.is_under_embargo and user.may(Permission.APPROVE_RELEASE),
            "may_discard": is_open and user.may(Permission.DISCARD_RELEASE),
            "waits_for_user": waits and release.produced_by_id != user.pk,
            "waits_for_colleague": waits and release.produced_by_id == user.pk,
            "early_readers": early_access.readers(release) if shows_internals or release.is_published else [],
            "may_grant": not (release.is_published or release.is_discarded) and user.may(Permission.GRANT_EARLY_ACCESS),
        }


class DecideRelease(OneAction, PermissionRequired, FormView):
    """One decision on a page of its own, with what should be read before it."""

    @cached_property
    def release(self) -> Release:
        return get_object_or_404(figures.releases_visible_to(self.request.user), pk=self.kwargs["pk"])

    @property
    def is_open(self) -> bool:
        """Whether there is anything to decide."""
        return not self.release.is_decided

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not self.is_open:
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"release": self.release}

    def get_success_url(self) -> str:
        return reverse("outcomes:release-detail", args=[self.release.pk])


class ApproveRelease(DecideRelease):
    permission = Permission.APPROVE_RELEASE
    template_name = "outcomes/release_approve.html"
    form_class = ApproveReleaseForm

    @cached_property
    def certificate(self) -> Certificate | None:
        return certificate_of(self.release)

    def get_form_kwargs(self) -> dict:
        wanted = {
            "told_before_reason": bool(self.release.told_before),
            "unproven_reason": self.certificate is not None and not self.certificate.is_whole,
        }
        return super().get_form_kwargs() | {"asked": [name for name, is_wanted in wanted.items() if is_wanted]}

    def get_context_data(self, **kwargs) -> dict:
        now = timezone.now()
        found = figures.Chosen(self.release, None, None).to_date(Month.of(self.release.month))
        return super().get_context_data(**kwargs) | {
            "headline": headline_of(found),
            "is_own": self.release.produced_by_id == self.request.user.pk,
            "newer": newer_one(self.release),
            "checklist": checklist(self.release, self.request.user),
            "certificate": certificate_in_words(self.certificate),
            "public_at": day_to_be_public(Month.of(self.release.month), now),
            "now": now,
        }

    def act(self, **details) -> str:
        release = actions.approve(release=self.release, **details)
        if release.is_under_embargo:
            return f"{release} is approved. It becomes public on {moment(release.public_at)}."
        return f"{release} is approved. Commissioners can see it now."


class DiscardRelease(DecideRelease):
    permission = Permission.DISCARD_RELEASE
    template_name = "outcomes/release_discard.html"
    form_class = DiscardForm

    def act(self, **details) -> str:
        actions.discard(release=self.release, **details)
        return f"{self.release} is discarded. It stays on record and is never published."


class StopRelease(DecideRelease):
    """An error was found in an approved one, before its day."""

    permission = Permission.APPROVE_RELEASE
    template_name = "outcomes/release_stop.html"
    form_class = StopForm

    @property
    def is_open(self) -> bool:
        return self.release.is_under_embargo

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"early_readers": early_access.readers(self.release)}

    def act(self, **details) -> str:
        publishing.stop(release=self.release, **details)
        return f"{self.release} is stopped and never becomes public. Announce a new day once you know it."


class DownloadFile(ReadsRelease, View):
    """A file of a release, a block at a time."""

    def get(self, request: HttpRequest, code: str, name: str) -> StreamingHttpResponse:
        file = get_object_or_404(self.release.files, name=name)
        return StreamingHttpResponse(
            files.blocks(file),
            content_type=files.content_type(name),
            headers={
                "Content-Disposition": f'attachment; filename="{self.release.code}_{name}"',
                "Content-Length": str(file.size),
            },
        )


class DownloadPackage(ReadsRelease, View):
    """All files of a release as one."""

    def get(self, request: HttpRequest, code: str) -> StreamingHttpResponse:
        return StreamingHttpResponse(
            archive((file.name, files.blocks(file)) for file in self.release.files.order_by("name")),
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="reach_{self.release.code}.zip"'},
        )


class ListDownloads(PermissionRequired, TemplateView):
    """Commissioners: every file that there is, with its fingerprint."""

    permission = Permission.VIEW_PUBLISHED_RELEASE
    template_name = "outcomes/downloads.html"

    def get_context_data(self, **kwargs) -> dict:
        published = figures.releases_visible_to(self.request.user).published()
        return super().get_context_data(**kwargs) | {
            "releases": [(one, files.file_lines(one.release)) for one in figures.listed(published)]
        }


def _this_month() -> Month:
    return Month.of(timezone.localdate())
