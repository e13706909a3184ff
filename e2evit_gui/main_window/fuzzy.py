"""Find words by some of their letters: the commands that somebody means who types a few."""


def fuzzy_score(wanted: str, text: str) -> int | None:
    """Say how well ``text`` holds the letters of ``wanted`` in their order; ``None`` when it does not. Higher is better.

    Letters that follow each other and beginnings of words count more, a whole word that was typed most; gaps and long texts count
    less. Case and spaces do not matter.
    """
    letters = "".join(wanted.lower().split())
    lowered = text.lower()
    if not letters:
        return 0
    if len(letters) > len(lowered):
        return None
    best: int | None = None
    for start in (place for place, letter in enumerate(lowered) if letter == letters[0]):
        score = _from(letters, lowered, start)
        if score is not None and (best is None or score > best):
            best = score
    if best is not None and wanted.lower().strip() in lowered:
        best += 10 * len(letters)
    return None if best is None else best - len(text) // 8


def _from(letters: str, text: str, start: int) -> int | None:
    score, place, before = 0, start, start - 1
    for letter in letters:
        place = text.find(letter, place)
        if place < 0:
            return None
        begins_word = place == 0 or not text[place - 1].isalnum()
        follows = place == before + 1
        score += 3 + 6 * begins_word + 4 * (follows and place > start) - min(place - before - 1, 3)
        before = place
        place += 1
    return score
