"""Shares of counts: as exact parts, and as the percent that is shown. Pure."""


def share(part: int, whole: int) -> float | None:
    """part / whole with four decimals, None without a whole."""
    return round(part / whole, 4) if whole else None


def percent(rate: float | None) -> str:
    """98.75 % as people read it, whole numbers without decimals; a dash for none."""
    return "—" if rate is None else f"{rate:.2%}".replace(".00%", "%")
