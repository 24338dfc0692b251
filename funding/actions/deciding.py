"""What every decision of two people refuses: one proposes, another approves."""

from __future__ import annotations

from vru_portal.core.refusals import Refusal


class OwnProposal(Refusal):
    def __init__(self) -> None:
        super().__init__("You proposed this yourself. Ask a colleague to approve it.")


class DecidedAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("Somebody has decided this already. Look at what is recorded.")


class ReferenceTaken(Refusal):
    about = ("reference", "decision_reference")

    def __init__(self, reference: str) -> None:
        super().__init__(f"The reference {reference} is used already. Give another one.")
