"""Start the window of the built application; its model's process begins here, too."""

import multiprocessing
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()
    from e2evit_gui.app import main

    sys.exit(main())
