"""The keeping of catalogues: what is collected, what is kept, what is complained about."""

import gettext
import os
from pathlib import Path

import pytest

from accounton.site.catalogues import compile_missing
from tools.messages import current, faults, path_of, rooms, update, updated

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext
TITLE = N_("Customers")
GREETING = _("Good day, %(name)s")
FILES = ngettext("%(count)s file", "%(count)s files", 2)
STEP = pgettext("step", "Add")
"""
PAGE = """{% load i18n %}
{% comment %}{% translate "Never seen" %}{% endcomment %}
<h1>{% translate "It's // and /* `odd`" %}</h1>
{% blocktranslate trimmed with name=user.name %}
  Signed in
  as {{ name }}
{% endblocktranslate %}
{% blocktranslate count n=rows %}one row{% plural %}{{ n }} rows{% endblocktranslate %}
{% include "x.html" with word=_("Word") %}
{% translate "Add" context "button" %}
"""
ALL = {
    ("Customers", None),
    ("Good day, %(name)s", None),
    ("%(count)s file", None),
    ("Add", "step"),
    ("Add", "button"),
    ("It's // and /* `odd`", None),
    ("Signed in as %(name)s", None),
    ("one row", None),
    ("Word", None),
}


@pytest.fixture
def room(tmp_path) -> Path:
    room = tmp_path / "house" / "hall"
    (room / "templates" / "hall").mkdir(parents=True)
    (room / "__init__.py").touch()
    (room / "pages.py").write_text(CODE)
    (room / "templates" / "hall" / "page.html").write_text(PAGE)
    return room


def translate(room: Path, *changes: tuple[str, str]) -> None:
    """Fill in the Dutch catalogue by replacing text in it."""
    path = path_of(room, "nl")
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def only(room: Path, code: str) -> None:
    """Let the room say nothing but what stands in this code."""
    (room / "templates" / "hall" / "page.html").write_text("")
    (room / "pages.py").write_text(code)
    update(room)


def first_of(message_id: str | tuple[str, ...]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def test_messages_of_code_and_templates_are_collected(room):
    update(room)
    found = {(first_of(message.id), message.context) for message in current(room, "nl") if message.id}
    assert found == ALL


def test_catalogues_name_files_without_lines(room):
    update(room)
    text = path_of(room, "fr").read_text()
    assert "#: pages.py\n" in text
    assert "#: templates/hall/page.html\n" in text
    assert "Date" not in text


def test_translations_are_kept_and_old_ones_go(room):
    only(room, 'A = _("Stays")\nB = _("Goes")\n')
    translate(room, ('"Stays"\nmsgstr ""', '"Stays"\nmsgstr "Blijft"'), ('"Goes"\nmsgstr ""', '"Goes"\nmsgstr "Gaat"'))
    only(room, 'A = _("Stays")\nC = _("Comes")\n')
    known = current(room, "nl")
    assert known["Stays"].string == "Blijft"
    assert known["Comes"].string == ""
    assert known.get("Goes") is None


def test_an_update_changes_nothing_the_second_time(room):
    update(room)
    content = path_of(room, "nl").read_bytes()
    assert updated(room, "nl") == content


def test_a_room_without_messages_has_no_catalogue(room):
    update(room)
    only(room, "A = 1\n")
    assert not path_of(room, "nl").exists()
    assert list(faults(room, "nl")) == []


def complaints(room: Path) -> list[str]:
    return [fault.split(": ", 1)[1] for fault in faults(room, "nl")]


def test_a_complete_catalogue_gives_no_complaint(room):
    only(room, 'A = _("Good day, %(name)s")\n')
    translate(room, ('%(name)s"\nmsgstr ""', '%(name)s"\nmsgstr "Dag, %(name)s"'))
    assert complaints(room) == []


def test_missing_messages_are_named(room):
    only(room, 'A = _("One")\n')
    (room / "pages.py").write_text('A = _("One")\nB = _("Two")\n')
    assert "missing: 'Two'" in complaints(room)


def test_a_room_without_its_catalogue_is_named(room):
    assert "missing: 'Customers'" in complaints(room)


def test_obsolete_messages_are_named(room):
    only(room, 'A = _("One")\n')
    (room / "pages.py").write_text("")
    assert complaints(room) == ["obsolete: 'One'", "untranslated: 'One'"]


def test_messages_marked_as_obsolete_are_named(room):
    only(room, 'A = _("One")\n')
    translate(room, ('"One"\nmsgstr ""', '"One"\nmsgstr "Een"'))
    path = path_of(room, "nl")
    path.write_text(path.read_text() + '\n#~ msgid "Old"\n#~ msgstr "Oud"\n')
    assert complaints(room) == ["obsolete: 'Old'"]


def test_untranslated_messages_are_named(room):
    only(room, 'A = _("One")\n')
    assert complaints(room) == ["untranslated: 'One'"]


def test_a_plural_without_one_of_its_forms_is_untranslated(room):
    only(room, 'A = ngettext("%(n)s row", "%(n)s rows", 2)\n')
    translate(room, ('msgstr[0] ""', 'msgstr[0] "%(n)s rij"'))
    assert complaints(room) == ["untranslated: '%(n)s row'"]


def test_fuzzy_messages_are_named(room):
    only(room, 'A = _("One")\n')
    translate(room, ('msgid "One"\nmsgstr ""', '#, fuzzy\nmsgid "One"\nmsgstr "Een"'))
    assert "fuzzy: 'One'" in complaints(room)


@pytest.mark.parametrize(
    ("string", "fault"),
    [
        ("Dag, %(naam)s", "unknown placeholder %(naam)s"),
        ("Dag", "placeholder %(name)s is gone"),
    ],
)
def test_other_placeholders_are_named(room, string, fault):
    only(room, 'A = _("Good day, %(name)s")\n')
    translate(room, ('%(name)s"\nmsgstr ""', f'%(name)s"\nmsgstr "{string}"'))
    assert f"{fault}: 'Good day, %(name)s'" in complaints(room)


def test_placeholders_in_braces_are_looked_at_too(room):
    only(room, 'A = _("{done} of {total} sent")\n')
    translate(room, ('sent"\nmsgstr ""', 'sent"\nmsgstr "{done} verzonden"'))
    assert "placeholder {total} is gone: '{done} of {total} sent'" in complaints(room)


def test_the_form_for_one_may_leave_the_number_out(room):
    only(room, 'A = ngettext("%(n)s row", "%(n)s rows", 2)\n')
    translate(room, ('msgstr[0] ""', 'msgstr[0] "een rij"'), ('msgstr[1] ""', 'msgstr[1] "%(n)s rijen"'))
    assert complaints(room) == []


def test_a_catalogue_in_another_form_is_named(room):
    only(room, 'A = _("One")\n')
    translate(room, ('"One"\nmsgstr ""', '"One"\nmsgstr "Een"'), ("# Messages of hall.", "# By hand."))
    assert complaints(room) == ["not as 'update' would write it"]


def test_rooms_are_chosen_by_name(room):
    assert [found.name for found in rooms([], room.parent)] == ["hall"]
    assert rooms(["cellar"], room.parent) == []


def test_compiling_makes_what_is_missing_or_old_and_no_more(room):
    only(room, 'A = _("One")\n')
    translate(room, ('"One"\nmsgstr ""', '"One"\nmsgstr "Een"'))
    path_of(room, "fr").unlink()
    made = compile_missing(room.parent)
    assert made == [path_of(room, "nl").with_suffix(".mo")]
    assert gettext.translation("django", room / "locale", ["nl"]).gettext("One") == "Een"
    assert compile_missing(room.parent) == []
    os.utime(made[0], (0, 0))
    assert compile_missing(room.parent) == made
