"""Start the command line of the built application."""

import multiprocessing
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()
    from e2evit_model.cli.main import main

    sys.exit(main())
