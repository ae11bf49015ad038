"""Events and statements at the desk."""

from . import events, statements  # noqa: F401
