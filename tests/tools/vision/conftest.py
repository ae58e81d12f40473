"""Vision models of a few thousand weights, one of each architecture, built in memory and saved as they come."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

WORDS = ["what", "does", "this", "picture", "show", "a", "red", "cat", "frame", "line", ".", "?", "good", "bad"]
SPECIAL = [
    "<pad>",
    "<unk>",
    "<s>",
    "</s>",
    "<image>",
    "<fake_token_around_image>",
    "<global-img>",
    "<end_of_utterance>",
]
CHAT = (
    "{% for m in messages %}{% for c in m['content'] %}{% if c['type'] == 'image' %}IMAGE{% else %}"
    "{{ c['text'] }}{% endif %}{% endfor %}{% endfor %}{% if add_generation_prompt %} .{% endif %}"
)
TEXT = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
IDS = {"bos_token_id": 2, "eos_token_id": 3, "pad_token_id": 0}
Built = tuple[Any, Any]


def part(module: str, name: str) -> Any:
    """Something of a library, when it is needed: these take seconds to import."""
    return getattr(import_module(module), name)


def of(name: str) -> Any:
    """Something of transformers."""
    return part("transformers", name)


def tokenizer(*more: str) -> Any:

    names = [*SPECIAL, *more, *WORDS]
    core = part("tokenizers", "Tokenizer")(
        part("tokenizers.models", "WordLevel")({name: at for at, name in enumerate(names)}, unk_token="<unk>")
    )
    core.pre_tokenizer = part("tokenizers.pre_tokenizers", "Whitespace")()
    core.add_special_tokens([*SPECIAL, *more])
    return of("PreTrainedTokenizerFast")(
        tokenizer_object=core, bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>",
        extra_special_tokens=[*SPECIAL[4:], *more] if more else {"image_token": "<image>"},
    )  # fmt: skip


def decoder_only() -> Built:
    """LLaVA: a picture's patches stand among the words."""

    vision = of("CLIPVisionConfig")(image_size=28, patch_size=14, **TEXT)
    config = of("LlavaConfig")(
        vision_config=vision, text_config=of("LlamaConfig")(vocab_size=64, **TEXT, **IDS), image_token_index=4, **IDS
    )
    images = part("transformers.models.clip.image_processing_pil_clip", "CLIPImageProcessorPil")(
        size={"shortest_edge": 28}, crop_size={"height": 28, "width": 28}
    )
    processor = of("LlavaProcessor")(
        images, tokenizer(), patch_size=14, vision_feature_select_strategy="default", image_token="<image>",
        num_additional_image_tokens=1, chat_template=CHAT.replace("IMAGE", "<image>"),
    )  # fmt: skip
    return processor, of("LlavaForConditionalGeneration")(config)


def cross_attention() -> Built:
    """Llama Vision: layers of their own look at the picture while the words pass."""

    vision = part("transformers.models.mllama.configuration_mllama", "MllamaVisionConfig")(
        hidden_size=16, attention_heads=2, num_hidden_layers=2, num_global_layers=1, intermediate_size=32,
        vision_output_dim=32, image_size=28, patch_size=14, max_num_tiles=1, intermediate_layers_indices=[0],
        supported_aspect_ratios=[[1, 1]],
    )  # fmt: skip
    text = part("transformers.models.mllama.configuration_mllama", "MllamaTextConfig")(
        vocab_size=64, num_key_value_heads=2, cross_attention_layers=[1], **TEXT, **IDS
    )
    config = of("MllamaConfig")(vision_config=vision, text_config=text, image_token_index=8)
    images = part("transformers.models.mllama.image_processing_pil_mllama", "MllamaImageProcessorPil")(
        size={"height": 28, "width": 28}, max_image_tiles=1
    )
    words = tokenizer("<|image|>", "<|python_tag|>")
    processor = of("MllamaProcessor")(images, words, chat_template=CHAT.replace("IMAGE", "<|image|>"))
    model = of("MllamaForConditionalGeneration")(config)
    for name, weights in model.named_parameters():
        if "gate" in name:  # closed until it is trained
            weights.data.fill_(0.5)
    return processor, model


def hybrid() -> Built:
    """Idefics 3, which SmolVLM is built as: pictures are cut, shuffled into fewer tokens and bound into the words."""

    vision = part("transformers.models.idefics3.configuration_idefics3", "Idefics3VisionConfig")(
        image_size=28, patch_size=7, **TEXT
    )
    text = of("LlamaConfig")(vocab_size=64, **TEXT, **IDS)
    config = of("Idefics3Config")(vision_config=vision, text_config=text, image_token_id=4, scale_factor=2, **IDS)
    images = part("transformers.models.idefics3.image_processing_pil_idefics3", "Idefics3ImageProcessorPil")(
        size={"longest_edge": 28}, max_image_size={"longest_edge": 28}, do_image_splitting=False
    )
    processor = of("Idefics3Processor")(
        images, tokenizer(), image_seq_len=4, chat_template=CHAT.replace("IMAGE", "<image>")
    )  # fmt: skip
    return processor, of("Idefics3ForConditionalGeneration")(config)


KINDS: dict[str, Callable[[], Built]] = {
    "decoder-only": decoder_only,
    "cross-attention": cross_attention,
    "hybrid": hybrid,
}


@pytest.fixture(scope="session", params=KINDS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model saved to disk, as a person has it."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(7)
    place: Path = tmp_path_factory.mktemp("vision") / request.param
    processor, model = KINDS[request.param]()
    processor.save_pretrained(place)
    model.save_pretrained(place)
    return place
