"""PINs of plates."""


def wrong(pin: str) -> str:
    return f"{(int(pin) + 1) % 1_000_000:06d}"
