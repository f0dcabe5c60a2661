namespace LlmMath.Kernels;

/// <summary>A weight format met by an activation format: each has one kernel for an instruction set.</summary>
internal enum ProductKind
{
    Fp32,
    Bf16,
    Fp16,
    Fp16Any,
    Q8,
    Q8Float,
    Q4,
    Q4Float,
}
