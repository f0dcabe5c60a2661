namespace LlmMath;

/// <summary>What carries information from token to token in a block: a kind of attention, or a recurrent state. Each kind is a type
/// that knows its sizes; nothing else asks which kind it is.</summary>
public abstract record SequenceMixer;
