"""The few errors that reach a person, each saying what to do next."""

from __future__ import annotations


class MoiError(Exception):
    """Something a person can mend: ``str()`` says what is wrong, ``hint`` what to do next."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class NoWorkspace(MoiError):
    """The folder is no workspace."""


class BadSettings(MoiError):
    """``sources.toml`` can't be read or says something that can't be; the message names the line."""


class UnknownTarget(MoiError):
    """A fetch target is no source's name, no file and no folder."""

    exit_code = 2


class NotAdded(MoiError):
    """A source that can't be added to ``sources.toml``: nothing detected, the name taken, or there already."""


class NotStored(MoiError):
    """The disk refused a write. Nothing half-written is left behind."""


class NoStore(MoiError):
    """The object store does not answer, knows no such bucket, refuses, or holds what it should not."""


class BadQuery(MoiError):
    """A view or a query that DuckDB refuses; the message names the file or the place."""


class BadCorrections(MoiError):
    """``corrections.csv`` can't be read or holds a line that says nothing; the message names the line."""


class NothingBuilt(MoiError):
    """There are no curated tables yet, or they are an older version's."""


class Busy(MoiError):
    """Another run holds the workspace's lock."""


class NoSuchArticle(MoiError):
    """No article has this id, or several begin with it."""


class NoSuchProgramme(MoiError):
    """No programme has this name, spelling or id."""

    exit_code = 2
