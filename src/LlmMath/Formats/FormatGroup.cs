namespace LlmMath;

/// <summary>Whose files hold a weight format: what an engine that reads one of a group reads of the others.</summary>
public enum FormatGroup
{
    /// <summary>Every weight alike, in 16 or 32 bits.</summary>
    Plain,

    /// <summary>Two copies while a program runs: automatic mixed precision.</summary>
    MixedPrecision,

    /// <summary>Safetensors whose linear layers are quantized: fp8, int8, AWQ, GPTQ, bitsandbytes, MXFP4, NVFP4.</summary>
    Checkpoint,

    /// <summary>GGUF: llama.cpp's file types.</summary>
    Gguf,

    /// <summary>MLX's affine groups.</summary>
    Mlx,

    /// <summary>ExLlamaV2's mixes.</summary>
    Exl2,

    /// <summary>ExLlamaV3's trellis codes.</summary>
    Exl3,

    /// <summary>MLC LLM's groups.</summary>
    Mlc,
}
