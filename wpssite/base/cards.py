"""The picture that stands for a page where its address is shared.

Drawn from text alone, with the first font of the machine that has every letter of it: Noto Sans,
DejaVu Sans, and Noto for Arabic or East Asian scripts. No font is shipped; Pillow's own, with
letters of English only, is the last one. A title that no font can write is left out rather than
misspelt: the card then shows the site's name.
"""

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont, features

SIZE = WIDTH, HEIGHT = 1200, 630
EDGE = 80
PAPER, INK, SOFT, ACCENT = "#fbf9f5", "#14213d", "#4d576b", "#0a5a6a"
FONTS = [
    "NotoSans-SemiBold.ttf",
    "NotoSans-Regular.ttf",
    "DejaVuSans.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "",  # Pillow's own
]
TITLE_SIZES = [72, 60, 50, 42]
TITLE_SPACE = 330  # pixels down
LONGEST = 300  # letters of a title; titles in the database are no longer
COLOURS = 32  # enough for smooth edges of four inks


@lru_cache(maxsize=64)
def card(site: str, kicker: str, title: str, foot: str) -> bytes:
    """Return a PNG of 1200 × 630 pixels, under 60 kB.

    site: the name of the site; kicker: what kind of page it is; title: what it is called;
    foot: who and when. Lines that no font of this machine can write are left out.
    """
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH, 16), fill=ACCENT)
    draw.rectangle((EDGE, HEIGHT - 118, WIDTH - EDGE, HEIGHT - 117), fill=SOFT)
    line(draw, 64, kicker, 34, ACCENT)
    heading(draw, title if font_for(title, 10) else site)
    line(draw, HEIGHT - 164, foot, 30, SOFT)
    line(draw, HEIGHT - 96, site, 34, INK)
    file = BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def heading(draw, text: str):
    """Write the title as large as it fits, broken into lines."""
    for size in TITLE_SIZES:
        font, high = font_for(text[:LONGEST], size), size * 1.25
        lines = wrapped(text[:LONGEST], font)
        if len(lines) * high <= TITLE_SPACE:
            break
    for number, row in enumerate(lines[: int(TITLE_SPACE // high)]):
        write(draw, 130 + number * high, row, font, INK)


def line(draw, top: int, text: str, size: int, colour: str):
    """Write one line, cut off where it would leave the card; nothing if no font can."""
    font = font_for(text, size)
    if text and font:
        write(draw, top, wrapped(text, font)[0], font, colour)


def write(draw, top: float, text: str, font, colour: str):
    """Write a line from the side on which its script begins."""
    if from_right(text):
        draw.text((WIDTH - EDGE, top), text, colour, font, anchor="ra", direction="rtl")
    else:
        draw.text((EDGE, top), text, colour, font)


def from_right(text: str) -> bool:
    """Whether a line is in Hebrew or Arabic script."""
    return any("\u0590" <= char <= "\u08ff" for char in text)


def wrapped(text: str, font) -> list[str]:
    """Return `text` in lines that fit; a word that is longer than a line is broken."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if font.getlength(joined) <= WIDTH - 2 * EDGE:
            lines[-1] = joined
            continue
        lines += [""] if lines[-1] else []
        for char in word:
            if font.getlength(lines[-1] + char) > WIDTH - 2 * EDGE:
                lines.append("")
            lines[-1] += char
    return lines


def font_for(text: str, size: int):
    """Return the first font that has every letter of `text`, or None."""
    if from_right(text) and not features.check("raqm"):
        return None  # Letters would stand apart and in the wrong order.
    return next((font(name, size) for name in FONTS if writes(name, text)), None)


def writes(name: str, text: str) -> bool:
    """Whether a font is there and has every letter of `text`."""
    return font(name, 20) is not None and all(has_letter(name, char) for char in set(text))


@lru_cache(maxsize=4096)
def has_letter(name: str, char: str) -> bool:
    """Whether a font draws a letter as anything but its sign for “missing”."""
    drawn, missing = font(name, 20).getmask(char), font(name, 20).getmask("\uffff")
    return char.isspace() or bytes(drawn) != bytes(missing)


@lru_cache(maxsize=64)
def font(name: str, size: int):
    """Return a font of the machine, or None where it has none of this name."""
    try:
        return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
    except OSError:
        return None
