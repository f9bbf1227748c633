"""Codes learned from coded texts: a coder who has read examples, and says how far to trust it.

Linear models on words, one a code (Joachims 1998), so that every decision leads back to words; what the coder says of
itself comes from texts it had not learned from (Kohavi 1995). Of whole articles it also knows in what part of their
sentences each code of a ready codebook is found: a few hundred articles are few to learn all the words of a frame from.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache, lru_cache
from importlib.resources import files
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, hstack

from analysis import store
from analysis.codebook import load_codebook
from analysis.indicators import Indicators
from analysis.outside import open_file, require_small
from analysis.study import StudyError
from analysis.tables import LEARNED, Floats, Places
from analysis.text import count_words

FOLDS = 5
FEWEST = 5  # examples that a code needs to be learned: one for each fold
LONG = 100  # words; the median text decides whether texts are read as articles or as sentences
TOPICS = 40
CODEBOOK = "policy-frames"  # comes along; about any issue, so that it knows something of most codes
STRENGTH = {False: 1.0, True: 0.3}  # how far examples count against caution; long texts are few
RARE = 0.01  # added to each share of sentences: below it one share is as good as another
SPREAD = 0.6  # of a codebook's column over the texts, for a code that goes with it always; of all topics together it is 1
LOOSE = 10.0  # what caution hardly holds back
ALIKE = 10  # how firmly the codes' slopes from scores to confidence are held to one
FORMAT, VERSION = "media-analysis coder", 3
_CANDIDATES = np.round(np.arange(0.04, 0.8, 0.02), 2)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+|\n+")


@dataclass(frozen=True, eq=False)
class Coder:
    """A coder that `fit` taught: it gives codes to texts, and says what it rests on.

    `left_out`: codes with fewer than five examples, which it never gives, with their number. `exclusive`: every text
    it learned from had exactly one code, so it gives exactly one. `n_texts_learned`: how many those were.
    `cross_validated` and `out_of_fold` are about the same texts, each judged by a coder that had not seen its fold.
    """

    codes: tuple[str, ...]
    left_out: Mapping[str, int]
    exclusive: bool
    n_texts_learned: int
    out_of_fold: tuple[frozenset[str], ...]  # in the order of the texts learned from
    cross_validated: pd.DataFrame  # code, n, n_found, precision, recall, f1; then the rows micro and macro
    words: tuple[str, ...]  # and pairs of words, where texts are short
    codebook: str  # name and hash of the ready codebook that it reads too; empty where texts are short
    lines: _Lines
    calibration: Floats  # codes x (slope, intercept): from scores to confidence
    threshold: float  # the confidence from which a code is given

    def predict(self, texts: Sequence[str]) -> list[set[str]]:
        """The codes of each text; exactly one each where `exclusive`, else any number, also none."""
        return _decided(self._confidence(texts), self.threshold, self.codes, self.exclusive)

    def confidence(self, texts: Sequence[str]) -> pd.DataFrame:
        """For each text (row) and code (column) the confidence that it has the code, 0..1.

        Of texts like those learned from, about 70 of 100 given .7 have the code (Platt 1999, on scores out of fold).
        Of other texts this need not hold.
        """
        return pd.DataFrame(self._confidence(texts), columns=list(self.codes))

    def deciding_words(self, code: str, n: int = 20) -> pd.DataFrame:
        """The `n` words that weigh most for or against a code: word, weight (above 0 for it), texts that hold it.

        Of whole articles also the codes of the ready codebook, as `codebook: security and defense`. A weight is what
        a text gains that has more of the word than usual by a standard deviation: it shows what the coder looks at, not
        what the code means; that of a word in two texts is about these two.
        Raises ValueError for a code that was not learned.
        """
        if code not in self.codes:
            raise ValueError(f"{code!r} was not learned; there are: {', '.join(self.codes) or 'none'}")
        names = (*self.words, *(_ready().names if self.codebook else ()))
        among = self.lines.by_word()[self.codes.index(code)]
        most = np.argsort(-np.abs(among), kind="stable")[:n]
        most = most[np.argsort(-among[most], kind="stable")]
        return pd.DataFrame(
            {
                "word": [names[i] for i in most],
                "weight": among[most],
                "texts": self.lines.n_texts[most],
            }
        )

    def save(self, path: Path) -> None:
        """Write the coder as one file, arrays and JSON in a zip; what was there stays until all is written."""
        about = {
            "format": FORMAT,
            "version": VERSION,
            "codes": self.codes,
            "left_out": dict(self.left_out),
            "exclusive": self.exclusive,
            "n_texts_learned": self.n_texts_learned,
            "out_of_fold": [sorted(given) for given in self.out_of_fold],
            "cross_validated": self.cross_validated.to_dict("list"),
            "words": self.words,
            "codebook": self.codebook,
            "threshold": self.threshold,
        }
        with store.filled(path.parent) as new, (new / path.name).open("wb") as file:
            np.savez_compressed(
                file,
                about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
                **asdict(self.lines),
                calibration=self.calibration,
            )

    def _confidence(self, texts: Sequence[str]) -> Floats:
        if not texts:
            return np.zeros((0, len(self.codes)))
        from sklearn.feature_extraction.text import CountVectorizer

        pairs = any(" " in word for word in self.words)
        counter = CountVectorizer(vocabulary=self.words, ngram_range=(1, 1 + pairs))
        scores = self.lines.score(counter.transform(texts), _shares(texts, bool(self.codebook)))
        return _calibrated(scores, self.calibration)


@dataclass(frozen=True, eq=False)
class _Lines:
    """A straight line for each code through words weighted by rarity or, where texts are long, through their topics.

    Of the many words in which an article names one thing a small sample holds few; topics (Deerwester et al. 1990) are
    learned from all words that occur together, and the ready codebook names words that no text learned from holds.
    """

    idf: Floats  # a word's weight by its rarity
    topics: Floats  # words x topics; no topics where texts are short
    centre: Floats  # the mean text among the topics
    usual: Floats  # the mean text among the ready codebook's codes; no codes where texts are short
    scale: Floats  # what makes the texts learned from differ by SPREAD in each of them
    n_texts: Floats  # texts learned from that hold the word, then the code
    spread: Floats  # standard deviation of the word, then the code, over the texts learned from
    weights: Floats  # codes x (words or topics, ready codes, 1)

    def score(self, counts: csr_matrix, shares: Floats) -> Floats:
        """Texts x codes: how far on the code's side; `counts` is texts x words, `shares` texts x ready codes."""
        return np.asarray(self.features(counts, shares) @ self.weights.T)

    def features(self, counts: csr_matrix, shares: Floats) -> csr_matrix | Floats:
        words = _weighted(counts, self.idf)
        # Of a code hardly found in the texts learned from, little is known: more than three spreads say no more.
        ready = np.clip((shares - self.usual) * self.scale, -3 * SPREAD, 3 * SPREAD)
        rest = np.hstack([ready, np.ones((len(ready), 1))])
        if not self.topics.shape[1]:
            return hstack([words, rest], format="csr")
        topics, lengths = self.among_topics(words)
        return np.hstack([topics / lengths[:, None], rest])

    def among_topics(self, words: csr_matrix) -> tuple[Floats, Floats]:
        topics = words @ self.topics - self.centre
        return topics, np.maximum(np.linalg.norm(topics, axis=1), 1e-12)

    def by_word(self) -> Floats:
        """Codes x (words, ready codes): what one standard deviation of each adds, through its topics where there are any."""
        n = self.topics.shape[1] or len(self.idf)
        words, ready = self.weights[:, :n], self.weights[:, n:-1]
        words = words @ self.topics.T if self.topics.shape[1] else words
        return np.asarray(np.hstack([words, ready]) * self.spread)


class _Ready(NamedTuple):
    """The ready codebook as a coder reads it."""

    codes: tuple[str, ...]
    names: tuple[str, ...]  # of the codes, among the deciding words
    indicators: Indicators
    mark: str  # its name, and a hash of all that decides what is found


@cache
def _ready() -> _Ready:
    frames = load_codebook(
        Path(str(files("analysis"))) / "codebooks" / CODEBOOK
    ).frames  # never a folder here
    words = {code: frame.indicators for code, frame in frames.items()}
    exceptions = {code: frame.exceptions for code, frame in frames.items()}
    return _Ready(
        codes=tuple(frames),
        names=tuple(f"codebook: {frame.name.lower()}" for frame in frames.values()),
        indicators=Indicators(words, exceptions),
        mark=f"{CODEBOOK} {hashlib.sha256(json.dumps([words, exceptions]).encode()).hexdigest()}",
    )


def _shares(texts: Sequence[str], long: bool) -> Floats:
    """Texts x ready codes: logarithm of the share of a text's sentences in which the code is found; none unless `long`.

    Sentences are cut roughly, at full stops and line ends: a share needs no more.
    """
    if not long:
        return np.zeros((len(texts), 0))
    return np.log(np.array([_shares_of(text) for text in texts]).reshape(len(texts), -1) + RARE)


@lru_cache(maxsize=1024)  # who learns from texts asks of them again, and for codes as for confidence
def _shares_of(text: str) -> tuple[float, ...]:
    ready = _ready()
    sentences = [s for s in _SENTENCE_END.split(text) if s.strip()]
    found = Counter(code for s in sentences for code in {hit.code for hit in ready.indicators.find(s)})
    return tuple(found[code] / max(len(sentences), 1) for code in ready.codes)


def find_learned(articles: pd.DataFrame, sentences: pd.DataFrame, coder: Coder) -> pd.DataFrame:
    """One row for each code that a learned coder gives: to whole articles if it learned from long texts, else to sentences.

    Texts of another kind than those learned from are coded as badly as any coder codes what he was not trained for.
    """
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    if coder.codebook:
        units = articles[["article_id"]].assign(sentence_id=pd.NA)
        to_code = [texts[a] for a in units["article_id"]]
    else:
        units = sentences[["article_id", "sentence_id"]]
        to_code = [texts[s.article_id][s.start : s.end] for s in sentences.itertuples()]
    confidence = coder.confidence(to_code)
    given = [(i, code) for i, codes in enumerate(coder.predict(to_code)) for code in sorted(codes)]
    rows = units.iloc[[i for i, _ in given]]
    return LEARNED.make(
        rows.assign(code=[c for _, c in given], confidence=[confidence[c][i] for i, c in given])
    )


# What reading a file raises that is no coder, whatever else it is.
_NO_CODER = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    zipfile.BadZipFile,
    zlib.error,
)


def load(path: Path) -> Coder:
    """The coder that `save` wrote; it codes exactly as it did.

    Raises StudyError for a file that is none, and for a coder that learned with another state of the ready codebook.
    Nothing in a file is ever run, so a file of a stranger does no harm.
    """
    try:
        with open_file(path) as file:
            if not zipfile.is_zipfile(file):
                raise ValueError("it is no zip archive")
            file.seek(0)
            with np.load(file, allow_pickle=False) as held:
                _require_honest(held.zip)
                return _from_file(held, path)
    except StudyError:
        raise
    except FileNotFoundError:
        raise StudyError([f"{path}: no such file; `media-analysis learn STUDY` writes one"]) from None
    except _NO_CODER as error:
        raise StudyError(
            [
                f"{path}: is no coder that media-analysis saved ({error}); make one by `media-analysis learn STUDY`"
            ]
        ) from None


def _require_honest(archive: zipfile.ZipFile) -> None:
    """Raise ValueError where an archive unpacks to too much, or an array claims another size than its part has."""
    require_small(archive)
    for member in archive.infolist():
        with archive.open(member) as part:
            if np.lib.format.read_magic(part) != (1, 0):
                raise ValueError(f"{member.filename} is no array of it")
            shape, _, dtype = np.lib.format.read_array_header_1_0(part)
            if prod(shape) * dtype.itemsize != member.file_size - part.tell():
                raise ValueError(f"{member.filename} does not hold what it says")


def _from_file(held: Any, path: Path) -> Coder:
    if "about" not in held:
        raise ValueError("it does not say what it is")
    about = json.loads(held["about"].tobytes())
    if not isinstance(about, dict) or about.pop("format", None) != FORMAT:
        raise ValueError("it does not say that it is one")
    if (version := about.pop("version")) != VERSION:
        raise ValueError(f"its version is {version}, this program's {VERSION}")
    if about["codebook"] not in ("", about["codebook"] and _ready().mark):
        raise StudyError(
            [
                f"{path}: learned with the codebook {about['codebook'].split()[0]} as it was then, and its indicators "
                "have changed since; learn anew by `media-analysis learn STUDY`"
            ]
        )
    lines = _Lines(*(held[field.name] for field in fields(_Lines)))
    calibration = held["calibration"]
    n, k, t = len(about["words"]), len(about["codes"]), len(lines.centre)
    m = len(_ready().names) if about["codebook"] else 0
    shapes = [a.shape for a in (*asdict(lines).values(), calibration)]
    expected = [(n,), (n, t), (t,), (m,), (m,), (n + m,), (n + m,), (k, (t or n) + m + 1), (k, 2)]
    if shapes != expected:
        raise ValueError("its parts do not fit together")
    if not all(np.isfinite(a).all() for a in (*asdict(lines).values(), calibration, about["threshold"])):
        raise ValueError("a weight is no number")
    about["codes"], about["words"] = tuple(about["codes"]), tuple(about["words"])
    about["threshold"] = float(about["threshold"])
    about["out_of_fold"] = tuple(frozenset(given) for given in about["out_of_fold"])
    about["cross_validated"] = pd.DataFrame(about["cross_validated"])
    return Coder(**about, lines=lines, calibration=calibration)


def fit(
    texts: Sequence[str],
    labels: Sequence[set[str]],
    *,
    groups: Sequence[Hashable] | None = None,
    folds: int = FOLDS,
) -> Coder:
    """Learn to code from coded texts: sentences or whole articles, with one code each or several or none.

    `groups`: what each text belongs to (its article): texts of one group are never on both sides of a fold. Without
    it only equal texts are kept together. Confidence and threshold are set on scores out of fold, and each fold's
    own figures with those of the other folds. The same texts give the same coder.
    Raises ValueError where texts and labels do not match, or no code has five examples.
    """
    texts, sets = list(texts), [frozenset(given) for given in labels]
    groups = list(texts if groups is None else groups)
    codes, left_out = _learnable(texts, sets, groups, folds)
    given = np.array([[code in codes_of for code in codes] for codes_of in sets])
    exclusive = all(len(codes_of) == 1 for codes_of in sets)
    counts, words, long = _count_words(texts)
    shares = _shares(texts, long)

    parts = list(_folds(groups, folds))
    scores = np.zeros(given.shape)
    for others, fold in parts:
        kept, lines = _learn(counts[others], shares[others], given[others], long)
        scores[fold] = lines.score(counts[fold][:, kept], shares[fold])

    def decide(learned_from: Places, about: Places) -> list[set[str]]:
        calibration, threshold = _calibrate(scores[learned_from], given[learned_from])
        return _decided(_calibrated(scores[about], calibration), threshold, codes, exclusive)

    out_of_fold = [frozenset[str]()] * len(texts)
    for others, fold in parts:
        for place, found in zip(fold, decide(others, fold), strict=True):
            out_of_fold[place] = frozenset(found)
    kept, lines = _learn(counts, shares, given, long)
    calibration, threshold = _calibrate(scores, given)
    return Coder(
        codes=codes,
        left_out=left_out,
        exclusive=exclusive,
        n_texts_learned=len(texts),
        out_of_fold=tuple(out_of_fold),
        cross_validated=_figures(out_of_fold, sets, codes),
        words=tuple(str(word) for word in words[kept]),
        codebook=_ready().mark if long else "",
        lines=lines,
        calibration=calibration,
        threshold=threshold,
    )


def _learnable(
    texts: list[str], sets: list[frozenset[str]], groups: list[Hashable], folds: int
) -> tuple[tuple[str, ...], dict[str, int]]:
    """The codes with examples enough, and the number of examples of those without."""
    if not len(texts) == len(sets) == len(groups):
        raise ValueError(
            f"{len(texts)} texts, {len(sets)} sets of codes, {len(groups)} groups: give as many of each"
        )
    examples = Counter(code for codes_of in sets for code in codes_of)
    left_out = {code: n for code, n in sorted(examples.items()) if n < FEWEST}
    codes = tuple(sorted(set(examples) - set(left_out)))
    if not codes:
        have = ", ".join(f"{code}: {n}" for code, n in left_out.items()) or "none has a code"
        raise ValueError(f"no code has {FEWEST} examples among {len(texts)} texts ({have}); code more texts")
    if len(set(groups)) < folds:
        raise ValueError(
            f"{len(set(groups))} different texts or groups do not fill {folds} folds; give more, or fewer folds"
        )
    return codes, left_out


def _count_words(texts: list[str]) -> tuple[csr_matrix, NDArray[np.str_], bool]:
    """Texts x words, those words, and whether the texts are long.

    Pairs of words count in sentences; in whole articles they outnumber the words and drown them.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    long = float(np.median([count_words(text) for text in texts])) >= LONG
    counter = CountVectorizer(ngram_range=(1, 1 if long else 2))
    try:
        counts = counter.fit_transform(texts)
    except ValueError:  # what scikit-learn raises where no text holds a word
        raise ValueError(
            "the texts hold no words of two letters or more; there is nothing to learn from"
        ) from None
    return counts, counter.get_feature_names_out(), long


def _folds(groups: list[Hashable], folds: int) -> Iterator[tuple[Places, Places]]:
    """For each fold the places of all other texts, and its own; a group is in one fold."""
    from sklearn.model_selection import GroupKFold

    numbers = {group: i for i, group in enumerate(dict.fromkeys(groups))}
    of = [numbers[group] for group in groups]
    yield from GroupKFold(folds, shuffle=True, random_state=0).split(of, groups=of)


def _learn(counts: csr_matrix, shares: Floats, given: Floats, long: bool) -> tuple[Places, _Lines]:
    """The words kept (of two texts or more), and the lines through them."""
    n_texts = np.asarray((counts > 0).sum(axis=0)).ravel()
    kept = np.flatnonzero(n_texts >= min(2, n_texts.max(initial=0)))
    counts, n_texts = counts[:, kept], n_texts[kept]
    idf = np.log(len(given) / np.maximum(n_texts, 1))  # Sparck Jones 1972: what is in all says nothing
    weighted = _weighted(counts, idf)
    topics = _topics(weighted) if long else np.zeros((len(kept), 0))
    deviation = shares.std(axis=0)
    unweighted = _Lines(
        idf=idf,
        topics=topics,
        centre=np.asarray((weighted @ topics).mean(axis=0)),
        usual=shares.mean(axis=0),
        scale=np.divide(SPREAD, deviation, out=np.zeros_like(deviation), where=deviation > 0),
        n_texts=np.concatenate([n_texts, (shares > np.log(RARE)).sum(axis=0)]),
        spread=np.zeros(0),
        weights=np.zeros((0, 1)),
    )
    features = unweighted.features(counts, shares)
    weights = np.array(
        [
            _line(features @ diags(counting), having, STRENGTH[long]) * counting
            for having, counting in zip(given.T, _counting(features, given, shares.shape[1]), strict=True)
        ]
    )
    spread = np.concatenate([_deviation(weighted), SPREAD * (deviation > 0)])
    if topics.shape[1]:  # each text counts among its topics as if of one length
        spread[: len(idf)] /= unweighted.among_topics(weighted)[1].mean()
    return kept, replace(unweighted, spread=spread, weights=weights)


def _counting(features: csr_matrix | Floats, given: Floats, n_ready: int) -> Floats:
    """Codes x features: how much each counts before a line is drawn; of the ready codebook's codes those that go with a code.

    Of fourteen columns that count alike a few examples find out badly which one is about the same thing (after Zou 2006,
    who weighs features by what they say alone; by the size of the correlation here, for a code may speak against another).
    """
    counting = np.ones((given.shape[1], features.shape[1]))
    if n_ready:
        ready = slice(-1 - n_ready, -1)
        counting[:, ready] = np.abs(_standard(given).T @ _standard(features[:, ready])) / len(given)
    return counting


def _standard(columns: Floats) -> Floats:
    """Each column with mean 0 and deviation 1; one without any is 0 throughout."""
    centred = columns - columns.mean(axis=0)
    deviation = centred.std(axis=0)
    return np.asarray(np.divide(centred, deviation, out=np.zeros_like(centred), where=deviation > 1e-9))


def _deviation(weighted: csr_matrix) -> Floats:
    """The standard deviation of each column."""
    mean, square = (np.asarray(m.mean(axis=0)).ravel() for m in (weighted, weighted.multiply(weighted)))
    return np.asarray(np.sqrt(np.maximum(square - mean**2, 0)))


def _weighted(counts: csr_matrix, idf: Floats) -> csr_matrix:
    """TF-IDF (Salton & Buckley 1988) with the logarithm of counts, each text of length 1."""
    weighted = counts.astype(float)
    weighted.data = 1 + np.log(weighted.data)
    weighted = weighted @ diags(idf)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return csr_matrix(diags(1 / np.where(lengths > 0, lengths, 1)) @ weighted)


def _topics(weighted: csr_matrix) -> Floats:
    from sklearn.decomposition import TruncatedSVD

    most = min(TOPICS, min(weighted.shape) - 1)
    if most < 1 or not weighted.sum():  # texts of the same words
        return np.zeros((weighted.shape[1], 0))
    return np.asarray(TruncatedSVD(most, algorithm="arpack", random_state=0).fit(weighted).components_.T)


def _line(features: csr_matrix | Floats, having: Floats, strength: float) -> Floats:
    """Logistic regression in which the texts with the code weigh as much as those without."""
    from sklearn.linear_model import LogisticRegression

    if having.all() or not having.any():  # in this fold; the other folds decide on the code
        return np.zeros(features.shape[1])
    model = LogisticRegression(
        C=strength, solver="liblinear", class_weight="balanced", fit_intercept=False, random_state=0
    )
    return np.asarray(model.fit(features, having).coef_[0])


def _calibrate(scores: Floats, given: Floats) -> tuple[Floats, float]:
    """For each code slope and intercept from scores to confidence, and the threshold.

    The threshold is where the F1 to be expected from the confidences is largest (Lipton et al. 2014). It is one for
    all codes: of few examples the best one of a code's own is mostly chance.
    """
    calibration = _platt(scores, given)
    return calibration, _best_threshold(_calibrated(scores, calibration).ravel())


def _platt(scores: Floats, given: Floats) -> Floats:
    """For each code slope and intercept from scores to confidence (Platt 1999), each slope drawn to that of all codes.

    The scores of all codes rest on the same texts and words, so that what is known of one informs the next (Gelman &
    Hill 2007 on partial pooling); of ten examples alone a slope is mostly chance.
    """
    from sklearn.linear_model import LogisticRegression

    n, n_codes = given.shape
    mean, deviation, examples = scores.mean(axis=0), scores.std(axis=0), given.sum(axis=0)
    told = (deviation > 1e-9) & (examples > 0) & (examples < n)
    slopes, intercepts = np.zeros(n_codes), np.log((examples + 1) / (n - examples + 1))
    if told.any():
        each = np.repeat(
            np.eye(told.sum()), n, axis=0
        )  # whose row it is: a code's texts, then the next one's
        z = ((scores - mean) / np.where(told, deviation, 1))[:, told].T.reshape(-1, 1)
        model = LogisticRegression(C=1, solver="newton-cholesky", fit_intercept=False)
        model.fit(np.hstack([LOOSE * z, z * each / np.sqrt(ALIKE), LOOSE * each]), given[:, told].T.ravel())
        common, own, intercept = np.split(model.coef_[0], [1, 1 + told.sum()])
        slope = LOOSE * common + own / np.sqrt(ALIKE)
        # Scores that mislead: better no opinion than the opposite one.
        slopes[told] = np.maximum(slope, 0) / deviation[told]
        intercepts[told] = np.where(
            slope > 0, LOOSE * intercept - slopes[told] * mean[told], intercepts[told]
        )
    return np.column_stack([slopes, intercepts])


def _calibrated(scores: Floats, calibration: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-(scores * calibration[:, 0] + calibration[:, 1]))))


def _best_threshold(confidence: Floats) -> float:
    given = confidence[:, None] >= _CANDIDATES
    expected = 2 * (confidence[:, None] * given).sum(axis=0) / (given.sum(axis=0) + confidence.sum())
    return float(_CANDIDATES[np.argmax(expected)])


def _decided(confidence: Floats, threshold: float, codes: Sequence[str], exclusive: bool) -> list[set[str]]:
    if exclusive:
        return [{codes[best]} for best in np.argmax(confidence, axis=1).tolist()]
    return [{codes[i] for i in np.flatnonzero(row).tolist()} for row in confidence >= threshold]


def _figures(
    found: Sequence[frozenset[str]], sets: Sequence[frozenset[str]], codes: Sequence[str]
) -> pd.DataFrame:
    """Each code's figures, then `micro`, over all decisions, and `macro`, the mean of the codes."""
    f, s = (np.array([[code in given for code in codes] for given in side]) for side in (found, sets))
    n, n_found, n_right = s.sum(axis=0), f.sum(axis=0), (f & s).sum(axis=0)
    each = _with_scores(pd.DataFrame({"code": codes, "n": n, "n_found": n_found}), n_right)
    total = pd.DataFrame({"code": ["micro"], "n": [n.sum()], "n_found": [n_found.sum()]})
    mean = each[["precision", "recall", "f1"]].mean()
    macro = total.assign(code="macro", **mean)
    return pd.concat([each, _with_scores(total, n_right.sum()), macro], ignore_index=True)


def _with_scores(table: pd.DataFrame, n_right: Any) -> pd.DataFrame:
    return table.assign(
        precision=n_right / table["n_found"].where(table["n_found"] > 0),
        recall=n_right / table["n"],
        f1=2 * n_right / (table["n"] + table["n_found"]),
    )
