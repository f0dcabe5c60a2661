namespace LlmMath.Numerics.Kernels;

/// <summary>A weight format met by an activation format: each has one kernel for an instruction set.</summary>
internal enum ProductKind
{
    Fp32,
    Bf16,
    Fp16,
    Fp16Any,
    Q8_0,
    Q8_0Float,
    Q4_0,
    Q4_0Float,
    Q4_1,
    Q4_1Float,
    Q5_0,
    Q5_0Float,
    Q5_1,
    Q5_1Float,
    Q2_K,
    Q2_KFloat,
    Q3_K,
    Q3_KFloat,
    Q4_K,
    Q4_KFloat,
    Q5_K,
    Q5_KFloat,
    Q6_K,
    Q6_KFloat,
}
