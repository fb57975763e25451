"""How Hacker News is asked: its search, where one question tells what somebody wrote, and its own API, which tells how one item stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from relationdesk.errors import UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources.json_fields import Json, records, string

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

SEARCH = "https://hn.algolia.com"
ITEMS = "https://hacker-news.firebaseio.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """search, items: the two servers."""

    door: Door
    search: str
    items: str

    def item(self, number: str) -> Json | None:
        """An item as it stands now, None for none ("null" with status 200)."""
        data: Any = self.door.get_json(f"{self.items}/v0/item/{quote(number, safe='')}.json")
        return data if isinstance(data, dict) else None

    def user(self, name: str) -> Json | None:
        data: Any = self.door.get_json(f"{self.items}/v0/user/{quote(name, safe='')}.json")
        return data if isinstance(data, dict) and string(data, "id", 50) == name else None

    def written_by(self, name: str, when: str, most: int) -> list[Json]:
        """What one author wrote, newest first, as the search tells it. when: its filter of time, "" for none."""
        query: dict[str, str | int] = {"tags": f"author_{name},(story,comment,poll)", "hitsPerPage": most}
        if when:
            query["numericFilters"] = when
        data: Any = self.door.get_json(f"{self.search}/api/v1/search_by_date?{urlencode(query)}")
        if not isinstance(data, dict) or not isinstance(data.get("hits"), list):
            raise UnexpectedAnswer(
                say("The search of Hacker News answered something that is not the expected data. Nothing of it was kept and nothing was deleted; it will be tried again.")
            )
        return records(data, "hits")
