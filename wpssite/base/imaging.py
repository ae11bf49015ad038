"""What is done to pictures with Pillow, which is imported with this module and not before.

Few workers ever touch a picture, and each would hold five megabytes for it.
"""

import io
import secrets
import warnings
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from .pictures import FORMATS, MAX_BYTES

MAX_PIXELS = 40_000_000
MASTER = (2400, 2400)  # px, the largest copy kept
SIZES = {"card": (480, 320), "page": (960, 640), "share": (1200, 630)}  # px, cropped to the focus


def remake(upload) -> ContentFile:
    """Return an uploaded picture as a WebP of at most MASTER px, upright, without metadata.

    Raises ValidationError, in the editor's words, for anything but a whole JPEG, PNG or WebP of
    at most MAX_BYTES and MAX_PIXELS; the size is checked before anything is decoded.
    """
    if upload.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than %d MB.") % (MAX_BYTES // 2**20))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(upload, formats=list(FORMATS))
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(_("The picture has more than 40 million pixels."))
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Warning) as error:
        raise ValidationError(
            _("This is not a whole JPEG, PNG or WebP picture. Save it anew and try again.")
        ) from error
    picture = ImageOps.exif_transpose(picture).convert("RGBA" if has_alpha(picture) else "RGB")
    picture.thumbnail(MASTER)
    return as_webp(picture, f"{secrets.token_hex(12)}.webp")


def has_alpha(picture) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info


def as_webp(picture, name: str) -> ContentFile:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=82, method=4)
    return ContentFile(out.getvalue(), name=name)


def rendition(name: str, size: str, focus=(50, 50)) -> str:
    """Return the storage name of a copy of the picture `name` in a named size, made on first use.

    size: a key of SIZES, in px; KeyError for another one, so no page can ask for any size.
    focus: the point to keep in the crop, in per cent from the left and from the top.
    """
    box = SIZES[size]
    path = PurePosixPath(name)
    copy = str(path.with_name(f"{path.stem}-{size}-{focus[0]}-{focus[1]}.webp"))
    if not default_storage.exists(copy):
        with default_storage.open(name) as file, Image.open(file, formats=["WEBP"]) as picture:
            centre = (focus[0] / 100, focus[1] / 100)
            cropped = ImageOps.fit(picture, box, centering=centre)
        default_storage.save(copy, as_webp(cropped, path.name))
    return copy
