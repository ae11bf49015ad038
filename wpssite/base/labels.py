"""Words for values that a field chooses from: Django's own way hashes every choice each time."""

from functools import cache

from django.utils.encoding import force_str


class Labelled:
    """A model whose `get_…_display()` looks the word up in a table made once."""

    def _get_FIELD_display(self, field):
        value = getattr(self, field.attname)
        return force_str(labels(field).get(value, value), strings_only=True)


@cache
def labels(field) -> dict:
    """Return the words of a field by their values, in whichever language is asked for later."""
    return dict(field.flatchoices)
