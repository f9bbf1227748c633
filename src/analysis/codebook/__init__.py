"""The codebook: what counts as what, read from YAML that a colleague without Python can dispute.

A folder holds frames.yml, stance.yml, sources.yml, verbs.yml, tone.yml and facts.yml, and may hold a persons.csv. A file it lacks is the general
codebook's; `extends: NAME` at a file's top takes over a shipped codebook's entries, and a code of the same name
then takes from it what it doesn't say itself (`also:` adds indicators to those taken over).
"""

from analysis.codebook.checking import Fault
from analysis.codebook.codes import (
    ACT,
    FAVOURABLE,
    POSITION_WORTH,
    REPORTS,
    SPEECH,
    SPELT,
    THOUGHT,
    UNFAVOURABLE,
    VERB_CLASSES,
    VERB_CONTENT,
    Code,
    Codebook,
    Fact,
    OfficeHolder,
    PersonEdit,
    Role,
    Target,
    Verb,
    indicators_of,
)
from analysis.codebook.entries import CodebookError
from analysis.codebook.loading import (
    PlacedIndicator,
    check_codebook,
    codebook_files,
    load_codebook,
    place_indicators,
    read_codebook,
)
from analysis.codebook.persons_file import PERSONS_FILE, place_persons

__all__ = [
    "ACT",
    "FAVOURABLE",
    "PERSONS_FILE",
    "POSITION_WORTH",
    "REPORTS",
    "SPEECH",
    "SPELT",
    "THOUGHT",
    "UNFAVOURABLE",
    "VERB_CLASSES",
    "VERB_CONTENT",
    "Code",
    "Codebook",
    "CodebookError",
    "Fact",
    "Fault",
    "OfficeHolder",
    "PersonEdit",
    "PlacedIndicator",
    "Role",
    "Target",
    "Verb",
    "check_codebook",
    "codebook_files",
    "indicators_of",
    "load_codebook",
    "place_indicators",
    "place_persons",
    "read_codebook",
]
