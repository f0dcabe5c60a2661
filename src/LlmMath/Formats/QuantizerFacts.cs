namespace LlmMath.Formats;

/// <summary>What of a whole model decides a quantizer's choices.</summary>
/// <param name="Family">The model's family, as <c>model_type</c> gives it: llama.cpp's rules name some.</param>
/// <param name="Layers">Layers of the decoder.</param>
/// <param name="AttentionLayers">Layers that project values.</param>
/// <param name="FeedForwardLayers">Layers that have a feed-forward part.</param>
/// <param name="Experts">Routed experts of a layer; 0 where there are none.</param>
/// <param name="QueriesPerKey">Query heads that share a key head, in the first layer that has any; 1 without attention.</param>
/// <param name="IsTied">Whether the head shares the embedding's storage.</param>
internal readonly record struct QuantizerFacts(
    string Family, int Layers, int AttentionLayers, int FeedForwardLayers, long Experts, long QueriesPerKey, bool IsTied);
