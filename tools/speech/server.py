"""Piper's own HTTP server as a process of its own: started when needed, ended when idle or when we end.

Knows nothing about scripts or words. Piper is GPL-3: it is run, never imported.
"""

import atexit
import http.client
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

from ..errors import ToolBusy, ToolFailed, ToolMissing

IDLE = 20.0
"""Seconds after the last line at which the server gives its memory back; starting again takes about one."""
PATIENCE = 60.0
"""Seconds for the model to load on a busy machine."""


class Phoneme(BaseModel):
    """One phoneme and how long it lasts."""

    model_config = ConfigDict(frozen=True)

    phoneme: str
    seconds: float


class _Last(BaseModel):
    text: str
    alignments: tuple[Phoneme, ...] = ()


class _Info(BaseModel):
    last: _Last | None = None


class PiperServer:
    """One model, one process, one request at a time. Safe for threads."""

    def __init__(self, model: Path, idle: float = IDLE) -> None:
        self.model = model
        self._idle = idle
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._port = 0
        self._timer: threading.Timer | None = None

    @property
    def pid(self) -> int | None:
        """The keeper's process, while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def speak(self, text: str, length_scale: float) -> tuple[bytes, tuple[Phoneme, ...]]:
        """A WAV of the text and its phonemes in order.

        Raises:
            ToolBusy: the server ended or did not answer in time; another call starts a new one.
            ToolFailed: Piper cannot speak this text.
        """
        with self._lock:
            if self._timer:
                self._timer.cancel()
            try:
                self._start()
                return self._ask(text, length_scale)
            except (OSError, http.client.HTTPException) as error:
                self._stop()
                raise ToolBusy(f"The voice ended while it spoke: {error}.", "It will be tried again.") from error
            finally:
                self._timer = threading.Timer(self._idle, self.close)
                self._timer.daemon = True
                self._timer.start()

    def close(self) -> None:
        """End the process; the next call starts a new one."""
        with self._lock:
            self._stop()

    def _ask(self, text: str, length_scale: float) -> tuple[bytes, tuple[Phoneme, ...]]:
        # Without noise the same text is the same sound, bit for bit; whisper hears no difference.
        wanted = {"text": text, "length_scale": length_scale, "noise_scale": 0.0, "noise_w_scale": 0.0}
        status, sound = self._http("POST", "/synthesize", json.dumps(wanted))
        if status != 200:
            raise ToolFailed(f"Piper could not speak {text[:60]!r} (status {status}).", self._tail())
        _, body = self._http("GET", "/info")
        try:
            last = _Info.model_validate_json(body).last
        except ValidationError as error:
            raise ToolFailed("Piper's server answers in a form we do not know.", "Install piper-tts 1.8.") from error
        return sound, last.alignments if last and last.text == text else ()

    def _http(self, verb: str, path: str, body: str | None = None, timeout: float = 120) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=timeout)
        try:
            connection.request(verb, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _start(self) -> None:
        if self.pid is not None:
            return
        self._stop()
        self._port, self._log = _free_port(), tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            self._command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            cwd=self.model.parent,
            start_new_session=True,
        )
        atexit.register(self.close)
        self._wait()

    def _command(self) -> list[str]:
        keeper = [sys.executable, "-I", "-S", str(Path(__file__).with_name("keeper.py"))]
        # -P: a folder named piper where we happen to stand is not the voice.
        server = [sys.executable, "-P", "-m", "piper.http_server", "--host", "127.0.0.1", "--port", str(self._port)]
        return [*keeper, *server, "-m", str(self.model), "--data-dir", str(self.model.parent)]

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.pid is None:
                raise self._failure()
            try:
                if self._http("GET", "/info", timeout=5)[0] == 200 and self.pid is not None:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        self._stop()
        raise ToolBusy(f"The voice did not start within {PATIENCE:.0f} s.", "It will be tried again.")

    def _failure(self) -> ToolMissing | ToolBusy:
        tail = self._tail()
        self._stop()
        if "ModuleNotFoundError" in tail or "No module named" in tail:
            return ToolMissing(f"Piper cannot start: {tail}", "Install it: pip install 'reelwright[film]'.")
        return ToolBusy(f"Piper's server ended at once: {tail}", "It will be tried again.")

    def _tail(self) -> str:
        if self._log is None:
            return ""
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    def _stop(self) -> None:
        process, log = self._process, self._log
        self._process, self._log = None, None
        atexit.unregister(self.close)
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if log is not None:
            log.close()


@cache
def server_for(model: Path) -> PiperServer:
    """The one server of this process for that model."""
    return PiperServer(model)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
