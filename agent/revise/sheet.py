"""Sheet: a plan as a Markdown file that a person may edit, and the plan that the edited file means.

Knows lines of text; what it cannot read it names by its number. What is not changed keeps its ids, timing and pictures.
"""

import re
from collections.abc import Iterator

from ..errors import BriefError, ReelwrightError
from ..model import Brief, Line, Plan, Scene, Script, Shot
from ..planner.text import clean, sentence
from .cover import check
from .draft import Draft
from .edits import Cut, Place, Rewrite
from .wording import cut, rewrite

FILE = "plan.md"
HEAD = """<!-- The plan of a film. Change words, headings, moods; add a line without a mark, remove or move lines;
     change what a shot shows. Then run: reelwright approve {folder} --plan {file}
     What stands in [brackets] names a part: leave it where you keep that part. -->"""
_SCENE = re.compile(r"^##\s+(?:\[(?P<id>[\w-]+)\]\s*)?(?P<heading>.*?)\s*(?:\((?P<mood>\w+)\))?\s*$")
_SHOT = re.compile(
    r"^\[(?P<id>[\w-]+)\]\s+(?P<layout>[\w-]+) on (?P<motif>[\w-]+)(?: with (?P<icons>[^:]+))?(?::\s*(?P<words>.*))?$"
)
_LINE = re.compile(r"^(?:\[(?P<id>[\w-]+)\]\s*)?(?P<text>\S.*)$")
SHOTS = "# Shots"


def written(plan: Plan, folder: str, file: str = FILE) -> str:
    """The plan as people read and edit it."""
    rows = [f"# {plan.script.title}", "", HEAD.format(folder=folder, file=file), ""]
    for scene in plan.script.scenes:
        rows += [" ".join(filter(None, (f"## [{scene.id}]", scene.heading, f"({scene.mood})"))), ""]
        rows += [f"[{line.id}] {line.text}" for line in scene.lines]
        rows.append("")
    rows += [SHOTS, ""]
    rows += [_row(shot) for shot in plan.shots]
    return "\n".join(rows) + "\n"


def _row(shot: Shot) -> str:
    icons = f" with {', '.join(shot.card.icons)}" if shot.card.icons else ""
    words = f": {shot.card.headline}" if shot.card.headline else ""
    return f"[{shot.id}] {shot.layout} on {shot.motif}{icons}{words}"


def read(text: str, brief: Brief, plan: Plan, name: str = FILE) -> Plan:
    """The plan that an edited sheet means.

    Raises:
        BriefError: a line of the file cannot be read, or the plan it makes cannot be filmed.
    """
    rows = list(_rows(text))
    head = next((row for row in rows if row[1].startswith("# ")), None)
    if head is None or head[1] == SHOTS:
        raise BriefError(f"{name} has no title.", "Let it begin with “# ” and the title.")
    split = next((at for at, row in enumerate(rows) if row[1] == SHOTS), len(rows))
    told = [row for row in rows[:split] if row is not head]
    try:
        draft = rewrite(Draft(brief=brief, plan=plan), Rewrite(at=Place(of="title"), text=head[1][2:].strip()))
        draft = _told(draft, told, name)
        plan = _shown(draft, {shot.id: _row(shot) for shot in plan.shots}, rows[split + 1 :], name).plan
        check(plan)
    except ReelwrightError as error:
        raise BriefError(error.message, error.hint) from error
    return plan


def _rows(text: str) -> Iterator[tuple[int, str]]:
    """Lines that say something, with their numbers; comments are passed over."""
    plain = re.sub(r"<!--.*?-->", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    for number, row in enumerate(plain.splitlines(), start=1):
        if row.strip():
            yield number, row.strip()


def _bad(name: str, number: int, what: str, hint: str) -> BriefError:
    return BriefError(f"{name}, line {number}: {what}", hint)


def _told(draft: Draft, rows: list[tuple[int, str]], name: str) -> Draft:
    """With the scenes and lines of the sheet."""
    scenes, changed = _scenes(draft.script, rows, name), set[str]()
    old = {line.id: line.text for line in draft.script.lines}
    for scene in scenes:
        changed |= {line.id for line in scene.lines if old.get(line.id) not in (None, line.text)}
    for scene in scenes:
        before = next((each for each in draft.script.scenes if each.id == scene.id), None)
        if before is not None and before.heading != scene.heading:
            draft = rewrite(draft, Rewrite(at=Place(of="scene", id=scene.id), text=scene.heading or " "))
    script = draft.script.model_copy(update={"scenes": tuple(scenes)})
    if script.scenes == draft.script.scenes:
        return draft
    moods = [scene.mood for scene in scenes]
    draft = draft.told(script, changed, timed=False)
    kept = {scene.id: mood for scene, mood in zip(scenes, moods, strict=True)}
    scenes = [scene.model_copy(update={"mood": kept[scene.id]}) for scene in draft.script.scenes]
    script = draft.script.model_copy(update={"scenes": tuple(scenes)})
    return draft.model_copy(update={"plan": draft.plan.model_copy(update={"script": script})})


def _scenes(script: Script, rows: list[tuple[int, str]], name: str) -> list[Scene]:
    known = {line.id: line for line in script.lines}
    places = {scene.id: scene for scene in script.scenes}
    scenes: list[Scene] = []
    for number, row in rows:
        if row.startswith("#"):
            scenes.append(_scene(row, places, {scene.id for scene in scenes}, number, name))
            continue
        if not scenes:
            raise _bad(name, number, f"“{row[:40]}” stands before the first scene.", "Put it under a “## ” line.")
        line = _line(row, known, {line.id for scene in scenes for line in scene.lines}, number, name)
        scenes[-1] = scenes[-1].model_copy(update={"lines": (*scenes[-1].lines, line)})
    if script.lines and not any(scene.lines for scene in scenes):
        raise BriefError(f"{name} has no line left.", "Keep at least one.")
    return scenes


def _scene(row: str, places: dict[str, Scene], used: set[str], number: int, name: str) -> Scene:
    found = _SCENE.match(row)
    if found is None:
        raise _bad(name, number, f"“{row[:40]}” is no scene.", "Write “## [s1] Heading (mood)”.")
    given = found["id"] or next(n for at in range(1, 10_000) if (n := f"s{at}") not in {*places, *used})
    if given in used:
        raise _bad(name, number, f"the scene [{given}] stands twice.", "Give each its own name, or none.")
    if found["id"] and given not in places:
        raise _bad(name, number, f"there is no scene [{given}].", "Leave the brackets out for a new scene.")
    before = places.get(given, Scene(id=given, heading=""))
    try:
        mood = Scene.model_validate({"id": given, "heading": "", "mood": found["mood"] or before.mood}).mood
    except ValueError:
        hint = "Use calm, warm, bright, driving, dark, playful or epic."
        raise _bad(name, number, f"“{found['mood']}” is no mood.", hint) from None
    return before.model_copy(update={"heading": clean(found["heading"]), "mood": mood, "lines": ()})


def _line(row: str, known: dict[str, Line], used: set[str], number: int, name: str) -> Line:
    found = _LINE.match(row)
    assert found is not None
    given = found["id"]
    if given is None:
        if row.startswith("["):
            raise _bad(name, number, f"“{row[:40]}” cannot be read.", "Write “[l01] What is said.”")
        free = next(n for at in range(1, 100_000) if (n := f"l{at:02}") not in {*known, *used})
        return Line(id=free, text=sentence(clean(row.removeprefix("- "))))
    if given not in known:
        raise _bad(name, number, f"there is no line [{given}].", "Leave the brackets out for a new line.")
    if given in used:
        raise _bad(name, number, f"the line [{given}] stands twice.", "Leave the brackets of one of them out.")
    line, text = known[given], clean(found["text"])
    return line if text == line.text else line.model_copy(update={"text": sentence(text), "pauses": (), "emphasis": ()})


def _shown(draft: Draft, was: dict[str, str], rows: list[tuple[int, str]], name: str) -> Draft:
    """With the pictures of the sheet, where its rows are not as they `was`; a card whose row is gone is cut."""
    changes: dict[str, Shot] = {}
    shots = {shot.id: shot for shot in draft.plan.shots}
    left = {found["id"] for _, row in rows if (found := _SHOT.match(row))}
    silent = [shot.id for shot in draft.plan.shots if not shot.lines and shot.id in was and shot.id not in left]
    if rows and silent:
        draft = cut(draft, Cut(at=tuple(Place(of="shot", id=name) for name in silent)))
    for number, row in rows:
        found = _SHOT.match(row)
        if found is None:
            hint = "Write “[shot01] layout on background with icons: words”."
            raise _bad(name, number, f"“{row[:60]}” cannot be read.", hint)
        shot = shots.get(found["id"])
        if shot is None and found["id"] not in was:
            raise _bad(name, number, f"there is no shot [{found['id']}].", "Shots follow from the lines above.")
        if shot is None or was.get(shot.id, row) == row:
            continue
        changes[shot.id] = _pictured(shot, found, number, name)
    return draft.shown(changes)


def _pictured(shot: Shot, found: re.Match[str], number: int, name: str) -> Shot:
    from ...tools.video.motion.layouts import layouts
    from ...tools.video.motion.styles import sheet

    if found["layout"] not in (*layouts(), shot.layout):
        raise _bad(name, number, f"there is no layout {found['layout']}.", f"Use one of: {', '.join(layouts())}.")
    motifs = sheet(shot.style).motifs
    if found["motif"] not in (*motifs, shot.motif):
        raise _bad(name, number, f"{shot.style} has no background {found['motif']}.", f"Use {', '.join(motifs)}.")
    icons = tuple(word.strip() for word in (found["icons"] or "").split(",") if word.strip())
    card = shot.card.model_copy(update={"icons": icons})
    if (found["words"] or "") != card.headline:
        words = clean(found["words"] or "")
        card = card.model_copy(
            update={"headline": words, "accent": card.accent if card.accent.lower() in words.lower() else ""}
        )
    return shot.model_copy(update={"layout": found["layout"], "motif": found["motif"], "card": card})
