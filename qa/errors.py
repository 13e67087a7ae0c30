"""Errors a user can meet. Each message is one line: what is wrong, and what to do.

WenbaoError
├── UsageError          the question or the arguments cannot be used
├── ReadError           a file cannot be read as a report
│   ├── NotAReportError the file is readable text, but no government work report
│   └── FormatError     empty, binary, damaged or unknown format
├── HomeError           the data folder cannot be opened or written
├── GoldError           gold questions or a kept evaluation run cannot be used
├── IndexMismatchError  the index was made by another model or version
├── MissingExtraError   an optional package is not installed
├── LLMError            the language model could not be asked, or did not answer (qa.llm.errors)
└── ServeError          the page cannot be served at the address asked for
"""


class WenbaoError(Exception):
    """Base of all errors shown to the user."""


class UsageError(WenbaoError):
    """The question or the arguments cannot be used."""


class ReadError(WenbaoError):
    """A file cannot be read as a report."""


class NotAReportError(ReadError):
    """Readable text, but no government work report."""


class FormatError(ReadError):
    """Empty, binary, damaged, or a format that is not supported."""


class HomeError(WenbaoError):
    """The data folder cannot be opened or written."""


class GoldError(WenbaoError):
    """Gold questions or a kept evaluation run cannot be used."""


class IndexMismatchError(WenbaoError):
    """The index was made by another model or version."""


class MissingExtraError(WenbaoError):
    """An optional package is not installed."""


class ServeError(WenbaoError):
    """The page cannot be served at the address asked for."""
