using System.Text;
using LlmMath.Interchange;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace LlmMath.Generators;

/// <summary>Reads a definition's file into an entry, or into the diagnostic that says why not.</summary>
internal static class EntryReader
{
    public static EntryResult Read(DefinitionText definition, CancellationToken cancellation)
    {
        string path = definition.File.Path;
        SourceText? source = definition.File.GetText(cancellation);
        if (source is null)
        {
            return Failed(Descriptors.Malformed, path, null, 0, "The file cannot be read.");
        }

        if (source.Length > JsonText.MaxBytes)
        {
            return Failed(Descriptors.TooLarge, path, source, 0,
                $"The file is larger than {JsonText.MaxBytes >> 20} MiB, which no definition is.");
        }

        string text = source.ToString();
        if (text.IndexOf('\uFFFD') is >= 0 and int replaced)
        {
            return Failed(Descriptors.Malformed, path, source, replaced, "The file is not valid UTF-8.");
        }

        if (MemberName.From(definition.Name) is not { } member)
        {
            return Failed(Descriptors.InvalidName, path, source, 0,
                $"\"{definition.Name}\" cannot become a C# name: it must begin with a letter. "
                + "Rename the file, or give the item a Name.");
        }

        try
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            return new EntryResult(definition.Kind switch
            {
                DefinitionKind.Model => ModelEmitter.ToEntry(ModelJson.Read(utf8, definition.Name), path, member),
                DefinitionKind.Gpu => GpuEmitter.ToEntry(GpuJson.Read(utf8, definition.Name), path, member),
                _ => EngineEmitter.ToEntry(EngineJson.Read(utf8, definition.Name), path, member),
            }, null);
        }
        catch (DefinitionException error)
        {
            int position = error.InnerException is JsonTextException json
                ? JsonPosition.FromUtf8(text, json.Position)
                : JsonPosition.Of(text, error.Field);
            return Failed(Descriptors.Of(error.Fault), path, source, position,
                (error.Field.Length == 0 ? "The definition " : $"\"{error.Field}\" ") + error.Problem);
        }
    }

    private static EntryResult Failed(
        DiagnosticDescriptor descriptor, string path, SourceText? text, int position, string message) =>
        new(null, DiagnosticInfo.At(descriptor, path, text, position, message));
}
