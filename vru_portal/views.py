"""What belongs to no app: home by role, settings, mail in the embedded default, and the pages for what went wrong."""

from __future__ import annotations

from allauth.account.views import LoginView
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from outcomes.queries.publishing import calendar
from outcomes.views.releases import ListReleases
from outcomes.views.returns import DueNow
from partners.access import PermissionRequired, Public, SignedIn
from partners.permissions import Audience, Permission
from partners.queries import reference_tables
from partners.queries.history import done_last
from partners.views import History, messages
from vru_portal import mailbox, today
from vru_portal.core.periods import Month
from vru_portal.core.rescue import is_anothers, rescue_typing, typed_in
from vru_portal.core.workers import is_worker_away
from vru_portal.finance import DownloadFinance, ShowAwardsBehind, ShowFinance
from vru_portal.money import DownloadMoney, ShowMoney
from vru_portal.organisations import ShowOrganisation
from vru_portal.programmes import ShowDelivery, ShowProgramme
from vru_portal.search import Search

HOMES = {
    Audience.PARTNER: DueNow,
    Audience.COMMISSIONER: ListReleases,
    Audience.AUDITOR: History,
}


class Home(SignedIn, TemplateView):
    """Each role's home page: what to do next."""

    template_name = "portal/no_membership.html"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if request.user.audience == Audience.STAFF:
            return Today.as_view()(request)
        if request.user.audience in HOMES:
            return HOMES[request.user.audience].as_view()(request)
        return super().dispatch(request, *args, **kwargs)


class Today(PermissionRequired, TemplateView):
    permission = Permission.VIEW_ALL_RETURNS
    template_name = "portal/today.html"

    def get_context_data(self, **kwargs) -> dict:
        user, day = self.request.user, timezone.localdate()
        last_month = Month.of(day).plus(-1)
        received, due = today.returns_in(user, last_month)
        return super().get_context_data(**kwargs) | {
            "worker_is_away": is_worker_away(),
            "needs": today.needs(user, day),
            "supported": today.supported(user),
            "last_month": last_month,
            "returns_in": f"{received:,} of {due:,}",
            "covered": today.covered_until(user, day),
            "next_release": next(iter(calendar(timezone.now())[0]), None),
            "done_last": done_last(user, 10),
        }


class Settings(PermissionRequired, TemplateView):
    permission = (Permission.VIEW_ALL_RETURNS,)
    template_name = "portal/settings.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "tables": reference_tables(self.request.user),
            "may_view_messages": self.request.user.may(Permission.VIEW_MESSAGES),
            "may_view_history": self.request.user.may(Permission.VIEW_HISTORY),
        }


class ListMessages(messages.ListMessages):
    """What the portal wrote to people, and, where mail is kept in a folder, what went there beside it: invitations and
    forgotten passwords, whose links are kept nowhere else."""

    template_name = "portal/message_list.html"

    def get_context_data(self, **kwargs) -> dict:
        if not (self.request.user.may(Permission.VIEW_MAIL) and _writes_mail_to_a_folder()):
            return super().get_context_data(**kwargs)
        mail = [message for message in mailbox.messages(settings.EMAIL_FILE_PATH) if not message.is_kept]
        if not settings.DEMO:  # whoever has the link of a message can take its reader's account
            mail = [message.without_secrets() for message in mail]
        return super().get_context_data(**kwargs) | {
            "mail": mail,
            "shows_folder": True,
            "hides_links": not settings.DEMO,
        }


class SignIn(Public, LoginView):
    """allauth's page; in the demonstration it shows the accounts to try."""

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | (_of_demonstration() if settings.DEMO else {})


def _of_demonstration() -> dict:
    # Here, so that a real installation never loads the demo.
    from outcomes.demo.load import lacks_releases
    from outcomes.demo.people import demo_accounts

    return {"demo_accounts": demo_accounts(), "lacks_releases": lacks_releases()}


delivery = ShowDelivery.as_view()
home = never_cache(Home.as_view())
finance = ShowFinance.as_view()
finance_awards = ShowAwardsBehind.as_view()
finance_file = DownloadFinance.as_view()
money = ShowMoney.as_view()
money_file = DownloadMoney.as_view()
organisation = ShowOrganisation.as_view()
programme = ShowProgramme.as_view()
search = Search.as_view()
settings_home = Settings.as_view()
message_list = ListMessages.as_view()


def _writes_mail_to_a_folder() -> bool:
    return settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


# ---- What went wrong ----


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before signing out or in again. What was typed into a page of ours is kept and shown again."""
    rescued = rescue_typing(request)
    told = {"is_anothers": is_anothers(request), "typed": typed_in(request)}
    return rescued or render(request, "portal/csrf_failure.html", told, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also for a form that holds more than `DATA_UPLOAD_MAX_MEMORY_SIZE`, which nobody types by hand."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("400.html", {"is_too_large": True}), status=413)
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"typed": typed_in(request)}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", {"typed": typed_in(request)}, status=404)


server_error = defaults.server_error
