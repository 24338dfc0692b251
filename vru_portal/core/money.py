"""Money is whole pence everywhere; this is how it reads."""


def pounds(pence: int) -> str:
    """£600,000; £12.50 only where there are pence."""
    whole, rest = divmod(abs(pence), 100)
    return f"{'−' if pence < 0 else ''}£{whole:,}" + (f".{rest:02d}" if rest else "")
