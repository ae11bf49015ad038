"""Words for values that a field chooses from: Django's own way hashes every choice each time."""

from functools import cache

from .language import language


class Labelled:
    """A model whose `get_…_display()` looks the word up in a table made once for a language."""

    def _get_FIELD_display(self, field):
        value = getattr(self, field.attname)
        return labels(type(self), field.attname, language()).get(value, value)


@cache
def labels(model, name: str, _language: str) -> dict:
    """Return the words of a field, as text, by their values."""
    return {value: str(word) for value, word in model._meta.get_field(name).flatchoices}
