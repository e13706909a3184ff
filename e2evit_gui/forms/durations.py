"""Durations in the unit that fits them."""


def written_seconds(seconds: float, *, fine: bool = False) -> str:
    """Write a duration in seconds, minutes, hours or days; ``fine`` keeps the tenths of what was measured below ten seconds."""
    if fine and seconds < 10:
        return f"{max(seconds, 0.01):.2f} s" if seconds < 1 else f"{seconds:.1f} s"
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.1f} days"
