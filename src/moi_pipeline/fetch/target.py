"""An address on the command line: the source that it means for one run, with ``sources.toml`` left as it is."""

from __future__ import annotations

from dataclasses import replace

from moi_pipeline.adding import name_for, source_at
from moi_pipeline.errors import UnknownTarget
from moi_pipeline.fetch.detect import same_address
from moi_pipeline.fetch.trial import CantReach, detect_site
from moi_pipeline.sources import Source
from moi_pipeline.workspace import Workspace

#: The source of single pages that are named by their address.
WEB = "web"


def source_of(workspace: Workspace, url: str) -> tuple[Source, str]:
    """The source that an address means, and a line that says so: an entry of ``sources.toml``, one page, or a site.

    Raises UnknownTarget where no releases can be read from the site.
    """
    sources = workspace.sources
    for source in sources.values():
        if source.enabled and same_address(str(source.options.get("url", "")), url):
            return source, f"{url} is the source {source.name!r} of sources.toml"
    page = Source(WEB, "page", options={"url": url})
    try:
        found = detect_site(workspace, url, most=1, sites_alone=True)
    except CantReach:
        # The run itself says why, and records it.
        return page, f"{url}: fetched as a single page, under the source {WEB!r}"
    if found.release:
        # Its page is at hand already: nothing is asked twice.
        return replace(page, given=found.answer), f"{url} is one release: fetched under the source {WEB!r}"
    if not found.guesses:
        raise UnknownTarget(
            f"no releases can be read from {url} by any kind of source",
            "Name the page that lists the news, or a release; or write an entry by hand into sources.toml.",
        )
    guess = found.guesses[0]
    why = "; ".join(guess.evidence)
    if there := source_at(sources, guess):
        return there, f"{url} is the source {there.name!r} of sources.toml ({guess.kind}: {why})"
    name = name_for(found.url, sources)
    told = f"{url} is fetched as a source {name!r} ({guess.kind}: {why}); sources.toml is unchanged"
    return Source(name, guess.kind, title=found.title, options=guess.options), (
        f"{told}, to keep it there: moi sources add {url}"
    )
