"""Every page that can be reached from a page by its links, and what stands in workbooks, to look for what must not."""

import html
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.test import Client

MOST = 400
PASSED_OVER = ("/static/", "/help/", "/accounts/")
TELLING = ("bucket", "code", "gets", "page")
"""Of a page's address these say what it shows; any other way to sort or filter it is followed once."""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        given = dict(attrs)
        self.found += [given[name] for name in ("href", "hx-get") if given.get(name)]
        if tag == "form" and (given.get("method") or "get").lower() == "get" and given.get("action"):
            self.found.append(given["action"])


def crawl(client: Client, *starts: str) -> Iterator[tuple[str, str]]:
    """Yield the address and the text of every page and workbook that is reached from `starts`; headers stand in it."""
    waiting, seen, count = deque(starts), dict[object, set[str]](), 0
    while waiting:
        address = waiting.popleft()
        key, names = _key(address)
        if address.startswith(PASSED_OVER) or (key in seen and names <= seen[key]):
            continue
        seen.setdefault(key, set()).update(names)
        count += 1
        assert count < MOST
        answer = client.get(address)
        assert answer.status_code in (200, 302), address
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        if answer.status_code == 302:
            waiting.append(answer.url)
        if answer.headers["Content-Type"].startswith("text/html"):
            text = answer.content.decode()
            links = _Links()
            links.feed(text)
            ours = (urljoin(address, link) for link in links.found)
            waiting.extend(link for link in ours if link.startswith("/"))
        else:
            text = unzipped(answer.content)
        yield address, f"{head}\n{text}"


def unzipped(workbook: bytes) -> str:
    """Return everything that a workbook says anywhere: cells, comments, properties, names of sheets."""
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def whole(numbers: dict[str, str], text: str) -> list[str]:
    """Return the names of those numbers that stand in a text, in whatever notation; without zeros in front too."""
    seen = html.unescape(text)
    found = re.sub(r"(?<=[0-9])[^0-9A-Za-z<>]{1,3}(?=[0-9])", "", seen)
    return [name for name, number in numbers.items() if number.lstrip("0") in seen or number.lstrip("0") in found]


def _key(address: str) -> tuple[object, set[str]]:
    """Return what an address shows, and by what it is sorted and filtered."""
    parts = urlsplit(address)
    query = parse_qsl(parts.query)
    return (parts.path, frozenset(pair for pair in query if pair[0] in TELLING)), {name for name, _ in query}
