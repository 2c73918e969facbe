"""The look: colours that can be read, in the light and in the dark, and pages that keep to the content policy."""

import re
from itertools import product
from pathlib import Path

import pytest

SITE = Path(__file__).resolve().parents[2] / "accounton" / "site"
HOUSE = SITE.parent
CSS = (SITE / "static" / "site" / "theme.css").read_text()
READABLE = 4.5
VISIBLE = 3.0


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


LIGHT = tokens(CSS[CSS.index(":root {") : CSS.index("@media (prefers-color-scheme: dark)")])
DARK = LIGHT | tokens(CSS[CSS.index("@media (prefers-color-scheme: dark)") : CSS.index("--bs-body-font-family")])
MODES = {"light": LIGHT, "dark": DARK}

TEXTS = [
    *product(("ink", "soft", "faint"), ("card", "ground", "raised")),
    *product(("ink", "soft"), ("hairline", "pill", "accent-tint", "accent-wash")),
    ("faint", "accent-wash"),
    ("faint", "suggestion-tint"),
    *product(("accent-dark",), ("card", "ground", "accent-tint", "accent-wash")),
    ("on-accent", "accent"),
    *((name, place) for name in ("problem", "suggestion", "repaired", "good") for place in (f"{name}-tint", "card")),
    ("suggestion", "problem-tint"),
    ("on-tip", "tip"),
    ("on-tip-soft", "tip"),
]
SIGNS = [("accent", "card"), ("accent", "ground"), ("accent", "accent-tint"), ("problem", "problem-tint")]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast as WCAG 2 reckons it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("text", "place"), TEXTS)
def test_text_can_be_read(mode, text, place):
    assert contrast(MODES[mode][text], MODES[mode][place]) >= READABLE


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("sign", "place"), SIGNS)
def test_signs_and_the_ring_of_focus_can_be_seen(mode, sign, place):
    assert contrast(MODES[mode][sign], MODES[mode][place]) >= VISIBLE


def test_colours_stand_in_tokens_only():
    rules = re.sub(r"--[\w-]+: [^;]+;|url\([^)]*\)", "", CSS)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", rules) == []


def test_every_token_that_is_used_is_declared():
    used = set(re.findall(r"var\((--[\w-]+)", CSS))
    declared = set(re.findall(r"(--[\w-]+):", CSS))
    assert {name for name in used - declared if not name.startswith("--bs-")} == set()


FORBIDDEN = re.compile(
    r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:|hx-trigger=\"[^\"]*\[|<script(?![^>]*(src=|type=\"application/json\"))"
)
TEMPLATES = sorted(HOUSE.glob("*/templates/**/*.html"))
SCRIPTS = sorted(HOUSE.glob("*/static/**/*.js"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_templates_hold_nothing_that_the_policy_blocks(path):
    assert FORBIDDEN.findall(path.read_text()) == []


@pytest.mark.parametrize("bad", ['<p style="x">', '<a onclick="x">', "<script>x</script>", '<b hx-trigger="click[x]">'])
def test_the_search_for_blocked_things_finds_them(bad):
    assert FORBIDDEN.search(bad)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_never_turn_text_into_code_or_markup(path):
    dangerous = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert re.findall(dangerous, path.read_text()) == []
