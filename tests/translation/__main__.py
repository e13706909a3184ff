"""Bring the translations up to date: ``python -m tests.translation [LANGUAGE ...]``.

Finds every text of the window, writes ``resources/translations/e2evit_LANGUAGE.ts`` (translations stay, texts that are gone go),
compiles it to the .qm file that the window reads, and lists what has no translation yet. Without a language: all that are there.
"""

import sys

from tests.translation.sources import find_sources
from tests.translation.ts_file import FOLDER, compile_ts, read_ts, write_ts


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    languages = sys.argv[1:] or sorted(path.stem.removeprefix("e2evit_") for path in FOLDER.glob("*.ts"))
    sources, missing = find_sources(), 0
    for language in languages:
        path = FOLDER / f"e2evit_{language}.ts"
        lacking = write_ts(path, sources, read_ts(path) if path.is_file() else {}, language)
        compile_ts(path)
        print(f"{path.name}: {sum(map(len, sources.values()))} texts, {len(lacking)} of them without a translation")
        for context, text in lacking:
            print(f"  {context}: {text}")
        missing += len(lacking)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
