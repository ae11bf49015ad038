"""Draw the world map anew from the files of an atlas."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from network.maps import world_svg
from network.models import Organisation


class Command(BaseCommand):
    help = (
        "Draws static/maps/world.svg from countries-110m.json and countries-10m.json of the npm "
        "package world-atlas. The record must be loaded: it says which states are needed."
    )

    def add_arguments(self, parser):
        parser.add_argument("atlas", type=Path, help="folder with the two files")
        parser.add_argument(
            "--output", type=Path, default=settings.BASE_DIR / "static" / "maps" / "world.svg"
        )

    def handle(self, *args, atlas, output, **options):
        try:
            coarse, fine = (
                json.loads((atlas / f"countries-{size}.json").read_text(encoding="utf-8"))
                for size in ("110m", "10m")
            )
        except OSError as error:
            raise CommandError(f"Cannot read the atlas: {error}") from error
        codes = set(Organisation.objects.states().with_code().values_list("m49", flat=True))
        output.write_text(world_svg(coarse, fine, codes), encoding="utf-8")
        self.stdout.write(f"{output}: {output.stat().st_size:,} bytes, {len(codes)} states")
