using System.Globalization;

namespace LlmMath.Testing;

/// <summary>Runs code as where numbers are written in another way: 8.192,5 and −1. Made by hand, so that it is there where
/// globalization is invariant too.</summary>
internal static class ForeignNumbers
{
    private static readonly CultureInfo s_culture = Make();

    public static T Run<T>(Func<T> code)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = s_culture;
        try
        {
            return code();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static CultureInfo Make()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        NumberFormatInfo numbers = culture.NumberFormat;
        numbers.NumberDecimalSeparator = numbers.PercentDecimalSeparator = numbers.CurrencyDecimalSeparator = ",";
        numbers.NumberGroupSeparator = numbers.PercentGroupSeparator = numbers.CurrencyGroupSeparator = ".";
        numbers.NegativeSign = "\u2212";
        return culture;
    }
}
