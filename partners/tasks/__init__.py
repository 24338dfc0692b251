"""Celery tasks. Each may run twice: what is done already is not done again."""

from partners.tasks.messages import give_up_lost_messages, hand_over_waiting_messages, send_message
from partners.tasks.sessions import clear_expired_sessions

__all__ = ["clear_expired_sessions", "give_up_lost_messages", "hand_over_waiting_messages", "send_message"]
