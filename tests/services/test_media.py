"""Uploads in a bucket that two servers share, on a server that speaks S3."""

import io
import re
import shutil
import sqlite3
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from tests.base.test_pictures import encoded, halves
from tests.desk_forms import DeskPage
from wpssite.base.buckets import BucketStorage
from wpssite.base.imports import UploadedTables

from .conftest import free_port, running
from .desk_client import DeskClient
from .proxies import granian, shell

ADDRESS = "s3://wpssite/uploads"
MAKE_ADMIN_AND_NAME_AN_EVENT = """
from django.contrib.auth import get_user_model
get_user_model().objects.create_superuser("keeper", password="kept-by-nobody-else")
from events.models import Event
event = Event.objects.published().first()
print(event.pk, event.get_absolute_url())
"""


def s3_program() -> str:
    """Return the S3 server, which lives in an environment of its own beside ours."""
    beside = Path(sys.executable).parent.parent / "s3/bin/moto_server"
    found = shutil.which("moto_server") or (str(beside) if beside.exists() else None)
    return found or pytest.fail("moto_server is not installed; .ci/run does it.", pytrace=False)


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    """The variables that lead to an empty bucket."""
    port, folder = free_port(), tmp_path_factory.mktemp("s3")
    command = [s3_program(), "--host", "127.0.0.1", "--port", str(port)]
    with running(command, port, folder / "log"):
        urlopen(Request(f"http://127.0.0.1:{port}/wpssite", method="PUT")).close()
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }


@pytest.fixture
def storage(bucket, monkeypatch):
    for name, value in bucket.items():
        monkeypatch.setenv(name, value)
    return BucketStorage(ADDRESS)


def test_a_bucket_keeps_what_a_folder_would(storage):
    before = timezone.now().replace(microsecond=0)

    name = storage.save("pictures/à b.webp", ContentFile(b"bytes"))

    assert storage.exists(name)
    assert storage.open(name).read() == b"bytes"
    assert storage.size(name) == 5
    assert storage.get_modified_time(name) >= before
    assert storage.listdir("pictures") == ([], ["à b.webp"])
    assert storage.listdir("") == (["pictures"], [])
    assert storage.url(name) == "/media/pictures/%C3%A0%20b.webp"
    assert storage.save("pictures/à b.webp", ContentFile(b"other")) != name
    storage.delete(name)
    storage.delete(name)  # Twice is as good as once, as with files.
    assert not storage.exists(name)


def test_what_is_not_in_the_bucket_is_not_found(storage):
    for ask in (storage.open, storage.size, storage.get_modified_time):
        with pytest.raises(FileNotFoundError):
            ask("pictures/none.webp")
    assert storage.listdir("nowhere") == ([], [])


def test_no_name_leads_out_of_the_folder(storage):
    for name in ("../other/x", "pictures/../../other/x"):
        with pytest.raises(Exception, match=r"path|traversal|\.\."):
            storage.save(name, ContentFile(b"x"))


def test_tables_wait_in_the_bucket_for_the_word_of_the_editor(storage, settings):
    default = {"BACKEND": "wpssite.base.buckets.BucketStorage", "OPTIONS": {"address": ADDRESS}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    waiting = UploadedTables()
    waiting.save(b"title\nOne\n")

    elsewhere = UploadedTables(name=waiting.name)

    assert elsewhere.read() == b"title\nOne\n"
    elsewhere.remove()
    assert storage.listdir("tables") == ([], [])


@pytest.fixture(scope="module")
def machines(site, site_environment, bucket, tmp_path_factory):
    """Two servers with one database, one bucket and no folder in common.

    The value: an administrator on one of them, a visitor of the other, and the addresses of a
    published event, at the desk and in public.
    """
    folder = tmp_path_factory.mktemp("machines")
    source = sqlite3.connect(site_environment["DATABASE_URL"].removeprefix("sqlite:///"))
    with sqlite3.connect(folder / "copy.sqlite3") as copy:
        source.backup(copy)
    source.close()
    copy.close()
    shared = site_environment | bucket | {"MEDIA_STORAGE": ADDRESS}
    shared |= {"DATABASE_URL": f"sqlite:///{folder / 'copy.sqlite3'}"}
    one, other = (shared | {"MEDIA_ROOT": str(folder / name)} for name in ("one", "other"))
    key, page = shell(one, MAKE_ADMIN_AND_NAME_AN_EVENT).split()
    with granian(one, folder) as first, granian(other, folder) as second:
        desk = DeskClient(f"http://{first}").log_in("keeper", "kept-by-nobody-else")
        visitor = DeskClient(f"http://{second}")
        yield desk, visitor, f"/desk/events/event/{key}/change/", page
    assert not [path.name for path in folder.iterdir() if path.is_dir()]


def save(form, **fields):
    answer = form.save(**fields)
    errors = re.findall(r"errorlist.*?</ul>", answer.text, re.DOTALL)
    assert answer.status_code == 302, errors


def picture_on(visitor, page) -> str | None:
    found = re.search(r'<img src="(/media/pictures/[^"]+-card-[^"]+)"', visitor.get(page).text)
    return found and found[1]


def test_a_picture_taken_in_on_one_machine_is_shown_by_the_other(machines, storage):
    desk, visitor, change, page = machines
    form = DeskPage(desk, change)
    row = form.add_row("attachments", kind="photo", title="The hall", alt="A hall")
    upload = SimpleUploadedFile("hall.jpg", encoded(halves(1200, 800)), "image/jpeg")

    save(form, **{f"{row}-picture": upload})

    address = picture_on(visitor, page)
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"].startswith("public")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert Image.open(io.BytesIO(answer.content)).size == (480, 320)
    made = storage.listdir("pictures")[1]
    assert address.rpartition("/")[2] in made
    assert len(made) >= 2  # The picture and its copy for cards.


def test_a_picture_is_public_no_longer_than_its_event(machines):
    desk, visitor, change, page = machines
    address = picture_on(visitor, page)

    save(DeskPage(desk, change), status="withdrawn", withdrawn_note="Only to try it.")
    assert visitor.get(address).status_code == 404
    save(DeskPage(desk, change), status="published", withdrawn_note="")
    assert visitor.get(address).status_code == 200

    form = DeskPage(desk, change)
    rows = [name.removesuffix("-title") for name, held in form.data.items() if held == "The hall"]
    save(form, **{f"{rows[0]}-DELETE": "on"})
    assert visitor.get(address).status_code == 404
    assert picture_on(visitor, page) is None


def test_a_bucket_that_is_away_harms_only_what_needs_it(site, site_environment, tmp_path):
    away = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"}
    away |= {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    with granian(site_environment | away | {"MEDIA_STORAGE": ADDRESS}, tmp_path) as address:
        visitor = DeskClient(f"http://{address}")
        assert visitor.get("/").status_code == 200
        assert visitor.get("/media/pictures/0123456789abcdef01234567.webp").status_code == 404
