"""How allauth is bent to our rules: nobody signs up, everybody is invited; a new password ends every token."""

from allauth.account.adapter import DefaultAccountAdapter
from django.utils import timezone

from partners.actions import accounts
from partners.models import User


class InvitationOnlyAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        """All of allauth's ways to another password lead through here: changed, set, or forgotten and chosen anew."""
        accounts.set_password(password=password, by=user, now=timezone.now())
