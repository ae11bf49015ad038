"""Finished pages that the workers of one server share: small files on a shelf for each edition.

The files lie in memory where the machine has a file system for that, so their bytes are held once
and each page is made once, however many workers there are (docs/adr/0015). What goes wrong here
costs a page to be made again and nothing else: every fault counts as an empty shelf.
"""

import errno
import hashlib
import hmac
import json
import logging
import os
import shutil
import stat
import struct
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from secrets import token_hex

from django.conf import settings

log = logging.getLogger(__name__)
IN_MEMORY = Path("/dev/shm")  # of Linux
NAME = "wpssite-pages"
LOOKED = 32  # The shelf is weighed anew each time that this part of it was put there.
EMPTIED = 4  # This part is taken off when it is full: what was put there first.
LARGEST = 8  # No page may be larger than this part of it.
CODE = ("wpssite", "events", "network", "templates", "locale")
HEAD = struct.Struct("!I")  # how long the first part of a file is


class Shelf:
    """A folder of pages within a number of bytes. Everything in it is for everyone to see."""

    def __init__(self, folder: Path, most_bytes: int):
        self.folder, self.most_bytes = folder, most_bytes
        self.put_since = most_bytes  # bytes since it was weighed; a new one is weighed at once

    def get(self, edition, key) -> tuple[dict, bytes] | None:
        """Return what was put there in this edition: words about a page, and its bytes."""
        try:
            file = os.open(f"{self.place(edition)}/{digest(key)}", os.O_RDONLY)
        except OSError:
            return None
        with open(file, "rb", buffering=0) as opened:
            size = os.fstat(file).st_size
            head = opened.read(HEAD.unpack(opened.read(HEAD.size))[0])
            return json.loads(head), opened.read(size)

    def put(self, edition, key, words: dict, body: bytes):
        """Put a page there, whole or not at all, and take off what is too much or of the past."""
        if len(body) > self.most_bytes // LARGEST:
            return
        place, head = self.place(edition), json.dumps(words).encode()
        new = Path(place, f"{token_hex(8)}.new")
        try:
            if not os.path.isdir(place):
                self.begin(place)
            new.write_bytes(HEAD.pack(len(head)) + head + body)
            new.rename(f"{place}/{digest(key)}")
            self.put_since += len(body)
            if self.put_since > self.most_bytes // LOOKED:
                self.put_since = 0
                self.make_room(place, self.most_bytes)
        except OSError as error:
            log.info("A page is not put on the shelf: %s", error)
            with suppress(OSError):
                new.unlink(missing_ok=True)
                if error.errno == errno.ENOSPC:
                    self.make_room(place, 0)

    def place(self, edition) -> str:
        """Return the folder of an edition."""
        return f"{self.folder}/{digest(edition)}"

    def begin(self, place: str):
        """Make the folder of an edition, and remove those of others."""
        for other in self.folder.iterdir():
            shutil.rmtree(other, ignore_errors=True)
        os.mkdir(place, mode=0o700)

    def make_room(self, place: str, most_bytes: int):
        """Take off what was put there first, a part of it, where it is too much."""
        found = []
        with os.scandir(place) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    about = entry.stat()
                    found.append((about.st_mtime, about.st_blocks * 512, entry.path))
        held = sum(size for _when, size, _path in found)
        if held <= most_bytes:
            return
        wanted = min(held, self.most_bytes) * (EMPTIED - 1) // EMPTIED
        for _when, size, path in sorted(found):
            if held <= wanted:
                break
            Path(path).unlink(missing_ok=True)
            held -= size


@lru_cache(maxsize=64)
def digest(words) -> str:
    return hashlib.blake2b(repr(words).encode(), digest_size=16).hexdigest()


def shelf_of_this_server(most_bytes: int) -> Shelf | None:
    """Return the shelf that all workers of this server share, or None where there can be none.

    They are the children of one process, with the same settings and the same code.
    """
    parent = os.getppid()
    try:
        base = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
        words = repr([began(parent), sorted(os.environ.items()), newest_file()])
        secret = hmac.new(settings.SECRET_KEY.encode(), words.encode(), "sha256").hexdigest()
        folder = base / f"{NAME}-{parent}-{secret[:32]}"
        remove_abandoned(base)
        folder.mkdir(mode=0o700, exist_ok=True)
        if is_ours_alone(folder):
            return Shelf(folder, most_bytes)
    except OSError as error:
        log.warning("Workers share no pages: %s", error)
    return None


def is_ours_alone(folder: Path) -> bool:
    found = folder.lstat()
    private = stat.S_ISDIR(found.st_mode) and not stat.S_IMODE(found.st_mode) & 0o077
    return private and found.st_uid == os.geteuid()


def remove_abandoned(base: Path):
    """Remove the shelves of servers that have ended."""
    for folder in base.glob(f"{NAME}-*-*"):
        with suppress(OSError, ValueError):
            if is_ours_alone(folder) and not is_running(int(folder.name.split("-")[2])):
                shutil.rmtree(folder, ignore_errors=True)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def began(process: int) -> str:
    """Return when a process began, in ticks of its machine; nothing where that cannot be told."""
    with suppress(OSError, IndexError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()[19]
    return ""


def newest_file() -> float:
    """Return when the code was last changed, or the static files collected."""
    files = (path for name in CODE for path in (settings.BASE_DIR / name).rglob("*"))
    changed = [path.lstat().st_mtime for path in files if path.suffix not in {".pyc", ""}]
    with suppress(FileNotFoundError):
        changed.append(Path(settings.STATIC_ROOT, "staticfiles.json").stat().st_mtime)
    return max(changed)
