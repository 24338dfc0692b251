"""Django's admin, kept for reference tables: who may edit those is asked of the user's role."""

from functools import update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from import_export.admin import ImportExportModelAdmin

from vru_portal.core.rescue import forgotten_once_saved, rescue_typing


class PortalAdminSite(AdminSite):
    site_header = "Reference tables"
    site_title = "Reference tables"
    index_title = "Reference tables"
    site_url = "/"
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        """Reference tables only. Installed packages bring pages for accounts, groups and API tokens: whoever edits
        code lists must not come near those."""
        if admin_class is not None and issubclass(admin_class, ImportExportModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view, cacheable=False):
        """What is typed into a row while its writer is signed out is kept, as in every form of the portal."""
        inner = super().admin_view(view, cacheable)

        def keeping(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated and (response := rescue_typing(request)):
                return response
            return forgotten_once_saved(request, inner(request, *args, **kwargs))

        return update_wrapper(keeping, inner)

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """One way in for the whole portal: our own sign-in page."""
        if request.user.is_authenticated:
            raise PermissionDenied("Your role does not edit reference tables.")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
