"""Enterprise numbers (KBO, BCE): ten digits, the first 0 or 1, the last two 97 less the first eight modulo 97."""

import re

_TEN_DIGITS = re.compile(r"[01][0-9]{9}", re.ASCII)


def is_valid(number: str) -> bool:
    """Say whether a text is ten digits with the right check. Notation (BE, dots) must be gone already."""
    return (
        _TEN_DIGITS.fullmatch(number) is not None
        and int(number[:8]) > 0
        and 97 - int(number[:8]) % 97 == int(number[8:])
    )


def formatted(number: str) -> str:
    """Give a number as people write it: 0403.019.261. Anything but ten digits comes back as it is."""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}" if _TEN_DIGITS.fullmatch(number) else number


def check_digits(first_eight: str) -> str:
    """Give the two check digits that belong to eight digits."""
    return f"{97 - int(first_eight) % 97:02d}"
