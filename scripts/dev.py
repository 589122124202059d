"""`make dev`: API with the worker inside, restarted when Python files change, and Vite with hot modules beside it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
WATCHED = ROOT / "backend" / "woodpecker_api"


def newest_change() -> float:
    return max(path.stat().st_mtime for path in WATCHED.rglob("*.py"))


def start(arguments: list[str]) -> subprocess.Popen[bytes]:
    port = os.environ.get("APP_PORT", "8000")
    ours = {"APP_DATA_DIR": "data", "API_URL": f"http://127.0.0.1:{port}"}
    return subprocess.Popen(arguments, cwd=ROOT, env={**ours, **os.environ})


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(15)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve = [str(ROOT / ".venv" / "bin" / "woodpecker-api"), "serve"]
    seen, api = newest_change(), start(serve)
    pages = start([str(ROOT / "scripts" / "npm.sh"), "run", "dev"])
    print("Pages with hot modules: http://127.0.0.1:5173 (sign in with what is printed below)", flush=True)
    try:
        while pages.poll() is None:
            time.sleep(0.5)
            if (changed := newest_change()) != seen:
                seen = changed
                print("Python files changed: restarting the API …", flush=True)
                stop(api)
                api = start(serve)
    except KeyboardInterrupt:
        pass
    finally:
        stop(api)
        stop(pages)
    sys.exit(0)


if __name__ == "__main__":
    main()
