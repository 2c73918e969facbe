"""The rules of an office: the first that fits decides, all conditions of a rule must hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounton.questionnaires.choosing import Facts, Rule, Rules, rules_from_json
from accounton.rows.traits import traits_of

KORT, ZELF, GEWOON = "personenbelasting_kort", "personenbelasting_zelfstandigen", "personenbelasting"


def facts(language="dutch", joint=False, labels=(), enterprise=False) -> Facts:
    return Facts(language, joint, traits_of(labels, enterprise))


@pytest.mark.parametrize(
    ("rule", "fitting", "other"),
    [
        (Rule(KORT, language="french"), facts("french"), facts("dutch")),
        (Rule(KORT, label="VIP"), facts(labels=["vip", "Gent"]), facts(labels=["vips"])),
        (Rule(KORT, label="Indépendant"), facts(labels=["INDEPENDANT"]), facts()),
        (Rule(KORT, self_employed=True), facts(enterprise=True), facts()),
        (Rule(KORT, self_employed=True), facts(labels=["Zelfstandige"]), facts(labels=["geen zelfstandige"])),
        (Rule(KORT, self_employed=False), facts(), facts(enterprise=True)),
        (Rule(KORT, joint=True), facts(joint=True), facts()),
        (Rule(KORT, joint=False), facts(), facts(joint=True)),
        (Rule(KORT, language="french", joint=True), facts("french", joint=True), facts("french")),
    ],
)
def test_a_rule_fits_where_all_its_conditions_hold(rule, fitting, other):
    assert rule.fits(fitting)
    assert not rule.fits(other)


def test_the_first_rule_that_fits_decides_and_the_rest_gets_what_is_left():
    rules = Rules((Rule(ZELF, self_employed=True), Rule(KORT, language="french")), GEWOON)
    assert rules.choose(facts("french", enterprise=True)) == ZELF
    assert rules.choose(facts("french")) == KORT
    assert rules.choose(facts()) == GEWOON


CONDITIONS = st.builds(
    Rule, st.sampled_from([KORT, ZELF]), st.sampled_from(["", "dutch", "french"]), st.sampled_from(["", "VIP", "b c"]),
    st.sampled_from([None, True, False]), st.sampled_from([None, True, False]),
)  # fmt: skip
ANYBODY = st.builds(
    facts, st.sampled_from(["dutch", "french", "english"]), st.booleans(),
    st.lists(st.sampled_from(["vip", "B C", "x"]), max_size=3), st.booleans(),
)  # fmt: skip


@given(st.lists(CONDITIONS, max_size=5), ANYBODY)
def test_a_rule_said_to_be_never_reached_is_never_the_one_that_decides(rules, somebody):
    found = Rules(tuple(rules), GEWOON)
    deciding = next((place for place, rule in enumerate(rules) if rule.fits(somebody)), None)
    assert deciding not in found.shadowed()


@given(st.lists(CONDITIONS, max_size=4))
def test_rules_come_back_from_what_is_kept_of_them(rules):
    found = Rules(tuple(rules), GEWOON)
    assert rules_from_json(found.as_json()) == found
    assert found.mark == rules_from_json(found.as_json()).mark
    assert found.mark != Rules((*rules, Rule(KORT, "dutch")), GEWOON).mark
