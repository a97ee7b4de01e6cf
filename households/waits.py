"""How long somebody has to wait, in words. Pure."""

import math

MINUTE, HOUR = 60, 3600


def spoken_wait(seconds: float) -> str:
    """Rounded up, so that nobody comes back too early: 1 分钟, 15 分钟, 2 小时. Never less than a minute."""
    minutes = max(1, math.ceil(seconds / MINUTE))
    return f"{minutes} 分钟" if minutes * MINUTE < HOUR else f"{math.ceil(minutes * MINUTE / HOUR)} 小时"
