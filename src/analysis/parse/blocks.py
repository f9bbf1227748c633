"""What each line of an article is: title, byline, deck, heading, body, credit or boilerplate.

Nothing is cut from the text: page clutter is marked, and later steps read the other lines only.
The rules look at a line's words, its length, its punctuation and its place; they know no outlet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from analysis.text import count_words

# Lines that pages carry around an article. Each pattern has to match the whole of a short line.
_CLUTTER = re.compile(
    r"""(?xi) ^\W*(?:
      (?:also|others\ are)\ read(?:ing)?\b.{0,60}
    | (?:read|see|watch|listen)\ (?:more|also|next|now|full\ story|the\ full\ \w+)\b.{0,140}
    | more\ (?:from|on|stories|news|to\ read|top\ stories|in)\b.{0,80}
    | (?:you\ (?:may|might)\ (?:also\ )?(?:like|enjoy)|(?:most\ )?(?:read|viewed|popular|trending)(?:\ (?:now|stories|posts|articles))?|
        editor['’]?s'?\ picks?|don['’]t\ miss|latest\ news|top\ stories|in\ this\ (?:article|story)|
        (?:related|recommended)(?:\ (?:articles?|stories|topics|news|content|coverage|posts?|reading|for\ you))?)
    | (?:related|recommended|trending|editor['’]?s'?\ pick|don['’]t\ miss):.{0,120}
    | (?:next|previous|prev|older|newer|back|back\ to\ top|menu|search|close|open|home|skip\ to\ \w+(?:\ \w+)?|loading)(?:\ (?:article|post|story|page))?
    | (?:share|tweet|print|e-?mail|save|comments?|reply|copy\ link|facebook|twitter|whatsapp|telegram|linkedin|x|instagram|youtube)
        (?:[\s,|·•/]+(?:share|tweet|print|e-?mail|save|this|on|via|to|article|story|post|comments?|copy|link|facebook|twitter|whatsapp|telegram|linkedin|x|instagram|youtube|and|or|with|friends))*
    | (?:share|follow|join|like|find|subscribe\ to|contact|support)\ (?:this|us|our|the\ conversation|your)\b.{0,120}
    | (?:leave|post|add|write|submit)\ (?:a|your)\ (?:comment|reply).{0,60}
    | (?:view|show|load|read|see|hide)\ (?:all\ |more\ |the\ )?(?:\d+\ )?comments?.{0,30} | \d+\ comments?
    | (?:your\ )?(?:e-?mail\ address|name|website)\ (?:will\ not\ be\ published.{0,60}|\*)
    | required\ fields.{0,40}
    | this\ site\ uses\ (?:akismet|cookies).{0,160}
    | (?:we|this\ (?:web)?site)\ (?:use|uses)\ cookies.{0,240}
    | (?:accept|reject|manage)\ (?:all\ )?(?:cookies|preferences).{0,60} | cookie\ (?:policy|settings|notice).{0,60}
    | (?:an?\ )?ad-?\ ?block(?:er)?\ (?:detected|enabled|is\ on).{0,60}
    | (?:please\ )?.{0,40}\b(?:disabl|turn(?:ing)?\ off|whitelist)\w*\b.{0,30}\bad-?\ ?block.{0,120}
    | advertisements?|sponsored(?:\ content)?|paid\ (?:content|post)|promoted|story\ continues\ below.{0,40}|article\ continues\ (?:below|after).{0,40}
    | (?:sign\ up|log\ in|sign\ in|register|subscribe|donate|become\ a\ member|get\ the\ app|download\ (?:the|our)\ app)\b.{0,160}
    | (?:©|\(c\)|copyright)\s.{0,160} | .{0,80}all\ rights\ reserved.{0,80}
    | (?:terms\ of\ (?:use|service)|privacy\ policy|contact\ us|about\ us|advertise\ with\ us)(?:\W+(?:terms|privacy|contact|about|advertise|careers).{0,60})?
    | (?:tags?|topics?|filed\ under|categories|category|posted\ in|keywords)\s*:.{0,160}
    | home\s*[/|>»›].{1,160}
    | (?:opinion|editorial|commentary|analysis|exclusive|breaking(?:\ news)?|explainer|featured|politics|world|news|watch|video|live)\s*:
    | \d{1,3}[\s-]*min(?:ute)?s?(?:\ read)?\b.{0,60}
    | \d{1,2}[:.]\d\d\s*(?:[ap]\.?m\.?)?\b\W{0,4}.{0,50}\d{4}
    | dear\ (?:readers?|friends?|subscribers?) | a\ message\ from\b.{0,60}
    | (?=[^»›→>|]*+[»›→>|])(?:[^.»›>→|]{1,40}\s[»›→>|]\s){1,6}[^»›>→|]{0,160}
    )\W*$"""
)
# Lines after which a page's tail begins: lists of other articles, comments. Short lines that follow are clutter too.
_TAIL = re.compile(
    r"(?i)^\W*(?:next|previous|you (?:may|might) also like|(?:related|recommended|trending|more)\b[^.]{0,60}|"
    r"leave a (?:comment|reply).{0,30}|(?:\d+ )?comments?|most (?:read|viewed|popular)|read (?:next|more)|"
    r"also read|see also|share this.{0,40}|adblock detected|.{0,40}all rights reserved.{0,40})\W*$"
)
# An appeal speaks to the reader and names what it sells; both together, in one paragraph, and nobody quoted.
_ASKING = r"(?i:please|sign up|subscribe|join|click|follow|download|support|help|see|get)\b"
_ASKS = re.compile(rf"\W*{_ASKING}")
# By its first signs, for which Python looks many times as fast as for a word's beginning.
_READER = re.compile(
    rf"[YyTt.!?](?:(?<=\b[Yy])(?i:ou(?:rs?)?)\b|(?<=\b[Tt])(?i:ell us)\b|(?<=[.!?])\s\W*{_ASKING})"
)
_WARES = re.compile(
    r"(?i)\b(?:newsletters?|inbox|subscri(?:be[rd]?|ption|bing)\w*|sign(?:ed|ing)? up|free trial|podcast|youtube|"
    r"(?:comments?|comment section) below|in the comments|share your (?:thoughts|views|opinion)|"
    r"(?:our|the) app|our (?:channel|page)|digital channel|breaking news alerts?|e-?mail alerts?|"
    r"membership|donat(?:e|ion)s?|click here|follow us|support our (?:work|journalism)|ad-?block\w*)\b"
)
_BYLINE = re.compile(
    r"""(?x) ^(?:
      (?i:(?:written|reported|edited|story|words|analysis|opinion|text)?\s*by:?)\s+(?:[A-Z“"'’][\w.’'\-]*|and|&|de|von|van|der|al|in|for|,|\||·|–|—|\s)+[\w.]*
    | [\w&.'’\ ]{0,30}\b[Ss]taff(?:\ (?i:writer|reporter|correspondent|editor))?(?:\ [A-Z][\w.'’-]+){1,4}
    | (?i:(?:first\ )?(?:published|updated|posted|last\ (?:updated|modified)|modified))\b.{0,80}
    | (?:(?i:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?(?:\d{1,2}\s+)?[A-Z][a-z]{2,8}\.?\s+(?:\d{1,2},?\s+)?\d{4}(?:\W.{0,40})?
    | \d{4}-\d\d-\d\d(?:\W.{0,40})?
    )$"""
)
_AUTHOR = re.compile(r"(?i)^by\s+\S.*[^.!?]$")  # counts above the first paragraph only
# Where the words may stand anywhere, the mark that must stand beside them is looked for first.
_CREDIT = re.compile(
    r"""(?xi) ^\W*(?:
      (?:sources?|via|with\ (?:material|reporting|information)\ from)\s*:?\s+\S.{0,160}
    | (?:additional\ )?(?:reporting|writing|editing|translation|graphics?|production)\ by\b.{0,200}
    | .{0,120}\bcontributed\ (?:reporting|to\ this\ (?:report|story|article))\b.{0,80}
    | (?:photo(?:graph)?|image|picture|featured\ image|illustration|video|file\ photo)s?\s*(?:credit|courtesy|by|:|/|\|).{0,160}
    | (?:credit|photo\ credit|image\ credit)s?\s*:.{0,120}
    | \(?(?:ap|reuters|afp|getty|epa)\ ?(?:photo|images?)?\s*/.{0,120}
    | (?=[^/]*+/)[^.!?]{1,60}\s*/\s*(?:pixabay|unsplash|pexels|shutterstock|i?stock(?:photo)?|getty(?:\ images)?|wikimedia(?:\ commons)?|flickr|afp|ap|epa|reuters)
    | (?=[^:]*+:).{0,300}\bphotos?\s*:.{0,100} | (?=[^(]*+\().{0,400}\((?:photo|image|picture|ap\ photo|[^()]{0,80}(?:getty\ images|shutterstock))\b[^()]{0,80}\)\.?
    )$"""
)
_CREDIT_NEEDS_COLON = re.compile(r"(?i)^\W*(?:sources?|via)\s+[^:]*$")
_OPENS_WITH_QUOTE = re.compile(r"^\s*[\"“„«‘]")
_ENDS_A_SENTENCE = re.compile(r"[.!?…:;,][\"”’'»)\]]*\s*$|[.!?…]?[”\"]\s*$")

LONGEST_SCRAP = 600  # characters; a longer line is no credit, byline or clutter
HEADING_WORDS = 20  # longer lines without a full stop are paragraphs that lost it
TITLE_WORDS = 30
DECK_WORDS = 30
BYLINE_WORDS = 15
PARAGRAPH_WORDS = 6


@dataclass
class _Line:
    start: int
    end: int
    text: str
    words: int
    kind: str | None = None


def classify_lines(text: str, title: str | None = None) -> list[_Line]:
    """The non-empty lines of `text`, each with its kind; `title` is the known title, where there is one."""
    lines = [_Line(a, b, text[a:b], count_words(text[a:b])) for a, b in _paragraph_spans(text)]
    for line in lines:
        line.kind = _kind_by_words(line)
    _mark_tail(lines)
    _mark_head(lines, title)
    _mark_headings(lines)
    _mark_deck(lines)
    return lines


_LINE = re.compile(r"\S(?:[^\n\r\u2028\u2029]*\S)?")
_LINES_UP_TO_A_GAP = re.compile(r"\S(?:(?!\r?\n[ \t]*\r?\n)[\s\S])*(?<=\S)")


def _paragraph_spans(text: str) -> list[tuple[int, int]]:
    """One paragraph a line, as on the web; in hard-wrapped text, the lines between two empty lines."""
    lines = [m.span() for m in _LINE.finditer(text)]
    followed = [(a, b) for (a, b), (c, _) in pairwise(lines) if text.count("\n", b, c) == 1]
    cut = [1 for a, b in followed if 50 <= b - a <= 100 and not _ENDS_A_SENTENCE.search(text[a:b])]
    if len(followed) >= 4 and len(cut) > 0.6 * len(followed):
        return [m.span() for m in _LINES_UP_TO_A_GAP.finditer(text)]
    return lines


def _kind_by_words(line: _Line) -> str | None:
    """Kinds that a line's own words give away; None where its place must decide."""
    if line.words == 0:
        return "boilerplate"
    if len(line.text) > LONGEST_SCRAP:
        return None
    if _CREDIT.match(line.text) and not _CREDIT_NEEDS_COLON.match(line.text):
        return "credit"
    if line.words <= 20 and _BYLINE.match(line.text):
        return "byline"
    if _OPENS_WITH_QUOTE.match(line.text):
        return None
    if line.words <= 45 and _CLUTTER.match(line.text):
        return "boilerplate"
    return "boilerplate" if line.words <= 60 and _is_appeal(line.text) else None


def _is_appeal(text: str) -> bool:
    unquoted = re.sub(r"[\"“][^\"”]*[\"”]", " ", text)
    speaks_to_reader = _ASKS.match(unquoted) or _READER.search(unquoted)
    return bool(speaks_to_reader and _WARES.search(unquoted))


def _mark_tail(lines: list[_Line]) -> None:
    """After the last paragraph, a tail marker makes clutter of the titles and scraps that follow it."""
    paragraphs = [i for i, x in enumerate(lines) if x.kind is None and _looks_like_paragraph(x)]
    in_tail = False
    for line in lines[paragraphs[-1] + 1 if paragraphs else 0 :]:
        in_tail = in_tail or (line.kind == "boilerplate" and bool(_TAIL.match(line.text)))
        if in_tail and line.kind is None:
            line.kind = "boilerplate"


def _looks_like_paragraph(line: _Line) -> bool:
    return line.words > HEADING_WORDS or (
        line.words >= PARAGRAPH_WORDS and bool(_ENDS_A_SENTENCE.search(line.text))
    )


def _mark_head(lines: list[_Line], title: str | None) -> None:
    """The lines above the first paragraph: title, byline, and a deck in sentence case.

    A headline is short and takes no full stop. Where the title is known and stands elsewhere, the first line is a deck.
    """
    above = [x for x in lines if x.kind != "boilerplate"]
    if above and above[0].kind is None and _looks_like_title(above[0], title):
        above[0].kind = "title" if title is None or _alike(above[0].text, title) else "deck"
        above = above[1:]
    for line in above:
        if line.kind is None and _looks_like_paragraph(line):
            return
        if line.kind is None and _AUTHOR.match(line.text) and line.words <= BYLINE_WORDS:
            line.kind = "byline"
        elif line.kind is None and line.words > 6 and not _title_case(_words(line.text)):
            line.kind = "deck"


def _looks_like_title(line: _Line, title: str | None) -> bool:
    known = title is not None and _plain(line.text) == _plain(title)
    return known or (line.words <= TITLE_WORDS and not re.search(r"[.:;,]\s*$", line.text))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_][\w’'-]*", text)


def _mark_headings(lines: list[_Line]) -> None:
    """A short line without closing punctuation heads the paragraph below it; above nothing, it is clutter."""
    below: str | None = None  # kind of the nearest line below that is neither heading nor undecided
    for line in reversed(lines):
        if line.kind is None and line.words <= HEADING_WORDS and _looks_like_heading(line.text):
            line.kind = "heading" if below in ("body", "byline", "heading", "credit") else "boilerplate"
        elif line.kind is None:
            line.kind = "body"
        if line.kind != "boilerplate" or below is None:
            below = line.kind


def _looks_like_heading(text: str) -> bool:
    if _OPENS_WITH_QUOTE.match(text) and _ENDS_A_SENTENCE.search(text):
        return False
    if not _ENDS_A_SENTENCE.search(text):
        return True
    words = _words(text)
    return text.rstrip().endswith("?") and (len(words) <= 4 or _title_case(words))


def _title_case(words: list[str]) -> bool:
    long = [w for w in words if len(w) > 3]
    return bool(long) and sum(w[0].isupper() for w in long) >= 0.8 * len(long)


def _mark_deck(lines: list[_Line]) -> None:
    """One short sentence before the story, set apart from it by a byline or by clutter, is the deck."""
    place = next((i for i, x in enumerate(lines[:-1]) if x.kind not in ("title", "boilerplate")), None)
    if place is None:
        return
    line, rest = lines[place], lines[place + 1 :]
    set_apart = rest[0].kind in ("byline", "boilerplate") and any(x.kind == "body" for x in rest)
    one_sentence = len(re.findall(r"[.!?]\W*(?:\s|$)", line.text)) <= 1
    if set_apart and one_sentence and line.kind in ("body", "heading") and line.words <= DECK_WORDS:
        line.kind = "deck"


def _alike(a: str, b: str) -> bool:
    """Whether half of the shorter text's words stand in the other: one headline in two versions."""
    words = sorted((set(_plain(a).split()), set(_plain(b).split())), key=len)
    return 2 * len(words[0] & words[1]) >= len(words[0])


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()
