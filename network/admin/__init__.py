"""The network at the desk."""

from . import organisations, people, records, reference  # noqa: F401
