"""A file that nobody lists would be a silently missing network, or a rule that never asks."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys

from relationdesk import prompts, sources
from relationdesk.prompts import RULES
from relationdesk.sources import FILE_SOURCES, LIVE_SOURCES


def classes(package: object) -> dict[str, type]:
    found: dict[str, type] = {}
    for module in pkgutil.iter_modules(package.__path__):  # type: ignore[attr-defined]
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")  # type: ignore[attr-defined]
        for name, value in inspect.getmembers(loaded, inspect.isclass):
            if value.__module__ == loaded.__name__ and module.name != "base":
                found[name] = value
    return found


def test_every_file_source_is_listed() -> None:
    written = {n for n, c in classes(sources).items() if hasattr(c, "recognise") and hasattr(c, "read") and hasattr(c, "title")}
    assert written == {type(s).__name__ for s in FILE_SOURCES}


def test_every_live_source_is_listed() -> None:
    written = {n for n, c in classes(sources).items() if hasattr(c, "pages") and hasattr(c, "streams")}
    assert written == {type(s).__name__ for s in LIVE_SOURCES}


def test_every_rule_is_listed() -> None:
    written = {n for n, c in classes(prompts).items() if hasattr(c, "find")}
    assert written == {type(r).__name__ for r in RULES}


def test_stored_names_are_unique_and_never_change() -> None:
    assert [s.name for s in FILE_SOURCES] == [
        "linkedin_archive",
        "vcard",
        "csv_contacts",
        "mail_files",
        "whatsapp",
        "telegram",
        "signal_export",
        "slack_export",
        "discord_package",
        "discord_chat",
        "bluesky_archive",
        "x_archive",
        "mastodon_archive",
        "activitystreams",
        "bookmarks",
        "reddit_request",
        "google_takeout",
        "flickr_export",
        "ical",
        "facebook_export",
        "instagram_export",
        "threads_export",
        "crm_export",
        "outlook_calendar",
        "outlook_mail",
        "monica_export",
        "outlook_data",
    ]  # fmt: skip
    assert [s.name for s in LIVE_SOURCES] == [
        "mastodon",
        "bluesky",
        "github",
        "gitlab",
        "hackernews",
        "stackexchange",
        "discourse",
        "youtube",
        "pinboard",
        "raindrop",
        "reddit",
        "calendar",
        "caldav",
        "feed",
        "imap",
        "hubspot",
        "pipedrive",
        "salesforce",
        "x",
        "threads",
        "instagram",
        "facebook",
        "linkedin",
    ]  # fmt: skip
    assert [r.name for r in RULES] == [
        "awaiting_reply", "promise_due", "complaint", "meeting_soon", "meeting_over", "praise", "thank_referral", "suggestion", "deal_near",
        "ticket_open", "birthday", "anniversary", "work_anniversary", "job_change", "in_town", "gone_quiet", "champion_quiet", "rhythm_overdue", "new_at_key", "mentioned", "public_question",
        "first_post", "reciprocity", "single_threaded",
    ]  # fmt: skip


def test_the_list_of_sources_loads_nothing_dear() -> None:
    """The pages that show what can be connected or brought in load all sources; who reads nothing must not pay for reading."""
    dear = ("httpx", "openpyxl", "icalendar", "recurring_ical_events", "relationdesk.sources.door")
    code = f"import sys, relationdesk.sources; print(*(name for name in {dear} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
