"""RULES: one line per rule, in the order in which they are asked."""

from relationdesk.prompts.awaiting_reply import AwaitingReply
from relationdesk.prompts.base import Rule
from relationdesk.prompts.gone_quiet import GoneQuiet

RULES: tuple[Rule, ...] = (AwaitingReply(), GoneQuiet())
