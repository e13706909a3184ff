"""What this machine can compute with, as far as it shows without torch."""

import shutil
from functools import cache
from pathlib import Path


@cache
def gpu_at_hand() -> bool:
    """Say whether an NVIDIA driver is installed; what it can do is known only to the model's process."""
    return Path("/dev/nvidiactl").exists() or shutil.which("nvidia-smi") is not None
