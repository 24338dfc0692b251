"""The unit's colour, and the shades of it that are safe to read: a pale colour in a setting must not make pale text."""

from __future__ import annotations

import re

WHITE = (255, 255, 255)
BLACK = (0, 0, 0)

Colour = tuple[int, int, int]


def parse(text: str) -> Colour:
    """From `#5b2a86` or `#52a`; a ValueError with a sentence otherwise."""
    match = re.fullmatch(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", text.strip())
    if not match:
        raise ValueError(f"UNIT_COLOUR “{text}” is not a colour: write it like #5b2a86.")
    digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
    return tuple(int(digits[n : n + 2], 16) for n in (0, 2, 4))


def hexadecimal(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """The colour with so large a share of the other one."""
    return tuple(round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))


def luminance(colour: Colour) -> float:
    def linear(part: int) -> float:
        part = part / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """The ratio that WCAG asks about: 4.5 for text."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: Colour, ratio: float = 5.5) -> Colour:
    """The colour, darkened only as far as it must be to be read on white and on our palest tint."""
    for step in range(21):
        darker = mix(colour, BLACK, step / 20)
        if contrast(darker, WHITE) >= ratio:
            return darker
    return BLACK


def custom_properties(text: str) -> dict[str, str]:
    """The CSS custom properties that the style sheet builds on."""
    ink = readable(parse(text))
    return {
        "--unit-colour": hexadecimal(parse(text)),
        "--unit-ink": hexadecimal(ink),
        "--unit-dark": hexadecimal(mix(ink, BLACK, 0.4)),
        "--unit-soft": hexadecimal(mix(ink, WHITE, 0.55)),
        "--unit-pale": hexadecimal(mix(ink, WHITE, 0.8)),
        "--unit-tint": hexadecimal(mix(ink, WHITE, 0.93)),
    }
