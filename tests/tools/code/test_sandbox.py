"""A program from anybody draws or answers, and does nothing else: what it tries beyond that ends in words."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools.base import Job
from reelwright.tools.code import AskRequest, CodeRequest, ProgramFailed, sandbox
from reelwright.tools.code.answerer import Answerer
from reelwright.tools.code.renderer import Code
from reelwright.tools.code.sandbox import Limits
from reelwright.tools.errors import ToolError, ToolFailed, ToolMissing
from reelwright.tools.media import Size
from reelwright.tools.models import Models

pytestmark = pytest.mark.media
TINY = Size(width=64, height=64)
TASK = b'{"program": "", "limits": {"memory": 1073741824, "seconds": 1, "file": 1048576}}'


def ran(tmp_path: Path, program: str, **limits: object) -> str:
    """What a script says that the sandbox runs behind both fences."""
    script = tmp_path / "script.py"
    fence = "import json, sys, cage\nout = cage.outlet()\ncage.lock(json.load(sys.stdin)['limits'])\n"
    script.write_text(f"{fence}def say(*what): out.write(' '.join(map(str, what)).encode()); out.flush()\n{program}")
    bounds = Limits.model_validate({"wall": 20.0, "output": 1 << 20} | limits)
    return b"".join(sandbox.run(script, {}, TASK, bounds)).decode()


REFUSED = {
    "the accounts": "open('/etc/passwd').read()",
    "another's files": f"open({str(Path(__file__).resolve())!r}).read()",
    "a key": "__import__('os').environ['HOME_SECRET']",
    "the network": "import socket; socket.create_connection(('127.0.0.1', 9), 2)",
    "a name server": "import socket; socket.getaddrinfo('example.org', 80)",
    "a shell": "import subprocess; subprocess.run(['/bin/sh', '-c', 'true'], check=True)",
    "another process": "import os; os.fork()",
    "a thread": "import threading; threading.Thread(target=print).start()",
    "its own code": "open('/code/cage.py', 'w')",
    "Python's library": "import os, json; open(json.__file__, 'a')",
    "a device": "open('/dev/shm/filled', 'w')",
    "a large file": "open('/tmp/large', 'wb').write(b'x' * (8 << 20))",
    "much memory": "import numpy; numpy.ones(1 << 32)",
    "a link to elsewhere": "import os; os.symlink('/etc/shadow', '/tmp/s'); open('/tmp/s').read()",
    "the way back": "import os; os.chroot('/'); os.listdir('/proc/1/root/home')",
    "more than it was granted": "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "the tricks of attributes": (
        "site = [c for c in object.__subclasses__() if c.__name__ == 'Quitter'][0].__init__.__globals__\n"
        "site['sys'].modules['posix'].fork()"
    ),
    "system calls by number": (
        "import ctypes; number = {'x86_64': 57, 'aarch64': 220}[__import__('platform').machine()]\n"
        "r = ctypes.CDLL(None).syscall(number, 17, 0, 0, 0, 0)\nassert r >= 0, 'no process'"
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_program_gets_nothing_but_its_task(tmp_path: Path, what: str) -> None:
    with pytest.raises(ProgramFailed, match="The program"):
        ran(tmp_path, REFUSED[what])


def test_it_sees_no_name_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    seen = ran(tmp_path, "import os; say(sorted(os.environ), os.getuid(), os.getpid(), os.listdir('/'))")
    assert "sk-secret" not in seen
    assert "OPENAI" not in seen
    assert "65534" in seen
    assert "'etc'" not in seen


def test_many_small_files_end_with_their_folder(tmp_path: Path) -> None:
    fill = "n = 0\nwhile True:\n    open(f'/tmp/{n}', 'wb').write(b'x' * (1 << 20)); n += 1"
    with pytest.raises(ProgramFailed, match="No space left"):
        ran(tmp_path, fill)


def test_an_endless_loop_ends_by_its_cpu_seconds(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(ProgramFailed, match="CPU seconds"):
        ran(tmp_path, "while True: pass")
    assert time.monotonic() - began < 18


def test_sleeping_ends_by_the_clock(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match="too long"):
        ran(tmp_path, "import time; time.sleep(60)", wall=1.0)


def test_endless_output_ends_by_its_length(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match="more than it may"):
        ran(tmp_path, "while True: out.write(b'x' * 65536)", output=1 << 18)


def test_endless_complaints_are_cut_short(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed) as caught:
        ran(tmp_path, "for n in range(100000): print('x' * 100)\nraise ValueError('end')")
    assert len(str(caught.value)) < sandbox.WORDS + 200


def test_a_stop_is_heard_at_once(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import time; time.sleep(30)")
    began = time.monotonic()
    with pytest.raises(ToolFailed, match="stopped"):
        list(sandbox.run(script, {}, b"{}", Limits(), cancelled=lambda: time.monotonic() - began > 0.5))
    assert time.monotonic() - began < 10


def test_without_bubblewrap_nothing_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    sandbox.ready.cache_clear()
    try:
        for tool in (Code(), Answerer()):
            with pytest.raises(ToolMissing, match="bubblewrap") as caught:
                tool.ready()
            assert "apt install bubblewrap" in caught.value.hint
        with pytest.raises(ToolMissing):
            ran(tmp_path, "say('ran')")
    finally:
        sandbox.ready.cache_clear()


def test_bubblewrap_is_here() -> None:
    """CI installs it (.ci/run); elsewhere: apt install bubblewrap."""
    assert shutil.which("bwrap"), "apt install bubblewrap"
    sandbox.ready()


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    folder = tmp_path_factory.mktemp("code")
    (folder / "scratch").mkdir()
    return Job(folder / "scratch", AssetStore(folder / "assets"), Models.installed(folder / "cache"))


@pytest.fixture(scope="module")
def draw(job: Job) -> Callable[[str], object]:
    def drawn(body: str) -> object:
        program = f"from reel import *\ndef draw(scene, t):\n    {body}\n"
        return Code().run(CodeRequest(program=program, size=TINY, frames=30), job)

    return drawn


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return svg(scene, circle(500, 500, 100 / (t - t), 'red'))", "line 3 in draw: ZeroDivisionError"),
        ("return None", r"array of shape \(\)"),
        ("return np.full((8, 8, 3), np.nan)", "no numbers"),
        ("return svg(scene, '<image href=\"file:///etc/passwd\"/>')", "no other picture"),
        ("return svg(scene, circle(500, 500, 100, scene.accent))", "stands still"),
        ("return np.zeros((8, 8, 3))", "one colour"),
        ("raise SystemExit(0)", "drew 0 of 30"),
        ("return '<svg'", "The program failed"),
    ],
)
def test_a_wrong_picture_is_told_in_its_authors_words(draw: Callable[[str], object], body: str, told: str) -> None:
    with pytest.raises(ProgramFailed, match=told):
        draw(body)


def test_a_program_without_draw_is_told(job: Job) -> None:
    with pytest.raises(ProgramFailed, match="defines no draw"):
        Code().run(CodeRequest(program="x = 1", size=TINY, frames=3), job)
    with pytest.raises(ProgramFailed, match=r"line 1: SyntaxError"):
        Code().run(CodeRequest(program="def", size=TINY, frames=3), job)


def test_an_answer_may_lie_about_its_pictures_in_vain(job: Job) -> None:
    clip = Code().run(CodeRequest(program=MOVES, size=TINY, frames=30), job)
    lie = 'import os\nos.write(3, b\'{"answer": 1, "pictures": [[9999, 9999]]}\\n\')\ndef answer(film): os._exit(0)'
    with pytest.raises(ToolError, match="cannot be read"):
        Answerer().run(AskRequest(film=clip.video, program=lie, samples=4), job)


MOVES = "from reel import *\ndef draw(scene, t): return svg(scene, circle(900 * t, 500, 200, scene.accent))"
