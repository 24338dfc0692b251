"""Mounts the apps. What joins two apps is composed in `vru_portal.views`."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path, re_path

from partners import urls as partners
from programmes import urls as programmes
from vru_portal import health, views
from vru_portal.core.views import unit_css

# Of allauth's pages only these. Changing an address is not among them: an invitation went to it, and a page where
# people type another would let them take one that is not theirs.
ACCOUNTS = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),  # says that it is closed; allauth's mail looks it up
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

PARTNERS = [path("<int:pk>/", views.organisation, name="organisation-detail"), *partners.urlpatterns]

PROGRAMMES = [
    path("<int:pk>/", views.programme, name="programme-detail"),
    path("deliveries/<int:pk>/", views.delivery, name="delivery-detail"),
    *programmes.urlpatterns,
]

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("settings/", views.settings_home, name="settings"),
    path("settings/messages/", views.message_list, name="message-list"),
    path("accounts/", include(ACCOUNTS)),
    path("partners/", include((PARTNERS, partners.app_name))),
    path("programmes/", include((PROGRAMMES, programmes.app_name))),
    path("money/", views.money, name="money"),
    re_path(r"^money/(?P<name>[a-z_]+)\.(?P<kind>csv|xlsx)$", views.money_file, name="money-file"),
    path("money/finance/", views.finance, name="finance"),
    re_path(
        r"^money/finance/behind/(?P<by>all|grant|ring_fence|programme|partner|district)/$",
        views.finance_awards,
        name="finance-awards",
    ),
    re_path(r"^money/finance/(?P<name>[a-z_]+)\.(?P<kind>csv|xlsx)$", views.finance_file, name="finance-file"),
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
