using System.Globalization;
using System.Text;

namespace LlmMath.Basics;

/// <summary>Prints a record as the compiler would, but with the same numbers in every country.</summary>
internal static class RecordText
{
    /// <summary><c>Name { Member = 0.5 }</c>.</summary>
    /// <param name="name">The record's name.</param>
    /// <param name="printMembers">The record's own PrintMembers, which asks the thread's culture.</param>
    public static string Of(string name, Func<StringBuilder, bool> printMembers)
    {
#pragma warning disable RS1035 // The generator prints no record; and what is set here is set back.
        StringBuilder text = new StringBuilder(name).Append(" { ");
        CultureInfo culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            text.Append(printMembers(text) ? " }" : "}");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
#pragma warning restore RS1035

        return text.ToString();
    }
}
