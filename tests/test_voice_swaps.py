import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.annotate.frames import find_frames
from analysis.annotate.sentiment import score_sentiment
from analysis.annotate.stance import find_stance
from analysis.annotate.voices import find_voices
from analysis.codebook import load_codebook
from analysis.tables import QUOTES
from made import one_document

CODEBOOK = load_codebook()
TEMPLATES = [
    "The talks were a {} and the {} of the council, she said: “We see {} and {} in this deal.”",
    "“The talks bring {},” she said.",
    "“The deal means {} and {} for us all,” she said of the {}.",
    "The talks ended in {}, but “{}” was her word for it.",
    "The council met after the {} of the talks.",
]
SWAP = {"progress": "collapse", "hope": "fear", "success": "failure", "good": "evil", "pleasure": "disaster"}
SWAP |= {b: a for a, b in SWAP.items()}
PARTS = st.lists(
    st.tuples(st.sampled_from(TEMPLATES), st.lists(st.sampled_from(sorted(SWAP)), min_size=4, max_size=4)),
    max_size=3,
)


def annotated(stage, texts: list[str]) -> pd.DataFrame:
    """A stage's table of one article; what stands in curly marks is quoted, each by a source of its own."""
    document = one_document(*texts)
    text = document.text
    quotes, end = [], -1
    while (start := text.find("“", end + 1)) >= 0:
        end = text.index("”", start)
        span = {"start": start + 1, "end": end, "quoted_start": start + 1, "quoted_end": end}
        quotes.append(
            {"quote_id": f"q{start}", "article_id": "a", "form": "direct", "source_id": f"p{start}", **span}
        )
    table = QUOTES.make(quotes)
    voices = find_voices(table, [document])
    if stage is find_frames:
        return voices.fill(find_frames([document], CODEBOOK))
    return stage([document], *([table] if stage is find_stance else []), voices, CODEBOOK)


def filled(template: str, words: list[str], swap_quoted: bool, swap_author: bool) -> str:
    """The template with its words, those inside or outside quotation marks swapped for their opposites."""
    text = ""
    for piece, word in zip(template.split("{}"), [*words[: template.count("{}")], ""], strict=False):
        text += piece
        inside = text.count("“") > text.count("”")
        text += SWAP[word] if word and (swap_quoted if inside else swap_author) else word
    return text


@settings(max_examples=25, deadline=None)
@given(PARTS)
@pytest.mark.parametrize("stage", [find_frames, find_stance, score_sentiment])
def test_what_is_quoted_never_changes_the_author_s_rows_nor_the_other_way_round(stage, parts):
    def rows(voice: str, **swapped: bool) -> pd.DataFrame:
        options = {"swap_quoted": False, "swap_author": False} | swapped
        found = annotated(stage, [filled(template, words, **options) for template, words in parts])
        found = found[found["voice"] == voice]
        return found[found["stance"] != "neutral"] if stage is find_stance else found

    pd.testing.assert_frame_equal(
        rows("author", swap_quoted=True).reset_index(drop=True), rows("author").reset_index(drop=True)
    )
    pd.testing.assert_frame_equal(
        rows("quoted", swap_author=True).reset_index(drop=True), rows("quoted").reset_index(drop=True)
    )
