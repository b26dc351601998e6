"""How well one colour can be read upon another: WCAG 2.2, 1.4.3. Pure arithmetic."""

RED, GREEN, BLUE = 0.2126, 0.7152, 0.0722


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour such as #6a2a5b, 0 for black to 1 for white."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return RED * red + GREEN * green + BLUE * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
