"""What every amount of money has to be before it is recorded."""

from __future__ import annotations

from vru_portal.core.money import pounds
from vru_portal.core.refusals import Refusal

# A thousand million pounds: many times what all units of the country are given. More is a slip of the hand.
MOST_PENCE = 1_000_000_000_00


class AmountWrong(Refusal):
    """An amount is missing, stands where none belongs, or cannot be meant."""

    about = ("amount_pence", "limit_pence")


def refuse_absurd(*amounts_pence: int | None) -> None:
    """Raise `AmountWrong` for an amount whose size cannot be meant."""
    if any(abs(pence) > MOST_PENCE for pence in amounts_pence if pence is not None):
        raise AmountWrong(f"An amount of more than {pounds(MOST_PENCE)} cannot be right. Count its noughts.")
