"""All checks of the project: ``python -m tests``. Stops at the end, not at the first fault, and says what failed."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODEL_COVERAGE = 85
LONGEST_FILE = 400


def run(title: str, *command: str) -> bool:
    print(f"\n== {title}", flush=True)
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode == 0


def files_are_short() -> bool:
    print("\n== Files under 400 lines", flush=True)
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for folder in ("e2evit_model", "e2evit_gui", "tests", "resources")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    print("\n".join(long) or "yes")
    return not long


def coverage_by_package() -> bool:
    """Print line coverage by package; false when e2evit_model is under its floor."""
    from coverage import Coverage

    coverage = Coverage(config_file=str(ROOT / "pyproject.toml"))
    coverage.load()
    sums: dict[str, list[int]] = {}
    for name in coverage.get_data().measured_files():
        parts = Path(name).relative_to(ROOT).parts
        _, lines, _, missing, _ = coverage.analysis2(name)
        for package in {parts[0], "/".join(parts[:2]) if len(parts) > 2 else parts[0]}:
            total = sums.setdefault(package, [0, 0])
            total[0] += len(lines)
            total[1] += len(lines) - len(missing)
    print("\n== Coverage by package")
    for package, (lines, covered) in sorted(sums.items()):
        print(f"{package:<32} {100 * covered / max(lines, 1):5.1f} % of {lines} lines")
    lines, covered = sums.get("e2evit_model", [1, 0])
    enough = 100 * covered / lines >= MODEL_COVERAGE
    print(f"e2evit_model must have {MODEL_COVERAGE} %: {'yes' if enough else 'NO'}")
    return enough


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # one thread a test worker: threads of several workers that wait for each other take ten times as long
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COVERAGE_FILE"] = str(Path(folder) / "coverage")
        checks = {
            "ruff": run("ruff", "ruff", "check", "."),
            "format": run("ruff format", "ruff", "format", "--check", "."),
            "mypy": run("mypy", "mypy"),
            "floors": subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, check=False).returncode
            == 0,
            "files under 400 lines": files_are_short(),
            "tests": run("tests", "pytest", "-n", "2", "--durations=15", "--cov", "--cov-report="),
        }
        checks["coverage"] = coverage_by_package()
    failed = [name for name, passed in checks.items() if not passed]
    print(f"\nChecks that failed: {', '.join(failed)}" if failed else "\nAll checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
