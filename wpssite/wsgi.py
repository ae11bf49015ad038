"""The server's door: `wpssite.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wpssite.settings")
application = get_wsgi_application()
