"""Find every text of the window that is to be translated, with its context.

``lupdate`` sees ``self.tr("…")`` only: not the functions of modules without a QObject (``_tr``, ``tr``), and not words that come
from elsewhere (labels of options, states of runs). So the program's own source is read here: every call with a literal, by its
context; modules whose calls have a variable are listed in ``FROM_ELSEWHERE`` with all that it can be, and others are an error.
"""

import ast
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import e2evit_gui
import e2evit_model
from e2evit_model.options import Options, describe

ROOT = Path(e2evit_gui.__file__).parent

Sources = dict[str, set[str]]
"""Texts by context."""


class UnknownWordsError(Exception):
    """A call whose text is neither a literal nor listed."""


def find_sources() -> Sources:
    """Return all texts of the window by context.

    Raises
    ------
    UnknownWordsError
        When a text comes from a variable and nobody says what it can be.
    """
    found: Sources = {}
    contexts = _contexts_of_functions()
    for path in sorted(ROOT.rglob("*.py")):
        module = _module_of(path)
        for call, context in _calls(ast.parse(path.read_text(encoding="utf-8")), module, contexts):
            literals = _literals(call.args[-1])
            if literals:
                found.setdefault(context, set()).update(literals)
            elif module not in FROM_ELSEWHERE:
                raise UnknownWordsError(f"{path.relative_to(ROOT.parent)}:{call.lineno}: {ast.unparse(call)}")
    for context, words in (pair for pairs in FROM_ELSEWHERE.values() for pair in pairs()):
        found.setdefault(context, set()).update(one for one in words if one.strip())
    return {context: texts for context, texts in sorted(found.items()) if texts}


def _literals(text: ast.expr) -> set[str]:
    """Return the texts that an argument can be, where all of them stand there."""
    if isinstance(text, ast.IfExp):
        both = _literals(text.body), _literals(text.orelse)
        return both[0] | both[1] if all(both) else set()
    return {text.value} if isinstance(text, ast.Constant) and isinstance(text.value, str) else set()


def _module_of(path: Path) -> str:
    return ".".join((ROOT.name, *path.relative_to(ROOT).with_suffix("").parts))


def _contexts_of_functions() -> dict[tuple[str, str], str]:
    """Return the contexts of functions like ``_tr`` by (module, name)."""
    found = {}
    for path in ROOT.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name in ("tr", "_tr"):
                calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
                context = next(one.args[0] for one in calls if ast.unparse(one.func).endswith("translate"))
                assert isinstance(context, ast.Constant)
                found[_module_of(path), node.name] = str(context.value)
    return found


def _calls(tree: ast.Module, module: str, contexts: dict[tuple[str, str], str]) -> Iterator[tuple[ast.Call, str]]:
    """Yield every call that translates, with its context."""
    names = {name: context for (where, name), context in contexts.items() if where == module}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for one in node.names:
                if (node.module or "", one.name) in contexts:
                    names[one.asname or one.name] = contexts[node.module or "", one.name]
    yield from _calls_in(tree, "", names)


def _calls_in(node: ast.AST, owner: str, names: dict[str, str]) -> Iterator[tuple[ast.Call, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef) and child.name in ("tr", "_tr"):
            continue
        inside = child.name if isinstance(child, ast.ClassDef) else owner
        if isinstance(child, ast.Call):
            said = ast.unparse(child.func)
            if said == "self.tr":
                yield child, inside
            elif said.endswith(".tr"):
                raise UnknownWordsError(f"{ast.unparse(child)}: the context is another's; write self.tr, or a function")
            elif said in names:
                yield child, names[said]
            elif said == "QCoreApplication.translate":
                context = child.args[0]
                assert isinstance(context, ast.Constant)
                yield child, str(context.value)
        yield from _calls_in(child, inside, names)


# words from elsewhere


def _all_options() -> list[type[Options]]:
    for package in (e2evit_model, e2evit_gui):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    found, new = [], [Options]
    while new:
        below = [one for kind in new for one in kind.__subclasses__() if one.__module__.startswith("e2evit_")]
        found += below
        new = below
    return found


def _of_fields() -> Iterator[tuple[str, Iterable[str]]]:
    from e2evit_gui.forms.field import AUTOMATIC, ENDINGS

    infos = [info for kind in _all_options() for info in describe(kind)]
    choices = {choice for info in infos for choice in info.choices or ()}
    yield "Field", {info.label for info in infos}
    yield "Field", {info.help for info in infos}
    yield "Field", {AUTOMATIC, *(ENDINGS.get(choice, choice.capitalize()) for choice in choices)}
    yield "TrainingWizard", {info.label for info in infos}


def _automatic(context: str) -> Callable[[], Iterator[tuple[str, Iterable[str]]]]:
    from e2evit_gui.forms.field import AUTOMATIC

    return lambda: iter([(context, [AUTOMATIC])])


def _of_wizard() -> Iterator[tuple[str, Iterable[str]]]:
    from e2evit_gui.training_wizard import model_page, words

    yield "TrainingWizard", words.CHOICES.values()
    yield "TrainingWizard", words.ROLES.values()
    yield "TrainingWizard", [f"{one}{ending}" for one in ("patient", "slide") for ending in ("", "s")]
    yield "TrainingWizard", [text for pair in model_page.METHODS.values() for text in pair]


def _of_cohort() -> Iterator[tuple[str, Iterable[str]]]:
    from e2evit_model.cohort.check import LEFT_OUT_AT, NOT_LIKE_HEADER, STEPS
    from e2evit_model.cohort.matching import MatchedBy
    from e2evit_model.cohort.patients import WITHOUT_PATIENT

    yield "TrainingWizard", [str(one) for one in MatchedBy]
    yield "TrainingWizard", (*STEPS, "rows", "patients", *LEFT_OUT_AT, NOT_LIKE_HEADER, WITHOUT_PATIENT)


def _of_runs() -> Iterator[tuple[str, Iterable[str]]]:
    from e2evit_gui.runs_page.words import STATES

    yield "RunsPage", STATES.values()


def _nothing_more() -> Iterator[tuple[str, Iterable[str]]]:
    return iter(())


FROM_ELSEWHERE: dict[str, Callable[[], Iterable[tuple[str, Iterable[str]]]]] = {
    "e2evit_gui.forms.field": _of_fields,
    "e2evit_gui.forms.options_form": _nothing_more,
    "e2evit_gui.forms.detail_field": _automatic("DetailField"),
    "e2evit_gui.slide_page.tissue_field": _automatic("TissueField"),
    "e2evit_gui.training_wizard.words": _of_wizard,
    "e2evit_gui.training_wizard.cohort_page": _nothing_more,
    "e2evit_gui.training_wizard.flow_drawing": _of_cohort,
    "e2evit_gui.training_wizard.folds_page": lambda: iter([("TrainingWizard", ["train", "val", "test"])]),
    "e2evit_gui.training_wizard.mapping_editor": _nothing_more,
    "e2evit_gui.training_wizard.model_page": _nothing_more,
    "e2evit_gui.training_wizard.summary": _nothing_more,
    "e2evit_gui.runs_page.words": _of_runs,
    "e2evit_gui.runs_page.run_view": _nothing_more,
}
"""By module: what the variables in its calls can be, as (context, texts)."""
