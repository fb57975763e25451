"""Instagram, the download of one's information as JSON or HTML, and what it holds of Threads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from relationdesk.model import Fact, Progress
from relationdesk.saying import marked
from relationdesk.sources import meta_export
from relationdesk.sources.base import Options, Recognised


class InstagramExport:
    """FileSource for what Instagram gives its members."""

    name = "instagram_export"
    title = marked("Instagram export")
    place = "instagram"

    def recognise(self, path: Path) -> Recognised | None:
        return meta_export.recognise(path, name=self.name, title=self.title, place=self.place)

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """Raises UnreadableFile, also while it is not known whose export it is."""
        return meta_export.read(path, options, name=self.name, title=self.title, place=self.place)
