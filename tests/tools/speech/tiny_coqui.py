"""Tiny random VITS and XTTS models in Coqui's own format: `python tiny_coqui.py vits|xtts FOLDER`.

Run as a process by test_coqui.py, in the environment that the worker gets.
"""

import sys
from pathlib import Path
from typing import Any


def vits(folder: Path) -> Any:
    from TTS.tts.configs.vits_config import VitsArgs, VitsConfig
    from TTS.tts.models.vits import Vits

    args = VitsArgs(
        hidden_channels=16,
        hidden_channels_ffn_text_encoder=32,
        num_heads_text_encoder=2,
        num_layers_text_encoder=1,
        num_layers_posterior_encoder=1,
        num_layers_flow=1,
        upsample_initial_channel_decoder=32,
        resblock_kernel_sizes_decoder=[3],
        resblock_dilation_sizes_decoder=[[1, 3, 5]],
        use_sdp=False,
        init_discriminator=False,
    )
    config = VitsConfig(model_args=args, text_cleaner="basic_cleaners", use_phonemes=False)
    return config, Vits.init_from_config(config)


def xtts(folder: Path) -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from TTS.tts.configs.xtts_config import XttsArgs, XttsConfig
    from TTS.tts.models.xtts import Xtts

    signs = ["[STOP]", "[UNK]", "[SPACE]", "[START]", "[en]", "[es]", *"abcdefghijklmnopqrstuvwxyz.,!?'- "]
    tokenizer = Tokenizer(models.BPE({sign: at for at, sign in enumerate(signs)}, [], unk_token="[UNK]"))
    tokenizer.add_special_tokens(signs[:6])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "vocab.json"))
    args = XttsArgs(
        gpt_layers=1,
        gpt_n_model_channels=64,
        gpt_n_heads=2,
        gpt_max_audio_tokens=24,
        gpt_number_text_tokens=len(signs),
        gpt_start_text_token=3,
        gpt_stop_text_token=0,
        gpt_num_audio_tokens=66,
        gpt_start_audio_token=64,
        gpt_stop_audio_token=65,
        gpt_use_perceiver_resampler=True,
        decoder_input_dim=64,
        tokenizer_file="",
    )
    config = XttsConfig(model_args=args)
    return config, Xtts.init_from_config(config)


if __name__ == "__main__":
    import torch

    torch.manual_seed(3)
    torch.set_num_threads(1)
    where = Path(sys.argv[2])
    where.mkdir(parents=True)
    found, model = {"vits": vits, "xtts": xtts}[sys.argv[1]](where)
    found.save_json(str(where / "config.json"))
    torch.save({"model": model.state_dict()}, where / "model.pth")
