"""Who asks only for what everyone may see, told from a WSGI request before Django looks at it."""

from functools import lru_cache

from django.conf import settings
from django.http.request import split_domain_port, validate_host

LONGEST = 8000  # characters of a query; a longer one goes to Django as it is


class Readers:
    """Tells readers from others, by the settings of the moment at which it is made.

    apart: beginnings of paths at which nobody counts as a reader.
    """

    def __init__(self, apart: tuple[str, ...] = ()):
        self.apart = apart
        self.session = f"{settings.SESSION_COOKIE_NAME}="
        self.https_only = settings.SECURE_SSL_REDIRECT
        self.proxy_header, self.proxy_value = settings.SECURE_PROXY_SSL_HEADER

    def include(self, environ) -> bool:
        """Whether this is somebody without an account asking for a page, at an address of ours."""
        cookies = environ.get("HTTP_COOKIE")
        return (
            environ["REQUEST_METHOD"] in {"GET", "HEAD"}
            and not environ["PATH_INFO"].startswith(self.apart)
            and len(environ.setdefault("QUERY_STRING", "")) <= LONGEST
            and "HTTP_AUTHORIZATION" not in environ
            and not (cookies and (self.session in cookies or "messages=" in cookies))
            and is_our_host(environ.get("HTTP_HOST", ""))
            and (not self.https_only or self.is_secure(environ))
        )

    def is_secure(self, environ) -> bool:
        """Say whether the asker used HTTPS, as `HttpRequest.is_secure()` would."""
        told = environ.get(self.proxy_header)
        if told is not None:
            return told.split(",", 1)[0].strip() == self.proxy_value
        return environ["wsgi.url_scheme"] == "https"


@lru_cache(maxsize=64)
def is_our_host(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
