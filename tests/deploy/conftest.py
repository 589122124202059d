import sys
from pathlib import Path

# The deploy's programs run on a host without our packages; they are found by their folder there, and here.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy"))
