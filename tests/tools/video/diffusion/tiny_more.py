"""More tiny pipelines with random weights: families that are driven otherwise than the first seven."""

from collections.abc import Callable
from pathlib import Path
from runpy import run_path
from typing import Any

KIT = run_path(str(Path(__file__).with_name("tiny.py")))
tokenizer, t5, clip, flat_vae = (KIT[name] for name in ("tokenizer", "t5", "clip", "flat_vae"))


def wan_parts(d: Any, t: Any) -> dict[str, Any]:
    words = tokenizer()
    vae = d.AutoencoderKLWan(
        base_dim=3, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=[False, True, True]
    )
    return {"tokenizer": words, "text_encoder": t5(t, words, "UMT5"), "vae": vae}


WAN = {
    "patch_size": (1, 2, 2), "num_attention_heads": 2, "attention_head_dim": 12, "in_channels": 16,
    "out_channels": 16, "text_dim": 32, "freq_dim": 256, "ffn_dim": 32, "num_layers": 2, "cross_attn_norm": True,
    "qk_norm": "rms_norm_across_heads", "rope_max_seq_len": 32,
}  # fmt: skip


def awake(part: Any) -> Any:
    """What begins at zero in training, so that it changes nothing, has been trained here."""
    for weights in part.parameters():
        if not weights.any():
            weights.data.normal_()
    return part


def vace(d: Any, t: Any) -> Any:
    """Pictures, maps and masks on one canvas."""
    transformer = awake(d.WanVACETransformer3DModel(**WAN, vace_layers=[0], vace_in_channels=96))
    scheduler = d.FlowMatchEulerDiscreteScheduler(shift=7.0)
    return d.WanVACEPipeline(transformer=transformer, scheduler=scheduler, **wan_parts(d, t))


def wan_ends(d: Any, t: Any) -> Any:
    """A first and a last picture."""
    transformer = d.WanTransformer3DModel(**WAN | {"in_channels": 36})
    return d.WanImageToVideoPipeline(
        transformer=transformer, scheduler=d.FlowMatchEulerDiscreteScheduler(shift=7.0), image_encoder=None,
        image_processor=None, transformer_2=None, **wan_parts(d, t),
    )  # fmt: skip


def skyreels(d: Any, t: Any) -> Any:
    """Long by diffusion forcing."""
    transformer = d.SkyReelsV2Transformer3DModel(**WAN)
    scheduler = d.UniPCMultistepScheduler(flow_shift=8.0, use_flow_sigmas=True, prediction_type="flow_prediction")
    return d.SkyReelsV2DiffusionForcingPipeline(transformer=transformer, scheduler=scheduler, **wan_parts(d, t))


def sana(d: Any, t: Any) -> Any:
    """A language model reads the words."""
    words = tokenizer()
    words.padding_side = "right"
    config = t.Gemma2Config(
        head_dim=16, hidden_size=8, intermediate_size=64, num_attention_heads=2, num_hidden_layers=1,
        num_key_value_heads=2, vocab_size=len(words), max_position_embeddings=512,
    )  # fmt: skip
    transformer = d.SanaVideoTransformer3DModel(
        in_channels=16, out_channels=16, num_attention_heads=2, attention_head_dim=12, num_layers=2,
        num_cross_attention_heads=2, cross_attention_head_dim=12, cross_attention_dim=24, caption_channels=8,
        mlp_ratio=2.5, sample_size=8, patch_size=(1, 2, 2), qk_norm="rms_norm_across_heads", rope_max_seq_len=32,
    )  # fmt: skip
    parts = wan_parts(d, t) | {"tokenizer": words, "text_encoder": t.Gemma2Model(config).eval()}
    return d.SanaVideoPipeline(transformer=transformer, scheduler=d.FlowMatchEulerDiscreteScheduler(), **parts)


def mochi(d: Any, t: Any) -> Any:
    """6k+1 frames."""
    words = tokenizer(16)
    transformer = d.MochiTransformer3DModel(
        patch_size=2, num_attention_heads=2, attention_head_dim=8, num_layers=2, pooled_projection_dim=16,
        in_channels=12, out_channels=None, qk_norm="rms_norm", text_embed_dim=32, time_embed_dim=4,
        activation_fn="swiglu", max_sequence_length=16,
    )  # fmt: skip
    vae = d.AutoencoderKLMochi(
        latent_channels=12, out_channels=3, encoder_block_out_channels=(32,) * 4,
        decoder_block_out_channels=(32,) * 4, layers_per_block=(1,) * 5,
    )  # fmt: skip
    return d.MochiPipeline(
        transformer=transformer, vae=vae, scheduler=d.FlowMatchEulerDiscreteScheduler(), tokenizer=words,
        text_encoder=t5(t, words),
    )  # fmt: skip


def latte(d: Any, t: Any) -> Any:
    """Frames by another name."""
    words = tokenizer(16)
    transformer = d.LatteTransformer3DModel(
        sample_size=8, num_layers=1, patch_size=2, attention_head_dim=8, num_attention_heads=3, caption_channels=32,
        in_channels=4, cross_attention_dim=24, out_channels=8, attention_bias=True, norm_elementwise_affine=False,
        activation_fn="gelu-approximate", num_embeds_ada_norm=1000, norm_type="ada_norm_single", norm_eps=1e-6,
    )  # fmt: skip
    return d.LattePipeline(
        transformer=transformer, vae=flat_vae(d), scheduler=d.DDIMScheduler(), tokenizer=words,
        text_encoder=t5(t, words),
    )  # fmt: skip


def allegro(d: Any, t: Any) -> Any:
    """One length alone."""
    words = tokenizer(16)
    transformer = d.AllegroTransformer3DModel(
        num_attention_heads=2, attention_head_dim=12, in_channels=4, out_channels=4, num_layers=1,
        cross_attention_dim=24, sample_width=8, sample_height=8, sample_frames=8, caption_channels=32,
    )  # fmt: skip
    vae = d.AutoencoderKLAllegro(
        in_channels=3, out_channels=3, down_block_types=("AllegroDownBlock3D",) * 4,
        up_block_types=("AllegroUpBlock3D",) * 4, block_out_channels=(8,) * 4, latent_channels=4, layers_per_block=1,
        norm_num_groups=2, temporal_compression_ratio=4,
    )  # fmt: skip
    return d.AllegroPipeline(
        transformer=transformer, vae=vae, scheduler=d.DDIMScheduler(), tokenizer=words, text_encoder=t5(t, words)
    )


def anyflow(d: Any, t: Any) -> Any:
    """Any number of steps, from Wan's own parts."""
    transformer = d.AnyFlowTransformer3DModel(**{k: v for k, v in WAN.items() if k != "qk_norm"})
    return d.AnyFlowPipeline(transformer=transformer, scheduler=d.FlowMapEulerDiscreteScheduler(), **wan_parts(d, t))


def helios(d: Any, t: Any) -> Any:
    """Streams chunk by chunk."""
    transformer = d.HeliosTransformer3DModel(
        **{k: v for k, v in WAN.items() if k != "rope_max_seq_len"}, rope_dim=(4, 4, 4)
    )
    return d.HeliosPipeline(
        transformer=transformer, scheduler=d.HeliosScheduler(stages=1, stage_range=[0, 1]), **wan_parts(d, t)
    )


def fun_control(d: Any, t: Any) -> Any:
    """A map beside the latents."""
    pipeline = KIT["cogvideox"](d, t)
    config = dict(pipeline.transformer.config) | {"in_channels": 8}
    transformer = d.CogVideoXTransformer3DModel.from_config(config)
    parts = pipeline.components | {"transformer": transformer}
    return d.CogVideoXFunControlPipeline(**parts)


def unet(d: Any, **more: Any) -> Any:
    return d.UNet2DConditionModel(**{
        "block_out_channels": (8, 8), "layers_per_block": 2, "sample_size": 8, "in_channels": 4, "out_channels": 4,
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"), "cross_attention_dim": 8, "norm_num_groups": 2,
    } | more)  # fmt: skip


def stable(d: Any, t: Any) -> Any:
    """Stable Diffusion 1.5: stills, and the weights of Text2Video-Zero."""
    words = tokenizer(77)
    return d.StableDiffusionPipeline(
        vae=flat_vae(d), text_encoder=clip(t, words, 8), tokenizer=words, unet=unet(d),
        scheduler=d.DDIMScheduler(beta_schedule="linear", clip_sample=False, steps_offset=1),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip


def still_xl(d: Any, t: Any) -> Any:
    """Two text encoders and the size as a condition."""
    words = tokenizer(77)
    config = clip(t, words, 32).config
    net = unet(
        d, cross_attention_dim=64, transformer_layers_per_block=(1, 1), addition_embed_type="text_time",
        addition_time_embed_dim=8, projection_class_embeddings_input_dim=80, use_linear_projection=True,
        attention_head_dim=(2, 4),
    )  # fmt: skip
    return d.StableDiffusionXLPipeline(
        unet=net, scheduler=d.EulerDiscreteScheduler(beta_schedule="scaled_linear"), vae=flat_vae(d),
        text_encoder=t.CLIPTextModel(config).eval(), tokenizer=words, tokenizer_2=tokenizer(77),
        text_encoder_2=t.CLIPTextModelWithProjection(config).eval(),
    )  # fmt: skip


def z_image(d: Any, t: Any) -> Any:
    """A language model that chats reads the words."""
    words = tokenizer()
    words.chat_template = "{{ messages[0]['content'] }}"
    config = t.Qwen3Config(
        hidden_size=16, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2,
        vocab_size=len(words), head_dim=8, max_position_embeddings=512,
    )  # fmt: skip
    transformer = d.ZImageTransformer2DModel(
        all_patch_size=(2,), all_f_patch_size=(1,), in_channels=16, dim=32, n_layers=2, n_refiner_layers=1,
        n_heads=2, n_kv_heads=2, qk_norm=True, cap_feat_dim=16, rope_theta=256.0, t_scale=1000.0,
        axes_dims=[8, 4, 4], axes_lens=[256, 32, 32],
    )  # fmt: skip
    vae = flat_vae(d, 16, use_quant_conv=False, use_post_quant_conv=False, shift_factor=0.1, scaling_factor=0.36)
    return d.ZImagePipeline(
        scheduler=d.FlowMatchEulerDiscreteScheduler(), vae=vae, text_encoder=t.Qwen3Model(config).eval(),
        tokenizer=words, transformer=transformer,
    )  # fmt: skip


def svd(d: Any, t: Any) -> Any:
    """Pictures without words."""
    net = d.UNetSpatioTemporalConditionModel(
        block_out_channels=(32, 64), layers_per_block=1, sample_size=8, in_channels=8, out_channels=4,
        down_block_types=("CrossAttnDownBlockSpatioTemporal", "DownBlockSpatioTemporal"),
        up_block_types=("UpBlockSpatioTemporal", "CrossAttnUpBlockSpatioTemporal"), cross_attention_dim=32,
        num_attention_heads=(2, 4), projection_class_embeddings_input_dim=96, addition_time_embed_dim=32,
    )  # fmt: skip
    scheduler = d.EulerDiscreteScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", interpolation_type="linear",
        num_train_timesteps=1000, prediction_type="v_prediction", sigma_max=700.0, sigma_min=0.002,
        steps_offset=1, timestep_spacing="leading", timestep_type="continuous", use_karras_sigmas=True,
    )  # fmt: skip
    vae = d.AutoencoderKLTemporalDecoder(
        block_out_channels=(32, 32), down_block_types=("DownEncoderBlock2D",) * 2, latent_channels=4
    )
    sight = t.CLIPVisionConfig(
        hidden_size=32, projection_dim=32, num_hidden_layers=1, num_attention_heads=4, image_size=224,
        intermediate_size=37, patch_size=112,
    )  # fmt: skip
    return d.StableVideoDiffusionPipeline(
        unet=net, scheduler=scheduler, vae=vae, image_encoder=t.CLIPVisionModelWithProjection(sight).eval(),
        feature_extractor=t.CLIPImageProcessor(crop_size=224, size=224),
    )  # fmt: skip


def amused(d: Any, t: Any) -> Any:
    """Discrete tokens that are unmasked, not noise that is taken away."""
    words = tokenizer(77)
    config = clip(t, words, 8).config
    config.projection_dim = 8
    transformer = d.UVit2DModel(
        hidden_size=8, use_bias=False, hidden_dropout=0.0, cond_embed_dim=8, micro_cond_encode_dim=2,
        micro_cond_embed_dim=10, encoder_hidden_size=8, vocab_size=32, codebook_size=8, in_channels=8,
        block_out_channels=8, num_res_blocks=1, downsample=True, upsample=True, block_num_heads=1,
        num_hidden_layers=1, num_attention_heads=1, attention_dropout=0.0, intermediate_size=8, layer_norm_eps=1e-6,
        ln_elementwise_affine=True,
    )  # fmt: skip
    vqvae = d.VQModel(
        act_fn="silu", block_out_channels=[8], down_block_types=["DownEncoderBlock2D"], in_channels=3,
        latent_channels=8, layers_per_block=1, norm_num_groups=8, num_vq_embeddings=8, out_channels=3,
        sample_size=32, up_block_types=["UpDecoderBlock2D"], mid_block_add_attention=False, lookup_from_codebook=True,
    )  # fmt: skip
    return d.AmusedPipeline(
        transformer=transformer, vqvae=vqvae, tokenizer=words, scheduler=d.AmusedScheduler(mask_token_id=31),
        text_encoder=t.CLIPTextModelWithProjection(config).eval(),
    )  # fmt: skip


def controlnet(d: Any, t: Any) -> Any:
    """What AnimateDiff and Stable Diffusion follow a map by."""
    return awake(d.ControlNetModel(
        block_out_channels=(8, 8), layers_per_block=2, in_channels=4, cross_attention_dim=8, norm_num_groups=2,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), conditioning_embedding_out_channels=(8, 8),
    ))  # fmt: skip


def hunyuan15(d: Any, t: Any) -> Any:
    """Guidance that the pipeline holds itself, and no callback."""
    words = tokenizer()
    words.chat_template = "{% for row in messages %}{{ row['content'] }}{% endfor %}"
    config = t.Qwen2_5_VLTextConfig(
        hidden_size=16, intermediate_size=16, num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=2,
        vocab_size=len(words), max_position_embeddings=2048,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [1, 1, 2]},
    )  # fmt: skip
    transformer = d.HunyuanVideo15Transformer3DModel(
        in_channels=9, out_channels=4, num_attention_heads=2, attention_head_dim=8, num_layers=1,
        num_refiner_layers=1, mlp_ratio=2.0, patch_size=1, patch_size_t=1, text_embed_dim=16, text_embed_2_dim=32,
        image_embed_dim=12, rope_axes_dim=(2, 2, 4), target_size=16, task_type="t2v",
    )  # fmt: skip
    vae = d.AutoencoderKLHunyuanVideo15(
        in_channels=3, out_channels=3, latent_channels=4, block_out_channels=(16, 16), layers_per_block=1,
        spatial_compression_ratio=4, temporal_compression_ratio=4, downsample_match_channel=False,
        upsample_match_channel=False,
    )  # fmt: skip
    letters = t.ByT5Tokenizer()
    return d.HunyuanVideo15Pipeline(
        text_encoder=t.Qwen2_5_VLTextModel(config).eval(), tokenizer=words, transformer=transformer, vae=vae,
        scheduler=d.FlowMatchEulerDiscreteScheduler(shift=7.0), text_encoder_2=t5(t, range(400)),
        tokenizer_2=letters, guider=d.ClassifierFreeGuidance(guidance_scale=6.0),
    )  # fmt: skip


def framepack(d: Any, t: Any) -> Any:
    """Section by section, backwards from the last picture."""
    parts = {name: part for name, part in KIT["hunyuan"](d, t).components.items() if name != "transformer"}
    transformer = d.HunyuanVideoFramepackTransformer3DModel(
        in_channels=4, out_channels=4, num_attention_heads=2, attention_head_dim=10, num_layers=1,
        num_single_layers=1, num_refiner_layers=1, patch_size=2, patch_size_t=1, guidance_embeds=True,
        text_embed_dim=16, pooled_projection_dim=8, rope_axes_dim=(2, 4, 4), image_condition_type=None,
        has_image_proj=True, image_proj_dim=16, has_clean_x_embedder=True,
    )  # fmt: skip
    sight = t.SiglipVisionConfig(
        hidden_size=16, intermediate_size=37, num_hidden_layers=1, num_attention_heads=2, image_size=32, patch_size=16
    )
    return d.HunyuanVideoFramepackPipeline(
        **parts, transformer=transformer, image_encoder=t.SiglipVisionModel(sight).eval(),
        feature_extractor=t.SiglipImageProcessor(size={"height": 32, "width": 32}),
    )  # fmt: skip


BUILDERS: dict[str, Callable[[Any, Any], Any]] = {
    each.__name__: each
    for each in (
        vace, wan_ends, skyreels, sana, mochi, latte, allegro, anyflow, helios, fun_control, stable, still_xl, z_image,
        svd, amused, controlnet, hunyuan15, framepack,
    )
}  # fmt: skip
