"""The kinds of evidence, one file each: to add one, write it and name it here. No scanning, so nothing is missing in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from relationdesk.flip import by_bio, by_handle, by_mail, by_name, by_page, by_phone, by_picture, by_place, by_work
from relationdesk.flip.rarity import Rarity
from relationdesk.flip.reason import Reason
from relationdesk.flip.traits import Traits

Kind = Callable[[Traits, Traits, Rarity], Iterator[Reason]]
"""Reasons that two profiles are one person or two; symmetric but for the wording, never raises, empty for nothing to say."""

KINDS: tuple[Kind, ...] = (by_mail.find, by_page.find, by_phone.find, by_picture.find, by_name.find, by_handle.find, by_work.find, by_bio.find)

UNLESS_VOUCHED: tuple[Kind, ...] = (by_handle.warn, by_place.find)
"""These have nothing to say where a place vouches for it."""
