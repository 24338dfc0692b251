"""The read API: one router that registers each app's viewsets, its OpenAPI description, and a page that lists it."""

from __future__ import annotations

from django.urls import include, path, reverse
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from funding.api import AwardYearViewSet
from outcomes.api import RELEASE_CODE, CategoryViewSet, FigureViewSet, ReleaseViewSet, ReturnViewSet
from partners.access import Public, SignedIn
from partners.api import AreaViewSet, NetworkViewSet, OrganisationViewSet
from programmes.api import DeliveryViewSet, ProgrammeViewSet, SettingViewSet

router = SimpleRouter()
router.register("areas", AreaViewSet)
router.register("organisations", OrganisationViewSet)
router.register("networks", NetworkViewSet)
router.register("settings", SettingViewSet)
router.register("programmes", ProgrammeViewSet)
router.register("deliveries", DeliveryViewSet)
router.register("categories", CategoryViewSet)
router.register("returns", ReturnViewSet, basename="return")
router.register("releases", ReleaseViewSet)
OF_RELEASE = f"(?P<release>{RELEASE_CODE})"
router.register(f"releases/{OF_RELEASE}/figures", FigureViewSet, basename="figure")
router.register("award-years", AwardYearViewSet)


class Schema(SpectacularAPIView):
    """The description holds no data, so tools may read it before they sign in."""

    permission_classes = [AllowAny]


class Root(Public, APIView):
    """Where each list is, for a tool that begins here. It holds no data either."""

    permission_classes = [AllowAny]
    schema = None

    def get(self, request):
        here = request.build_absolute_uri(request.path)
        lists = [prefix for prefix, _, _ in router.registry if _is_link(prefix)]
        return Response({name: f"{here}{name}/" for name in ("schema", *lists)})


class NoSuchDoor(Public, APIView):
    """Any other address below v1/: a 404 that a tool can read."""

    permission_classes = [AllowAny]
    schema = None

    def get(self, request, rest: str):
        raise NotFound()


class Home(SignedIn, TemplateView):
    """What there is, for people: each list with what it shows and who sees it."""

    template_name = "portal/api_home.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"lists": self._lists()}

    def _lists(self) -> list[dict]:
        root = reverse("api-home") + "v1/"
        return [
            {
                "address": root + prefix.replace(OF_RELEASE, "{release}") + "/",
                "is_link": _is_link(prefix),
                "shows": " ".join(viewset.__doc__.replace("`", "").split()),
                "parameters": [*viewset.filters().fields, "limit", "offset"],
                "is_open": any(self.request.user.may(p) for p in _permissions(viewset)),
            }
            for prefix, viewset, _ in router.registry
        ]


def _is_link(prefix: str) -> bool:
    return "(?P" not in prefix


def _permissions(viewset) -> tuple:
    return viewset.permission if isinstance(viewset.permission, tuple) else (viewset.permission,)


urlpatterns = [
    path("", Home.as_view(), name="api-home"),
    path("v1/schema/", Schema.as_view(), name="api-schema"),
    path("v1/", Root.as_view(), name="api-root"),
    path("v1/", include(router.urls)),
    path("v1/<path:rest>/", NoSuchDoor.as_view(), name="api-other"),
]
