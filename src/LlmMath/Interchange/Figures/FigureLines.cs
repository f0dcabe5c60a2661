using System.Text.Json;
using System.Text.Json.Serialization;
using LlmMath.Basics;

namespace LlmMath.Interchange;

/// <summary>A line of a working in bytes.</summary>
/// <param name="Term">What is added.</param>
/// <param name="Formula">How it comes about.</param>
/// <param name="Bytes">Bytes that it adds.</param>
/// <param name="RunningTotal">Bytes so far; left out where none is kept.</param>
public sealed record ByteLine(string Term, string Formula, long Bytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? RunningTotal = null)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(ByteLine), PrintMembers);
}

/// <summary>A line of a working in parameters.</summary>
/// <param name="Term">What is added.</param>
/// <param name="Formula">How it comes about.</param>
/// <param name="Parameters">Parameters that it adds.</param>
/// <param name="RunningTotal">Parameters so far.</param>
public sealed record CountLine(string Term, string Formula, long Parameters, long RunningTotal)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(CountLine), PrintMembers);
}

/// <summary>A line of a working in time.</summary>
/// <param name="Term">What takes time.</param>
/// <param name="Formula">How it comes about.</param>
/// <param name="Ms">Milliseconds.</param>
public sealed record TimeLine(string Term, string Formula, double Ms)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(TimeLine), PrintMembers);
}

/// <summary>Parameters of a part.</summary>
/// <param name="Name">The part.</param>
/// <param name="Parameters">Its parameters.</param>
public sealed record NamedCount(string Name, long Parameters)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(NamedCount), PrintMembers);
}

/// <summary>Bytes of a part.</summary>
/// <param name="Name">The part.</param>
/// <param name="Bytes">Its bytes.</param>
public sealed record NamedBytes(string Name, long Bytes)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(NamedBytes), PrintMembers);
}

/// <summary>Time of a part.</summary>
/// <param name="Name">The part.</param>
/// <param name="Ms">Milliseconds.</param>
public sealed record NamedTime(string Name, double Ms)
{
    /// <summary>The same with its range; left out where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RangeFigures? RangeMs { get; init; }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(NamedTime), PrintMembers);
}

/// <summary>What a config left out and its family's reference implementation fills in.</summary>
/// <param name="Field">The field.</param>
/// <param name="Value">The value that was taken: a number, a flag, a text or null.</param>
public sealed record AssumedFigure(string Field, JsonElement Value)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(AssumedFigure), PrintMembers);
}

/// <summary>A change that takes less memory.</summary>
/// <param name="Change">The change.</param>
/// <param name="SavesBytes">Bytes that it saves on the fullest GPU.</param>
/// <param name="Fits">Whether all fits then.</param>
public sealed record AdviceFigure(string Change, long SavesBytes, bool Fits)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(AdviceFigure), PrintMembers);
}

/// <summary>A change that takes less memory in training, and time.</summary>
/// <param name="Knob">The change.</param>
/// <param name="Bytes">Bytes that it saves on the fullest GPU.</param>
/// <param name="Slowdown">Time of a step then ÷ now; below 1 where it is faster.</param>
public sealed record SavingFigure(string Knob, long Bytes, double Slowdown)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(SavingFigure), PrintMembers);
}
