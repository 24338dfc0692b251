"""Django's admin, kept for reference tables: who may edit those is asked of the user's role."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class PortalAdminSite(AdminSite):
    site_header = "Reference tables"
    site_title = "Reference tables"
    index_title = "Reference tables"
    site_url = "/"
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """One way in for the whole portal: our own sign-in page."""
        if request.user.is_authenticated:
            raise PermissionDenied("Your role does not edit reference tables.")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
