"""Money is whole pence everywhere; this is how it reads and how it is divided."""


def pounds(pence: int) -> str:
    """£600,000; £12.50 only where there are pence."""
    whole, rest = divmod(abs(pence), 100)
    return f"{'−' if pence < 0 else ''}£{whole:,}" + (f".{rest:02d}" if rest else "")


def even_parts(pence: int, among: int) -> list[int]:
    """Equal parts that add up to the whole; what does not divide is on the last. What is taken back falls as what was
    given did, so that the two cancel out part by part."""
    each = abs(pence) // among * (-1 if pence < 0 else 1)
    return [*[each] * (among - 1), pence - each * (among - 1)]
