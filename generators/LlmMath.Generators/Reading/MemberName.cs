using System.Text;

namespace LlmMath.Generators;

/// <summary>C# member names from entry names: <c>opt-350m</c> → <c>Opt350m</c>, <c>llama-3.1-8b</c> → <c>Llama3_1_8b</c>,
/// <c>a100-sxm-80gb</c> → <c>A100Sxm80Gb</c>.</summary>
internal static class MemberName
{
    /// <summary>The member's name, or null where the entry's name has nothing that a C# name can begin with.</summary>
    public static string? From(string entry)
    {
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

        return name.Length > 0 && char.IsLetter(name[0]) ? name.ToString() : null;
    }

    private static void Append(StringBuilder name, string part)
    {
        bool isGigabytes = part.Length > 2 && part.EndsWith("gb", StringComparison.OrdinalIgnoreCase)
            && char.IsDigit(part[part.Length - 3]);
        for (int i = 0; i < part.Length; i++)
        {
            char c = part[i];
            bool isUnit = isGigabytes && i == part.Length - 2;
            if (char.IsLetterOrDigit(c))
            {
                name.Append(i == 0 || isUnit ? char.ToUpperInvariant(c) : c);
            }
            else if (i > 0 && i < part.Length - 1)
            {
                name.Append('_');
            }
        }
    }
}
