"""Match what is said, letter by letter, to the phonemes a voice made of it: whose sound is where.

Knows nothing about audio. Voices merge words ("of the" is one group) and split them, so groups cannot be counted:
the cheapest alignment of letters with phonemes finds the word borders.
"""

import unicodedata
from collections.abc import Sequence

BORDER = "|"
PAUSES = frozenset(",.;:!?")
_MARKS = frozenset("ˈˌː^$_ʲ'")
_VOWEL_LETTERS = frozenset("aeiouy")
_VOWELS = frozenset("aeiouyɐɑɒæɔəɚɛɜɝɪɨʊʌᵻøœʏ")
_SOUNDS = {
    "b": "b", "c": "ksʃtʒ", "d": "dɾtʒ", "f": "fv", "g": "ɡgʒdj", "h": "hθðʃʒf", "j": "dʒjh", "k": "k", "l": "lɫ",
    "m": "m", "n": "nŋ", "p": "pf", "q": "k", "r": "ɹrɚɝɾ", "s": "szʃʒ", "t": "tɾʃθðd", "v": "v", "w": "wʍv",
    "x": "ksɡz", "y": "j", "z": "zsʒ", "o": "w", "u": "wj", "e": "j", "i": "j",
}  # fmt: skip
_SKIP_LETTER, _SKIP_PHONEME, _SKIP_BORDER, _SKIP_GAP, _SKIP_PAUSE = -0.3, -0.7, -0.6, -2.0, -0.4
_NEVER = -9.0


def match(said: Sequence[str], phonemes: Sequence[str]) -> list[tuple[int, int] | None]:
    """For each phrase its first and last (exclusive) phoneme; None where it has no sound of its own.

    Args:
        said: one phrase a written word; a phrase may be several words, or empty.
        phonemes: one code point each, with spaces, stress marks and pauses, as the voice lists them.
    """
    letters, owners = _letters(said)
    heard = [index for index, phoneme in enumerate(phonemes) if phoneme not in _MARKS]
    pairs = _align(letters, [phonemes[index] for index in heard])
    spans: list[tuple[int, int] | None] = [None] * len(said)
    for row, column in pairs:
        owner, place = owners[row], heard[column]
        if letters[row] == BORDER or letters[row] in PAUSES:
            continue
        first, last = spans[owner] or (place, place + 1)
        spans[owner] = (min(first, place), max(last, place + 1))
    return _close(spans, phonemes)


def _letters(said: Sequence[str]) -> tuple[list[str], list[int]]:
    letters: list[str] = []
    owners: list[int] = []
    for owner, phrase in enumerate(said):
        plain = "".join(
            mark for mark in unicodedata.normalize("NFD", phrase.lower()) if mark.isalpha() or mark in " -,.;:!?"
        )
        words = plain.replace("-", " ").split()
        for word in words:
            if letters:
                letters.append(BORDER)
                owners.append(owner)
            letters += word
            owners += [owner] * len(word)
    return letters, owners


def _close(spans: list[tuple[int, int] | None], phonemes: Sequence[str]) -> list[tuple[int, int] | None]:
    """Give phonemes between two words that nobody claimed to the word they touch: no gap without a space or pause."""
    known = [index for index, span in enumerate(spans) if span]
    closed = list(spans)
    previous_end, previous = 0, -1
    for index in known:
        span = closed[index]
        assert span is not None
        start = span[0]
        while start > previous_end and phonemes[start - 1] not in PAUSES and phonemes[start - 1] not in " ^$":
            start -= 1
        if previous >= 0 and start > previous_end:
            before = closed[previous]
            assert before is not None
            end = previous_end
            while end < start and phonemes[end] not in PAUSES and phonemes[end] not in " ^$":
                end += 1
            closed[previous] = (before[0], end)
        closed[index] = (start, max(span[1], start + 1))
        previous_end, previous = closed[index][1], index  # type: ignore[index]
    if previous >= 0:
        first, end = closed[previous]  # type: ignore[misc]
        while end < len(phonemes) and phonemes[end] not in PAUSES and phonemes[end] not in " ^$":
            end += 1
        closed[previous] = (first, end)
    return closed


def _align(letters: Sequence[str], phonemes: Sequence[str]) -> list[tuple[int, int]]:
    """Needleman-Wunsch: pairs of (letter, phoneme) on the best path."""
    rows, columns = len(letters), len(phonemes)
    drop = [_SKIP_GAP if sound == " " else _SKIP_PAUSE if sound in PAUSES else _SKIP_PHONEME for sound in phonemes]
    best = [0.0] * (columns + 1)
    for column in range(columns):
        best[column + 1] = best[column] + drop[column]
    steps: list[bytearray] = []
    for letter in letters:
        skip = _SKIP_BORDER if letter == BORDER else _SKIP_PAUSE if letter in PAUSES else _SKIP_LETTER
        row = [best[0] + skip]
        step = bytearray(columns + 1)
        scores = {sound: _score(letter, sound) for sound in set(phonemes)}
        for column, sound in enumerate(phonemes):
            both, up, left = best[column] + scores[sound], best[column + 1] + skip, row[column] + drop[column]
            if both >= up and both >= left:
                row.append(both)
                step[column + 1] = 2
            elif up >= left:
                row.append(up)
            else:
                row.append(left)
                step[column + 1] = 1
        best = row
        steps.append(step)
    return _walk(steps, rows, columns)


def _walk(steps: Sequence[bytearray], row: int, column: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    while row and column:
        step = steps[row - 1][column]
        if step == 2:
            row, column = row - 1, column - 1
            pairs.append((row, column))
        elif step == 1:
            column -= 1
        else:
            row -= 1
    return pairs[::-1]


def _score(letter: str, sound: str) -> float:
    if letter == BORDER:
        return 3.0 if sound == " " else _NEVER
    if letter in PAUSES:
        return 3.0 if sound == letter else 1.5 if sound in PAUSES else _NEVER
    if sound == " " or sound in PAUSES:
        return _NEVER
    if sound in _SOUNDS.get(letter, ""):
        return 2.0 if sound not in _VOWELS else 1.5
    if letter in _VOWEL_LETTERS and sound in _VOWELS:
        return 1.2 if letter == sound else 1.0
    return _NEVER
