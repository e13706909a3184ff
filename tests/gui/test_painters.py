import ast
from pathlib import Path

import e2evit_gui


def test_every_painter_ends_with_its_block():
    """A painter that outlives what it paints on ends the process; outside a ``with``, any reference to it keeps it."""
    loose = []
    for file in sorted(Path(e2evit_gui.__file__).parent.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        held = {item.context_expr for node in ast.walk(tree) if isinstance(node, ast.With) for item in node.items}
        loose += [
            f"{file.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "QPainter"
            and node not in held
        ]
    assert loose == []
