"""Named undertakings: projects, programmes, plans, policies, campaigns, agreements and systems."""

from __future__ import annotations

from moi_pipeline.thai.model import ProjectMention, Release
from moi_pipeline.thai.programmes import Trigger
from moi_pipeline.thai.project_forms import after_trigger, quoted_model
from moi_pipeline.thai.project_hits import find_hits, has_gloss, longest_programmes
from moi_pipeline.thai.project_merge import Candidate, settle


def find_projects(release: Release) -> list[ProjectMention]:
    """Every mention of a named undertaking, in the order of the text.

    Mentions of one undertaking under a full and a short name all carry the fuller ``name``; the span is the
    name as it stands there, without the trigger word and the quotation marks.
    """
    text = release.text
    hits = find_hits(text)
    named = longest_programmes(text, hits)
    candidates = [
        Candidate(start, end, programme.kind, programme, False)
        for start, (end, programme) in named.items()
        if programme.bare or (programme.glossed and has_gloss(text, end))
    ]
    for start, end, value in hits:
        if isinstance(value, Trigger):
            candidates.extend(after_trigger(text, start, end, value, named))
        elif isinstance(value, str):
            candidates.extend(quoted_model(text, start, end))
    return [
        ProjectMention(
            c.start, c.end, text[c.start : c.end], name, c.kind, c.programme.id if c.programme else None
        )
        for c, name in settle(text, release.title_end, candidates)
    ]
