"""Areas, organisations and networks for tools; and what every part of the read API has in common.

The API shows what the pages show: each viewset names a permission, and its rows come through `.visible_to(user)`.
"""

from __future__ import annotations

import re
from datetime import date

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from knox.auth import TokenAuthentication
from rest_framework import serializers, viewsets
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.permissions import BasePermission, IsAuthenticated

from partners.models import Area, Network, Organisation
from partners.permissions import Permission
from partners.queries.networks import with_members_on
from vru_portal.core.periods import Month

EVERY_ROLE = (Permission.VIEW_PROGRAMMES, Permission.VIEW_OWN_RETURNS, Permission.VIEW_PUBLISHED_RELEASE)


# ---- Who asks ----


class ApiToken(TokenAuthentication):
    """A token from the account page, as `Authorization: Token …`."""

    def authenticate_credentials(self, token: bytes):
        if not token.isascii():  # Knox would fail on it
            raise AuthenticationFailed("Invalid token.")
        return super().authenticate_credentials(token)


class ApiTokenScheme(OpenApiAuthenticationExtension):
    target_class = ApiToken
    name = "token"

    def get_security_definition(self, auto_schema) -> dict:
        return build_bearer_security_scheme_object(header_name="Authorization", token_prefix="Token")  # noqa: S106


class RolePermission(BasePermission):
    """The person's role has the view's `permission`, or one of several."""

    message = "Your role does not include this."

    def has_permission(self, request, view) -> bool:
        wanted = view.permission if isinstance(view.permission, tuple) else (view.permission,)
        return any(request.user.may(permission) for permission in wanted)


# ---- What is asked for ----


class Pages(LimitOffsetPagination):
    """`limit` (1 to 1,000, 100 when not said) and `offset` (from 0)."""

    default_limit = 100
    max_limit = 1000
    max_offset = 100_000_000

    def get_limit(self, request) -> int:
        return self._number(request, "limit", 1, self.max_limit, self.default_limit)

    def get_offset(self, request) -> int:
        return self._number(request, "offset", 0, self.max_offset, 0)

    def _number(self, request, name: str, least: int, most: int, otherwise: int) -> int:
        text = request.query_params.get(name)
        if text is None:
            return otherwise
        if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
            raise serializers.ValidationError({name: [f"Give a whole number from {least:,} to {most:,}."]})
        return int(text)

    def get_schema_operation_parameters(self, view) -> list[dict]:
        def parameter(name: str, least: int, most: int) -> dict:
            schema = {"type": "integer", "minimum": least, "maximum": most}
            return {"name": name, "in": "query", "required": False, "schema": schema}

        return [parameter("limit", 1, self.max_limit), parameter("offset", 0, self.max_offset)]


class Filters(serializers.Serializer):
    """The query parameters of a list. What is not understood is refused with a sentence, never ignored."""

    def to_internal_value(self, data):
        known = {*self.fields, "limit", "offset", "format"}
        strange = [name for name in data if name not in known]
        if strange:
            names = ", ".join(sorted(known - {"format"}))
            raise serializers.ValidationError({strange[0]: [f"There is no such parameter. There are: {names}."]})
        return super().to_internal_value(data)


MONTH = r"^[12]\d{3}-(0[1-9]|1[0-2])$"


@extend_schema_field({"type": "string", "pattern": MONTH, "example": "2021-12"})
class MonthField(serializers.CharField):
    """A month as 2021-12; gives a `Month`."""

    def to_internal_value(self, data) -> Month:
        text = super().to_internal_value(data)
        if not re.fullmatch(MONTH, text, re.ASCII):
            raise serializers.ValidationError("Write the month as 2021-12.")
        return Month.parse(text)


class CodeField(serializers.RegexField):
    """A code of ours: letters, digits and hyphens."""

    def __init__(self, **kwargs) -> None:
        super().__init__(
            r"^[A-Za-z0-9-]+$",
            max_length=60,
            error_messages={"invalid": "A code has letters, digits and hyphens only."},
            **kwargs,
        )


@extend_schema_field({"type": "string", "pattern": MONTH, "example": "2021-12"})
class MonthOutField(serializers.DateField):
    """The first day of a month, written as 2021-12."""

    def __init__(self, **kwargs) -> None:
        super().__init__(format="%Y-%m", **kwargs)


REFUSALS = {
    "400": "A parameter is not understood: a sentence for each.",
    "401": "No token or session, or one that is valid no more.",
    "403": "The person's role does not include this.",
    "404": "There is nothing of this kind, or the person does not see it.",
}


class ApiSchema(AutoSchema):
    """The description of one door, with the refusals that all doors share."""

    def _get_response_bodies(self, direction="response") -> dict:
        refusals = {
            code: self._get_response_for_code(OpenApiResponse(OpenApiTypes.OBJECT, description=words), code)
            for code, words in REFUSALS.items()
        }
        return super()._get_response_bodies(direction) | refusals


class ReadOnlyViewSet(viewsets.ReadOnlyModelViewSet):
    """A list and its rows, for those whose role has `permission`."""

    schema = ApiSchema()
    permission: Permission | tuple[Permission, ...]
    filters: type[Filters] = Filters
    lookup_value_regex = "[0-9]{1,9}"
    authentication_classes = [ApiToken, SessionAuthentication]
    permission_classes = [IsAuthenticated, RolePermission]
    pagination_class = Pages

    def asked(self) -> dict:
        """The query parameters, validated; a 400 with a sentence for each that is wrong."""
        form = self.filters(data=self.request.query_params.dict(), context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return form.validated_data

    def filter_queryset(self, queryset):
        """A list is narrowed by its parameters, one row is not."""
        queryset = super().filter_queryset(queryset)
        return self.narrowed(queryset, **self.asked()) if self.action == "list" else queryset

    def narrowed(self, queryset, **asked):
        return queryset.filter(**asked)


def described(name: str, filters: type[Filters] | None = None):
    """The list's parameters in the API's description."""
    return extend_schema_view(
        list=extend_schema(parameters=[filters] if filters else [], summary=f"List {name}"),
        retrieve=extend_schema(summary=f"One of {name}"),
    )


# ---- Areas, organisations, networks ----


class AreaSerializer(serializers.ModelSerializer):
    parent = serializers.SlugRelatedField(slug_field="gss_code", read_only=True, allow_null=True)

    class Meta:
        model = Area
        fields = ["gss_code", "name", "kind", "parent"]


@described("areas")
class AreaViewSet(ReadOnlyViewSet):
    """Districts and the police force area, by their ONS codes."""

    permission = EVERY_ROLE
    queryset = Area.objects.select_related("parent").order_by("gss_code")
    serializer_class = AreaSerializer
    lookup_field = "gss_code"
    lookup_value_regex = "[A-Z][0-9]{8}"


class OrganisationSerializer(serializers.ModelSerializer):
    district = serializers.SlugRelatedField(slug_field="gss_code", read_only=True, allow_null=True)
    succeeded_by = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)

    class Meta:
        model = Organisation
        fields = ["id", "name", "kind", "org_id", "district", "opened_on", "closed_on", "succeeded_by"]


class OrganisationFilters(Filters):
    kind = serializers.ChoiceField(Organisation.Kind.choices, required=False)


@described("organisations", OrganisationFilters)
class OrganisationViewSet(ReadOnlyViewSet):
    """Partners, funders and commissioners; a partner sees its own."""

    permission = (Permission.VIEW_PARTNERS, Permission.VIEW_OWN_RETURNS)
    queryset = Organisation.objects.none()
    serializer_class = OrganisationSerializer
    filters = OrganisationFilters

    def get_queryset(self):
        return Organisation.objects.visible_to(self.request.user).select_related("district").order_by("name")


class NetworkSerializer(serializers.ModelSerializer):
    district = serializers.SlugRelatedField(slug_field="gss_code", read_only=True, allow_null=True)
    members = serializers.IntegerField(read_only=True, help_text="Adults who belong to it on the day.")

    class Meta:
        model = Network
        fields = ["id", "name", "kind", "district", "purpose", "members"]


class NetworkFilters(Filters):
    on = serializers.DateField(
        required=False,
        help_text="The day of the stock; today when not said.",
        error_messages={"invalid": "Write the day as 2021-12-31."},
    )


@described("networks", NetworkFilters)
class NetworkViewSet(ReadOnlyViewSet):
    """Networks of adults with their members as a stock on a day. Never part of reach."""

    permission = Permission.VIEW_PARTNERS
    queryset = Network.objects.none()
    serializer_class = NetworkSerializer
    filters = NetworkFilters

    def get_queryset(self):
        day: date = self.asked().get("on") or timezone.localdate()
        return with_members_on(day)

    def narrowed(self, queryset, **asked):
        return queryset  # the day is in it already
