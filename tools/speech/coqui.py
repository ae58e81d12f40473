"""Coqui's voices: a VITS model of your own, or XTTS, which clones a voice from a sample with consent.

Knows nothing about scripts. The model runs in a process of its own (coqui_worker.py), in our environment or in another.
"""

import hashlib
import importlib.util
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from ..base import Cost, Device, Job
from ..errors import Declined, Refused, ToolBusy, ToolFailed, ToolMissing
from . import Speech, SpeechRequest, Voice
from .delivery import Credit, Engine, Part, Uttered, deliver, no_clone
from .sound import read_wav
from .system import tokens_of

CLONER = "xtts"
"""The name by which XTTS is asked for where it has no speakers of its own."""
_LONGEST = {"vits": 400, "xtts": 200}
"""Letters in one run; XTTS cuts what is longer than 200 to 270, by language."""
_LETTERS = {"ja": 60, "zh": 70, "ko": 80}


class Coqui:
    """speech.coqui.

    Options: model (a folder with config.json and model.pth), python (of an environment that has coqui-tts),
    path (folders that this Python shall look into first), speakers (names with commas), language (of a VITS model),
    licence (of the model's output).
    """

    name = "speech.coqui"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Speech

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._folder = Path(options["model"]).expanduser() if options.get("model") else None
        self._python, self._path = options.get("python", ""), options.get("path", "")
        self._speakers = tuple(name.strip() for name in options.get("speakers", "").split(",") if name.strip())
        self._language = options.get("language", "en").lower()
        self._licence = options.get("licence", "unknown")
        # Another model speaks anew: what identifies it is part of the cache key.
        self.version = f"1-{_mark(self._folder)}" if self._folder and _config(self._folder) else "1"

    def ready(self) -> None:
        """Raise ToolMissing unless coqui-tts is installed and a model is named."""
        if not self._python and importlib.util.find_spec("TTS") is None:
            raise ToolMissing("coqui-tts is not installed.", "Install it: pip install 'reelwright[coqui]'.")
        if self._folder is None:
            hint = 'Set model under [tools."speech.coqui"] in reelwright.toml: a folder with config.json and model.pth.'
            raise ToolMissing("No Coqui model is named.", hint)
        if self._kind() not in _LONGEST:
            hint = "Name a folder with the config.json and model.pth of a VITS or XTTS model."
            raise ToolMissing(f"{self._folder} holds no VITS or XTTS model.", hint)

    def voices(self) -> tuple[Voice, ...]:
        """The model's speakers, or one by the model's kind."""
        kind = self._kind()
        if kind not in _LONGEST:
            return ()
        tongue = "any" if kind == "xtts" else self._language
        names = self._speakers or ((CLONER,) if kind == "xtts" else ("vits",))
        return tuple(Voice(name=name, language=tongue, provider=self.name) for name in names)

    def quote(self, request: SpeechRequest) -> Cost:
        """VITS takes about half the time it takes to say on a CPU, XTTS three times as much."""
        words = len(request.text.split())
        return Cost(seconds=10 + words * (0.2 if self._kind() == "vits" else 1.2))

    def run(self, request: SpeechRequest, job: Job) -> Speech:
        """Speak the line, in the sample's voice where there is one."""
        kind, tongue = self._kind(), request.language.lower().split("-")[0]
        self._declines(request, kind, tongue)
        self.ready()
        assert self._folder is not None
        speaker = request.voice if request.voice in self._speakers else (self._speakers or ("",))[0]
        worker = worker_for(self._python or sys.executable, self._path, self._folder.resolve())
        wav = job.scratch / "coqui.wav"
        sample = str(job.path(request.sample.id)) if request.sample else ""

        def utter(part: Part, pace: float) -> Uttered:
            asked = {"text": part.said, "language": tongue, "pace": pace, "speaker": speaker, "sample": sample}
            worker.speak({**asked, "out": str(wav)})
            return Uttered(read_wav(wav))

        who = "a cloned voice" if request.sample else request.voice or speaker or kind
        credit = Credit(self._licence, f"spoken by Coqui {kind} ({self._folder.name}) with {who}")
        engine = Engine(longest=_LETTERS.get(tongue, _LONGEST[kind]))
        return deliver(request, tokens_of(request), job, utter, engine, credit)

    def _declines(self, request: SpeechRequest, kind: str, tongue: str) -> None:
        if request.voice and request.voice not in {voice.name for voice in self.voices()}:
            raise Declined(f"Coqui has no voice called {request.voice!r} here.", "See `reelwright voices`.")
        if kind != "xtts":
            no_clone(request, "This Coqui model")
            if tongue != self._language.split("-")[0]:
                raise Declined(f"This Coqui model does not speak {request.language!r}.", f"It speaks {self._language}.")
        elif request.sample is None and not self._speakers:
            raise Declined("XTTS speaks in the voice of a sample.", "Give --clone-voice and --consent, or speakers.")
        elif request.sample is not None and not request.consent.strip():
            raise Refused("No voice is cloned without the consent of the person it belongs to.", "Add --consent.")

    def _kind(self) -> str:
        return str(_config(self._folder).get("model", "")) if self._folder else ""


class Worker:
    """One model in one process, one line at a time; it ends with us, since its input then closes."""

    def __init__(self, python: str, path: str, folder: Path) -> None:
        self._python, self._path, self._folder = python, path, folder
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._log: IO[bytes] | None = None

    def speak(self, asked: Mapping[str, Any]) -> None:
        """Have a line written to `asked["out"]`."""
        with self._lock:
            process = self._started()
            answer = self._ask(process, json.dumps(asked))
            if "error" in answer:
                raise ToolFailed(f"Coqui could not say this line: {answer['error']}", "Try another voice.")

    def close(self) -> None:
        """End the process; the next line starts a new one."""
        with self._lock:
            self._stop()

    def _started(self) -> "subprocess.Popen[str]":
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._stop()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        words = [str(Path(__file__).with_name("coqui_worker.py")), str(self._folder)]
        first = [part for part in self._path.split(":") if part]
        run = (
            f"import runpy, sys; sys.path[:0] = {first!r}; sys.argv = {words!r}; "
            "runpy.run_path(sys.argv[0], run_name='__main__')"
        )
        self._process = subprocess.Popen(
            [self._python, "-P", "-W", "ignore", "-c", run],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
        )
        self._ask(self._process, "")
        return self._process

    def _ask(self, process: "subprocess.Popen[str]", line: str) -> dict[str, Any]:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            if line:
                process.stdin.write(line + "\n")
                process.stdin.flush()
            told = process.stdout.readline()
        except OSError:
            told = ""
        if not told:
            raise self._failure()
        answer: dict[str, Any] = json.loads(told)
        return answer

    def _failure(self) -> ToolMissing | ToolFailed | ToolBusy:
        process = self._process
        code = process.wait() if process else 0
        tail = self._tail()
        self._stop()
        if "ModuleNotFoundError" in tail or "ImportError" in tail:
            return ToolMissing(f"Coqui cannot start: {tail}", "Install it: pip install 'reelwright[coqui]'.")
        if "weights_only" in tail or "UnpicklingError" in tail:
            hint = "It holds more than weights: take the checkpoint from the model's own page."
            return ToolFailed(f"{self._folder.name} is refused: it is no checkpoint of plain weights.", hint)
        if code < 0:
            return ToolBusy(f"Coqui's process was ended ({code}).", "It will be tried again.")
        return ToolFailed(f"Coqui cannot load {self._folder.name}: {tail}", "Check config.json and model.pth.")

    def _tail(self) -> str:
        if self._log is None:
            return ""
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        told = [line for line in lines if line and not line.startswith(" ")]
        return told[-1][:300] if told else ""

    def _stop(self) -> None:
        process, log = self._process, self._log
        self._process = self._log = None
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if log is not None:
            log.close()


@cache
def worker_for(python: str, path: str, folder: Path) -> Worker:
    """The one process of ours for that model."""
    return Worker(python, path, folder)


def _config(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _mark(folder: Path) -> str:
    """What identifies the model: its config, and each checkpoint's size and time; hashing gigabytes takes too long."""
    parts = [(folder / "config.json").read_bytes()]
    for path in sorted(folder.glob("*.pth")):
        state = path.stat()
        parts.append(f"{path.name} {state.st_size} {state.st_mtime_ns}".encode())
    return hashlib.sha256(b"\n".join(parts)).hexdigest()[:16]
