"""The search index of a build: made of the published tables, with all that is unchanged taken from the build before.

It lies in the build's own folder and is published with the tables. Its files are Tantivy's, which writes each
once: those of the last build are linked into the new one, so a night's few hundred articles cost no more
than themselves.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moi_pipeline.search.fold import fold
from moi_pipeline.search.rank import Article

if TYPE_CHECKING:
    import duckdb
    import tantivy

FOLDER = "search"
#: Which articles the index holds, and a hash of what it holds of each.
HELD = "held.parquet"
#: Says by what the index was made: another version's is not gone on with, nor asked.
MARK = "index.json"
#: Counts up with every change of folding, of fields or of what is stored.
FORMAT = 2
#: Letters of a gram. Folded Thai words have four to eight letters; two letters tell little apart.
GRAM = 3
#: Stands after a text, so that its last two letters begin grams too.
PAD = "\x01\x01"
_HEAP = 128 << 20
_BATCH = 500
#: A build indexes so many articles at most: more would hold up the tables, and wait for the first search.
MOST = 20_000

#: One row an article: what is searched and what is shown of it. Names are those that curation settled on.
_ROWS = """
    SELECT a.article_id, a.title, a.{text}, a.url, a.source, coalesce(a.event_from, a.published_at) AS day,
        a.province, a.province_code, a.duplicate_of, coalesce(n.names, []) AS names
    FROM ({articles}) AS a
    LEFT JOIN (
        SELECT article_id, list_sort(list(DISTINCT name)) AS names FROM ({names}) WHERE {wanted} GROUP BY ALL
    ) AS n ON n.article_id = a.article_id
"""
#: The rows of the articles to be indexed, by their places: joined over their key, all texts would be read.
_NEW = "FROM articles WHERE rowid IN (SELECT rowid FROM articles SEMI JOIN _new USING (article_id))"
_NEW_NAMES = "name IS NOT NULL AND article_id IN (SELECT article_id FROM _new)"
#: Where names come from, and the tables that each needs: a workspace may have other views than ours.
_NAMES = (
    (("officials",), "SELECT article_id, full_name AS name FROM officials"),
    (("projects",), "SELECT article_id, name FROM projects"),
    (
        ("officials", "persons"),
        "SELECT o.article_id, p.full_name FROM officials AS o JOIN persons AS p USING (person_id)",
    ),
    (
        ("projects", "programmes"),
        "SELECT o.article_id, p.name FROM projects AS o JOIN programmes AS p USING (programme_id)",
    ),
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """How many articles were indexed anew, and how many wait for the first search as they are too many."""

    articles: int = 0
    waiting: int = 0


@cache
def mark() -> dict[str, Any]:
    """By what an index is made."""
    from importlib.metadata import version

    return {"format": FORMAT, "tantivy": version("tantivy")}


def write_index(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    before: Path,
    told: Callable[[int, int], None] | None = None,
    most: int | None = None,
) -> Indexed:
    """Write the index of the tables that ``con`` sees into ``folder``.

    ``before`` is the index of the last build, which may be missing; ``told`` hears how many are done, and of how many.
    Where more than ``most`` are to be indexed, none is, and no folder is made: they wait. Raises OSError where the disk
    refuses.
    """
    there = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "articles" not in there:
        return Indexed()
    ((there_are,),) = con.execute("SELECT count(*) FROM articles").fetchall()
    if most is not None and there_are > most and not is_ours(before):
        return Indexed(waiting=there_are)
    names = [sql for needs, sql in _NAMES if there.issuperset(needs)]
    named = " UNION ALL ".join(names) or "SELECT '' AS article_id, NULL AS name"
    rows = partial(_ROWS.format, names=named)
    # The texts' own hashes are told by the tables: to read and hash a hundred thousand texts takes seconds a night.
    known = con.execute(
        "SELECT 1 FROM duckdb_columns() WHERE table_name = 'articles' AND column_name = 'content_sha256'"
    ).fetchall()
    told_by = rows(
        text="content_sha256" if known else "text", articles="FROM articles", wanted="name IS NOT NULL"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE _held AS SELECT r.article_id, hash(r) AS content FROM ({told_by}) AS r"
    )
    gone = _compared(con, before)
    ((new,),) = con.execute("SELECT count(*) FROM _new").fetchall()
    if most is not None and new > most:
        con.execute("DROP TABLE _held; DROP TABLE _new")
        return Indexed(waiting=new)
    folder.mkdir()
    _take_over(before, folder)
    try:
        index = _open_to_write(folder)
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        for article in gone:
            writer.delete_documents_by_term("article_id", article)
        count = 0
        for document in _documents(con, rows(text="text", articles=_NEW, wanted=_NEW_NAMES)):
            writer.add_document(document)
            count += 1
            if told and count % _BATCH == 0:
                told(count, new)
        writer.commit()
        writer.wait_merging_threads()
    except ValueError as error:  # Tantivy has one name for all that can go wrong; here it is the disk
        raise OSError(f"the search index: {error}") from error
    con.execute(f"COPY _held TO {_quoted(folder / HELD)} (FORMAT parquet)")
    con.execute("DROP TABLE _held; DROP TABLE _new")
    (folder / MARK).write_text(json.dumps(mark()), encoding="utf-8")
    # Tantivy lets none but the owner read some of its files; a colleague may read these as the tables.
    mode = stat.S_IMODE((folder / MARK).stat().st_mode)
    for path in folder.iterdir():
        path.chmod(mode)
    return Indexed(count)


def hand_on(before: Path, folder: Path) -> bool:
    """Take over the last build's index as it is, for tables that are the same; False where there is none of ours."""
    if not is_ours(before):
        return False
    folder.mkdir()
    _take_over(before, folder)
    for name in (HELD, MARK):
        os.link(before / name, folder / name)
    return True


def _compared(con: duckdb.DuckDBPyConnection, before: Path) -> list[str]:
    """Make the table ``_new`` of what the last build's index does not hold as it is; tells what of it is no more."""
    con.execute("CREATE OR REPLACE TEMP TABLE _new AS SELECT article_id FROM _held")
    if not is_ours(before):
        return []
    was = f"read_parquet({_quoted(before / HELD)})"
    con.execute(f"CREATE OR REPLACE TEMP TABLE _new AS SELECT article_id FROM (FROM _held EXCEPT FROM {was})")
    gone = con.execute(f"SELECT article_id FROM (FROM {was} EXCEPT FROM _held)").fetchall()
    return [article for (article,) in gone]


def _take_over(before: Path, folder: Path) -> None:
    """Give the files of the last build's index to the new one, if they are of our making."""
    if not is_ours(before):
        return
    for path in before.iterdir():
        if path.name == "meta.json" or path.name.startswith("."):
            # Tantivy puts new ones in their places; a link's file stays as it was, a copy is on the safe side.
            if not path.name.endswith(".lock"):
                shutil.copy(path, folder)
        elif path.name not in (HELD, MARK):
            os.link(path, folder / path.name)


def is_ours(folder: Path) -> bool:
    """Is there an index that this version made?"""
    try:
        found = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(found == mark()) and (folder / HELD).is_file()


def _documents(con: duckdb.DuckDBPyConnection, rows: str) -> Iterator[tantivy.Document]:
    import tantivy

    answer = con.execute(rows)
    while batch := answer.fetchmany(_BATCH):
        for article, title, text, url, source, day, province, code, same_as, names in batch:
            document = tantivy.Document()
            document.add_text("article_id", article)
            document.add_text("body", fold(text) + PAD + "".join(fold(name) + PAD for name in names))
            document.add_text("title", fold(title or "") + PAD)
            document.add_text("names", "".join(fold(name) + PAD for name in names))
            document.add_text("province", code or "")
            document.add_unsigned("day", int(f"{day:%Y%m%d}") if day else 0)
            shown = Article(
                article, title or "", url, source, day and f"{day}", province, code, same_as, names, text
            )
            document.add_bytes("article", shown.pack())
            yield document


def _open_to_write(folder: Path) -> tantivy.Index:
    import tantivy

    fields = tantivy.SchemaBuilder()
    fields.add_text_field("article_id", tokenizer_name="raw", index_option="basic")
    for name in ("body", "title", "names"):
        fields.add_text_field(name, tokenizer_name="grams", index_option="freq")
    fields.add_text_field("province", tokenizer_name="raw", index_option="basic")
    fields.add_unsigned_field("day", indexed=True)
    fields.add_bytes_field("article", stored=True, indexed=False)
    index = tantivy.Index(fields.build(), path=str(folder))
    grams = tantivy.Tokenizer.ngram(min_gram=GRAM, max_gram=GRAM, prefix_only=False)
    index.register_tokenizer("grams", tantivy.TextAnalyzerBuilder(grams).build())
    return index


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
