using System.Globalization;
using LlmMath.Architectures;
using LlmMath.Interchange;

namespace LlmMath.Generators;

/// <summary>A model's definition as an entry of the catalog.</summary>
internal static class ModelEmitter
{
    public static Entry ToEntry(ModelDefinition model, string path, string member) => new(
        DefinitionKind.Model, path, model.Name, model.Id, member, Summary(model), Expression(model)) { Aliases = model.Aliases };

    // Totals stand in the entry; fields and evidence are made when they are asked for.
    private static string Expression(ModelDefinition model)
    {
        ParameterCounts c = model.Counts;
        string counts = Literal.New<ParameterCounts>(Literal.Of(c.Checkpoint), Literal.Of(c.CheckpointActive),
            Literal.Of(c.HandEstimate), Literal.Of(c.HandEstimateActive));
        return Literal.New<ModelDefinition>(Literal.Of(model.Name), Literal.Of(model.Id), counts,
            $"static () => ({Literal.New<ModelConfig>(Literal.Fields(model.Config))}, "
                + $"{Literal.List<Evidence>(model.Evidence.Select(Of))})") + Names(model);
    }

    private static string Names(ModelDefinition model)
    {
        var settings = new Settings();
        settings.Texts("Aliases", model.Aliases);
        settings.Set("ReleaseDate", model.ReleaseDate is { } date ? Literal.Of(date) : null);
        settings.Set("ReleaseSource", model.ReleaseSource is { } source ? Literal.Of(source) : null);
        return settings.Initializer();
    }

    // The figures that a completion list shows: 331,196,416 parameters · 24 layers · …
    private static string Summary(ModelDefinition model)
    {
        long parameters = model.ParameterCount(), active = model.ActiveParameterCount();
        Architecture a = model.Architecture;
        var parts = new List<string>
        {
            N(parameters) + " parameters" + (active == parameters ? "" : $" ({N(active)} active)"),
            N(a.LayerCount) + " layers",
            N(a.HiddenSize) + " hidden",
        };
        if (a.ContextLength is { } context)
        {
            parts.Add(N(context) + " context");
        }

        return $"{model.Id} ({a.Family}): {string.Join(" · ", parts)}.";
    }

    private static string Of(Evidence evidence)
    {
        var settings = new List<string>();
        if (evidence.ActiveParameters is { } active)
        {
            settings.Add($"ActiveParameters = {Literal.Of(active)}");
        }

        if (evidence.Beyond.Count > 0)
        {
            settings.Add("Beyond = " + Literal.List<Difference>(
                evidence.Beyond.Select(d => Literal.New<Difference>(Literal.Of(d.What), Literal.Of(d.Parameters)))));
        }

        return Literal.New<Evidence>(
                $"{TypeName.Of<EvidenceKind>()}.{evidence.Kind}", Literal.Of(evidence.Parameters), Literal.Of(evidence.Source))
            + (settings.Count == 0 ? "" : $" {{ {string.Join(", ", settings)} }}");
    }

    private static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
