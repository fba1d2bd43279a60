"""The data folder as the cache of an object store: what a run must have is pulled, what it stored is pushed.

Segments are immutable and named uniquely, so copying what is missing is all there is to it: no machine can overwrite
another's. Of the few files that grow (records of runs, addresses put aside) the longer one is the newer. What a run
merged or set aside here is deleted there at the end of the run, after what replaces it was put.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from moi_pipeline.errors import NoStore
from moi_pipeline.extract.fingerprint import fingerprint
from moi_pipeline.remote.builds import AT_ONCE, clear_pulls, pull_build, push_build, read_manifest
from moi_pipeline.remote.objects import AGAIN, Objects, open_objects
from moi_pipeline.remote.where import Place
from moi_pipeline.store import BROKEN, SUMMED, BrokenSegment, file_sum, salvage, set_aside

RAW, EXTRACTED, RUNS = "raw", "extracted", "runs"
#: What a run of each command needs; the others need all.
NEEDS = {"fetch": (RAW, RUNS)}
ALL = (RAW, EXTRACTED, RUNS)
_FOLDER = r"(?:raw/[a-z0-9][a-z0-9_-]{0,63}|extracted/[0-9a-f]{16})"
_SEGMENT = re.compile(rf"{_FOLDER}/[A-Za-z0-9_-][^/\\]*\.parquet(?:\{BROKEN})?\Z")
_GROWS = re.compile(r"(?:raw/[a-z0-9][a-z0-9_-]{0,63}/aside\.jsonl|runs/[A-Za-z0-9_-]+\.json)\Z")
#: A store from which objects vanish while they are copied is asked again so often: another machine may be merging.
_TRIES = 3


class Mirror:
    """One workspace's cache, and the store behind it."""

    def __init__(self, place: Place, data: Path) -> None:
        self.place, self.data = place, data
        #: Segments that the store has broken, found by their checksums as they were pulled.
        self.broken: list[BrokenSegment] = []
        self._held: dict[str, int] = {}
        self._stages: tuple[str, ...] = ()

    @property
    def objects(self) -> Objects:
        return open_objects(self.place)

    def begin(self, what: str) -> None:
        """Pull what a run of this command needs. Raises NoStore, NotStored."""
        self._stages = NEEDS.get(what, ALL)
        self._held = self.pull(*self._stages)
        if EXTRACTED in self._stages:
            clear_pulls(self.data / "curated")
            self.pull_build(steps=True)
        self._finish_merges()

    def end(self) -> None:
        """Push what is not in the store yet, the build's manifest last; then delete there what went here."""
        here = self._here(self._stages)
        for stage in self._stages:
            for key, size in here.items():
                if key.startswith(f"{stage}/") and self._held.get(key) != size:
                    self._mend(key, size)
        if EXTRACTED in self._stages:
            published = push_build(self.objects, self.data / "curated")
            if published:
                for key in self.objects.list(EXTRACTED):
                    if not key.startswith(f"{EXTRACTED}/{fingerprint()}/"):
                        self.objects.delete(key)
        for key in self._held.keys() - here.keys():
            if _SEGMENT.match(key) and not self._whole_there(key):
                self.objects.delete(key)

    def pull(self, *stages: str) -> dict[str, int]:
        """Copy what the store has of these stages and the cache lacks; returns sizes by key. Raises NoStore."""
        for _ in range(_TRIES):
            there = {
                key: about.size
                for stage in stages
                for key, about in self.objects.list(self._prefix(stage)).items()
                if _SEGMENT.match(key) or _GROWS.match(key)
            }
            folded = self._folded() if RUNS in stages else set()
            wanted = [key for key, size in there.items() if key not in folded and self._lacks(key, size)]
            try:
                with ThreadPoolExecutor(AT_ONCE) as pool:
                    list(pool.map(self._get, wanted))
            except FileNotFoundError:
                continue
            return there
        raise NoStore(f"{self.place}: objects vanish while they are copied", AGAIN)

    def pull_build(self, steps: bool = False) -> None:
        """Have the store's tables here, see ``builds.pull_build``."""
        pull_build(self.objects, self.data / "curated", steps)

    def published(self) -> str | None:
        """The name of the build that the store's manifest names; None where nothing was published. Raises NoStore."""
        self.objects.list("curated")  # tells a bucket that is not there from one that is empty
        manifest = read_manifest(self.objects)
        return manifest.build if manifest else None

    def push(self, path: Path) -> None:
        """Put a file of the cache: after this it is stored for every machine. Raises NoStore."""
        key = path.relative_to(self.data).as_posix()
        self._held[key] = self.objects.put(path, key)

    def settle(self, path: Path) -> None:
        """Have a task's result in both places, wherever it was written. Raises NoStore."""
        if path.exists():
            self.push(path)
        else:
            key = path.relative_to(self.data).as_posix()
            try:
                self._get(key)
            except FileNotFoundError as error:
                raise NoStore(f"{self.place}: {key} was written and is not there", AGAIN) from error
            self._held[key] = path.stat().st_size

    def take_broken(self) -> list[str]:
        """What was found broken since this was asked last, a line each."""
        told = [f"{b.path}: {b.why} (kept as {b.kept_as.name})" for b in self.broken]
        self.broken.clear()
        return told

    def verify(self) -> Iterator[tuple[str, str]]:
        """Every object of a segment against the checksum in its name: keys, and what is wrong. Raises NoStore."""
        for stage in (RAW, EXTRACTED):
            for key in self.objects.list(stage):
                if _SEGMENT.match(key) and not key.endswith(BROKEN):
                    try:
                        if self._sum(key) not in (None, _told(key)):
                            yield key, "its bytes are not those that were written"
                    except FileNotFoundError:
                        continue  # merged meanwhile

    def _prefix(self, stage: str) -> str:
        # Records of other versions of moi are no use here.
        return f"{EXTRACTED}/{fingerprint()}" if stage == EXTRACTED else stage

    def _here(self, stages: tuple[str, ...]) -> dict[str, int]:
        found = {}
        for stage in stages:
            for path in sorted((self.data / self._prefix(stage)).rglob("*")):
                key = path.relative_to(self.data).as_posix()
                if _SEGMENT.match(key) or _GROWS.match(key):
                    found[key] = path.stat().st_size
        return found

    def _lacks(self, key: str, size: int) -> bool:
        path = self.data / key
        return not path.exists() or bool(_GROWS.match(key) and path.stat().st_size < size)

    def _folded(self) -> set[str]:
        """Records of runs that this machine has in a year's file already."""
        names = set()
        for path in (self.data / RUNS).glob("[!.]*.jsonl"):
            text = path.read_text(encoding="utf-8", errors="replace")
            names.update(re.findall(r'"run_id":"([A-Za-z0-9_-]+)"', text))
        return {f"{RUNS}/{name}.json" for name in names}

    def _get(self, key: str) -> None:
        path = self.data / key
        for _ in range(2):  # what a network hurt comes whole the second time
            self.objects.get(key, path)
            if _told(key) in (None, file_sum(path)):
                return
        salvage(path)
        self.broken.append(set_aside(path, "its bytes in the store are not those that were written"))

    def _finish_merges(self) -> None:
        """What another machine merged since is still here in parts: remove those, lest they are put again."""
        from moi_pipeline.nightly.compact import finish

        folders = {(self.data / key).parent for key in self._here(self._stages).keys() - self._held.keys()}
        for folder in sorted(folders - {self.data / RUNS}):
            finish(folder)

    def _mend(self, key: str, size: int) -> None:
        """Put what the store lacks, or has in another size than what is whole here."""
        path = self.data / key
        if _GROWS.match(key):
            if size > self._held.get(key, -1):
                self.push(path)
        elif key not in self._held or _told(key) == file_sum(path):
            self.push(path)

    def _whole_there(self, key: str) -> bool:
        """A segment set aside here may be whole in the store: then it comes back."""
        path = self.data / key
        kept = path.with_name(path.name + BROKEN)
        if not kept.exists() or self._sum(key) != _told(key):
            return False
        self._get(key)
        kept.unlink()
        self.objects.delete(f"{key}{BROKEN}")
        return True

    def _sum(self, key: str) -> str | None:
        """The checksum of an object; None where its name tells none."""
        if _told(key) is None:
            return None
        found = 0
        for block in self.objects.blocks(key):
            found = zlib.crc32(block, found)
        return f"{found:08x}"


def _told(key: str) -> str | None:
    """The checksum that a segment's name tells of the whole file."""
    told = SUMMED.match(key.rpartition("/")[2])
    return told[2] if told else None
