"""Countries by their ISO code, or by their name in Dutch, French, German or English (from the CLDR, through Babel)."""

import re
from functools import cache

from accounton.belgium.folding import fold

_LANGUAGES = ("nl", "fr", "de", "en")
_ISO = re.compile(r"[A-Z]{2}", re.ASCII)
BELGIUM = "BE"

# What nearly every list says; only the others are worth loading the tables for.
_COMMON = {
    **dict.fromkeys(("be", "b", "bel", "belgie", "belgique", "belgien", "belgium"), BELGIUM),
    **dict.fromkeys(("nl", "nederland", "pays bas", "niederlande", "netherlands", "the netherlands"), "NL"),
    **dict.fromkeys(("fr", "frankrijk", "france", "frankreich"), "FR"),
    **dict.fromkeys(("lu", "luxemburg", "luxembourg", "groothertogdom luxemburg"), "LU"),
    **dict.fromkeys(("de", "duitsland", "allemagne", "deutschland", "germany"), "DE"),
    **dict.fromkeys(("gb", "uk", "verenigd koninkrijk", "royaume uni", "united kingdom", "engeland"), "GB"),
}


def code_of(text: str) -> str | None:
    """Give the ISO code of a country named in any of four languages, or by its code; None where it is not known."""
    key = fold(text)
    return _COMMON.get(key) or _codes().get(key)


@cache
def _codes() -> dict[str, str]:
    # 50 ms: only a list with a country outside _COMMON pays for it.
    from babel import Locale  # noqa: PLC0415

    codes: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if _ISO.fullmatch(code) and code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB"}:
                codes.setdefault(fold(name), code)
                codes.setdefault(code.lower(), code)
    return codes
