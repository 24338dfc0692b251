"""Programmes and deliveries: what they are, where they run; adding and editing deliveries and their targets."""

from __future__ import annotations

from functools import cached_property

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from partners.access import PermissionRequired
from partners.models import Organisation
from partners.permissions import Permission
from programmes import queries
from programmes.actions import add_delivery, edit_delivery, set_target
from programmes.forms import DeliveryForm, NewDeliveryForm, TargetForm
from programmes.models import Delivery, Programme, Rung
from vru_portal.core.charts import Tile
from vru_portal.core.form_views import OneAction


class ListProgrammes(PermissionRequired, TemplateView):
    permission = Permission.VIEW_PROGRAMMES
    template_name = "programmes/programme_list.html"

    def get_context_data(self, **kwargs) -> dict:
        found = list(queries.programmes(timezone.localdate()))
        return super().get_context_data(**kwargs) | {
            "programmes": found,
            "running": sum(programme.running for programme in found),
            "may_manage": self.request.user.may(Permission.MANAGE_PARTNERS),
        }


class ShowProgramme(PermissionRequired, TemplateView):
    permission = Permission.VIEW_PROGRAMMES
    template_name = "programmes/programme_detail.html"

    def get_context_data(self, pk: int, **kwargs) -> dict:
        programme, today, user = get_object_or_404(Programme, pk=pk), timezone.localdate(), self.request.user
        deliveries = queries.deliveries_of(programme, user)
        return super().get_context_data(**kwargs) | {
            "programme": programme,
            "deliveries": deliveries,
            "running": deliveries.running_in(today, today).count(),
            "tiles": _tiles(queries.by_district(deliveries, today)),
            "rungs": [(rung.label, rung == programme.rung) for rung in Rung],
            "may_manage": user.may(Permission.MANAGE_PARTNERS),
            "may_view_history": user.may(Permission.VIEW_HISTORY),
        }


def _tiles(districts: list[queries.DistrictCount]) -> list[Tile]:
    """Shaded by how many deliveries run there, four and more the darkest."""
    return [
        Tile(
            district.gss_code,
            str(district.deliveries),
            note="delivery" if district.deliveries == 1 else "deliveries",
            level=min(district.deliveries, 4),
        )
        for district in districts
    ]


class ShowDelivery(PermissionRequired, TemplateView):
    """Staff see each delivery; a partner its own."""

    permission = (Permission.VIEW_PROGRAMMES, Permission.VIEW_OWN_RETURNS)
    template_name = "programmes/delivery_detail.html"

    def get_context_data(self, pk: int, **kwargs) -> dict:
        user = self.request.user
        delivery = get_object_or_404(queries.visible_deliveries(user), pk=pk)
        return super().get_context_data(**kwargs) | {
            "delivery": delivery,
            "targets": queries.targets_of(delivery, timezone.localdate()),
            "gives_registers": queries.gives_registers(delivery, timezone.localdate()),
            "may_view_programmes": user.may(Permission.VIEW_PROGRAMMES),
            "may_manage": user.may(Permission.MANAGE_PARTNERS),
            "may_view_history": user.may(Permission.VIEW_HISTORY),
        }


class _DeliveryFormView(OneAction, PermissionRequired, FormView):
    permission = Permission.MANAGE_PARTNERS
    template_name = "programmes/delivery_form.html"

    def get_success_url(self) -> str:
        return reverse("programmes:delivery-detail", args=[self.saved.pk])


class AddDelivery(_DeliveryFormView):
    form_class = NewDeliveryForm

    def get_initial(self) -> dict:
        return {name: self.request.GET.get(name) for name in ("partner", "programme")}

    def get_context_data(self, **kwargs) -> dict:
        begun_with = {name: self._chosen(name, asked) for name, asked in self.get_initial().items()}
        return super().get_context_data(**kwargs) | begun_with

    def _chosen(self, name: str, asked: str | None) -> Organisation | Programme | None:
        try:
            return self.form_class.base_fields[name].clean(asked)
        except ValidationError:
            return None

    def act(self, **details) -> str:
        self.saved = add_delivery(**details)
        return f"{self.saved} is saved."


class EditDelivery(_DeliveryFormView):
    form_class = DeliveryForm

    @property
    def delivery(self) -> Delivery:
        return get_object_or_404(queries.visible_deliveries(self.request.user), pk=self.kwargs["pk"])

    def get_initial(self) -> dict:
        delivery = self.delivery
        return {
            name: getattr(delivery, name)
            for name in ("name", "setting", "starts_on", "ends_on", "is_term_time", "counting_basis")
        } | {
            "areas": list(delivery.areas.all()),
            "revision": queries.revision_of_delivery(delivery),
        }

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"delivery": self.delivery}

    def act(self, **details) -> str:
        self.saved = edit_delivery(delivery=self.delivery, **details)
        return f"{self.saved} is saved."


class SetTarget(OneAction, PermissionRequired, FormView):
    """How many people a delivery is to reach in a financial year."""

    permission = Permission.MANAGE_PARTNERS
    template_name = "programmes/target_form.html"
    form_class = TargetForm

    @cached_property
    def delivery(self) -> Delivery:
        return get_object_or_404(queries.visible_deliveries(self.request.user), pk=self.kwargs["pk"])

    @cached_property
    def target(self) -> queries.YearsTarget:
        years = queries.targets_of(self.delivery, timezone.localdate())
        found = next((each for each in years if each.year.start == self.kwargs["year"]), None)
        if found is None:
            raise Http404
        return found

    def get_initial(self) -> dict:
        in_force = self.target.in_force
        return {"people": in_force.people if in_force else None, "revision": self.target.revision}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"delivery": self.delivery, "year": self.target.year}

    def act(self, **details) -> str:
        target = set_target(delivery=self.delivery, year=self.target.year, **details)
        return (
            f"{self.target.year} has a target of {target.people:,}."
            if target.people
            else (f"{self.target.year} has no target.")
        )

    def get_success_url(self) -> str:
        return reverse("programmes:delivery-detail", args=[self.delivery.pk])
