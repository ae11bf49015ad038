"""The environment of every test: production settings, nothing kept, no word from a local .env.

pytest-django reads the settings before any conftest when they are named in pyproject.toml,
so they are named here, after the variables they need.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django
from django.conf import settings

SCRATCH = Path(tempfile.mkdtemp(prefix="wpssite-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)

os.environ["DEBUG"] = "false"
os.environ["STRICT_TEMPLATES"] = "true"
os.environ["INSECURE_HTTP"] = "true"
os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1"
os.environ["MEDIA_ROOT"] = str(SCRATCH / "media")
os.environ["MEDIA_STORAGE"] = ""
os.environ["SITE_URL"] = "http://127.0.0.1:8000"
os.environ["REPLICA_URL"] = os.environ["REDIS_URL"] = ""  # tests/services starts its own.
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")  # .ci/run names PostgreSQL here.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wpssite.settings")
django.setup()


# Hashed file names need `collectstatic`; tests/services runs it for the real server.
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
settings.STATIC_ROOT = SCRATCH / "static"
settings.STATIC_ROOT.mkdir()  # WhiteNoise warns when it is absent.


def pytest_terminal_summary(terminalreporter, config):
    """Name what `make test` left out, so that nobody takes it for tested."""
    left_out = sorted(
        str(path.relative_to(config.rootpath))
        for folder in config.getoption("ignore") or []
        for path in (config.rootpath / folder).glob("test_*.py")
    )
    if left_out:
        terminalreporter.write_sep("-", "left out; .ci/run runs them")
        terminalreporter.write_line("\n".join(left_out))
