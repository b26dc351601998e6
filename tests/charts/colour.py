"""How far apart two colours look: sRGB to CIELAB, CIEDE2000, and the colour-blind eye after Machado and others (2009)."""

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

VISION: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}
"""Matrices over linear RGB: full severity of each kind, and luminance alone."""

TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE: Triple = (0.95047, 1.0, 1.08883)


def linear(colour: str) -> Triple:
    """Turn `#RRGGBB` into linear light, 0 to 1."""

    def channel(byte: str) -> float:
        value = int(byte, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return channel(colour[1:3]), channel(colour[3:5]), channel(colour[5:7])


def times(matrix: Matrix, vector: Triple) -> Triple:
    """Multiply a matrix with a vector."""
    first, second, third = (sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def lab(colour: str, vision: str = "normal") -> Triple:
    """Give CIELAB (D65) of a colour as an eye of a kind sees it."""
    seen = times(VISION[vision], linear(colour))
    clipped = (min(1.0, max(0.0, seen[0])), min(1.0, max(0.0, seen[1])), min(1.0, max(0.0, seen[2])))
    x, y, z = (
        (t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29)
        for t in (v / w for v, w in zip(times(TO_XYZ, clipped), WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(one: Triple, two: Triple) -> float:
    """Give the CIEDE2000 difference of two CIELAB colours (Sharma, Wu and Dalal 2005)."""
    mean_chroma = (hypot(one[1], one[2]) + hypot(two[1], two[2])) / 2
    g = 0.5 * (1 - sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7)))
    a1, a2 = (1 + g) * one[1], (1 + g) * two[1]
    c1, c2 = hypot(a1, one[2]), hypot(a2, two[2])
    h1 = degrees(atan2(one[2], a1)) % 360 if c1 else 0.0
    h2 = degrees(atan2(two[2], a2)) % 360 if c2 else 0.0

    turn = h2 - h1
    if not c1 * c2:
        turn = 0
    elif abs(turn) > 180:
        turn -= 360 if turn > 0 else -360
    d_hue = 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    light, chroma = (one[0] + two[0]) / 2, (c1 + c2) / 2
    hue = h1 + h2
    if c1 * c2:
        hue = hue / 2 if abs(h1 - h2) <= 180 else (hue + (360 if hue < 360 else -360)) / 2

    t = (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.20 * cos(radians(4 * hue - 63))
    )
    s_light = 1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    twist = -sin(radians(60 * exp(-(((hue - 275) / 25) ** 2)))) * 2 * sqrt(chroma**7 / (chroma**7 + 25**7))
    d_light, d_chroma, d_h = (two[0] - one[0]) / s_light, (c2 - c1) / s_chroma, d_hue / s_hue
    return sqrt(d_light**2 + d_chroma**2 + d_h**2 + twist * d_chroma * d_h)


def contrast(one: str, two: str) -> float:
    """Give the contrast ratio of two colours as WCAG counts it."""
    dark, light = sorted(sum(m * v for m, v in zip(TO_XYZ[1], linear(c), strict=True)) for c in (one, two))
    return (light + 0.05) / (dark + 0.05)
