"""Fixtures of the notebook's tests: a real kernel, and the outputs of its cells."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCALE = (ROOT / "tests/tiny/solutions/01_tiny/scale/solution.py").read_text(encoding="utf-8")
WRONG = SCALE.replace("return x * w", "return x + w")


def needs(package: str) -> None:
    """Skip where the package is missing, and fail where everything must be installed."""
    if not importlib.util.find_spec(package):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{package} is not installed: pip install '.[jupyter]'")


@dataclass
class Shown:
    """Outputs of a cell: results by MIME type, streams, and the text of an error."""

    data: dict[str, str] = field(default_factory=dict)
    streams: dict[str, str] = field(default_factory=dict)
    error: str = ""

    @property
    def text(self) -> str:
        """Return the result as a terminal shows it."""
        return self.data.get("text/plain", "")


Run = Callable[[str], Shown]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Return run(code), which executes a cell in a separate kernel whose course is the tiny one."""
    needs("ipykernel")
    from jupyter_client.manager import start_new_kernel

    folder = tmp_path_factory.mktemp("kernel")
    env = {**os.environ, "HANDGRAD_COURSE": str(ROOT / "tests/tiny"), "IPYTHONDIR": str(folder), "MPLBACKEND": "agg"}
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        env[name] = str(folder)
    manager, client = start_new_kernel(kernel_name="python3", env=env, cwd=str(folder))
    try:
        yield lambda code: _run(client, code)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _run(client: Any, code: str) -> Shown:
    shown = Shown()

    def hear(message: dict[str, Any]) -> None:
        content = message["content"]
        if message["msg_type"] in ("execute_result", "display_data"):
            shown.data |= content["data"]
        elif message["msg_type"] == "stream":
            shown.streams[content["name"]] = shown.streams.get(content["name"], "") + content["text"]
        elif message["msg_type"] == "error":
            shown.error = "\n".join(content["traceback"])

    client.execute_interactive(code, timeout=60, output_hook=hear)
    return shown
