"""Pictures: what is let in, what is kept of it, the sizes it is shown in."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from wpssite.base.imaging import MASTER, MAX_BYTES, SIZES, remake, rendition

RED, BLUE = (220, 20, 20), (20, 20, 220)
ORIENTATION, MAKE, GPS, ARTIST = 0x0112, 0x010F, 0x8825, 0x013B
HTML = b"<html><script>steal()</script></html>"


def encoded(picture, form="JPEG", **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def halves(width=80, height=40):
    """A picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture


def reopened(content):
    content.seek(0)
    return Image.open(content)


def is_near(colour, expected) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(colour, expected, strict=False))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def blank_png(side: int) -> bytes:
    """A black PNG of one bit for each pixel: many pixels in few bytes."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side + 7) // 8 + 1) * side, 9)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_anew_as_webp(form):
    made = remake(ContentFile(encoded(halves(), form), name="../IMG 1.php"))

    assert reopened(made).format == "WEBP"
    assert reopened(made).size == (80, 40)
    assert len(made.name) == len("0" * 24 + ".webp")
    assert made.name.endswith(".webp")


def test_two_uploads_of_one_picture_have_two_names():
    data = encoded(halves())

    assert remake(ContentFile(data)).name != remake(ContentFile(data)).name


def test_a_picture_is_set_upright_and_tells_nothing_of_its_taking():
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE], exif[ARTIST] = 6, "Camera", "Somebody"
    exif.get_ifd(GPS).update({1: "N", 2: (59.0, 54.0, 0.0), 3: "E", 4: (10.0, 45.0, 0.0)})
    data = encoded(halves(), exif=exif, comment=b"Taken at home")

    made = remake(ContentFile(data))

    picture = reopened(made)
    assert b"Camera" in data
    assert picture.size == (40, 80)
    assert is_near(picture.getpixel((20, 10)), RED)
    assert is_near(picture.getpixel((20, 70)), BLUE)
    assert not picture.getexif()
    assert not {"exif", "xmp", "comment", "icc_profile"} & picture.info.keys()
    made.seek(0)
    assert not any(word in made.read() for word in (b"EXIF", b"Camera", b"Somebody", b"Taken"))


def test_a_large_picture_is_made_smaller_and_a_small_one_is_left():
    wide = remake(ContentFile(encoded(Image.new("RGB", (3000, 100)))))

    assert reopened(wide).size == (MASTER[0], 80)


def test_transparency_stays():
    made = remake(ContentFile(encoded(Image.new("RGBA", (20, 20), (255, 0, 0, 0)), "PNG")))

    assert reopened(made).convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(
    "picture",
    [Image.new("P", (20, 20)), Image.new("CMYK", (20, 20)), Image.new("1", (20, 20))],
    ids=lambda picture: picture.mode,
)
def test_any_kind_of_pixel_is_taken(picture):
    form = "JPEG" if picture.mode == "CMYK" else "PNG"

    assert reopened(remake(ContentFile(encoded(picture, form)))).size == (20, 20)


def noise() -> bytes:
    return encoded(Image.effect_noise((300, 300), 90).convert("RGB"))


@pytest.mark.parametrize(
    "data",
    [
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>steal()</script></svg>',
        encoded(halves(), "GIF") + HTML,
        b"GIF89a/*" + HTML,
        encoded(halves(), "BMP"),
        noise()[:4000],
        encoded(halves(), "PNG")[:60],
        blank_png(200)[:-30],
        HTML,
        b"",
    ],
    ids=["EPS", "SVG", "GIF", "polyglot", "BMP", "half a JPEG", "half a PNG", "no end", "HTML", ""],
)
def test_anything_but_a_whole_picture_is_refused(data):
    with pytest.raises(ValidationError, match="This is not a whole JPEG, PNG or WebP picture"):
        remake(ContentFile(data, name="picture.jpg"))


def test_a_picture_followed_by_a_page_loses_the_page():
    made = remake(ContentFile(encoded(halves()) + HTML))

    assert b"steal" not in made.read()


def test_a_small_file_that_unpacks_into_a_huge_picture_is_refused():
    data = blank_png(12_000)

    assert len(data) < 20_000
    with pytest.raises(ValidationError):
        remake(ContentFile(data))


def test_more_than_forty_million_pixels_are_refused():
    with pytest.raises(ValidationError, match="more than 40 million pixels"):
        remake(ContentFile(blank_png(6_400)))


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    class Unread(ContentFile):
        def read(self, *args):
            raise AssertionError("The file was read.")

    upload = Unread(b"")
    upload.size = MAX_BYTES + 1

    with pytest.raises(ValidationError, match="larger than 15 MB"):
        remake(upload)


@pytest.mark.parametrize("size", SIZES)
def test_a_copy_has_its_named_size_and_is_made_once(media, size):
    name = default_storage.save("pictures/a.webp", remake(ContentFile(encoded(halves(900, 300)))))

    copy = rendition(name, size)
    made = (media / copy).stat().st_mtime_ns

    with Image.open(media / copy) as picture:
        assert (picture.format, picture.size) == ("WEBP", SIZES[size])
    assert copy == f"pictures/a-{size}-50-50.webp"
    assert rendition(name, size) == copy
    assert (media / copy).stat().st_mtime_ns == made
    assert len(list(media.rglob("*.webp"))) == 2


@pytest.mark.parametrize(("focus", "colour"), [((0, 50), RED), ((100, 50), BLUE)])
def test_a_copy_keeps_the_centre_of_interest(media, focus, colour):
    name = default_storage.save("pictures/a.webp", remake(ContentFile(encoded(halves(2000, 300)))))

    with Image.open(media / rendition(name, "card", focus)) as picture:
        assert is_near(picture.getpixel((10, 160)), colour)
        assert is_near(picture.getpixel((470, 160)), colour)


def test_nobody_can_ask_for_another_size(media):
    with pytest.raises(KeyError):
        rendition("pictures/a.webp", "9999x9999")

    assert not list(media.iterdir())
