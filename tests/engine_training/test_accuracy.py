"""The training's own findings: accuracy on fresh rows, and what the message makes of a poor one."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.implementation import Absent, Raised, Stopped
from autograder.values import Unsupported
from tests.engine.scripted import sit
from tests.engine_training.lessons import CENTRES, LESSON, learn, lesson, predict, rows, train


def accuracy(verdict):
    return verdict.of("training", "train", "accuracy")


def test_a_right_training_earns_everything():
    """Accuracy, labels and time are findings of their own, with the measured figures."""
    verdict = learn()
    assert verdict.score == LESSON.max_score == 10
    assert accuracy(verdict).figures == {"accuracy": 1.0, "bar": 0.9}
    assert verdict.of("speed").figures["ratio"] >= 0


def test_the_fresh_rows_are_sent_after_training_and_their_labels_never():
    """train sees the given rows alone; predict sees no array that tells the truth."""
    implementation = learn().implementation
    drawn = implementation.calls
    assert drawn[0][0] == "train" and [name for name, _ in drawn].count("train") == 1
    given = drawn[0][1]
    assert [np.shape(argument) for argument in given] == [(30, 2), (30,)]
    for name, arguments in drawn[1:]:
        assert name == "predict"
        assert len(arguments) == 2 and np.shape(arguments[0])[1:] == (2,)


def test_the_rows_come_from_the_seed():
    """Another seed, other rows; the same seed, the same."""
    first, again, other = (rows(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first.fresh, again.fresh) and not np.array_equal(first.fresh, other.fresh)


def blind(x, labels, *, rng):
    """Every mean at a third class's place, so that two of three clouds get the right label."""
    return {"means": CENTRES[[0, 1, 1]] + [[0, 0], [0, 0], [50, 50]]}


def test_half_a_bar_is_half_the_points():
    """Two of three classes: between the bars."""
    finding = accuracy(learn({"train": blind}))
    assert (finding.status, finding.score, finding.max_score) == ("failed", 3, 6)
    assert finding.figures == {"accuracy": 0.6667, "bar": 0.9, "training_accuracy": 0.6667}
    assert finding.message == (
        "It is right on 0.667 of the 60 rows that it has never seen, expected 0.9. On the rows it was trained on it "
        "reaches 0.667. Does every epoch use every row, in a new order, and make a step for each batch? Then train "
        "longer, or change the learning rate."
    )


def test_what_is_not_earned_has_no_time():
    """Speed of a poor training is worth nothing."""
    assert learn({"train": blind}).of("speed").status == "skipped"


@pytest.mark.parametrize(
    ("means", "words"),
    [
        (CENTRES[[1, 2, 0]], "Guessing would reach 0.333333, so it learns the opposite: check that lr times the "
         "gradient is subtracted, that the scores' gradient is p - one_hot, and that the largest score wins."),
        (CENTRES * [[1], [0], [0]] + [[0, 0], [99, 99], [99, 99]], "Every row gets the same label. Compare your "
         "gradients with differences of the loss, check the sign of the step, start from small random weights, not "
         "zeros, take a smaller lr, and visit the rows in random order."),
        (CENTRES[[1, 0, 1]] + [[0, 0], [0, 0], [0.0, 99]], "Guessing would reach"),
        (np.array([[4.5, 0.0], [9, 99], [0, 0]]), "That is chance, on the rows it was trained on too. Are labels and "
         "rows shuffled by the same order, does every epoch see every row in a new order, and are the params that you "
         "return the trained ones?"),
    ],
    ids=["opposite", "constant", "swapped", "chance"],
)  # fmt: skip
def test_the_message_follows_the_symptom(means, words):
    """Below chance, one label for all, chance: each has its own repair."""
    finding = accuracy(learn({"train": lambda x, labels, *, rng: {"means": means}}))
    assert (finding.status, finding.score) == ("failed", 0)
    assert words in finding.message


def test_rows_learned_by_heart_are_no_learning():
    """A table of the given rows answers them all, and fresh rows at chance."""

    def by_heart(x, labels, *, rng):
        return {"rows": x[::2], "labels": labels[::2], "more": None}

    def look_up(x, params):
        equal = (np.round(x[:, None], 9) == np.round(params["rows"], 9)).all(axis=2)
        return np.where(equal.any(axis=1), params["labels"][equal.argmax(axis=1)], 0)

    finding = accuracy(learn({"train": by_heart, "predict": look_up}))
    assert finding.score == 0
    assert finding.message.endswith("it remembers rows instead of what they share.")


def failing(answer, reveal=False, **words):
    return accuracy(learn({"train": answer}, lesson(**words), reveal))


def returning(value):
    return lambda x, labels, *, rng: value


def test_params_of_another_kind_are_refused():
    """An object has no meaning outside its process."""
    mine = failing(returning({"means": Unsupported("object")}))
    assert mine.message == (
        "params hold an object of your own. Return arrays and numbers, in lists, tuples and dicts with text keys."
    )
    function = failing(returning([1.0, Unsupported("function")]))
    assert function.message.startswith("params hold a value of type function.")
    assert (mine.status, mine.score) == ("failed", 0)


@pytest.mark.parametrize("bulk", [np.zeros(51), ["x" * 51], {"a": np.zeros(25), "b": (np.zeros(25), 1.0)}])
def test_params_are_no_place_for_the_rows(bulk):
    """Numbers and letters count, wherever they hide."""
    assert failing(returning(bulk)).message == (
        "params hold more than 50 numbers: keep what was learned, not the rows themselves."
    )


@pytest.mark.parametrize("poison", [np.nan, np.inf])
@pytest.mark.parametrize("form", [np.array, float, lambda value: [{"w": np.array([0.0, value])}]])
def test_a_training_that_ran_away_is_said_so(poison, form):
    """nan and inf among the params, in whatever form."""
    finding = failing(returning({"means": form(poison)}))
    assert finding.message == (
        "params hold nan or inf: the training ran away. Take a smaller lr, average the gradient over the batch, and "
        "subtract each row's largest score before exp."
    )


def test_a_training_out_of_time_is_an_error():
    """The words name what was allowed and what the reference takes."""
    finding = failing(Stopped("time"))
    assert finding.status == "error"
    assert finding.message.startswith("train did not finish in 10 s of CPU time and was stopped; the reference takes ")
    assert finding.message.endswith(" s. Look for a loop that never ends, or for loops over rows and pixels.")


@pytest.mark.parametrize("reason", ["memory", "crash", "output", "protocol"])
def test_a_training_that_was_ended_is_an_error(reason):
    """Every other end is worded as everywhere."""
    finding = failing(Stopped(reason))
    assert (finding.status, finding.score) == ("error", 0) and finding.message.startswith("train ")


def test_what_an_exception_says_is_shown_on_one_s_own_machine_only():
    """The text of an exception could carry hidden rows out."""
    raised = Raised("ValueError", "x is [0.123]", 7)
    assert "0.123" not in failing(raised).message
    assert failing(raised).message == "train raises ValueError at line 7."
    assert failing(raised, reveal=True).message == "train raises ValueError at line 7: x is [0.123]."


def test_a_stub_is_skipped():
    """Not written yet is neither wrong nor right."""
    verdict = learn({"train": Raised("NotImplementedError"), "predict": Raised("NotImplementedError")})
    assert {finding.status for finding in verdict.findings if finding.check != "contract"} == {"skipped"}
    assert verdict.score == 0
    assert accuracy(verdict).message == "train is not written yet."


def test_a_missing_function_is_skipped():
    """Without a train there is nothing to train; predict is not called at all."""
    verdict = sit(LESSON, {"train": Absent("missing")}, {"train": Absent("missing")})
    assert verdict.score == 0
    assert {f.status for f in verdict.findings if f.check == "training"} == {"skipped"}
    assert verdict.implementation.calls == []


def test_a_history_is_drawn_and_not_judged():
    """A list under params["history"] becomes the finding's curve, up to what is no number."""

    def keeping(history):
        return lambda x, labels, *, rng: {**train(x, labels, rng=rng), "history": history}

    drawn = accuracy(learn({"train": keeping([3.0, 2.0, np.float64(1.0)])}, reveal=True))
    assert drawn.series == {"history": (3.0, 2.0, 1.0)} and drawn.score == 6
    assert accuracy(learn({"train": keeping(["much", "less"])}, reveal=True)).series == {}
    assert accuracy(learn(reveal=True)).series == {}
    assert accuracy(learn({"train": keeping([3.0, 2.0])})).series == {}, "the rows it was trained on are hidden"
    assert predict(CENTRES, {"means": CENTRES}).tolist() == [0, 1, 2]
