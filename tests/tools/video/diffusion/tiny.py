"""Tiny pipelines with random weights, by name: the real classes, of a few thousand numbers each."""

from collections.abc import Callable
from importlib import import_module
from typing import Any


def tokenizer(longest: int = 512, *, bos: bool = False) -> Any:
    """Bytes in pairs, learnt from one sentence."""
    kit: Any = import_module("tokenizers")
    bare = kit.Tokenizer(kit.models.BPE(unk_token="<unk>"))
    bare.pre_tokenizer = kit.pre_tokenizers.ByteLevel(add_prefix_space=False)
    bare.decoder = kit.decoders.ByteLevel()
    marks = ["<pad>", "</s>", "<bos>", "<unk>"]
    alphabet = kit.pre_tokenizers.ByteLevel.alphabet()
    trainer = kit.trainers.BpeTrainer(
        vocab_size=300, special_tokens=marks, initial_alphabet=alphabet, show_progress=False
    )
    bare.train_from_iterator(["a slow pan over misty mountains"], trainer)
    single, mark = ("<bos> $A", ("<bos>", 2)) if bos else ("$A </s>", ("</s>", 1))
    bare.post_processor = kit.processors.TemplateProcessing(single=single, special_tokens=[mark])
    return import_module("transformers").PreTrainedTokenizerFast(
        tokenizer_object=bare, pad_token="<pad>", eos_token="</s>", bos_token="<bos>", unk_token="<unk>",
        model_max_length=longest, padding_side="left" if bos else "right",
    )  # fmt: skip


def t5(t: Any, words: Any, kind: str = "T5") -> Any:
    config = getattr(t, f"{kind}Config")(
        vocab_size=len(words), d_model=32, d_kv=8, d_ff=37, num_layers=2, num_heads=4,
        relative_attention_num_buckets=8, dropout_rate=0.0, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0,
    )  # fmt: skip
    return getattr(t, f"{kind}EncoderModel")(config).eval()


def clip(t: Any, words: Any, wide: int) -> Any:
    config = t.CLIPTextConfig(
        bos_token_id=2, eos_token_id=1, pad_token_id=0, hidden_size=wide, intermediate_size=2 * wide,
        num_attention_heads=2, num_hidden_layers=2, vocab_size=len(words), projection_dim=32,
    )  # fmt: skip
    return t.CLIPTextModel(config).eval()


def flat_vae(d: Any, channels: int = 4, **more: Any) -> Any:
    return d.AutoencoderKL(
        block_out_channels=[8, 8], in_channels=3, out_channels=3, down_block_types=["DownEncoderBlock2D"] * 2,
        up_block_types=["UpDecoderBlock2D"] * 2, latent_channels=channels, norm_num_groups=2, **more,
    )  # fmt: skip


def wan(d: Any, t: Any) -> Any:
    """One set of weights for words and pictures, as Wan 2.2 5B has."""
    words = tokenizer()
    vae = d.AutoencoderKLWan(
        base_dim=3, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=[False, True, True]
    )
    transformer = d.WanTransformer3DModel(
        patch_size=(1, 2, 2), num_attention_heads=2, attention_head_dim=12, in_channels=16, out_channels=16,
        text_dim=32, freq_dim=256, ffn_dim=32, num_layers=2, cross_attn_norm=True,
        qk_norm="rms_norm_across_heads", rope_max_seq_len=32,
    )  # fmt: skip
    return d.WanPipeline(
        tokenizer=words, text_encoder=t5(t, words, "UMT5"), vae=vae, transformer=transformer, transformer_2=None,
        scheduler=d.FlowMatchEulerDiscreteScheduler(shift=7.0), expand_timesteps=True,
    )  # fmt: skip


def ltx(d: Any, t: Any) -> Any:
    """8k+1 frames, words and pictures from the same weights."""
    words = tokenizer()
    transformer = d.LTXVideoTransformer3DModel(
        in_channels=8, out_channels=8, patch_size=1, patch_size_t=1, num_attention_heads=4, attention_head_dim=8,
        cross_attention_dim=32, num_layers=1, caption_channels=32,
    )  # fmt: skip
    vae = d.AutoencoderKLLTXVideo(
        in_channels=3, out_channels=3, latent_channels=8, block_out_channels=(8, 8, 8, 8),
        decoder_block_out_channels=(8, 8, 8, 8), layers_per_block=(1,) * 5, decoder_layers_per_block=(1,) * 5,
        spatio_temporal_scaling=(True, True, False, False), decoder_spatio_temporal_scaling=(True, True, False, False),
        decoder_inject_noise=(False,) * 5, upsample_residual=(False,) * 4, upsample_factor=(1,) * 4,
        timestep_conditioning=False, patch_size=1, patch_size_t=1, encoder_causal=True, decoder_causal=False,
    )  # fmt: skip
    vae.use_framewise_encoding = vae.use_framewise_decoding = False
    return d.LTXPipeline(
        scheduler=d.FlowMatchEulerDiscreteScheduler(), vae=vae, text_encoder=t5(t, words), tokenizer=words,
        transformer=transformer,
    )  # fmt: skip


def ltx2(d: Any, t: Any) -> Any:
    """Pictures and sound from one transformer."""
    words = tokenizer(bos=True)
    text = {
        "vocab_size": len(words) + 8, "hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 2,
        "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8, "pad_token_id": 0, "eos_token_id": 1,
        "bos_token_id": 2, "max_position_embeddings": 1024, "sliding_window": 64,
        "layer_types": ["sliding_attention", "full_attention"],
    }  # fmt: skip
    sight = {
        "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
        "image_size": 32, "patch_size": 16, "num_channels": 3,
    }  # fmt: skip
    encoder = t.Gemma3ForConditionalGeneration(
        t.Gemma3Config(
            text_config=text, vision_config=sight, mm_tokens_per_image=4, image_token_index=len(words) + 1,
            boi_token_index=len(words) + 2, eoi_token_index=len(words) + 3,
        )
    ).eval()  # fmt: skip
    transformer = d.LTX2VideoTransformer3DModel(
        in_channels=4, out_channels=4, patch_size=1, patch_size_t=1, num_attention_heads=2, attention_head_dim=8,
        cross_attention_dim=16, audio_in_channels=4, audio_out_channels=4, audio_num_attention_heads=2,
        audio_attention_head_dim=4, audio_cross_attention_dim=8, num_layers=2, qk_norm="rms_norm_across_heads",
        caption_channels=32, rope_double_precision=False, rope_type="split",
    )  # fmt: skip
    connectors = d.pipelines.ltx2.LTX2TextConnectors(
        caption_channels=32, text_proj_in_factor=3, video_connector_num_attention_heads=4,
        video_connector_attention_head_dim=8, video_connector_num_layers=1,
        video_connector_num_learnable_registers=None, audio_connector_num_attention_heads=4,
        audio_connector_attention_head_dim=8, audio_connector_num_layers=1,
        audio_connector_num_learnable_registers=None, connector_rope_base_seq_len=32, rope_theta=10000.0,
        rope_double_precision=False, causal_temporal_positioning=False, rope_type="split",
    )  # fmt: skip
    vae = d.AutoencoderKLLTX2Video(
        in_channels=3, out_channels=3, latent_channels=4, block_out_channels=(8,), decoder_block_out_channels=(8,),
        layers_per_block=(1,), decoder_layers_per_block=(1, 1), spatio_temporal_scaling=(True,),
        decoder_spatio_temporal_scaling=(True,), decoder_inject_noise=(False, False), downsample_type=("spatial",),
        upsample_residual=(False,), upsample_factor=(1,), timestep_conditioning=False, patch_size=1, patch_size_t=1,
        encoder_causal=True, decoder_causal=False,
    )  # fmt: skip
    vae.use_framewise_encoding = vae.use_framewise_decoding = False
    ears = d.AutoencoderKLLTX2Audio(
        base_channels=4, output_channels=2, ch_mult=(1,), num_res_blocks=1, attn_resolutions=None, in_channels=2,
        resolution=32, latent_channels=2, norm_type="pixel", causality_axis="height", dropout=0.0,
        mid_block_add_attention=False, sample_rate=16000, mel_hop_length=160, is_causal=True, mel_bins=8,
    )  # fmt: skip
    vocoder = d.pipelines.ltx2.LTX2Vocoder(  # 160 samples a step of the spectrum: the sound lasts as long as the clip
        in_channels=16, hidden_channels=32, out_channels=2, upsample_kernel_sizes=[20, 8, 8],
        upsample_factors=[10, 4, 4], resnet_kernel_sizes=[3], resnet_dilations=[[1, 3, 5]],
        leaky_relu_negative_slope=0.1, output_sampling_rate=16000,
    )  # fmt: skip
    return d.LTX2Pipeline(
        scheduler=d.FlowMatchEulerDiscreteScheduler(), vae=vae, audio_vae=ears, text_encoder=encoder, tokenizer=words,
        connectors=connectors, transformer=transformer, vocoder=vocoder,
    )  # fmt: skip


def cogvideox(d: Any, t: Any) -> Any:
    """Another scheduler, an older transformer."""
    words = tokenizer()
    transformer = d.CogVideoXTransformer3DModel(
        num_attention_heads=4, attention_head_dim=8, in_channels=4, out_channels=4, time_embed_dim=2,
        text_embed_dim=32, num_layers=1, sample_width=8, sample_height=8, sample_frames=9, patch_size=2,
        temporal_compression_ratio=4, max_text_seq_length=16,
    )  # fmt: skip
    vae = d.AutoencoderKLCogVideoX(
        in_channels=3, out_channels=3, down_block_types=("CogVideoXDownBlock3D",) * 4,
        up_block_types=("CogVideoXUpBlock3D",) * 4, block_out_channels=(8, 8, 8, 8), latent_channels=4,
        layers_per_block=1, norm_num_groups=2, temporal_compression_ratio=4,
    )  # fmt: skip
    return d.CogVideoXPipeline(
        tokenizer=words, text_encoder=t5(t, words), vae=vae, transformer=transformer, scheduler=d.DDIMScheduler()
    )


def hunyuan(d: Any, t: Any) -> Any:
    """Two text encoders, one of them a language model."""
    words, short = tokenizer(), tokenizer(77)
    llama = t.LlamaModel(
        t.LlamaConfig(
            bos_token_id=2, eos_token_id=1, pad_token_id=0, hidden_size=16, intermediate_size=37,
            num_attention_heads=4, num_hidden_layers=2, vocab_size=len(words),
        )
    ).eval()  # fmt: skip
    transformer = d.HunyuanVideoTransformer3DModel(
        in_channels=4, out_channels=4, num_attention_heads=2, attention_head_dim=10, num_layers=1,
        num_single_layers=1, num_refiner_layers=1, patch_size=1, patch_size_t=1, guidance_embeds=True,
        text_embed_dim=16, pooled_projection_dim=8, rope_axes_dim=(2, 4, 4),
    )  # fmt: skip
    vae = d.AutoencoderKLHunyuanVideo(
        in_channels=3, out_channels=3, latent_channels=4, down_block_types=("HunyuanVideoDownBlock3D",) * 4,
        up_block_types=("HunyuanVideoUpBlock3D",) * 4, block_out_channels=(8, 8, 8, 8), layers_per_block=1,
        act_fn="silu", norm_num_groups=4, scaling_factor=0.476986, spatial_compression_ratio=8,
        temporal_compression_ratio=4, mid_block_add_attention=True,
    )  # fmt: skip
    return d.HunyuanVideoPipeline(
        text_encoder=llama, tokenizer=words, text_encoder_2=clip(t, short, 8), tokenizer_2=short,
        transformer=transformer, vae=vae, scheduler=d.FlowMatchEulerDiscreteScheduler(shift=7.0),
    )  # fmt: skip


def animatediff(d: Any, t: Any) -> Any:
    """A still model with a motion adapter."""
    words = tokenizer(77)
    unet = d.UNet2DConditionModel(
        block_out_channels=(8, 8), layers_per_block=2, sample_size=8, in_channels=4, out_channels=4,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=8, norm_num_groups=2,
    )  # fmt: skip
    adapter = d.MotionAdapter(
        block_out_channels=(8, 8), motion_layers_per_block=2, motion_norm_num_groups=2, motion_num_attention_heads=4
    )
    scheduler = d.DDIMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="linear", clip_sample=False)
    return d.AnimateDiffPipeline(
        vae=flat_vae(d), text_encoder=clip(t, words, 8), tokenizer=words, unet=unet, motion_adapter=adapter,
        scheduler=scheduler, feature_extractor=None, image_encoder=None,
    )  # fmt: skip


def flux(d: Any, t: Any) -> Any:
    """One picture."""
    words, short = tokenizer(), tokenizer(77)
    transformer = d.FluxTransformer2DModel(
        patch_size=1, in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=16,
        num_attention_heads=2, joint_attention_dim=32, pooled_projection_dim=32, axes_dims_rope=[4, 4, 8],
    )  # fmt: skip
    vae = flat_vae(d, use_quant_conv=False, use_post_quant_conv=False, shift_factor=0.0609, scaling_factor=1.5035)
    return d.FluxPipeline(
        scheduler=d.FlowMatchEulerDiscreteScheduler(), vae=vae, text_encoder=clip(t, short, 32), tokenizer=short,
        text_encoder_2=t5(t, words), tokenizer_2=words, transformer=transformer, image_encoder=None,
        feature_extractor=None,
    )  # fmt: skip


BUILDERS: dict[str, Callable[[Any, Any], Any]] = {
    each.__name__: each for each in (wan, ltx, ltx2, cogvideox, hunyuan, animatediff, flux)
}
