"""What base.html shows on every page: the unit's name, the sections of the person who is signed in."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from partners.permissions import sections_for


def portal(request: HttpRequest) -> dict:
    # Lazy: a page fragment or a file never asks for the sections.
    return {
        "unit_name": settings.UNIT_NAME,
        "unit_short_name": settings.UNIT_SHORT_NAME,
        "is_demo": settings.DEMO,
        "sections": SimpleLazyObject(lambda: sections(request)),
    }


def sections(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """(label, address, whether we are in it) of each section of the service bar."""
    user = getattr(request, "user", None)
    if user is None:
        return []
    found = [(label, address) for label, name in sections_for(user) if (address := _address(name))]
    current = _section_of(request.path, [address for _, address in found])
    return [(label, address, address == current) for label, address in found]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _section_of(path: str, addresses: list[str]) -> str:
    """The most particular address that the path begins with; the home page is a section of itself alone."""
    matching = [address for address in addresses if path == address or (address != "/" and path.startswith(address))]
    return max(matching, key=len, default="")
