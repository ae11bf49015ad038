"""Words for values that a field chooses from: Django's own way hashes every choice each time."""

from functools import cache

from django.db.models.signals import class_prepared
from django.dispatch import receiver

from .language import language


class Labelled:
    """A model whose `get_…_display()` looks the word up in a table made once for a language."""


@receiver(class_prepared)
def look_up(sender, **kwargs):
    """Give a model such methods for those of its fields that have none of their own."""
    fields = sender._meta.fields if issubclass(sender, Labelled) else []
    for name in (field.attname for field in fields if field.choices):
        setattr(sender, f"get_{name}_display", display_of(name))


def display_of(name: str):
    def display(record) -> str:
        value = getattr(record, name)
        return labels(type(record), name, language()).get(value, value)

    return display


@cache
def labels(model, name: str, _language: str) -> dict:
    """Return the words of a field, as text, by their values."""
    return {value: str(word) for value, word in model._meta.get_field(name).flatchoices}
