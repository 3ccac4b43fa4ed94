"""One tree of errors. Every error says in one Chinese sentence what is wrong and what to do about it."""

from __future__ import annotations


class ReportMinerError(Exception):
    """Base of all errors that a user may see.

    ``error`` is one Chinese sentence, ``fix`` what to do. Picklable, so that workers can return it.
    """

    def __init__(self, error: str, fix: str = "") -> None:
        super().__init__(error, fix)
        self.error = error
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.error} {self.fix}".strip()


class UnreadableFile(ReportMinerError):
    """A file that cannot be read as a report: broken, encrypted, empty or of a format not supported."""


class NoInput(ReportMinerError):
    """No readable report was given."""


class OutputNotWritable(ReportMinerError):
    """The output folder cannot be written."""


class LexiconError(ReportMinerError):
    """A lexicon row is wrong; the message names file and line."""


class BadOption(ReportMinerError):
    """A command-line option or argument cannot be used."""


class ModelError(ReportMinerError):
    """A trained model is missing, damaged, or made for another version."""


class StoreError(ReportMinerError):
    """The store cannot be opened, read or written."""


class StoreConflict(StoreError):
    """Somebody else changed the same thing in the meantime; nothing was written."""


class NoSuchThing(StoreError):
    """A project, job or other thing that the store does not hold (any more)."""


class Interrupted(ReportMinerError):
    """The user stopped a run; what was read is kept."""
