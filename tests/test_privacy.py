import pytest

from recsys_core.privacy import may_be_told


@pytest.mark.parametrize(
    ("sizes", "apart", "told"),
    [
        ([30, 20, 10], True, [True, True, True]),
        ([30, 20, 9], True, [True, False, False]),  # 59 in all less 30 and 20 would tell of 9
        ([30, 20, 9, 1], True, [True, True, False, False]),  # of 10 together
        ([30, 20, 9, 1], False, [True, False, False, False]),  # which may be 9 people
        ([30, 20, 0], True, [True, True, False]),  # nobody is hidden
        ([12, 3], True, [False, False]),
        ([4, 3], True, [False, False]),
        ([], True, []),
    ],
)
def test_no_small_group_can_be_worked_out_from_the_others(sizes, apart, told):
    assert may_be_told(sizes, apart=apart).tolist() == told
