"""The sources: one line per source. A new place is one file and one line here."""

from relationdesk.sources.activitystreams import ActivityStreams
from relationdesk.sources.base import FileSource, LiveSource
from relationdesk.sources.bluesky import Bluesky
from relationdesk.sources.bluesky_archive import BlueskyArchive
from relationdesk.sources.bookmarks import Bookmarks
from relationdesk.sources.caldav import CalDav
from relationdesk.sources.calendar_address import CalendarAddress
from relationdesk.sources.crm_export import CrmExport
from relationdesk.sources.csv_contacts import CsvContacts
from relationdesk.sources.discord_chat import DiscordChat
from relationdesk.sources.discord_package import DiscordPackage
from relationdesk.sources.discourse import Discourse
from relationdesk.sources.facebook import Facebook
from relationdesk.sources.facebook_export import FacebookExport
from relationdesk.sources.feed import Feed
from relationdesk.sources.flickr_export import FlickrExport
from relationdesk.sources.github import GitHub
from relationdesk.sources.gitlab import GitLab
from relationdesk.sources.google_takeout import GoogleTakeout
from relationdesk.sources.hackernews import HackerNews
from relationdesk.sources.hubspot import HubSpot
from relationdesk.sources.ical import ICalendar
from relationdesk.sources.imap import Imap
from relationdesk.sources.instagram import Instagram
from relationdesk.sources.instagram_export import InstagramExport
from relationdesk.sources.linkedin import LinkedIn
from relationdesk.sources.linkedin_archive import LinkedInArchive
from relationdesk.sources.mail_files import MailFiles
from relationdesk.sources.mastodon import Mastodon
from relationdesk.sources.mastodon_archive import MastodonArchive
from relationdesk.sources.monica_export import MonicaExport
from relationdesk.sources.outlook_calendar import OutlookCalendar
from relationdesk.sources.outlook_data import OutlookData
from relationdesk.sources.outlook_mail import OutlookMail
from relationdesk.sources.pinboard import Pinboard
from relationdesk.sources.pipedrive import Pipedrive
from relationdesk.sources.raindrop import Raindrop
from relationdesk.sources.reddit import Reddit
from relationdesk.sources.reddit_request import RedditRequest
from relationdesk.sources.salesforce import Salesforce
from relationdesk.sources.signal_export import SignalExport
from relationdesk.sources.slack import Slack
from relationdesk.sources.stackexchange import StackExchange
from relationdesk.sources.telegram import Telegram
from relationdesk.sources.threads import Threads
from relationdesk.sources.threads_export import ThreadsExport
from relationdesk.sources.vcard import VCard
from relationdesk.sources.whatsapp import WhatsApp
from relationdesk.sources.x import X
from relationdesk.sources.x_archive import XArchive
from relationdesk.sources.youtube import YouTube

FILE_SOURCES: tuple[FileSource, ...] = (
    LinkedInArchive(),
    VCard(),
    CsvContacts(),
    MailFiles(),
    WhatsApp(),
    Telegram(),
    SignalExport(),
    Slack(),
    DiscordPackage(),
    DiscordChat(),
    BlueskyArchive(),
    XArchive(),
    MastodonArchive(),
    ActivityStreams(),
    Bookmarks(),
    RedditRequest(),
    GoogleTakeout(),
    FlickrExport(),
    ICalendar(),
    FacebookExport(),
    InstagramExport(),
    ThreadsExport(),
    CrmExport(),
    OutlookCalendar(),
    OutlookMail(),
    MonicaExport(),
    OutlookData(),
)  # fmt: skip
LIVE_SOURCES: tuple[LiveSource, ...] = (
    Mastodon(),
    Bluesky(),
    GitHub(),
    GitLab(),
    HackerNews(),
    StackExchange(),
    Discourse(),
    YouTube(),
    Pinboard(),
    Raindrop(),
    Reddit(),
    CalendarAddress(),
    CalDav(),
    Feed(),
    Imap(),
    HubSpot(),
    Pipedrive(),
    Salesforce(),
    X(),
    Threads(),
    Instagram(),
    Facebook(),
    LinkedIn(),
)  # fmt: skip
