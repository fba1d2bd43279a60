"""A task whose worker does not see the workspace's folder: the raw row group is read from the object store,
and the extracted segment is written to it."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pyarrow as pa

from moi_pipeline.extract.engine import Result, Task
from moi_pipeline.remote.objects import open_objects
from moi_pipeline.remote.where import Place
from moi_pipeline.store import read_captures, write_segment


def run_stored(place: Place, data: Path, task: Task) -> Result:
    """As ``engine.run_task``, on objects. ``data`` is the folder of whoever planned, to which its paths belong."""
    from moi_pipeline.extract.record import extract_batch

    objects = open_objects(place)
    key = task.segment.relative_to(data).as_posix()
    try:
        with objects.open(key) as source:
            captures = list(read_captures(task.segment, task.row_group, task.wanted, source))
    except (OSError, pa.ArrowException) as error:
        return Result(task, {}, broken=str(error))
    table = extract_batch(captures)
    with tempfile.TemporaryDirectory() as scratch:
        written = write_segment(Path(scratch), table)
        objects.put(written, (task.folder / written.name).relative_to(data).as_posix())
    return Result(
        task, dict(Counter(table.column("outcome").to_pylist())), written=task.folder / written.name
    )
