"""The site as the first reader of an edition finds it: it forgets what it kept before each page.

What was compiled stays, as it does in a process that runs for a while.
"""

from django.core.signals import request_started

from wpssite.wsgi import application  # noqa: F401 — The server asks it.

from wpssite.base.kept import kept_values  # isort: skip — The site is set up by the other one.


def forget(**signal):
    for kept in kept_values.values():
        kept.values.clear()


request_started.connect(forget)
