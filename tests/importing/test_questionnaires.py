"""Rules choose the questionnaire of each row: shown, changed for single rows, and carried to the dossiers."""

import itertools

import pytest

from accounton.importing.applying import CannotApply, claim, continue_applying
from accounton.importing.models import Batch, StagedRow
from accounton.importing.overwriting import choose_dossiers
from accounton.importing.questionnaires import Which, which_of
from accounton.importing.repairing import edit
from accounton.importing.undo_plan import plan
from accounton.importing.undoing import claim_undo, continue_undoing
from accounton.importing.undoing_changes import undo
from accounton.offices.models import AuditEntry
from accounton.questionnaires import office_rules
from accounton.questionnaires.choosing import BY_RULES, Rule, Rules
from accounton.questionnaires.models import Questionnaire, QuestionnaireRule
from tests.importing.conftest import person

pytestmark = pytest.mark.database
KORT, ZELF, GEWOON = "personenbelasting_kort", "personenbelasting_zelfstandigen", "personenbelasting"
PEOPLE = (
    person(1),
    person(2, language="french"),
    person(3, enterprise_number="0403019261"),
    person(4, labels="Zelfstandige,Kantoor Gent", language="french"),
    person(5, spouse_national_number="93051822361", labels="vip"),
)
GIVEN = [GEWOON, KORT, ZELF, ZELF, GEWOON]


@pytest.fixture
def rules(office, admin):
    """Self-employed people get their own, French ones the short one."""
    office_rules.add_rule(admin, Rule(ZELF, self_employed=True))
    office_rules.add_rule(admin, Rule(KORT, language="french"))


@pytest.fixture
def batch(staged, rules) -> Batch:
    return staged(*PEOPLE, questionnaire=BY_RULES)


def added(batch) -> list[str]:
    claim(batch, None, batch.revision)
    continue_applying(batch)
    return given(batch)


def given(batch) -> list[str]:
    found = Questionnaire.objects.filter(dossier__customer__import_row__in=batch.rows.values("pk"))
    return list(found.order_by("dossier__customer__import_row").values_list("definition", flat=True))


def which(batch) -> list[str]:
    say = which_of(batch)
    return [say.of(row) for row in batch.rows.order_by("number")]


def set_for(batch, user, numbers, key):
    seen = batch.revision
    return edit(batch, user, {number: (seen, {"questionnaire": key}) for number in numbers})


def test_each_row_gets_what_the_first_fitting_rule_says_and_its_dossier_carries_it(batch):
    assert which(batch) == GIVEN
    assert added(batch) == GIVEN
    assert batch.result["questionnaires"] == {GEWOON: 2, KORT: 1, ZELF: 2}


def test_one_questionnaire_chosen_for_all_goes_for_all_whatever_the_rules(staged, rules):
    batch = staged(*PEOPLE, questionnaire=KORT)
    assert added(batch) == [KORT] * 5
    assert "questionnaires" not in batch.result


def test_a_row_keeps_the_one_chosen_for_it_and_undoing_gives_it_back(batch, admin):
    change = set_for(batch, admin, [2, 3], ZELF)
    batch.refresh_from_db()
    assert which(batch) == [ZELF, ZELF, ZELF, ZELF, GEWOON]
    undo(batch, admin, change)
    assert which(batch) == GIVEN
    set_for(batch, admin, [3], ZELF)
    set_for(batch, admin, [3], "")
    batch.refresh_from_db()
    assert added(batch) == GIVEN


def test_a_single_row_can_differ_without_any_rules(staged, admin):
    batch = staged(*PEOPLE, questionnaire=GEWOON)
    set_for(batch, admin, [4], KORT)
    batch.refresh_from_db()
    assert added(batch) == [GEWOON, GEWOON, KORT, GEWOON, GEWOON]


def test_other_changes_leave_the_chosen_questionnaire_and_follow_the_rules(batch, admin):
    set_for(batch, admin, [2], ZELF)
    changes = {2: (10**6, {"city": "Aalst"}), 3: (10**6, {"language": "dutch"}), 6: (10**6, {"labels": "zelfst."})}
    edit(batch, admin, changes)
    assert which(batch) == [ZELF, GEWOON, ZELF, ZELF, ZELF]


def test_a_language_for_all_is_what_the_rules_ask_about(batch):
    Batch.objects.update(language="french")
    batch.refresh_from_db()
    assert which(batch) == [KORT, KORT, ZELF, ZELF, KORT]
    assert added(batch) == [KORT, KORT, ZELF, ZELF, KORT]


def test_rules_that_changed_since_they_were_seen_add_nobody(batch, admin):
    seen = which_of(batch).rules.mark
    office_rules.delete_rule(QuestionnaireRule.objects.first(), admin)
    with pytest.raises(CannotApply, match="other_rules"):
        claim(batch, None, batch.revision, seen_rules=seen)
    assert claim(batch, None, batch.revision, seen_rules=which_of(batch).rules.mark) == 5


def test_an_add_goes_on_by_the_rules_it_was_begun_with(batch, admin):
    claim(batch, None, batch.revision)
    for row in QuestionnaireRule.objects.all():
        office_rules.delete_rule(row, admin)
    continue_applying(batch)
    assert given(batch) == GIVEN


def test_a_questionnaire_taken_out_of_the_product_is_passed_over(batch, office):
    QuestionnaireRule.objects.filter(questionnaire=ZELF).update(questionnaire="gone")
    office.questionnaire = "gone too"
    office.save()
    batch.refresh_from_db()
    assert which(batch) == [GEWOON, KORT, GEWOON, KORT, GEWOON]


ALL = [
    Rule(KORT, language, label, self_employed, joint)
    for language, label, self_employed, joint in itertools.product(
        ("", "french"), ("", "VIP", "kantoor gent"), (None, True, False), (None, True, False)
    )
]


@pytest.mark.parametrize("language", ["", "french"])
def test_the_database_says_the_same_as_the_rules(staged, language):
    batch = staged(*PEOPLE, questionnaire=BY_RULES, language=language)
    rows = batch.rows.order_by("number")
    for one, two in itertools.pairwise(ALL):
        say = Which(batch, Rules((one, Rule(ZELF, two.language, two.label, two.self_employed, two.joint)), GEWOON))
        found = list(rows.annotate(which=say.expression).values_list("which", flat=True))
        assert found == [say.of(row) for row in rows], (one, two)


def test_an_undo_takes_back_what_the_rules_gave_and_keeps_what_was_given_another(batch, admin):
    set_for(batch, admin, [2], ZELF)
    batch.refresh_from_db()
    added(batch)
    first = Questionnaire.objects.filter(dossier__customer__first_name="Noor1")
    first.update(definition=KORT)
    lists = plan(batch)
    assert lists.taken_back.counts["customer"] == 4
    assert [verdict.reasons for verdict in lists.kept.first] == [("questionnaire",)]
    claim_undo(batch, admin)
    continue_undoing(batch)
    assert Questionnaire.objects.count() == 1


def test_a_known_customer_who_gets_a_dossier_gets_the_questionnaire_of_the_rules(batch, staged, admin):
    added(batch)
    again = staged(*PEOPLE, questionnaire=BY_RULES, assessment_year=2027)
    choose_dossiers(again, admin, on=True)
    again.refresh_from_db()
    claim(again, admin, again.revision)
    continue_applying(again)
    found = Questionnaire.objects.filter(dossier__assessment_year=2027).order_by("dossier__customer__import_row")
    assert list(found.values_list("definition", flat=True)) == GIVEN


def test_each_change_of_the_rules_is_on_record_without_the_label(rules, admin):
    row = office_rules.add_rule(admin, Rule(KORT, label="dossier Jan Peeters"))
    office_rules.move_rule(row, admin, up=True)
    office_rules.choose_rest(admin, KORT)
    office_rules.delete_rule(row, admin)
    actions = list(
        AuditEntry.objects.filter(action__startswith="rules.").order_by("id").values_list("action", flat=True)
    )
    assert actions == ["rules.added"] * 3 + ["rules.moved", "rules.rest", "rules.deleted"]
    assert "Peeters" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_rows_of_a_review_know_labels_and_the_self_employed(batch):
    traits = dict(StagedRow.objects.values_list("number", "traits"))
    assert traits == {2: "", 3: "", 4: ",*,", 5: ",*,zelfstandige,kantoor gent,", 6: ",vip,"}


def test_counts_are_of_those_who_would_be_added_now(batch, admin):
    from accounton.importing.review import Review

    batch.rows.filter(number=4).update(selected=False)
    set_for(batch, admin, [2], KORT)
    assert {key: tuple(count) for key, count in Review(batch, {}).given.items()} == {
        KORT: (2, 2), ZELF: (1, 2), GEWOON: (1, 1),
    }  # fmt: skip
    claim(batch, None, batch.revision)
    continue_applying(batch)
    assert {key: tuple(count) for key, count in Review(batch, {}).given.items()} == {ZELF: (0, 1)}
