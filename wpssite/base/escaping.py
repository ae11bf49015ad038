"""Text as HTML. `markupsafe.escape()` makes an object of each text; a page has hundreds of them."""

from markupsafe import Markup, _escape_inner
from markupsafe import escape as escaped

escape = _escape_inner  # Of a `str`; returns one.


def shown(value) -> str:
    """Return a value as a page shows it: escaped, unless it says that it is safe."""
    kind = type(value)
    if kind is str:
        return escape(value)
    return value if kind is Markup else escaped(value)
