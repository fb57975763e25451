"""Facebook, the download of one's information as JSON or HTML, with Messenger's store of encrypted chats."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from relationdesk.model import Fact, Progress
from relationdesk.saying import marked
from relationdesk.sources import meta_export
from relationdesk.sources.base import Options, Recognised


class FacebookExport:
    """FileSource for what Facebook gives its members."""

    name = "facebook_export"
    title = marked("Facebook export")
    place = "facebook"

    def recognise(self, path: Path) -> Recognised | None:
        return meta_export.recognise(path, name=self.name, title=self.title, place=self.place)

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """Raises UnreadableFile, also while it is not known whose export it is."""
        return meta_export.read(path, options, name=self.name, title=self.title, place=self.place)
