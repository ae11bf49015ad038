"""Folded fieldsets of the desk's forms: one with an error in it is shown open."""

from django.contrib.admin.utils import flatten


class Lines(list):
    """The lines of a fieldset, said to hold each field that shares a line with others too.

    Django leaves a fieldset unfolded when a field `in` it has an error, and looks at whole lines.
    """

    def __contains__(self, name):
        return name in flatten(self)


def unfolding(fieldsets) -> list[tuple]:
    """Return fieldsets none of which folds over a field with an error."""
    return [(name, options | {"fields": Lines(options["fields"])}) for name, options in fieldsets]
