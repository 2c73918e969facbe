"""Searching customers by what a person types: words in any order, case and accents left aside."""

from django.db.models import Q

from accounton.belgium.folding import fold


def search_words(query: str) -> list[str]:
    """Give the words to look for in `search`; an e-mail address or a code with a dot stays whole."""
    words = (word if "@" in word or "." in word else fold(word) for word in query.lower().split())
    return [word for word in words if word]


def holds_all(query: str, path: str = "search") -> Q:
    """Give the condition that every word of the query stands in the search text at `path`."""
    wanted = Q()
    for word in search_words(query):
        wanted &= Q(**{f"{path}__contains": word})
    return wanted
