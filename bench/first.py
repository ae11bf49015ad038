"""The site as the first reader of an edition finds it: before each request it forgets what it kept.

What was compiled stays, as it does in a process that runs for a while.
"""

from wpssite.wsgi import application as site

from wpssite.base.edition import kept_values  # isort: skip — The site is set up by the other one.


def application(environ, start_response):
    for kept in kept_values.values():
        kept.values.clear()
    return site(environ, start_response)
