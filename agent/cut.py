"""The cut node: takes, voice and music become a timeline, and the timeline one encoded file."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from langgraph.runtime import Runtime

from ..tools.assemble import AssembleRequest, CaptionStyle, Cut, Finish
from ..tools.media import Asset
from ..tools.music import MusicRequest
from ..tools.profiles import profile_for
from ..tools.registry import MUSIC
from ..tools.timeline import Clip, Cue, CueWord, Gap, Item, Timeline, Track
from .assembly import assemble
from .atmosphere import atmosphere
from .bed import bed
from .bridges import bridges, lead
from .errors import BudgetExceeded, ToolError, ToolFailed
from .events import Working
from .joins import effects, join
from .label import labels
from .listing import chapters
from .model import Brief, Script, Shot, Sound, Take
from .pace import starts_of, word_starts, words_of
from .shoot import handle_of
from .state import State
from .studio import Studio


def cut(state: State, runtime: Runtime[Studio]) -> dict[str, Any]:
    """Lay the tracks and assemble them. A take that failed leaves black, and review will say so.

    Where the budget ends on a second cut, the best one so far stays.
    """
    studio, best = runtime.context, state.get("best")
    studio.log.emit(Working(stage="cut", part=0.0))
    try:
        music = _music(studio, state)
        hits, sounds = effects(studio, state["brief"], state["shots"], 2 * handle_of(state["brief"]))
        between = bridges(studio, state["brief"], state["shots"], state["takes"])
        shown = {asset.id: asset for asset in between.values()}
        heard: State = {**state, "music": music, "effects": sounds, "bridges": shown}
        timeline, result = _assemble(studio, heard, hits, between)
    except BudgetExceeded as error:
        if best is None:
            raise
        studio.warn("film", f"The best cut so far is kept: {error}")
        return {"timeline": best.timeline, "cut": best.cut}
    studio.log.emit(Working(stage="cut", part=1.0))
    return {"timeline": timeline, "cut": result, "music": music, "effects": sounds, "bridges": shown}


def _assemble(studio: Studio, state: State, hits: Track | None, between: Mapping[str, Asset]) -> tuple[Timeline, Cut]:
    brief, script, shots = state["brief"], state["script"], state["shots"]
    takes, sound = state["takes"], state.get("sound", {})
    if not any(take.asset for take in takes.values()):
        raise ToolFailed("No shot could be made.", "Run `reelwright doctor` to see what is missing.")
    notices = labels(studio, brief, takes, sound)
    timeline = lay(brief, script, shots, takes, sound, state.get("music"), notices, between)
    if hits is not None:
        timeline = timeline.model_copy(update={"tracks": (*timeline.tracks, hits)})
    request = AssembleRequest(timeline=timeline, assets=sources(state, takes), finish=finish_of(state))
    return timeline, assemble(studio, request, target="film", stage="cut")


def sources(state: State, takes: dict[str, Take]) -> tuple[Asset, ...]:
    """Every asset that a timeline of these takes may name."""
    pictures = [asset for take in takes.values() for asset in (take.asset, take.sound) if asset]
    voices = [line.speech.audio for line in state.get("sound", {}).values() if line.speech]
    music, between = state.get("music"), state.get("bridges", {}).values()
    return (*pictures, *voices, *([music] if music else []), *state.get("effects", ()), *between)


def finish_of(state: State) -> Finish:
    """How the film is finished: the platform's loudness, or what review aims at instead, and captions by shape."""
    brief, profile = state["brief"], profile_for(state["brief"].size)
    return Finish(
        captions=_captions(brief, state["script"], state["shots"]),
        soft=brief.deliver.soft,
        stems=True,  # the mix is measured by them, whoever they are handed to
        encoder=brief.deliver.encoder,
        language=state["script"].language,
        loudness=state.get("aim", profile.loudness),
        peak=profile.peak,
        style=state["shots"][0].style,
        brand=brief.brand,
    )


def lay(
    brief: Brief,
    script: Script,
    shots: tuple[Shot, ...],
    takes: dict[str, Take],
    sound: dict[str, Sound],
    music: Asset | None,
    labels: tuple[Cue, ...],
    bridges: Mapping[str, Asset] = MappingProxyType({}),
) -> Timeline:
    """The film as tracks: takes joined by bridges or in their style, voice at its frames, music under all."""
    frames = sum(shot.frames for shot in shots)
    tracks = [Track(kind="video", items=tuple(_pictures(brief, shots, takes, bridges)))]
    voice = tuple(_voice(sound, frames))
    if any(item.type == "clip" for item in voice):
        tracks.append(Track(kind="voice", items=voice))
    if music is not None:
        tracks.append(Track(kind="music", items=(Clip(asset=music.id, frames=frames, name="music"),)))
    own = atmosphere(shots, takes, brief.rate, handle_of(brief))
    tracks += [own] if own else []
    cues = tuple(_cues(script, sound, brief.rate))
    marks = chapters(script, shots, brief.rate)
    return Timeline(rate=brief.rate, size=brief.size, tracks=tuple(tracks), cues=cues, labels=labels, markers=marks)


def _pictures(
    brief: Brief, shots: tuple[Shot, ...], takes: dict[str, Take], bridges: Mapping[str, Asset]
) -> list[Item]:
    handle = handle_of(brief)
    items: list[Item] = []
    for before, shot, after in zip((None, *shots), shots, (*shots[1:], None), strict=False):
        asset = takes[shot.id].asset
        bridge, onward = bridges.get(shot.id), bridges.get(after.id) if after else None
        transition = join(before, shot, 2 * handle) if before is not None and bridge is None else None
        if before is not None and asset and takes[before.id].asset and transition:
            items.append(transition)
        if before is not None and bridge is not None:
            items.append(Clip(asset=bridge.id, frames=_length(bridge), name=f"{before.id} to {shot.id}"))
        if asset is None:
            items.append(Gap(frames=shot.frames))
        else:
            head = _length(bridge) - lead(_length(bridge))
            frames = shot.frames - head - lead(_length(onward))
            items.append(Clip(asset=asset.id, start=handle + head, frames=frames, name=shot.id))
    return items


def _length(bridge: Asset | None) -> int:
    return (bridge.frames or 0) if bridge else 0


def _voice(sound: dict[str, Sound], frames: int) -> list[Item]:
    items: list[Item] = []
    cursor = 0
    for line in sorted(sound.values(), key=lambda line: line.start):
        if line.speech is None:
            continue
        if line.start > cursor:
            items.append(Gap(frames=line.start - cursor))
        length = min(line.frames, frames - line.start)
        items.append(Clip(asset=line.speech.audio.id, frames=length, name=line.line))
        cursor = line.start + length
    return items


def _cues(script: Script, sound: dict[str, Sound], rate: Fraction) -> list[Cue]:
    cues = []
    for line in script.lines:
        spoken = sound.get(line.id)
        if spoken is None:
            continue
        starts = [spoken.start + frame for frame in word_starts(spoken, line.text, rate)]
        ends = [*starts[1:], spoken.start + spoken.frames]
        words = tuple(
            CueWord(text=word, start=start, end=max(end, start + 1))
            for word, start, end in zip(words_of(line.text), starts, ends, strict=True)
        )
        # Guessed times would light up words that nobody is saying.
        timed = spoken.speech is not None and spoken.speech.exact
        end = spoken.start + spoken.frames
        said = words if timed else ()
        cues.append(Cue(start=spoken.start, end=end, text=line.text, words=said, second=line.original))
    return cues


def _music(studio: Studio, state: State) -> Asset | None:
    brief, shots = state["brief"], state["shots"]
    request = MusicRequest(
        frames=sum(shot.frames for shot in shots),
        rate=brief.rate,
        mood=state["script"].scenes[0].mood,
        seed=brief.seed,
        accents=tuple(starts_of(shots)),
    )
    own = bed(studio, brief, request.mood, float(request.frames / request.rate))
    if own is not None:
        return own
    try:
        return studio.call(MUSIC, request, target="music", stage="cut").result.audio
    except ToolError as error:
        studio.warn("music", f"The film has no music: {error}", degraded=True)
        return None


def _captions(brief: Brief, script: Script, shots: tuple[Shot, ...]) -> CaptionStyle:
    """Words that nobody speaks stand on cards; a generated picture has none, so captions carry them."""
    if not script.narrated and all(shot.source != "generate" for shot in shots):
        return "none"
    return brief.deliver.captions or ("karaoke" if brief.size.vertical else "subtitle")
