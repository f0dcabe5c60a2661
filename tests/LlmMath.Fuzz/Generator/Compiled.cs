using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using LlmMath.Engines.Json;
using LlmMath.Interchange.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using static LlmMath.Fuzz.PropertyException;

namespace LlmMath.Fuzz.Generator;

/// <summary>What must hold of a run of the generator over any definitions.</summary>
internal static class Compiled
{
    /// <summary>Each definition becomes one entry, equal to what is read at run time, or gets one error at its file; what was
    /// made compiles without a warning.</summary>
    /// <returns>How many became entries.</returns>
    public static int Check(Made made, LanguageVersion language, IReadOnlyList<Definition> definitions, Trial trial)
    {
        Require(made.Result.Exception is null, "the generator does not throw", made.Result.Exception?.ToString());
        CheckDiagnostics(made, definitions);
        Diagnostic? wrong = made.Compiled.GetDiagnostics().FirstOrDefault(d => d.Severity >= DiagnosticSeverity.Warning);
        Require(wrong is null, "what was made compiles without a warning", wrong);
        IReadOnlyList<string> members = Shapes.Check(language, made);
        Require(members.Count + made.Diagnostics.Length == definitions.Count, "each definition becomes an entry or gets one "
            + "error",
            (members.Count, made.Diagnostics.Length, definitions.Count));
        CheckAtRunTime(made.Compiled, definitions, members.Count, trial);
        trial.Did("definitions", definitions.Count);
        trial.Did("entries", members.Count);
        return members.Count;
    }

    private static void CheckDiagnostics(Made made, IReadOnlyList<Definition> definitions)
    {
        foreach (Diagnostic diagnostic in made.Diagnostics)
        {
            string message = diagnostic.GetMessage(null);
            Require(diagnostic.Id.StartsWith("LLM", StringComparison.Ordinal), "a diagnostic is one of the generator's",
                diagnostic);
            Require(definitions.Any(definition => definition.Path == diagnostic.Location.GetLineSpan().Path),
                "a diagnostic stands at its file", diagnostic);
            Require(message.Length < 10_000 && !message.Any(c => char.IsControl(c)
                || c is '\u2028' or '\u2029' or '\u202e' or '\u2066'),
                "a diagnostic is one line without control characters", message);
        }
    }

    private static void CheckAtRunTime(Compilation compiled, IReadOnlyList<Definition> definitions, int members, Trial trial)
    {
        using var image = new MemoryStream();
        EmitResult emitted = compiled.Emit(image);
        Require(emitted.Success, "what was made is emitted", emitted.Diagnostics.FirstOrDefault());
        image.Position = 0;
        var context = new AssemblyLoadContext("application", isCollectible: true);
        try
        {
            Assembly application = context.LoadFromStream(image);
            int compared = Compare(application, "Model", definitions,
                    static (utf8, name) => ModelJson.ReadStrictly(utf8, name), IsSame)
                + Compare(application, "Gpu", definitions, static (utf8, name) => GpuJson.Read(utf8, name), static (a, b) =>
                    a == b)
                + Compare(application, "Engine", definitions, static (utf8, name) => EngineJson.Read(utf8, name), IsSame);
            Require(compared == members, "the indexes hold every entry", (compared, members));
            trial.Did("entries compared with run time", compared);
        }
        finally
        {
            context.Unload();
        }
    }

    private static int Compare<T>(Assembly application, string kind, IReadOnlyList<Definition> definitions,
        Func<byte[], string, T> read,
        Func<T, T, bool> isSame)
        where T : class
    {
        object? entries = application.GetType($"LlmMath.App{kind}Catalog")?.GetProperty("Entries")?.GetValue(null);
        if (entries is not Catalog<T> catalog)
        {
            return 0;
        }

        foreach (string name in catalog.Names)
        {
            T made = catalog.Find(name);
            Definition[] files = [.. definitions.Where(file => kind.Equals(file.Kind, StringComparison.OrdinalIgnoreCase)
                && NameOf(file) == name)];
            Require(files.Any(file => IsRead(file, name, made, read, isSame)), "an entry is what is read at run time",
                $"{kind} {name}");
        }

        return catalog.Names.Count();
    }

    // Of several files of one name, others may be refused.
    private static bool IsRead<T>(Definition file, string name, T made, Func<byte[], string, T> read, Func<T, T, bool> isSame)
    {
        try
        {
            return isSame(made, read(Encoding.UTF8.GetBytes(file.Text), name));
        }
        catch (DefinitionException)
        {
            return false;
        }
    }

    private static string NameOf(Definition definition) => !string.IsNullOrWhiteSpace(definition.Name) ? definition.Name.Trim()
        : Path.GetFileNameWithoutExtension(definition.Path);

    private static bool IsSame(ModelDefinition a, ModelDefinition b) => a.Id == b.Id && a.Config.Equals(b.Config)
        && a.Evidence.Equals(b.Evidence) && a.ParameterCount() == b.ParameterCount()
        && a.ActiveParameterCount() == b.ActiveParameterCount()
        && a.ParameterCount(CountingConvention.HandEstimate) == b.ParameterCount(CountingConvention.HandEstimate)
        && a.ActiveParameterCount(CountingConvention.HandEstimate) == b.ActiveParameterCount(CountingConvention.HandEstimate)
        && ParameterCounts.Of(a.Architecture) == a.Counts;

    private static bool IsSame(Engine a, Engine b) => a == b;
}
