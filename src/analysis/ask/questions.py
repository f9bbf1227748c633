"""Everything that a notebook can ask of a study; each question gives a comparison."""

from __future__ import annotations

from analysis.ask import (
    about_agency,
    about_all,
    about_chance,
    about_coding,
    about_corpus,
    about_coverage,
    about_dependence,
    about_events,
    about_frames,
    about_front,
    about_plan,
    about_reuse,
    about_robustness,
    about_sources,
    about_stance,
    about_strips,
    about_tone,
)
from analysis.ask.material import Material


class Questions(Material):
    """The questions, by theme. To add one: write it in the module of its theme and name it here."""

    articles = about_corpus.articles
    text_amounts = about_corpus.text_amounts
    dates = about_corpus.dates
    page_parts = about_corpus.page_parts
    account = about_corpus.account
    files_left_out = about_corpus.files_left_out
    missing_texts = about_corpus.missing_texts

    agreement_on_codes = about_coding.agreement
    coders_compared = about_coding.coders
    coders_by_code = about_coding.coders_by_code
    agreement_on_frames = about_coding.agreement_on_frames
    agreement_on_stance_and_tone = about_coding.agreement_on_stance_and_tone
    indicators = about_coding.indicators
    quote_agreement = about_coding.quote_agreement
    quotes_in_error = about_coding.quotes_in_error
    rules = about_coding.rules
    behaviour = about_coding.behaviour
    confusions = about_coding.confusions
    machine_disagreements = about_coding.machine_disagreements

    frames = about_frames.frames
    frame_voices = about_frames.frame_voices

    violence = about_agency.violence
    decisions = about_agency.decisions
    acting = about_agency.acting
    unnamed = about_agency.unnamed
    namings = about_agency.namings

    tone = about_tone.tone
    mean_tone = about_tone.mean_tone_by_voice
    actors = about_tone.actors
    word_shift = about_tone.word_shift

    positions = about_stance.positions
    net_stance = about_stance.net_stance_of_all
    net_stance_by_voice = about_stance.net_stance_by_voice
    other_targets = about_stance.other_targets
    holders = about_stance.holders

    what_is_reported = about_sources.what_is_reported
    roles = about_sources.roles
    source_kinds = about_sources.source_kinds_heard
    experts = about_sources.experts
    expert_kinds = about_sources.expert_kinds
    expert_standing = about_sources.expert_standing
    sides = about_sources.sides
    source_diversity = about_sources.source_diversity
    source_evenness = about_sources.source_evenness
    verbs = about_sources.verbs
    heard_first = about_sources.heard_first
    sources_in_common = about_sources.sources_in_common
    refusals = about_sources.refusals

    utterances = about_reuse.utterances
    utterance_pairs = about_reuse.utterance_pairs
    passages = about_reuse.passages
    overlap = about_reuse.overlap
    follows = about_dependence.follows
    credited = about_dependence.credited
    own_share = about_dependence.own_share
    own_articles = about_dependence.own_articles
    words = about_reuse.words
    certain_words = about_reuse.certain_words

    side_by_side = about_events.side_by_side
    points = about_events.points
    points_side_by_side = about_events.points_side_by_side
    coverage_matrix = about_coverage.coverage_matrix
    omissions = about_coverage.omissions
    told_facts = about_coverage.told_facts

    front_page = about_front.front_page
    reading_strips = about_strips.reading_strips
    course = about_strips.course
    coding_plan = about_plan.coding_plan
    frames_by_chance = about_chance.frames_by_chance
    tone_by_chance = about_chance.tone_by_chance
    stance_by_chance = about_chance.stance_by_chance
    sources_by_chance = about_chance.sources_by_chance
    words_by_chance = about_chance.words_by_chance

    profile = about_all.profile
    limits = about_all.limits
    robustness = about_robustness.robustness
