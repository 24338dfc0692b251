"""Mounts the apps. What joins two apps is composed in `vru_portal.views`."""

from django.contrib import admin
from django.urls import include, path

from vru_portal import health, views
from vru_portal.core.views import unit_css

urlpatterns = [
    path("", views.home, name="home"),
    path("settings/", views.settings_home, name="settings"),
    path("settings/mail/", views.mail_list, name="mail-list"),
    path("accounts/login/", views.SignIn.as_view(), name="account_login"),
    path("accounts/", include("allauth.account.urls")),
    path("partners/", include("partners.urls")),
    path("programmes/", include("programmes.urls")),
    path("money/", include("funding.urls")),
    path("", include("outcomes.urls")),
    path("api/", include("vru_portal.api")),
    path("reference/", admin.site.urls),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("unit.css", unit_css, name="unit-css"),
]

handler400 = "vru_portal.views.bad_request"
handler403 = "vru_portal.views.permission_denied"
handler404 = "vru_portal.views.page_not_found"
handler500 = "vru_portal.views.server_error"
