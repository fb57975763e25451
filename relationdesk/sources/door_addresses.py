"""Which web addresses may be asked at all: the rules of the network door, without any network.

A profile link, a redirect or a name server is foreign input. What decides is the number that is connected to, never
the spelling of the host (public incidents: string checks, redirects and rebinding names were all bypassed).
"""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import parse_qsl, urlsplit

from relationdesk.saying import say

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_URL = 8_000
"""Characters of one address; no place needs more."""

_CLOSED = tuple(
    ipaddress.ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "3fff::/20", "5f00::/16")
)
"""Not on the public network, though some Python from 3.11 on says so: old site-local, protocol and example networks."""
_EMBEDDING = tuple(ipaddress.IPv6Network(net) for net in ("64:ff9b::/96", "2002::/16", "::/96"))
_TALKED_OVER_BY_OTHERS = frozenset(
    int(port)
    for port in (
        "7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 "
        "135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 "
        "993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6379 6566 6665 6666 6667 6668 6669 6679 6697 10080"
    ).split()
)
"""Ports of mail, files, chat …: the list browsers refuse (WHATWG fetch, "bad port"), and one database."""
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa", "localdomain")


def literal(host: str) -> IpAddress | None:
    """The address a host *is*, in any spelling the system would accept (127.1, 0x7f.1, 2130706433), None for a name."""
    text = host.strip("[]").rstrip(".").partition("%")[0]
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        pass
    if not re.fullmatch(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}", text, re.IGNORECASE):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(text))
    except OSError:
        return None


def is_public(address: IpAddress) -> bool:
    """False for loopback, private, link-local (also the metadata services), multicast, reserved and unspecified
    addresses, and for IPv6 forms that carry such an IPv4 address inside."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.teredo is not None:
            return False
        for network in _EMBEDDING:
            if address in network:
                shift = 80 if network.prefixlen == 16 else 0
                return is_public(ipaddress.IPv4Address((int(address) >> shift) & 0xFFFFFFFF))
        if (int(address) >> 32) & 0xFDFFFFFF == 0x00005EFE:  # ISATAP: an IPv4 address behind any prefix
            return False
    if any(address in network for network in _CLOSED):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def is_private_name(host: str) -> bool:
    """True for a host that is a non-public number, or a name that by its ending never leaves the local network."""
    number = literal(host)
    if number is not None:
        return not is_public(number)
    name = host.rstrip(".").lower()
    return any(name == local or name.endswith("." + local) for local in _LOCAL_NAMES) or "." not in name


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a web address, in lower case, the default port filled in; ("", "", 0) for none."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ("", "", 0)
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").rstrip(".").lower()
    if scheme not in ("http", "https") or not host:
        return ("", "", 0)
    return (scheme, host, port or (443 if scheme == "https" else 80))


def complaint(url: str) -> str:
    """What is wrong with an address before anybody is asked: the middle of a sentence, "" if nothing is.

    Only http and https, no user name or password inside, no control characters or backslashes (two readers
    understand those differently), no port that belongs to another service.
    """
    if len(url) > MAX_URL:
        return say("the web address is too long")
    if re.search(r"[\x00-\x20\x7f\\]", url):
        return say("the web address contains characters that do not belong there")
    scheme, host, port = origin(url)
    if not scheme:
        return say("this is not a web address that begins with http:// or https://")
    if "@" in urlsplit(url).netloc:
        return say("the web address contains a user name or password")
    if port in _TALKED_OVER_BY_OTHERS:
        return say("port {port} of {host} does not belong to a web server", port=port, host=host)
    return ""


_SECRET_NAMES = re.compile(
    r"(.*[_-])?(token|key|apikey|secret|password|passwd|pwd|pass|auth|authkey|signature|sig|jwt|session|sid)", re.IGNORECASE
)


def secret_in(url: str) -> str:
    """What in an address is a key to something private: "password", the name of a parameter, "" if nothing is."""
    try:
        parts = urlsplit(url)
        names = [name for name, value in parse_qsl(parts.query) if value]
        hidden = parts.password or ""
    except ValueError:
        return ""
    if hidden:
        return "password"
    host = origin(url)[1]
    if host.endswith("pinboard.in") and re.search(r"/secret(:|%3a)", url, re.IGNORECASE):
        return "secret"
    private_reddit = "feed" in names and host.endswith("reddit.com")
    return next((name for name in names if _SECRET_NAMES.fullmatch(name)), "feed" if private_reddit else "")


def allows(allowed_hosts: frozenset[str], host: str, port: int) -> bool:
    """True if the user set up this host ("hotel.example") or this host and port ("127.0.0.1:8080") as private."""
    name = host.strip("[]").rstrip(".").lower()
    return any(spelling in allowed_hosts for spelling in (name, f"{name}:{port}", f"[{name}]:{port}", f"[{name}]"))
