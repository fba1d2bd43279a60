"""What a source lists and is not stored under that address: refused, failed, or another address of a release.

One small file a source, ``aside.jsonl`` beside its segments, that runs add to. Without it nothing is lost: the
addresses in it are only asked again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from moi_pipeline.errors import NotStored

FILE = "aside.jsonl"


@dataclass(frozen=True, slots=True)
class Aside:
    """One address: refused or failed for a reason, or ``of`` the release that is stored under another one."""

    url: str
    reason: str
    at: str  # when it first was so, ISO
    of: str | None = None
    title: str | None = None  # as listed, for what failed and is tried again
    published: str | None = None

    @property
    def since(self) -> datetime:
        return datetime.fromisoformat(self.at)


@dataclass(slots=True)
class Asides:
    """The addresses put aside of one source, by the name that its kind gives to addresses."""

    found: dict[str, Aside] = field(default_factory=dict)
    waiting: dict[str, Aside | None] = field(default_factory=dict)

    def add(self, name: str, aside: Aside) -> bool:
        """Put an address aside; False where it was so before, for the same reason."""
        before = self.found.get(name)
        if before and (before.reason, before.of) == (aside.reason, aside.of):
            return False
        self.found[name] = self.waiting[name] = aside
        return True

    def drop(self, name: str) -> None:
        """Take an address back: it is stored now."""
        if self.found.pop(name, None):
            self.waiting[name] = None

    def store(self, folder: Path) -> None:
        """Write what was added. Raises NotStored."""
        if not self.waiting:
            return
        lines = [
            json.dumps({"name": name} | (asdict(aside) if aside else {}), ensure_ascii=False)
            for name, aside in self.waiting.items()
        ]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / FILE).open("a", encoding="utf-8") as out:
                out.write("\n".join(lines) + "\n")
        except OSError as error:
            raise NotStored(
                f"can't write {folder / FILE}: {error.strerror}", "Free some space or mend the permissions."
            ) from error
        self.waiting.clear()


def read_asides(folder: Path) -> Asides:
    """The addresses put aside of a source. A line that can't be read is passed over."""
    asides = Asides()
    try:
        text = (folder / FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return asides
    for line in text.splitlines():
        try:
            said = json.loads(line)
            name = str(said.pop("name"))
            if said:
                aside = Aside(**said)
                if aside.since.tzinfo is None:
                    continue
                asides.found[name] = aside
            else:
                asides.found.pop(name, None)
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return asides
