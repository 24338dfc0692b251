"""How allauth is bent to our rules: nobody signs up, everybody is invited; a new password ends every token."""

from allauth.account.adapter import DefaultAccountAdapter
from django.utils import timezone

from partners.actions import accounts
from partners.models import User


class InvitationOnlyAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This email address and password do not go together. Check both, and try again.",
        "enter_current_password": "Enter the password that you sign in with now",
        "incorrect_password": "This is not your password. Check it, and try again.",
        "too_many_login_attempts": "Too many wrong tries. Wait five minutes, then try again: until then the right "
        "password is refused too.",
        "rate_limited": "Too many tries. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        """All of allauth's ways to another password lead through here: changed, set, or forgotten and chosen anew."""
        accounts.set_password(password=password, by=user, now=timezone.now())
