namespace LlmMath.Architectures;

/// <summary>A tensor as matrices of outputs and inputs: a vector is one row, a stack one matrix an expert.</summary>
/// <param name="Matrices">Matrices, 1 or more.</param>
/// <param name="Outputs">Outputs (rows) of each, 1 or more.</param>
/// <param name="Inputs">Inputs (elements of a row) of each, 1 or more: quantization blocks run along them.</param>
public readonly record struct MatrixDimensions(long Matrices, long Outputs, long Inputs);
