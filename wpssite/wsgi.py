"""The server's door: `wpssite.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from .base.apps import DeskConfig

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wpssite.settings")
DeskConfig.on_demand = True
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 — Django is set up only now.
from granian.utils.proxies import wrap_wsgi_with_proxy_headers  # noqa: E402

from . import urls  # noqa: E402, F401 — The first visitor need not wait for it.
from .base import edition  # noqa: E402
from .makers import Makers  # noqa: E402
from .pagecache import PageCache  # noqa: E402
from .shelf import shelf_of_this_server  # noqa: E402

if settings.TRUSTED_PROXIES:
    application = wrap_wsgi_with_proxy_headers(application, settings.TRUSTED_PROXIES)
apart = (settings.DESK_URL, settings.STATIC_URL, settings.MEDIA_URL)
if settings.PAGE_MAKERS:
    application = Makers(application, settings.PAGE_MAKERS, apart)
if settings.PAGE_CACHE_BYTES:
    shelf = shelf_of_this_server(settings.PAGE_CACHE_BYTES)
    own = settings.PAGE_CACHE_BYTES // (8 if shelf else 1)  # What is asked for most, at hand.
    application = PageCache(application, edition, own, apart, shelf)

# What is loaded now stays: no need to look through it for garbage with every page.
gc.freeze()
gc.set_threshold(10_000, 50, 50)
