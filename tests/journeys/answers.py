"""A return of June 2021 as somebody types it: 16 people first seen this year, 2 already counted."""

# By the names that the form gives its fields.
NUMBERS = {"A: new": "12", "B: known from an earlier year": "4", "C: already counted": "2", "Contacts": "30"}
FIRST_SEEN = {
    "Age 10–13": "2",
    "Age 14–15": "14",
    "Sex Female": "9",
    "Sex Male": "7",
    "Ethnicity Irish": "16",
    "District Birmingham": "5",
    "District Walsall": "11",
}
ALREADY_COUNTED = {"Age 14–15": "2", "Sex Male": "2", "Ethnicity Not known": "2", "District Walsall": "2"}
WHO = {f"{line}, first seen this year": people for line, people in FIRST_SEEN.items()} | {
    f"{line}, already counted this year": people for line, people in ALREADY_COUNTED.items()
}
SIGNS_OFF = "I have checked these numbers and may sign them off"


def fill_in_all(partner) -> None:
    """From the list of a return's parts to the page that sends it."""
    partner.press("Begin")
    partner.fill_in(NUMBERS)
    partner.press("Save and go on")
    partner.fill_in(WHO)
    partner.press("Save and go on")


def sign_off_and_send(partner, *, comment: str = "Read twice.") -> None:
    """With a comment, which is asked for where something is unusual."""
    partner.page.locator("[name=comment]").fill(comment)
    partner.field(SIGNS_OFF).check()
    partner.press("Send return")
