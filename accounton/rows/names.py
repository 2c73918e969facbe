"""Names of persons as they are compared, sorted and searched."""

from accounton.belgium.folding import fold


def name_key(first_name: str, last_name: str) -> str:
    """Give the key under which spellings of one name meet: case, accents and the order of its words do not count."""
    return " ".join(sorted(f"{fold(first_name)} {fold(last_name)}".split()))


def search_text(first_name: str, last_name: str, email: str = "", client_code: str = "") -> str:
    """Give what lists sort by and search in: last name first, folded, then the address and the office's own code."""
    return f"{fold(last_name)} {fold(first_name)} {email.lower()} {client_code.lower()}".rstrip()
