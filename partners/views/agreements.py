"""Recording the data-sharing agreements of an organisation, and ending one before its time."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView

from partners.access import PermissionRequired
from partners.actions import agreements
from partners.forms import EndAgreementForm, RecordAgreementForm
from partners.models import DataSharingAgreement, Organisation
from partners.permissions import Permission
from vru_portal.core.form_views import OneAction


class _AgreementFormView(OneAction, PermissionRequired, FormView):
    permission = Permission.MANAGE_AGREEMENTS

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"organisation": self.organisation}

    def get_success_url(self) -> str:
        return (
            reverse("partners:organisation-detail", args=[self.organisation.pk]) + f"#agreements-{self.organisation.pk}"
        )


class RecordAgreement(_AgreementFormView):
    form_class = RecordAgreementForm
    template_name = "partners/agreement_record.html"

    @cached_property
    def organisation(self) -> Organisation:
        return get_object_or_404(Organisation.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def act(self, **details) -> str:
        agreements.record(organisation=self.organisation, **details)
        return f"The agreement with {self.organisation} is recorded."


class EndAgreement(_AgreementFormView):
    form_class = EndAgreementForm
    template_name = "partners/agreement_end.html"

    @cached_property
    def agreement(self) -> DataSharingAgreement:
        open_ones = DataSharingAgreement.objects.visible_to(self.request.user).filter(ended_on=None)
        return get_object_or_404(open_ones.select_related("organisation"), pk=self.kwargs["pk"])

    @property
    def organisation(self) -> Organisation:
        return self.agreement.organisation

    def get_initial(self) -> dict:
        return {"ended_on": timezone.localdate()}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"agreement": self.agreement}

    def act(self, **details) -> str:
        agreements.end_early(agreement=self.agreement, **details)
        return f"The agreement with {self.organisation} is ended."
