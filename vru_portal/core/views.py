"""What every page needs besides its files: the unit's colour."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from vru_portal.core import colours


@require_safe
@cache_control(public=True, max_age=3600)
def unit_css(request: HttpRequest) -> HttpResponse:
    """The unit's colour as custom properties: a setting cannot be compiled, and the policy allows no inline style."""
    lines = [f"  {name}: {value};" for name, value in colours.custom_properties(settings.UNIT_COLOUR).items()]
    return HttpResponse(":root {\n" + "\n".join(lines) + "\n}\n", content_type="text/css; charset=utf-8")
