"""Numbers as the window writes them: a true minus, and a percent sign that stays with its number."""

MINUS = "\u2212"
NO_BREAK = "\u00a0"


def signed(value: float, form: str = ".3f") -> str:
    """Write a number with a true minus: a hyphen is short, and a line may break after it."""
    text = format(value, form)
    return MINUS + text[1:] if text.startswith("-") else text


def percent(share: float, form: str = ".0f") -> str:
    """Write a share, 0 to 1, in percent."""
    return f"{signed(100 * share, form)}{NO_BREAK}%"
