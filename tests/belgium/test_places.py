import pytest

from accounton.belgium.countries import code_of
from accounton.belgium.folding import fold
from accounton.belgium.postal_codes import codes_of, fits, is_known


@pytest.mark.parametrize(("code", "known"), [("1000", True), ("9992", True), ("9993", False), ("0999", False)])
def test_known_postal_codes(code: str, known: bool) -> None:
    assert is_known(code) is known


@pytest.mark.parametrize(
    ("code", "town"),
    [
        ("9300", "Aalst"),
        ("9300", "ALOST"),
        ("4000", "Liège"),
        ("4000", "Luik"),
        ("1030", "Bruxelles"),
        ("9308", "Aalst"),
        ("9300", "Hofstade"),
        ("9993", "Gent"),
    ],
)
def test_fitting_and_unknown_towns(code: str, town: str) -> None:
    assert fits(code, town)


def test_a_town_elsewhere_does_not_fit() -> None:
    assert not fits("9300", "Gent")
    assert codes_of("aalst") >= {"9300", "9308"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("België", "BE"),
        ("belgique", "BE"),
        ("Belgien", "BE"),
        ("BE", "BE"),
        ("be", "BE"),
        ("Nederland", "NL"),
        ("Verenigde Staten", "US"),
        ("Espagne", "ES"),
        ("Polen", "PL"),
        ("pl", "PL"),
        ("Côte d’Ivoire", "CI"),
        ("Atlantis", None),
        ("Europese Unie", None),
        ("", None),
    ],
)
def test_countries(text: str, code: str | None) -> None:
    assert code_of(text) == code


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zoë", "zoe"),
        ("D'Hondt", "d hondt"),
        ("  Van  den Bossche", "van den bossche"),
        ("Yılmaz", "yilmaz"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Łukasz Ødegård", "lukasz odegard"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
