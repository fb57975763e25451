"""The words a mail says and the names of what is attached, out of any MIME, in bounded depth and time.

Own walker: the standard library's parser recurses per level and checks each line against every open boundary.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from relationdesk.markup import html_to_text
from relationdesk.sources import smime
from relationdesk.sources.mail_headers import Headers, decoded, split, unbase64, words
from relationdesk.text import one_line, tidy

_MAX_DEPTH = 20
_MAX_PARTS = 300
_NOT_BODY = frozenset({"calendar", "x-vcard", "vcard", "directory", "csv", "rtf", "rfc822-headers", "x-amp-html", "xml"})
_SILENT = frozenset({"message/delivery-status", "message/disposition-notification", "text/rfc822-headers",
                     "text/x-amp-html", "text/calendar", "message/feedback-report"})  # fmt: skip
"""Parts for machines: without a file name they are neither text nor worth naming."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    text: str = ""
    attachments: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    texts: list[tuple[str, str]] = field(default_factory=list)  # ("plain" | "html", words), in order
    attached: list[tuple[str, bool]] = field(default_factory=list)  # (name, is part of the HTML page)


def body(headers: Headers, raw: bytes) -> Body:
    """Plain text (from text/plain, else HTML; flowed lines joined) and attachment names in order. Never raises."""
    found = _walk(headers, raw, 0, [_MAX_PARTS], "text/plain")
    return Body(text=_joined(found.texts), attachments=tuple(name for name, _ in found.attached))


def _joined(texts: list[tuple[str, str]]) -> str:
    """The first text decides: after plain text an HTML part repeats or decorates; after HTML all that follows is text."""
    if not texts:
        return ""
    kinds = ("plain",) if texts[0][0] == "plain" else ("plain", "html")
    return tidy("\n\n".join(text for kind, text in texts if kind in kinds))


def _walk(headers: Headers, raw: bytes, depth: int, budget: list[int], default: str) -> _Found:
    """budget: parts that may still be looked at, shared by the whole message."""
    budget[0] -= 1
    found = _Found()
    if budget[0] < 0 or depth > _MAX_DEPTH:
        return found
    kind, parameters = parameters_of(headers.first("content-type") or default)
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind):
        kind = default
    envelope = _transfer_decoded(raw, headers.first("content-transfer-encoding")) if kind in _ENVELOPES else b""
    if kind == "multipart/encrypted" or smime.is_sealed(envelope) or (envelope and parameters.get("smime-type", "").lower() == "enveloped-data"):
        found.attached.append((_SEALED_TEXT, False))
        return found
    if signed := smime.signed(envelope):
        return _walk(*split(signed), depth + 1, budget, "text/plain")
    if kind.startswith("multipart/"):
        return _multipart(kind, parameters.get("boundary", ""), raw, depth, budget)
    disposition, details = parameters_of(headers.first("content-disposition"))
    name = _file_name(details.get("filename") or parameters.get("name") or "")
    main, _, sub = kind.partition("/")
    if main == "text" and sub not in _NOT_BODY and disposition != "attachment" and not name:
        data = _transfer_decoded(raw, headers.first("content-transfer-encoding"))
        text, sealed = _disarmed(decoded(data, parameters.get("charset", "")).replace("\0", ""))
        found.attached += [(_SEALED_TEXT, False)] if sealed else []
        found.texts.append(("html", html_to_text(text)) if sub == "html" else ("plain", _plain(text, parameters)))
        found.texts = [(sort, text) for sort, text in found.texts if text.strip()]
    elif kind == "message/rfc822" and not name:
        inner = split(raw.lstrip(b"\r\n"))[0]
        found.attached.append((one_line(words(inner.first("subject"))[:1000], 150) or "unnamed message", False))
    elif name or kind not in _SILENT:
        found.attached.append((name or f"unnamed {kind[:60]}", False))
    return found


def _multipart(kind: str, boundary: str, raw: bytes, depth: int, budget: list[int]) -> _Found:
    parts = _parts(raw, boundary)
    default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    if not parts:
        plain = Headers({"content-type": ["text/plain"]})
        return _walk(plain, raw, depth + 1, budget, "text/plain")
    children = [_walk(*split(part), depth + 1, budget, default) for part in parts[:_MAX_PARTS]]
    found = _Found()
    chosen = _chosen(children) if kind == "multipart/alternative" else None
    for child in children:
        if chosen is None or child is chosen:
            found.texts += child.texts
            found.attached += child.attached
        else:
            found.attached += [(name, page) for name, page in child.attached if not page]
    if kind == "multipart/related":
        found.attached = [(name, True) for name, _ in found.attached]
    return found


def _chosen(children: list[_Found]) -> _Found | None:
    """Of several versions of one text: the plain one if it says anything, else the last readable."""
    readable = [child for child in children if child.texts]
    plain = [child for child in readable if child.texts[0][0] == "plain"]
    return plain[0] if plain else readable[-1] if readable else None


def _parts(raw: bytes, boundary: str) -> list[bytes]:
    """The pieces between the delimiter lines; [] when none is there and none can be guessed."""
    mark = boundary.encode("utf-8", "surrogateescape").rstrip()[:200]
    cuts = _cuts(raw, mark) if mark else []
    if not cuts:
        guess = re.search(rb"(?m)^--([^\s](?:[^\r\n]{0,198}\S)?)[ \t]{0,20}\r?\nContent-[A-Za-z-]{1,40}:", raw)
        cuts = _cuts(raw, guess[1]) if guess else []
    parts: list[bytes] = []
    ends = [start for start, _, _ in cuts[1:]] + [len(raw)]
    for (_, start, last), end in zip(cuts, ends, strict=False):
        if last or len(parts) >= _MAX_PARTS:
            break
        parts.append(raw[start:end].removesuffix(b"\n").removesuffix(b"\r"))
    return parts


def _cuts(raw: bytes, mark: bytes) -> list[tuple[int, int, bool]]:
    lines = re.compile(rb"(?m)^--" + re.escape(mark) + rb"(--)?[ \t]{0,80}\r?(?:\n|\Z)")
    return [(found.start(), found.end(), found[1] is not None) for found in lines.finditer(raw)]


_PARAMETER = re.compile(r';\s*([^\s=;"]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.){0,1000})"|([^;]*))', re.DOTALL)


def parameters_of(value: str) -> tuple[str, dict[str, str]]:
    """("text/plain", {"charset": "utf-8"}) of a header value; lower-case names, RFC 2231 pieces joined and decoded."""
    value = value[:8000]
    head = value.partition(";")[0].strip().lower()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in _PARAMETER.finditer(re.sub(r"\([^()]{0,200}\)\s*$", "", value)):
        name = found[1].lower()
        text = re.sub(r"\\(.)", r"\1", found[2]) if found[2] is not None else found[3].strip()
        numbered = re.fullmatch(r"([^*]+)\*(\d{1,3})?(\*)?", name)
        if numbered:
            coded = numbered[3] is not None or numbered[2] is None
            pieces.setdefault(numbered[1], {})[int(numbered[2] or 0)] = (text, coded)
        else:
            plain.setdefault(name, text)
    for name, parts in pieces.items():
        plain[name] = _extended([parts[number] for number in sorted(parts)])
    return head, plain


def _extended(parts: list[tuple[str, bool]]) -> str:
    charset, data = "", b""
    for number, (text, coded) in enumerate(parts):
        if coded and number == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw = text.encode("utf-8", "replace")
        data += unquote_to_bytes(raw) if coded else raw
    return decoded(data, charset)


def _file_name(text: str) -> str:
    return one_line(words(text)[:1000], 150).replace("\\", "/").rpartition("/")[2].strip(" \"'")


def _transfer_decoded(raw: bytes, encoding: str) -> bytes:
    encoding = encoding.strip().lower().partition(";")[0].strip("\"' ")
    if encoding == "base64":
        return unbase64(raw)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw)
    return raw


_SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\r?\n(?:[A-Za-z-]{1,40}: [^\n]{0,200}\n){0,20}\r?\n|^-----BEGIN PGP SIGNATURE-----.*?"
    r"(?:^-----END PGP SIGNATURE-----|\Z)",
    re.MULTILINE | re.DOTALL,
)
_SEALED_TEXT = "encrypted text"
_ENVELOPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SEALED = re.compile(r"^-----BEGIN PGP MESSAGE-----.*?(?:^-----END PGP MESSAGE-----|\Z)", re.MULTILINE | re.DOTALL)


def _disarmed(text: str) -> tuple[str, bool]:
    """Text without the armour of OpenPGP, and whether some of it was encrypted: nobody can read those lines."""
    if "-----BEGIN PGP " not in text:
        return text, False
    opened = _SEALED.sub("", text)
    if "-----BEGIN PGP SIGNED" in opened:
        opened = re.sub(r"(?m)^- (?=-)", "", _SIGNED.sub("", opened))
    return opened, opened is not text and _SEALED.search(text) is not None


def _plain(text: str, parameters: dict[str, str]) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if parameters.get("format", "").lower() == "flowed":
        text = unflowed(text, delsp=parameters.get("delsp", "").lower() == "yes")
    return tidy(re.sub(r"[ \t\u00a0]{200,}", " ", text))  # tidy is quadratic in the length of a run of blanks


def unflowed(text: str, *, delsp: bool) -> str:
    """Lines broken for transport joined again (RFC 3676); quote marks kept, signature lines never joined.

    With delsp the blank before the break goes, unless that would glue two words of a script that has blanks:
    some senders announce delsp and write a single blank all the same.
    """
    lines: list[list[str]] = []  # pieces of each line: adding to one long string would be quadratic
    open_depth = -1  # depth of the line that waits for its continuation
    for line in text.split("\n"):
        marks = len(line) - len(line.lstrip(">"))
        piece = line[marks:].removeprefix(" ")
        flows = piece.endswith(" ") and piece != "-- "
        if open_depth == marks and piece != "-- ":
            lines[-1].append(_joint("".join(lines[-1][-3:]), piece, delsp))
        else:
            lines.append([">" * marks + (" " if marks else "")])
        lines[-1].append(piece[:-1] if flows and delsp else piece)
        open_depth = marks if flows else -1
    return "\n".join("".join(pieces) for pieces in lines)


def _joint(before: str, after: str, delsp: bool) -> str:
    if not delsp or not before or before.endswith(" ") or "://" in before[-300:].rpartition(" ")[2]:
        return ""
    latin = before[-1].isalpha() and before[-1] < "\u2000" and after[:1] < "\u2000"
    return " " if latin and (after[:1].isalnum() or after[:1] in "\"'(") else ""
