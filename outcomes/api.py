"""Categories, returns, releases and their figures for tools.

A figure's exact numbers, from before rounding and hiding, are in no serializer here.
"""

from __future__ import annotations

from django.db.models import Prefetch
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.generics import get_object_or_404

from outcomes.models import Category, Figure, Obligation, Release, ReturnVersion, Submission, SubmissionCount
from outcomes.models.policy import Dimension
from partners.api import EVERY_ROLE, CodeField, Filters, MonthField, MonthOutField, ReadOnlyViewSet, described
from partners.permissions import Permission
from programmes.api import DeliveryFilters
from programmes.models import Delivery, Programme
from vru_portal.core.periods import Month


class CategorySerializer(serializers.ModelSerializer):
    area = serializers.SlugRelatedField(slug_field="gss_code", read_only=True, allow_null=True)

    class Meta:
        model = Category
        fields = ["dimension", "code", "name", "group", "order", "is_known", "area"]


class CategoryFilters(Filters):
    dimension = serializers.ChoiceField(Dimension.choices, required=False)


@described("categories", CategoryFilters)
class CategoryViewSet(ReadOnlyViewSet):
    """The lines of the breakdowns. Collected fine, published by `group`."""

    permission = EVERY_ROLE
    queryset = Category.objects.select_related("area").order_by("dimension", "order", "code")
    serializer_class = CategorySerializer
    filters = CategoryFilters


# ---- Returns ----


class CountSerializer(serializers.ModelSerializer):
    dimension = serializers.CharField(source="category.dimension", read_only=True)
    category = serializers.CharField(source="category.code", read_only=True)

    class Meta:
        model = SubmissionCount
        fields = ["seen", "dimension", "category", "people"]


class SubmissionSerializer(serializers.ModelSerializer):
    counts = CountSerializer(many=True, read_only=True)

    class Meta:
        model = Submission
        fields = [
            "sequence",
            "submitted_at",
            "is_nil",
            "nil_reason",
            "new_people",
            "known_people",
            "already_counted_people",
            "contacts",
            "exposed_people",
            "exposure_method",
            "counts",
        ]


class VersionSerializer(serializers.ModelSerializer):
    latest_submission = serializers.SerializerMethodField()

    class Meta:
        model = ReturnVersion
        fields = [
            "number",
            "state",
            "is_backfilled",
            "revision_reason",
            "reason",
            "created_at",
            "decided_at",
            "latest_submission",
        ]

    @extend_schema_field(SubmissionSerializer(allow_null=True))
    def get_latest_submission(self, version: ReturnVersion) -> dict | None:
        sent = list(version.submissions.all())  # prefetched, the latest last
        return SubmissionSerializer(sent[-1]).data if sent else None


class ReturnSerializer(serializers.ModelSerializer):
    delivery = serializers.SlugRelatedField(slug_field="code", read_only=True)
    programme = serializers.CharField(source="delivery.programme.code", read_only=True)
    partner = serializers.CharField(source="delivery.partner.name", read_only=True)
    month = MonthOutField(read_only=True)
    is_waived = serializers.SerializerMethodField()
    versions = VersionSerializer(many=True, read_only=True)

    class Meta:
        model = Obligation
        fields = ["id", "delivery", "programme", "partner", "month", "due_date", "is_waived", "versions"]

    def get_is_waived(self, obligation: Obligation) -> bool:
        return obligation.waived_at is not None


class ReturnFilters(DeliveryFilters):
    delivery = CodeField(required=False, help_text="The delivery's code.")

    def validate_delivery(self, code: str) -> Delivery:
        delivery = Delivery.objects.visible_to(self.context["request"].user).filter(code=code).first()
        if delivery is None:
            raise serializers.ValidationError(f"There is no delivery “{code}” among those that you see.")
        return delivery


@described("returns", ReturnFilters)
class ReturnViewSet(ReadOnlyViewSet):
    """What each delivery owes for each month, with the versions of its return. A partner sees its own."""

    permission = (Permission.VIEW_ALL_RETURNS, Permission.VIEW_OWN_RETURNS)
    queryset = Obligation.objects.none()
    serializer_class = ReturnSerializer
    filters = ReturnFilters

    def get_queryset(self):
        counts = SubmissionCount.objects.select_related("category").order_by(
            "category__dimension", "category__order", "seen", "id"
        )
        submissions = Submission.objects.order_by("sequence").prefetch_related(Prefetch("counts", counts))
        versions = ReturnVersion.objects.order_by("number").prefetch_related(Prefetch("submissions", submissions))
        return (
            Obligation.objects.visible_to(self.request.user)
            .expected()
            .select_related("delivery__programme", "delivery__partner")
            .prefetch_related(Prefetch("versions", versions))
            .order_by("-month", "delivery__code")
        )

    def narrowed(
        self,
        queryset,
        *,
        month: Month | None = None,
        delivery: Delivery | None = None,
        programme: Programme | None = None,
    ):
        if month is not None:
            queryset = queryset.filter(month=month.first)
        if delivery is not None:
            queryset = queryset.filter(delivery=delivery)
        if programme is not None:
            queryset = queryset.filter(delivery__programme=programme)
        return queryset


# ---- Releases ----


class ReleaseSerializer(serializers.ModelSerializer):
    code = serializers.CharField(read_only=True, help_text="Its month and number, as 2021-12.2: its address.")
    month = MonthOutField(read_only=True, help_text="The last month that it covers, as 2021-12.")
    is_published = serializers.BooleanField(read_only=True)
    is_discarded = serializers.BooleanField(read_only=True, help_text="Never to be published.")

    class Meta:
        model = Release
        fields = [
            "code",
            "month",
            "number",
            "status",
            "is_published",
            "is_discarded",
            "produced_at",
            "approved_at",
            "public_at",
            "code_version",
            "output_fingerprint",
        ]


class ReleaseFilters(Filters):
    month = MonthField(required=False)


# As 2021-12.1: by which pages, files and rows go too.
RELEASE_CODE = r"[12][0-9]{3}-(?:0[1-9]|1[0-2])\.[1-9][0-9]{0,3}"


def _release_of(view: ReadOnlyViewSet) -> Release:
    """The one whose code stands in the address, if the reader may see it."""
    return get_object_or_404(Release.objects.visible_to(view.request.user).called(view.kwargs["release"]))


@described("releases", ReleaseFilters)
class ReleaseViewSet(ReadOnlyViewSet):
    """Reach releases, the newest first, each by its code, as 2021-12.1. Only published ones, unless you work at the
    unit."""

    permission = (Permission.VIEW_PUBLISHED_RELEASE, Permission.VIEW_UNPUBLISHED_RELEASE)
    queryset = Release.objects.none()
    serializer_class = ReleaseSerializer
    filters = ReleaseFilters
    lookup_url_kwarg = "release"
    lookup_value_regex = RELEASE_CODE

    def get_queryset(self):
        return Release.objects.visible_to(self.request.user).order_by("-month", "-number")

    def get_object(self) -> Release:
        return _release_of(self)

    def narrowed(self, queryset, *, month: Month | None = None):
        return queryset.filter(month=month.first) if month else queryset


class FigureSerializer(serializers.ModelSerializer):
    row = serializers.IntegerField(source="order", read_only=True, help_text="Its row in the release's reach.csv.")
    value = serializers.IntegerField(read_only=True, allow_null=True, help_text="The one number, where it is no range.")
    page = serializers.SerializerMethodField(help_text="Where it is shown, and where it came from: for ever.")
    programme = serializers.SerializerMethodField(help_text="The programme's code, or all.")
    district = serializers.SerializerMethodField(help_text="The district's code, or all.")
    age_band = serializers.SerializerMethodField(help_text="The age band's code, or all.")
    marker = serializers.CharField(read_only=True, help_text="e: estimated; with a range, its upper end is, in part.")

    class Meta:
        model = Figure
        fields = [
            "row",
            "page",
            "period_type",
            "period_start",
            "period_end",
            "programme",
            "district",
            "age_band",
            "measure",
            "beneficiary",
            "rungs",
            "basis",
            "value",
            "lower",
            "upper",
            "symbol",
            "marker",
            "returns_received",
            "returns_due",
            "returns_estimated",
            "estimated_percent",
        ]

    def get_page(self, figure: Figure) -> str:
        address = reverse("outcomes:release-row", args=[figure.release.code, figure.order])
        return self.context["request"].build_absolute_uri(address)

    # The codes are those that the release was made with.
    def get_programme(self, figure: Figure) -> str:
        return figure.release.programme_label(figure.programme_id).code

    def get_district(self, figure: Figure) -> str:
        return figure.release.district_label(figure.district_id).code

    def get_age_band(self, figure: Figure) -> str:
        return figure.release.age_label(figure.age_band_id).code


class FigureFilters(Filters):
    period_type = serializers.ChoiceField(Figure.PeriodType.choices, required=False)
    month = MonthField(required=False)
    programme = CodeField(required=False, help_text="The programme's code, or all.")
    district = CodeField(required=False, help_text="The district's code, or all.")
    age_band = CodeField(required=False, help_text="The age band's code, or all.")
    measure = serializers.ChoiceField(Figure.Measured.choices, required=False)


# The filters that go by a code, and where the release keeps the codes that it was made with.
CODED = {"programme": "programmes", "district": "categories", "age_band": "categories"}


@described("a release's figures", FigureFilters)
class FigureViewSet(ReadOnlyViewSet):
    """The figures of one release as published: ranges with their basis, symbol and coverage. `month`: periods that
    end with it."""

    permission = (Permission.VIEW_PUBLISHED_RELEASE, Permission.VIEW_UNPUBLISHED_RELEASE)
    queryset = Figure.objects.none()
    serializer_class = FigureSerializer
    filters = FigureFilters
    lookup_field = "order"

    def get_queryset(self):
        if "release" not in self.kwargs:  # while the API is being described
            return Figure.objects.none()
        return _release_of(self).figures.select_related("release").order_by("order")

    def narrowed(self, queryset, *, month: Month | None = None, **asked):
        release = _release_of(self)
        if month is not None:
            queryset = queryset.filter(period_end=month.last)
        for name, kept_in in CODED.items():
            if name in asked:
                queryset = queryset.filter(**_of_code(release, name, kept_in, asked.pop(name)))
        return queryset.filter(**asked)


def _of_code(release: Release, name: str, kept_in: str, code: str) -> dict:
    if code == "all":
        return {f"{name}__isnull": True}
    ids = [int(pk) for pk, (known, _) in release.labels[kept_in].items() if known == code]
    if not ids:
        raise serializers.ValidationError({name: [f"There is no “{code}” in this release."]})
    return {f"{name}__in": ids}
