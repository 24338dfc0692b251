"""The proof that nothing hidden in a release can be worked out from the rest."""

from __future__ import annotations

from outcomes.models import Release


def certificate_in_words(release: Release) -> str:
    """What it says, for whoever decides; that there is none, where none was made."""
    return (
        f"There is no certificate for {release.code}: that nothing hidden can be worked out from the rest is not "
        "proven yet. Numbers are rounded and small ones hidden, each by itself."
    )
