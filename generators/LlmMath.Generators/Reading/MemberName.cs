using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace LlmMath.Generators;

/// <summary>C# member names from entry names: <c>opt-350m</c> → <c>Opt350m</c>, <c>llama-3.1-8b</c> → <c>Llama3_1_8b</c>,
/// <c>llama.cpp</c> → <c>LlamaCpp</c>, <c>a100-sxm-80gb</c> → <c>A100Sxm80Gb</c>.</summary>
internal static class MemberName
{
    /// <summary>Characters of a member, at most: its file's name holds it.</summary>
    public const int MaxLength = 128;

    /// <summary>The member's name, or null where the entry's name does not begin with a letter or is too long. A first letter
    /// that has an upper case is upper case, as no keyword's is.</summary>
    public static string? From(string entry)
    {
        if (entry.Length == 0 || !char.IsLetter(entry[0]))
        {
            return null;
        }

        var name = new StringBuilder();
        foreach (string part in entry.Split('-', ' ', '_'))
        {
            // Numbers that would run together stay apart: 3.1-8b → 3_1_8b.
            if (name.Length > 0 && part.Length > 0 && char.IsDigit(name[name.Length - 1]) && char.IsDigit(part[0]))
            {
                name.Append('_');
            }

            Append(name, part);
        }

        return name.Length <= MaxLength && SyntaxFacts.IsValidIdentifier(name.ToString()) ? name.ToString() : null;
    }

    private static void Append(StringBuilder name, string part)
    {
        bool isGigabytes = part.Length > 2 && part.EndsWith("gb", StringComparison.OrdinalIgnoreCase)
            && char.IsDigit(part[part.Length - 3]);
        for (int i = 0; i < part.Length; i++)
        {
            char c = part[i];
            bool isUnit = isGigabytes && i == part.Length - 2;
            bool isStart = i == 0 || !char.IsLetterOrDigit(part[i - 1]);
            if (char.IsLetterOrDigit(c))
            {
                name.Append(isStart || isUnit ? char.ToUpperInvariant(c) : c);
            }
            else if (i > 0 && i < part.Length - 1 && !char.IsLetter(part[i + 1]))
            {
                name.Append('_');
            }
        }
    }
}
