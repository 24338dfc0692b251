"""Who may open a page: every view of ours derives from exactly one of these.

`PermissionRequired` for a role's pages, `SignedIn` for anybody with an account, `Public` for the few pages before
sign-in. tests/test_permissions.py fails for a view that declares none. Whether a person sees *this* delivery or
return is asked of the queryset (`.visible_to(user)`), and answered with 404.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from partners.permissions import Permission


class Public:
    """Open to everybody, signed in or not."""


class SignedIn(AccessMixin):
    """Open to everybody with an account; others are asked to sign in first."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)


class PermissionRequired(AccessMixin):
    """Open to those who may do `permission`, or any one of several; signed out: sign in, otherwise the 403 page."""

    permission: ClassVar[Permission | tuple[Permission, ...]]

    @classmethod
    def permissions(cls) -> tuple[Permission, ...]:
        """The permissions of which one is enough."""
        found = getattr(cls, "permission", ())
        found = (found,) if isinstance(found, Permission) else tuple(found)
        if not found:
            raise ImproperlyConfigured(f"{cls.__name__} must name its permission.")
        return found

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not any(request.user.may(permission) for permission in self.permissions()):
            raise PermissionDenied("Your role does not allow this. Ask a colleague at the unit.")
        return super().dispatch(request, *args, **kwargs)
