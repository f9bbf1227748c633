"""Learning from coded texts: what the coder gives, what it says of itself, and what it refuses."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding import learned
from analysis.coding.learned import Coder, fit, load
from analysis.study import StudyError

PLACES = ["Norwick", "Varnia", "the harbour", "the upper valley", "Meridia", "the old mill", "Ostrand"]
WAR = ["Guns fired at dawn near {}.", "Soldiers shelled {} again.", "The army lost troops at {}."]
MONEY = ["Prices rose in {}.", "Banks in {} cut wages.", "The budget of {} grew."]
BOTH = ["Soldiers took the banks of {} and prices rose."]
NONE = ["The choir of {} sang on Sunday.", "It rained on {}."]
CODED = [
    (text.format(place), codes)
    for texts, codes in ((WAR, {"war"}), (MONEY, {"money"}), (BOTH, {"war", "money"}), (NONE, set()))
    for text in texts
    for place in PLACES
]
TEXTS, LABELS = [text for text, _ in CODED], [codes for _, codes in CODED]
NEW = [
    "Troops fired guns.",
    "Banks cut wages.",
    "Soldiers near the banks: prices rose.",
    "The choir sang.",
    "",
]


@pytest.fixture(scope="module")
def coder() -> Coder:
    return fit(TEXTS, LABELS)


def test_a_coder_gives_the_codes_whose_words_it_has_learned(coder: Coder) -> None:
    assert coder.predict(NEW[:4]) == [{"war"}, {"money"}, {"war", "money"}, set()]


def test_what_it_says_of_itself_comes_from_texts_it_had_not_learned_from(coder: Coder) -> None:
    rng = np.random.default_rng(0)
    chance = [set(rng.choice(["war", "money"], 1)) for _ in TEXTS]
    assert fit(TEXTS, chance).cross_validated.set_index("code").f1["macro"] < 0.75
    table = coder.cross_validated.set_index("code")
    assert list(table.index) == ["money", "war", "micro", "macro"]
    assert table.n["war"] == 28 and table.f1["micro"] > 0.9
    assert len(coder.out_of_fold) == len(TEXTS)
    right = sum(
        "war" in found and "war" in codes for found, codes in zip(coder.out_of_fold, LABELS, strict=True)
    )
    assert table.recall["war"] == right / 28


def test_texts_of_one_group_are_not_learned_from_and_judged_at_once() -> None:
    # Each place has a code of its own making: only who has seen the place knows it.
    texts = [
        f"{place} {word}" for place in PLACES for word in ("stands", "sleeps", "waits", "is", "was", "has")
    ]
    labels = [{"even" if PLACES.index(place) % 2 else "odd"} for place in PLACES for _ in range(6)]
    apart = fit(texts, labels, groups=[place for place in PLACES for _ in range(6)])
    shared = fit(texts, labels)
    assert shared.cross_validated.f1.iloc[-1] > 0.9 > 0.7 > apart.cross_validated.f1.iloc[-1]


def test_where_every_text_has_one_code_every_text_gets_one() -> None:
    one = [(t, c) for t, c in CODED if len(c) == 1]
    coder = fit([t for t, _ in one], [c for _, c in one])
    assert coder.exclusive
    assert [len(given) for given in coder.predict(NEW)] == [1] * len(NEW)
    assert coder.predict(NEW[:2]) == [{"war"}, {"money"}]


def test_a_code_with_few_examples_is_left_out_and_said_so() -> None:
    coder = fit([*TEXTS, "Bread for all."], [*LABELS, {"bread"}])
    assert coder.left_out == {"bread": 1} and "bread" not in coder.codes
    with pytest.raises(ValueError, match=r"no code has 5 examples among 2 texts \(a: 2\); code more texts"):
        fit(["One.", "Two."], [{"a"}, {"a"}])
    with pytest.raises(ValueError, match="none has a code"):
        fit(["One.", "Two."], [set(), set()])


def test_texts_that_teach_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="3 texts, 2 sets of codes, 3 groups"):
        fit(["a", "b", "c"], [{"x"}, {"x"}])
    with pytest.raises(ValueError, match="hold no words"):
        fit(["", ".", "!", "?", ",", ";"], [{"x"}] * 6)
    with pytest.raises(ValueError, match="1 different texts or groups do not fill 5 folds"):
        fit(["The same."] * 6, [{"x"}] * 6)


def test_confidence_is_a_share_and_grows_with_the_words_for_a_code(coder: Coder) -> None:
    table = coder.confidence(NEW)
    assert list(table.columns) == ["money", "war"] and len(table) == len(NEW)
    assert table.to_numpy().min() >= 0 and table.to_numpy().max() <= 1
    assert table.war[0] > 0.7 > 0.3 > table.war[3]
    assert list(coder.confidence([]).columns) == ["money", "war"] and coder.predict([]) == []


def test_confidence_is_calibrated_out_of_fold() -> None:
    # Half of the texts with the word have the code: nobody can be surer than that.
    texts = [
        f"{place} {word} {n}"
        for n in ("one", "two", "six", "ten", "elm", "oak", "ash", "fir")
        for place in PLACES
        for word in ("burns", "rests")
    ]
    labels = [{"fire"} if "burns" in t and i % 4 else set() for i, t in enumerate(texts)]
    coder = fit(texts, labels)
    burning = coder.confidence([t for t in texts if "burns" in t]).fire
    share = np.mean([bool(codes) for t, codes in zip(texts, labels, strict=True) if "burns" in t])
    assert abs(burning.mean() - share) < 0.15


def test_a_code_of_few_examples_is_as_sure_of_its_scores_as_the_others() -> None:
    rng = np.random.default_rng(0)
    given = rng.random((300, 4)) < [0.5, 0.5, 0.5, 0.02]
    scores = given + rng.normal(size=given.shape)
    few = given[:, 3]
    scores[few, 3] += 4  # six that happen to stand out
    common, steep = learned._platt(scores[:, :3], given[:, :3])[:, 0], learned._platt(scores, given)[3, 0]
    alone = learned._platt(scores[:, 3:], few[:, None])[0, 0]
    assert common.max() < steep < alone
    mean = learned._calibrated(scores, learned._platt(scores, given)).mean(axis=0)
    assert mean == pytest.approx(given.mean(axis=0), abs=0.01)


def test_scores_that_mislead_give_no_opinion() -> None:
    rng = np.random.default_rng(0)
    given = rng.random((100, 4)) < [0.5, 0.5, 0.2, 0]
    scores = np.where([True, True, False, True], 1, -1) * given + rng.normal(size=given.shape) / 2
    slopes, intercepts = learned._platt(scores, given).T
    assert (slopes[:2] > 0).all() and (slopes[2:] == 0).all()
    n = given[:, 2].sum()
    assert intercepts[2:] == pytest.approx(np.log([(n + 1) / (101 - n), 1 / 101]))


def test_the_deciding_words_are_those_that_tell_the_codes_apart(coder: Coder) -> None:
    words = coder.deciding_words("war", 6)
    assert list(words.columns) == ["word", "weight", "texts"] and len(words) == 6
    assert words.weight.is_monotonic_decreasing
    assert words.set_index("word").texts["soldiers"] == 14 and words.weight.iloc[0] > 0
    with pytest.raises(ValueError, match="'peace' was not learned; there are: money, war"):
        coder.deciding_words("peace")


FILLER = "the council met on the hill and spoke of the road the school the bridge and the long winter " * 8


@pytest.fixture(scope="module")
def of_articles() -> Coder:
    return fit([FILLER + text for text in TEXTS], LABELS)


def test_whole_articles_are_learned_too(of_articles: Coder) -> None:
    assert of_articles.lines.topics.shape[1] > 0
    assert not any(" " in word for word in of_articles.words)
    assert of_articles.predict([FILLER + WAR[1], FILLER + MONEY[1]]) == [{"war"}, {"money"}]
    assert "soldiers" in set(of_articles.deciding_words("war", 8).word)


def test_of_articles_a_coder_knows_words_of_the_ready_codebook_that_it_never_read(of_articles: Coder) -> None:
    unread = [FILLER + text for text in ("The navy guarded its missiles.", "Inflation met unemployment.")]
    confidence = of_articles.confidence([*unread, FILLER])
    assert confidence.war[0] > confidence.war[2] and confidence.money[1] > confidence.money[2]
    words = of_articles.deciding_words("war", 40).set_index("word")
    assert words.weight["codebook: security and defense"] > 0
    armed = sum(any(w in text for w in ("oldiers", "army")) for text in TEXTS)
    assert words.texts["codebook: security and defense"] == armed


def test_a_code_leans_on_the_ready_codes_that_go_with_it() -> None:
    rng = np.random.default_rng(0)
    given = rng.random((400, 2)) < 0.5
    ready = np.column_stack([given[:, 0], ~given[:, 0], np.ones(400), rng.normal(size=400)])
    features = np.hstack([rng.normal(size=(400, 3)), ready, np.ones((400, 1))])
    counting = learned._counting(features, given, 4)
    same, opposite, always, chance = counting[0, 3:-1]
    assert same == opposite == pytest.approx(1)
    assert always == 0 < chance < 0.2
    assert (counting[:, :3] == 1).all() and (counting[:, -1] == 1).all()
    assert counting[1, 3] < 0.2
    assert (learned._counting(features, given, 0) == 1).all()


@pytest.mark.parametrize("times", [1, 8])
def test_texts_that_hold_the_same_words_are_told_apart_by_nothing(times: int) -> None:
    texts = ["the council met on the hill and spoke of the road to the old mill at dawn " * times] * 20
    coder = fit(texts, [{"war"} if i % 2 else set() for i in range(20)], groups=range(20))
    confidence = coder.confidence(texts).war
    assert confidence.tolist() == pytest.approx([0.5] * 20)


def test_of_sentences_the_ready_codebook_is_not_asked(coder: Coder) -> None:
    assert coder.codebook == ""
    assert not [word for word in coder.deciding_words("war", 1000).word if word.startswith("codebook")]


def test_a_saved_coder_of_articles_codes_as_it_did(of_articles: Coder, tmp_path: Path) -> None:
    of_articles.save(tmp_path / "articles.coder")
    again, new = load(tmp_path / "articles.coder"), [FILLER + text for text in (*NEW, "An army. A tax!\n\nX")]
    assert np.array_equal(again.confidence(new).to_numpy(), of_articles.confidence(new).to_numpy())
    pd.testing.assert_frame_equal(again.deciding_words("war"), of_articles.deciding_words("war"))


def test_a_coder_that_learned_with_other_indicators_is_refused(
    of_articles: Coder, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_articles.save(tmp_path / "articles.coder")
    other = learned._ready()._replace(mark="policy-frames with other indicators")
    monkeypatch.setattr(learned, "_ready", lambda: other)
    with pytest.raises(StudyError) as error:
        load(tmp_path / "articles.coder")
    assert "articles.coder: learned with the codebook policy-frames as it was then" in str(error.value)
    assert "learn anew by `media-analysis learn STUDY`" in str(error.value)
    load(saved)  # one of sentences does not use it


@pytest.fixture(scope="module")
def saved(coder: Coder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "frames.coder"
    coder.save(path)
    return path


def test_the_same_texts_give_the_same_coder_to_the_byte(saved: Path, tmp_path: Path) -> None:
    fit(TEXTS, LABELS).save(tmp_path / "again.coder")
    assert (tmp_path / "again.coder").read_bytes() == saved.read_bytes()


def test_a_saved_coder_says_of_itself_what_it_said(coder: Coder, saved: Path) -> None:
    again = load(saved)
    assert (again.codes, again.left_out, again.exclusive) == (coder.codes, coder.left_out, coder.exclusive)
    assert again.out_of_fold == coder.out_of_fold
    pd.testing.assert_frame_equal(again.cross_validated, coder.cross_validated)
    pd.testing.assert_frame_equal(again.deciding_words("war"), coder.deciding_words("war"))


@given(texts=st.lists(st.one_of(st.text(), st.sampled_from([*NEW, *TEXTS])), max_size=5))
@settings(max_examples=40)
def test_a_saved_coder_codes_as_it_did_whatever_the_text(coder: Coder, saved: Path, texts: list[str]) -> None:
    again = load(saved)
    assert again.predict(texts) == coder.predict(texts)
    assert np.array_equal(again.confidence(texts).to_numpy(), coder.confidence(texts).to_numpy())


@given(order=st.permutations(NEW))
@settings(max_examples=20)
def test_a_text_is_coded_alike_in_any_company(coder: Coder, order: list[str]) -> None:
    alone = {text: coder.predict([text])[0] for text in NEW}
    assert coder.predict(order) == [alone[text] for text in order]


class Harmful:
    """What a pickle can hide: code that runs as the file is opened."""

    def __reduce__(self) -> tuple:
        return (Path.write_text, (Path("harm.txt"), "done"))


def test_a_pickle_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.coder").write_bytes(pickle.dumps(Harmful()))
    hidden = np.empty(1, dtype=object)
    hidden[0] = Harmful()
    np.savez(tmp_path / "b.npz", about=hidden, allow_pickle=True)
    for name in ("a.coder", "b.npz"):
        with pytest.raises(StudyError, match=f"{name}: is no coder that media-analysis saved"):
            load(tmp_path / name)
    assert not Path("harm.txt").exists()


def test_a_file_that_is_not_ours_is_named_with_a_remedy(tmp_path: Path, saved: Path) -> None:
    with pytest.raises(StudyError, match="no such file; `media-analysis learn STUDY` writes one"):
        load(tmp_path / "none.coder")
    np.savez(tmp_path / "other.npz", numbers=np.arange(3))
    (tmp_path / "half.coder").write_bytes(saved.read_bytes()[:-200])
    (tmp_path / "text.coder").write_text("hello")
    with np.load(saved) as held:
        parts = dict(held)
    np.savez(tmp_path / "short.npz", **{**parts, "weights": parts["weights"][:, 1:]})
    newer = parts["about"].tobytes().replace(b'"version": 3', b'"version": 4')
    np.savez(tmp_path / "newer.npz", **{**parts, "about": np.frombuffer(newer, dtype=np.uint8)})
    for name in ("other.npz", "half.coder", "text.coder", "short.npz", "newer.npz"):
        with pytest.raises(StudyError, match=r"make one by `media-analysis learn STUDY`") as error:
            load(tmp_path / name)
        assert len(str(error.value).splitlines()) == 1 and name in str(error.value)
