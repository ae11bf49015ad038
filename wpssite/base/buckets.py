"""Uploads in a bucket that all machines share: Amazon S3, or a server that speaks as it does."""

from datetime import timedelta
from functools import cached_property
from urllib.parse import urljoin

import obstore
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.utils.encoding import filepath_to_uri

# Without encryption only where AWS_ENDPOINT_URL says http://, as on a private network.
CLIENT = {"timeout": "10s", "connect_timeout": "2s", "allow_http": True}
TRIES = {"max_retries": 3, "retry_timeout": timedelta(seconds=15)}


class BucketStorage(Storage):
    """Files below `address`, s3://bucket/folder; keys and server are in the AWS_ variables.

    The bucket stays private: the site hands out what is public, under the same addresses as ever.
    """

    def __init__(self, address: str):
        self.address = address

    @cached_property
    def bucket(self):
        return obstore.store.from_url(self.address, client_options=CLIENT, retry_config=TRIES)

    def _open(self, name, mode="rb"):
        if mode != "rb":
            raise ValueError(f"A file in a bucket is read whole or replaced, not opened as {mode}.")
        return ContentFile(bytes(self.bucket.get(name).bytes()), name=name)

    def _save(self, name, content):
        content.seek(0)
        self.bucket.put(name, content.read())
        return name

    def delete(self, name):
        self.bucket.delete(name)

    def exists(self, name):
        try:
            self.bucket.head(name)
        except FileNotFoundError:
            return False
        return True

    def listdir(self, path):
        found = self.bucket.list_with_delimiter(path or None)
        names = [row["path"] for row in found["objects"]]
        return tuple(
            [name.rstrip("/").rpartition("/")[2] for name in part]
            for part in (found["common_prefixes"], names)
        )

    def size(self, name):
        return self.bucket.head(name)["size"]

    def get_modified_time(self, name):
        return self.bucket.head(name)["last_modified"]

    def url(self, name):
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name))
