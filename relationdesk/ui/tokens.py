"""The colours of design.md §5, and the arithmetic of contrast. Pure: knows no Qt, so the numbers can be tested alone."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Every colour by its purpose, as "#RRGGBB". Nothing else in the program names a colour."""

    app: str
    list: str
    canvas: str
    card: str
    sunken: str
    hover: str
    selected: str
    selrow: str
    border: str
    hair: str
    control: str
    text1: str
    text2: str
    text3: str
    accent: str
    accent_hover: str
    accent_tint: str
    accent_on: str
    attn: str
    attn_mark: str
    attn_tint: str
    attn_border: str
    danger: str
    danger_tint: str
    ok: str
    ok_tint: str
    info: str
    info_tint: str
    note: str
    note_border: str
    note_text: str
    them: str
    you: str
    toast: str
    toast_text: str
    toast_accent: str
    toast_key: str


LIGHT = Tokens(
    app="#F4F2EE",
    list="#FAF9F7",
    canvas="#FFFFFF",
    card="#FFFFFF",
    sunken="#F7F5F1",
    hover="#ECE9E3",
    selected="#DCEEEA",
    selrow="#EAF5F2",
    border="#E5E1D9",
    hair="#EFECE6",
    control="#8B867C",
    text1="#1D1B18",
    text2="#55514A",
    text3="#6B665D",
    accent="#0B6A63",
    accent_hover="#08544F",
    accent_tint="#E1F1EE",
    accent_on="#FFFFFF",
    attn="#94490A",
    attn_mark="#C9650A",
    attn_tint="#FCF0E0",
    attn_border="#F0D3A8",
    danger="#B3261E",
    danger_tint="#FCECEA",
    ok="#1C6E3A",
    ok_tint="#E5F3E9",
    info="#1F5FA8",
    info_tint="#E7F0FA",
    note="#FFF9E3",
    note_border="#EBDFB4",
    note_text="#6B5500",
    them="#0B6A63",
    you="#B9AE9B",
    toast="#24211C",
    toast_text="#FFFFFF",
    toast_accent="#7FDDD2",
    toast_key="#4A453D",
)

DARK = Tokens(
    app="#121315",
    list="#17181B",
    canvas="#1B1D20",
    card="#222528",
    sunken="#17191B",
    hover="#2A2D31",
    selected="#173E3A",
    selrow="#1B302E",
    border="#32363B",
    hair="#282B2F",
    control="#7C828A",
    text1="#EFF0F1",
    text2="#B9BEC4",
    text3="#979DA5",
    accent="#5FD0C4",
    accent_hover="#84DED4",
    accent_tint="#173330",
    accent_on="#05211E",
    attn="#FFBE7A",
    attn_mark="#F0923C",
    attn_tint="#33261A",
    attn_border="#5A4126",
    danger="#FF9388",
    danger_tint="#3B2020",
    ok="#7FD795",
    ok_tint="#1B3323",
    info="#8CC0FF",
    info_tint="#1C2C40",
    note="#2A271B",
    note_border="#4B4429",
    note_text="#E2CF8C",
    them="#5FD0C4",
    you="#6B6558",
    toast="#0A0B0C",
    toast_text="#FFFFFF",
    toast_accent="#7FDDD2",
    toast_key="#3A3F45",
)

_LOUD_LIGHT = {"text1": "#000000", "text2": "#1D1B18", "text3": "#2E2B26", "border": "#55514A", "hair": "#8B867C"}
_LOUD_DARK = {"text1": "#FFFFFF", "text2": "#EFF0F1", "text3": "#DADDE0", "border": "#B9BEC4", "hair": "#7C828A"}


def tokens_for(*, dark: bool, high_contrast: bool = False) -> Tokens:
    """The set for a theme; with high contrast the quiet greys and hair lines become loud."""
    if not high_contrast:
        return DARK if dark else LIGHT
    if dark:
        return replace(DARK, **_LOUD_DARK, control="#EFF0F1", note_border="#E2CF8C", attn_border="#FFBE7A")
    return replace(LIGHT, **_LOUD_LIGHT, control="#1D1B18", note_border="#6B5500", attn_border="#94490A")


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance 0–1 as WCAG 2.2 defines it."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1–21 of two colours (WCAG 2.2, 1.4.3)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(colour: str, ground: str, share: float) -> str:
    """`share` (0–1) of a colour laid over a ground."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)


def readable(colour: str, ground: str, ratio: float) -> str:
    """The colour, moved towards black or white no further than it takes to reach `ratio` on the ground."""
    towards = "#000000" if luminance(ground) > 0.18 else "#FFFFFF"
    for step in range(0, 21):
        candidate = mix(towards, colour, step / 20)
        if contrast(candidate, ground) >= ratio:
            return candidate
    return towards
