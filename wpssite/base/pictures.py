"""Pictures: taken in safely, kept without hidden data, shown in named sizes (`imaging.py`).

What is uploaded is never what is served: a picture is decoded whole, set upright, made anew
without its metadata (a photo may tell where it was taken) and stored under a random name.
"""

from django.db import models

FORMATS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP"}  # by Pillow's name, as people write them
MAX_BYTES = 15 * 2**20


class PictureField(models.FileField):
    """A picture that was decoded and made anew before it was stored, as WebP."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"upload_to": "pictures", "max_length": 200} | kwargs)

    def clean(self, value, model_instance):
        value = super().clean(value, model_instance)
        if value and not value._committed:
            from .imaging import remake

            value.file = remake(value.file)
            value.name = value.file.name
        return value
