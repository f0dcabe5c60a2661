using System.Text;
using LlmMath.Engines.Json;
using LlmMath.Interchange.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace LlmMath.Generators;

/// <summary>Reads a definition's file into an entry, or into the diagnostic that says why not.</summary>
internal static class EntryReader
{
    /// <summary>Characters of a file, at most: its strings become strings of the application, of which a compiler takes 16 MB
    /// together.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>Reads a file. Whatever goes wrong with it stays with it: the other files' entries are made.</summary>
    public static EntryResult Read(DefinitionText definition, CancellationToken cancellation)
    {
        SourceText? source = null;
        try
        {
            source = definition.File.GetText(cancellation);
            return source is null
                ? Failed(Descriptors.Malformed, definition, null, 0, "The file cannot be read.")
                : Read(definition, source);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return Failed(Descriptors.Failure, definition, source, 0,
                $"The generator failed with {error.GetType().Name}: {error.Message} "
                + "This is a fault of LlmMath, not of the definition; please report it with the file.");
        }
    }

    private static EntryResult Read(DefinitionText definition, SourceText source)
    {
        if (source.Length > MaxLength)
        {
            return Failed(Descriptors.TooLarge, definition, source, 0,
                $"The definition has {Number(source.Length)} characters; at most {Number(MaxLength)} are read.");
        }

        string text = source.ToString();
        if (FileEncoding.Flaw(source, text) is { } flaw)
        {
            return Failed(Descriptors.Malformed, definition, source, flaw.Position, flaw.Problem);
        }

        if (MemberName.From(definition.Name) is not { } member)
        {
            return Failed(Descriptors.InvalidName, definition, source, 0,
                $"\"{definition.Name}\" cannot become a C# name: it must begin with a letter and make at most "
                + $"{Number(MemberName.MaxLength)} characters. Rename the file, or give the item a Name.");
        }

        try
        {
            return new EntryResult(Read(definition, Encoding.UTF8.GetBytes(text), member), null);
        }
        catch (DefinitionException error)
        {
            int position = error.InnerException is JsonTextException json
                ? JsonPosition.FromUtf8(text, json.Position)
                : JsonPosition.Of(text, error.Field);
            bool isWhole = error.Field.Length == 0 && error.Fault != DefinitionFault.UnknownField;
            return Failed(Descriptors.Of(error.Fault), definition, source, position,
                (isWhole ? "The definition " : $"\"{error.Field}\" ") + error.Problem);
        }
    }

    private static Entry Read(DefinitionText definition, byte[] utf8, string member) => definition.Kind switch
    {
        DefinitionKind.Model => ModelEmitter.ToEntry(ModelJson.ReadStrictly(utf8, definition.Name), definition.File.Path, member),
        DefinitionKind.Gpu => GpuEmitter.ToEntry(GpuJson.Read(utf8, definition.Name), definition.File.Path, member),
        DefinitionKind.Trainer => TrainerEmitter.ToEntry(TrainerJson.Read(utf8, definition.Name), definition.File.Path, member),
        _ => EngineEmitter.ToEntry(EngineJson.Read(utf8, definition.Name), definition.File.Path, member),
    };

    private static string Number(int number) => number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);

    private static EntryResult Failed(
        DiagnosticDescriptor descriptor, DefinitionText definition, SourceText? text, int position, string message) =>
        new(null, DiagnosticInfo.At(descriptor, definition.File.Path, text, position, message));
}
