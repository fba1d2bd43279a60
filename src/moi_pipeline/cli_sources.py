"""``moi sources``: thin commands over ``moi_pipeline.api``, in a module of their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moi_pipeline import completion

if TYPE_CHECKING:
    from moi_pipeline.adding import Entry
    from moi_pipeline.api import Moi
    from moi_pipeline.fetch.detect import Detection
    from moi_pipeline.fetch.trial import Trial

Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]
All = Annotated[bool, typer.Option("--all", "-a", help="The catalogue too.")]

sources = typer.Typer(
    invoke_without_command=True,
    no_args_is_help=False,
    rich_markup_mode=None,
    help="""List the sources of sources.toml with what is stored of each; add one; try one.

    \b
    Example:
      moi sources --json
      moi sources add https://www.trang.go.th/
      moi sources check trang""",
)


@sources.callback()
def _default(ctx: typer.Context, all_of_them: All = False, as_json: Json = False) -> None:
    if ctx.invoked_subcommand is None:
        list_sources(all_of_them=all_of_them, as_json=as_json)


@sources.command("list")
def list_sources(all_of_them: All = False, as_json: Json = False) -> None:
    """List the sources of sources.toml with what is stored of each.

    The catalogue's sources that are not enabled and of which nothing is stored are only counted; --all shows them.
    JSON has them all.

    \b
    Example:
      moi sources list --all
      moi sources list --json
    """
    from moi_pipeline import cli
    from moi_pipeline.show.status import print_sources, source_facts

    workspace = cli._workspace()
    facts = source_facts(workspace)
    if as_json:
        cli._print_json(facts)
        return
    shown = facts if all_of_them else [fact for fact in facts if not _slumbers(workspace, fact)]
    print_sources(shown, cli._console())
    if hidden := len(facts) - len(shown):
        print(f"and {hidden} of the catalogue, not enabled, nothing stored: moi sources --all")


def _slumbers(workspace: Moi, fact: dict[str, Any]) -> bool:
    """Is this a site of the shipped catalogue that nobody has used yet?"""
    from moi_pipeline.adding import shipped
    from moi_pipeline.store import segments

    used = fact["enabled"] or fact["kind"] == "files" or segments(workspace.raw / fact["source"])
    return not used and fact["source"] in shipped()


@sources.command()
def add(
    url: Annotated[str, typer.Argument(help="The site's front page, its news list, a feed, or one release.")],
    name: Annotated[str | None, typer.Option(help="The source's name (default: from the host).")] = None,
    rate: Annotated[
        float | None, typer.Option(min=0.01, help="Requests a second at most (default 1).")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask: write the entry.")] = False,
    as_json: Json = False,
) -> None:
    """Find out what kind of site an address is, show what can be read of it, and add it to sources.toml.

    \b
    Example:
      moi sources add https://www.trang.go.th/
      moi sources add https://trang.cdd.go.th/ --name trang-cdd --rate 0.5 --yes
    """
    from moi_pipeline import cli
    from moi_pipeline.adding import check_name, entry_facts, new_entry, write_entry

    asks = sys.stdin.isatty() and not as_json
    if not (yes or asks):
        raise typer.BadParameter(
            "nobody can be asked here: say --yes to have the entry written", param_hint="--yes"
        )
    workspace = cli._workspace()
    if name is not None:
        check_name(workspace, name)  # before anything is asked of the site
    with cli._counter("looking at the site"):
        found = workspace.detect(url, rate)
    entry = new_entry(workspace, found, name, rate)
    if not as_json:
        for line in _told(found, entry):
            print(line)
    if not yes and not typer.confirm("Add it?", default=True):
        print("nothing was written")
        raise typer.Exit(1)
    write_entry(workspace, entry)
    if as_json:
        cli._print_json(entry_facts(found, entry))
    else:
        print(f"added to sources.toml; next: moi fetch {entry.name}")


def _told(found: Detection, entry: Entry) -> Iterator[str]:
    guess = found.guesses[0]
    yield f"{found.url}: {guess.kind} ({'; '.join(guess.evidence)})"
    for sample in guess.samples:
        yield f"  {sample.published or 'no date':10}  {sample.title}"
    for other in found.guesses[1:]:
        yield f"It can be read as {other.kind} too: {other.options['url']} ({'; '.join(other.evidence)})"
    yield ""
    yield entry.text


@sources.command()
def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Sources (default: all that are enabled).", autocompletion=completion.sources),
    ] = None,
    enough: Annotated[
        int, typer.Option("--limit", min=0, help="New releases after which to stop (0: never).")
    ] = 10,
    as_json: Json = False,
) -> None:
    """Try sources: what would be fetched now, and what stands in the way. Nothing is stored.

    \b
    Example:
      moi sources check cdd-songkhla
      moi sources check --json
    """
    from moi_pipeline import cli

    workspace = cli._workspace()
    with cli._counter("trying"):
        trials = workspace.check_sources(*(names or ()), enough=enough)
    if as_json:
        cli._print_json([asdict(trial) for trial in trials])
    else:
        for trial in trials:
            for line in _trial_lines(trial):
                print(line)
    if all(trial.failed for trial in trials):
        raise typer.Exit(1)
    raise typer.Exit(0 if all(trial.fine for trial in trials) else 3)


def _trial_lines(trial: Trial) -> Iterator[str]:
    """What a trial found, without secrets and control characters."""
    from moi_pipeline.nightly.journal import harmless

    yield from map(harmless, _plain_lines(trial))


def _plain_lines(trial: Trial) -> Iterator[str]:
    more = ", and more: the trial stopped here" if trial.more else ""
    yield (
        f"{trial.source} ({trial.kind}, {trial.where}): {trial.listed} listed, {trial.new} new, "
        f"{trial.unchanged} unchanged in {trial.requests} requests{more}"
    )
    for sample in trial.samples:
        yield f"  {sample.published or 'no date':10}  {sample.title}"
    for problem in trial.problems:
        yield f"  problem: {problem}"
