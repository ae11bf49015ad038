"""Settings: one file, read from the environment in one block, closed unless told otherwise."""

import zoneinfo
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

# The pinned `tzdata` package is the zone data, whatever the machine has (docs/adr/0004).
zoneinfo.reset_tzpath(to=[])

BASE_DIR = Path(__file__).resolve().parent.parent

# --- The environment, all of it ------------------------------------------------------------
env = environ.Env()
env.read_env(BASE_DIR / ".env")  # Absent on a server; real variables win.

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="insecure-development-key" if DEBUG else environ.Env.NOTSET)
INSECURE_HTTP = env.bool("INSECURE_HTTP", default=DEBUG)  # Plain HTTP, for loopback only.
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOOPBACK if INSECURE_HTTP else [])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])  # Whose X-Forwarded-For is believed.
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
DATABASE_POOL_MIN = env.int("DATABASE_POOL_MIN", default=1)  # Of each worker, on PostgreSQL.
DATABASE_POOL_MAX = env.int("DATABASE_POOL_MAX", default=10)
DATABASE_POOL_TIMEOUT = env.float("DATABASE_POOL_TIMEOUT", default=5)  # seconds
REPLICA_URL = env("REPLICA_URL", default="")
REDIS_URL = env("REDIS_URL", default="")
HERE = f"http://127.0.0.1:{env('PORT', default='8000')}"  # as `make` serves it
SITE_URL = env("SITE_URL", default=HERE).rstrip("/")
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / "media"))
MEDIA_STORAGE = env("MEDIA_STORAGE", default="")  # s3://bucket/folder, where machines share it.
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
# Finished pages kept in memory by all workers together; 0 keeps none, as while developing.
PAGE_CACHE_BYTES = env.int("PAGE_CACHE_BYTES", default=0 if DEBUG else 32 * 2**20)
# Threads of each worker that make pages for readers; 0: those that the server has.
ON_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
PAGE_MAKERS = env.int("PAGE_MAKERS", default=1 if ON_SQLITE else 4)
STRICT_TEMPLATES = env.bool("STRICT_TEMPLATES", default=DEBUG)  # A missing name is an error.
SECURITY_CONTACT = env("SECURITY_CONTACT", default="mailto:security@example.org")
# -------------------------------------------------------------------------------------------

if ON_SQLITE:
    if REPLICA_URL:
        raise ImproperlyConfigured("REPLICA_URL needs a DATABASE_URL of PostgreSQL.")
    DATABASES["default"]["CONN_MAX_AGE"] = 0 if DEBUG else 60  # Opening costs a fifth of a page.
    # Readers never wait for a writer, and a writer waits instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "detect_types": 0,  # Fields convert what is text; else each column is looked up each time.
    }
else:
    if REPLICA_URL:
        # Tests that run with a replica make one test database, not two.
        DATABASES["replica"] = env.db("REPLICA_URL") | {"TEST": {"MIRROR": "default"}}
        DATABASE_ROUTERS = ["wpssite.base.replica.Router"]
    for name, database in DATABASES.items():
        database["ENGINE"] = "wpssite.base.postgresql"
        # A host that vanished is noticed in seconds; what the address says comes first.
        database["OPTIONS"] = {
            "connect_timeout": 3,
            "tcp_user_timeout": 5000,  # milliseconds
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "server_side_binding": True,  # What is prepared stays so (`base/prepared.py`).
            "pool": {
                "min_size": DATABASE_POOL_MIN,
                "max_size": DATABASE_POOL_MAX,
                # Who waits for the replica can have the primary instead.
                "timeout": DATABASE_POOL_TIMEOUT if name == "default" else 1,
                "reconnect_timeout": 5,  # Then it waits for a request instead of ever longer.
            },
        } | database.get("OPTIONS", {})

if REDIS_URL:
    CACHES = {
        name: {
            "BACKEND": f"wpssite.base.caching.{backend}",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "wpssite",
        }
        for name, backend in {"default": "SharedCache", "sessions": "SessionCache"}.items()
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    SESSION_CACHE_ALIAS = "sessions"

INSTALLED_APPS = [
    "wpssite.base.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_prose_editor",
    "import_export",
    "reversion",
    "wpssite.base.apps.BaseConfig",
    "network",
    "events",
    "wpssite.apps.SiteConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wpssite.base.middleware.content_security_policy",
    "wpssite.base.middleware.public_headers",
    "wpssite.base.middleware.refuse_nul",
    "wpssite.base.middleware.reading_only",
    "wpssite.base.addresses.OldAddresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wpssite.base.middleware.language_of_address",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
if "replica" in DATABASES:
    MIDDLEWARE.insert(0, "wpssite.base.replica.reads_for_readers")

TEMPLATES = [
    {  # The public pages (docs/adr/0017).
        "BACKEND": "wpssite.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "wpssite.jinja2.environment"},
    },
    {  # The desk, which builds on Django's admin.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "desk"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

ROOT_URLCONF = "wpssite.urls"
WSGI_APPLICATION = "wpssite.wsgi.application"
AUTH_USER_MODEL = "base.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in [
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    ]
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
STORAGES = {
    "default": (
        {"BACKEND": "wpssite.base.buckets.BucketStorage", "OPTIONS": {"address": MEDIA_STORAGE}}
        if MEDIA_STORAGE
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # Nothing asks for the others; each worker lists all.

PAGE_SIZE = 20
IMPORT_EXPORT_ESCAPE_ILLEGAL_CHARS_ON_EXPORT = True  # XLSX has no place for control characters.

# Security. INSECURE_HTTP lifts only what plain HTTP cannot do.
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_HTTP
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # A long programme is one form.
DESK_URL = "/desk/"
LOGIN_URL = "admin:login"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # What visitors get wrong is told by the status in the proxy's log; here it could fill the disk.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
