"""Coqui's models in a process of their own: a folder with config.json and a checkpoint is loaded, lines are spoken.

Knows nothing about us. Run by its path: `python coqui_worker.py FOLDER`; a JSON line in, a JSON line out, until the
input closes. Checkpoints are pickles: they are loaded with weights_only=True, and never otherwise.
"""

import json
import os
import sys
import wave
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

SEED = 0


def only_weights() -> None:
    """Whoever loads a checkpoint in this process loads tensors and plain values, whatever it asks for."""
    import torch

    plain = torch.load

    def load(*arguments: Any, **options: Any) -> Any:
        return plain(*arguments, **{**options, "weights_only": True})

    torch.load = load


class Vits:
    """VITS: one model, its own speakers."""

    def __init__(self, folder: Path) -> None:
        from TTS.tts.configs.vits_config import VitsConfig
        from TTS.tts.models.vits import Vits as Model

        config = VitsConfig()
        config.load_json(str(folder / "config.json"))
        self._model = Model.init_from_config(config)
        self._model.load_checkpoint(config, str(_checkpoint(folder)), eval=True)
        self.rate = int(config.audio.sample_rate)

    def speak(self, asked: Mapping[str, Any]) -> Any:
        """The samples of a line."""
        self._model.length_scale = 1.0 / asked["pace"]
        return self._model.synthesize(asked["text"], speaker=asked["speaker"] or None)["wav"]


class Xtts:
    """XTTS: speaks in the voice of a sample, or of a speaker whose latents came with it."""

    def __init__(self, folder: Path) -> None:
        from TTS.tts.configs.xtts_config import XttsConfig
        from TTS.tts.models.xtts import Xtts as Model

        config = XttsConfig()
        config.load_json(str(folder / "config.json"))
        self._config, self._model = config, Model.init_from_config(config)
        self._model.load_checkpoint(config, checkpoint_path=str(_checkpoint(folder)), checkpoint_dir=str(folder))
        self.rate = int(config.model_args.output_sample_rate)
        self._voices: dict[str, Any] = {}

    def speak(self, asked: Mapping[str, Any]) -> Any:
        """The samples of a line."""
        latents, speaker = self._voice(asked)
        language = {"zh": "zh-cn"}.get(asked["language"], asked["language"])
        config = self._config
        return self._model.inference(
            asked["text"],
            language,
            latents,
            speaker,
            temperature=config.temperature,
            length_penalty=config.length_penalty,
            repetition_penalty=config.repetition_penalty,
            top_k=config.top_k,
            top_p=config.top_p,
            speed=asked["pace"],
            use_cache=_keeps_keys(),
        )["wav"]

    def _voice(self, asked: Mapping[str, Any]) -> Any:
        name = asked["sample"] or asked["speaker"]
        if name not in self._voices:
            self._voices[name] = self._cloned(name) if asked["sample"] else self._known(name)
        return self._voices[name]

    def _known(self, name: str) -> Any:
        speakers = self._model.speaker_manager.speakers if self._model.speaker_manager else {}
        if name not in speakers:
            raise KeyError(f"this model has no speaker called {name!r}; it has {', '.join(sorted(speakers)) or 'none'}")
        return tuple(speakers[name].values())

    def _cloned(self, path: str) -> Any:
        import torch

        with wave.open(path, "rb") as file:
            rate, raw = file.getframerate(), file.readframes(file.getnframes())
        audio = torch.frombuffer(bytearray(raw), dtype=torch.int16).float().unsqueeze(0) / 32768
        speaker = self._model.get_speaker_embedding(audio, rate)
        config = self._config
        latents = self._model.get_gpt_cond_latents(
            audio, rate, length=config.gpt_cond_len, chunk_length=config.gpt_cond_chunk_len
        )
        return latents, speaker


def _keeps_keys() -> bool:
    """Whether this transformers hands XTTS its keys and values under the name that it knows; else it computes anew."""
    import inspect

    from transformers import GenerationMixin

    return "past_key_values" in inspect.signature(GenerationMixin.prepare_inputs_for_generation).parameters


def _checkpoint(folder: Path) -> Path:
    names = ("model.pth", "model_file.pth", "best_model.pth")
    return next((folder / name for name in names if (folder / name).is_file()), folder / names[0])


def _lines(asked: IO[str], model: Any) -> Iterator[dict[str, Any]]:
    import torch

    for line in asked:
        request = json.loads(line)
        torch.manual_seed(SEED)
        try:
            with torch.no_grad():
                samples = torch.as_tensor(model.speak(request)).reshape(-1)
        except (RuntimeError, ValueError, KeyError, AssertionError, IndexError) as error:
            yield {"error": f"{type(error).__name__}: {error}"[:300]}
            continue
        data = (samples.clamp(-1, 1) * 32767).round().to(torch.int16).cpu().numpy().tobytes()
        with wave.open(request["out"], "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(model.rate)
            file.writeframes(data)
        yield {"samples": len(samples)}


def main(folder: Path) -> None:
    """Load, say so, and answer until the input closes."""
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no answer
    import torch

    torch.set_num_threads(2)
    only_weights()
    kind = json.loads((folder / "config.json").read_text("utf-8"))["model"]
    model = {"vits": Vits, "xtts": Xtts}[kind](folder)
    told.write(json.dumps({"ready": kind}) + "\n")
    told.flush()
    for answer in _lines(sys.stdin, model):
        told.write(json.dumps(answer) + "\n")
        told.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
