"""The sources: one line per source. A new place is one file and one line here."""

from relationdesk.sources.base import FileSource, LiveSource
from relationdesk.sources.csv_contacts import CsvContacts
from relationdesk.sources.feed import Feed
from relationdesk.sources.linkedin_archive import LinkedInArchive
from relationdesk.sources.mail_files import MailFiles
from relationdesk.sources.mastodon import Mastodon
from relationdesk.sources.vcard import VCard

FILE_SOURCES: tuple[FileSource, ...] = (LinkedInArchive(), VCard(), CsvContacts(), MailFiles())
LIVE_SOURCES: tuple[LiveSource, ...] = (Mastodon(), Feed())
