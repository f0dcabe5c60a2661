using Microsoft.CodeAnalysis;

namespace LlmMath.Generators;

/// <summary>Compiles JSON definitions of models, GPUs and engines into members of the catalogs.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class CatalogGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Which additional files are definitions.
        IncrementalValuesProvider<DefinitionText> definitions = context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .SelectMany(static (pair, _) => DefinitionText.Of(pair.Left, pair.Right))
            .WithTrackingName(Steps.Definitions);

        // Each file read, counted and turned into C#: one that did not change is not read again.
        IncrementalValuesProvider<EntryResult> results = definitions.Select(EntryReader.Read).WithTrackingName(Steps.Entries);
        IncrementalValuesProvider<Entry> entries = results
            .Where(static result => result.Entry is not null)
            .Select(static (result, _) => result.Entry!);
        IncrementalValueProvider<CatalogShape> shape = context.CompilationProvider.Select(CatalogShape.Of);
        IncrementalValueProvider<ValueList<TakenName>> builtIn = context.CompilationProvider.Select(BuiltInNames.Of);

        // Names alone decide what clashes and what the index holds.
        IncrementalValueProvider<ValueList<EntryName>> names = entries
            .Select(static (entry, _) => EntryName.Of(entry))
            .Collect()
            .Select(static (all, _) => EntryName.Sorted(all))
            .WithTrackingName(Steps.Names);
        IncrementalValueProvider<ValueList<Clash>> clashes = names.Combine(builtIn)
            .Select(static (pair, _) => Clash.Find(pair.Left, pair.Right));

        // One file a member, so that touching an entry builds that entry alone.
        IncrementalValuesProvider<(Entry Entry, CatalogShape Shape)> members = entries.Combine(clashes)
            .Where(static pair => pair.Right.All(clash => clash.Late != EntryName.Of(pair.Left)))
            .Select(static (pair, _) => pair.Left)
            .Combine(shape)
            .Where(static pair => pair.Right.HasLibrary)
            .WithTrackingName(Steps.Members);
        context.RegisterSourceOutput(members, static (output, pair) =>
            output.AddSource($"{pair.Entry.Kind.Catalog()}.{pair.Entry.Member}.g.cs",
                CatalogEmitter.Member(pair.Entry, pair.Shape)));

        context.RegisterSourceOutput(names.Combine(clashes).Combine(shape), static (output, all) =>
            EmitIndexes(output, all.Left.Left, all.Left.Right, all.Right));
        context.RegisterSourceOutput(results, static (output, result) => Report(output, result.Error));
        context.RegisterSourceOutput(clashes, static (output, all) =>
        {
            foreach (Clash clash in all)
            {
                Report(output, DiagnosticInfo.At(Descriptors.DuplicateName, clash.Late.Path, null, 0, clash.Message));
            }
        });
    }

    private static void EmitIndexes(SourceProductionContext output, ValueList<EntryName> names, ValueList<Clash> clashes,
        CatalogShape shape)
    {
        foreach (DefinitionKind kind in DefinitionKinds.All)
        {
            var of = names.Where(name => name.Kind == kind && clashes.All(clash => clash.Late != name)).ToList();
            if (shape.IsLibrary || (shape.HasLibrary && of.Count > 0))
            {
                output.AddSource($"{kind.Catalog()}.{CatalogEmitter.Entries}.g.cs", CatalogEmitter.Index(kind, of, shape));
            }
        }
    }

    private static void Report(SourceProductionContext output, DiagnosticInfo? error)
    {
        if (error is not null)
        {
            output.ReportDiagnostic(error.ToDiagnostic());
        }
    }
}
