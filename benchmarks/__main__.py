"""Run every benchmark of this folder, or the ones named: ``python -m benchmarks [NAME …]``.

A benchmark is a module with a docstring that says what it counts and a ``main()`` that prints it.
"""

import importlib
import pkgutil
import sys
from pathlib import Path


def main(wanted: list[str]) -> int:
    """Run the benchmarks *wanted*, all of them when none is named."""
    known = sorted(
        module.name
        for module in pkgutil.iter_modules([str(Path(__file__).parent)])
        if not module.name.startswith("_")
    )
    if unknown := set(wanted) - set(known):
        print(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(known) or 'none'}")
        return 2
    for name in wanted or known:
        print(f"== {name}")
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
