"""The question map: a question's vector turned towards the sentences that answer such questions.

The built-in sentence model puts all of a report into one narrow cone (cosines of 0.80 to 0.95) and was never shown
that 老百姓的腰包 asks for 居民人均可支配收入. A linear map of the question's vector, fitted on questions whose answers
are known (``eval/fit_question_map.py``), mends much of both, at the price of one product of a vector and a matrix.
Vectors of sentences stay as they are, so no home needs to be made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from embeddings.encoder import BUILTIN_SPEC, ModelSpec

MAP_FILE = Path(__file__).parent / "data" / "question_map.npz"


@dataclass(frozen=True, eq=False)
class QuestionMap:
    """q → normalised (q + q·turn + shift).

    turn: (d, d) float32; shift: (d,) float32. level, scale: a cosine c of a turned question is told as
    level + scale·c, which has the mean and the spread, over the sentences of a report, of cosines without a map.
    """

    turn: np.ndarray
    shift: np.ndarray
    level: float
    scale: float

    def turned(self, vectors: np.ndarray) -> np.ndarray:
        """Vectors of questions (n, d), normalised, each turned and normalised again."""
        moved = vectors + vectors @ self.turn + self.shift
        return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True))

    def cosines(self, question: np.ndarray, sentences: np.ndarray) -> np.ndarray:
        """How near each sentence (n, d), normalised, is to a question (d,), on the scale of plain cosines."""
        return np.asarray(self.level + self.scale * (sentences @ self.turned(question[None])[0]))

    def save(self, path: Path) -> None:
        """Write the map, 16 bits a number: 0.3 MB for 384 dimensions."""
        turn, shift = self.turn.astype(np.float16), self.shift.astype(np.float16)
        with path.open("wb") as file:
            np.savez_compressed(file, turn=turn, shift=shift, level=self.level, scale=self.scale)


def load(path: Path = MAP_FILE) -> QuestionMap:
    """The map stored in a file. Raises OSError or ValueError when there is none."""
    with np.load(path, allow_pickle=False) as stored:
        turn, shift = (stored[name].astype(np.float32) for name in ("turn", "shift"))
        return QuestionMap(turn, shift, float(stored["level"]), float(stored["scale"]))


@lru_cache(maxsize=1)
def _fitted() -> QuestionMap:
    return load()


def question_map(spec: ModelSpec) -> QuestionMap | None:
    """The map fitted for a sentence model; None for all but the built-in one, whose questions stay as they are."""
    return _fitted() if spec == BUILTIN_SPEC else None
