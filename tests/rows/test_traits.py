import pytest

from accounton.rows.traits import packed_label, traits_of, traits_of_columns


@pytest.mark.parametrize(
    ("labels", "has_enterprise", "traits"),
    [
        ([], False, ""),
        ([], True, ",*,"),
        (["Kantoor Gent", "VIP"], False, ",kantoor gent,vip,"),
        (["VIP"], True, ",*,vip,"),
        (["Zelfstandige in bijberoep"], False, ",*,zelfstandige in bijberoep,"),
        (["Indépendant complémentaire"], False, ",*,independant complementaire,"),
        (["Self-employed"], False, ",*,self employed,"),
        (["niet-zelfstandig"], False, ",niet zelfstandig,"),
        (["!!"], False, ""),
    ],
)
def test_labels_are_folded_and_the_self_employed_marked(labels, has_enterprise, traits):
    assert traits_of(labels, has_enterprise) == traits


def test_an_enterprise_number_of_either_partner_counts():
    columns = traits_of_columns(["", "", "a,b", ""], ["0403019261", "", "", ""], ["", "0428759497", "", ""])
    assert columns == [",*,", ",*,", ",a,b,", ""]


def test_a_label_is_found_only_whole():
    traits = traits_of(["Kantoor Gent"], has_enterprise=False)
    assert packed_label("KANTOOR GÉNT") in traits
    assert packed_label("Gent") not in traits
    assert packed_label("*") == ""
