"""The twelve grades; the way back to a better class is in `appraisal.json`."""

from schemas.derived.sub_class import SUB_CLASSES


def test_there_are_twelve_from_best_to_worst() -> None:
    assert len(SUB_CLASSES) == 12
    assert list(SUB_CLASSES) == sorted(SUB_CLASSES)
    assert [grade.code for grade in (SUB_CLASSES[0], SUB_CLASSES[-1])] == ["normal_1", "loss_1"]
