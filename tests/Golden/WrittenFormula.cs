using System.Globalization;
using System.Text.RegularExpressions;

namespace LlmMath.Testing;

/// <summary>
/// Evaluates a formula as it is printed: what a reader would get with a pocket calculator. Numbers (1,024; 0.85; 85 %) with a
/// unit behind them or none; + − × ÷ ^ ², parentheses and ⌊ ⌋ (rounded down); <c>= 123</c>, an interim result, is left out; the
/// name of an earlier line stands for its value. Milliseconds and microseconds count as seconds.
/// </summary>
internal sealed partial class WrittenFormula
{
    private readonly string _text;
    private int _at;

    private WrittenFormula(string text) => _text = text;

    /// <summary>The value; null where it is not a formula throughout.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="earlier">Values of earlier lines by name, or null.</param>
    public static decimal? Value(string formula, IReadOnlyDictionary<string, decimal>? earlier = null)
    {
        string text = formula;
        foreach ((string name, decimal value) in (earlier ?? new Dictionary<string, decimal>())
            .OrderByDescending(line => line.Key.Length))
        {
            text = text.Replace(name, value.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }

        var written = new WrittenFormula(Spaces().Replace(Interim().Replace(text.Replace(",", ""), ""), ""));
        try
        {
            decimal value = written.Sum();
            return written._at == written._text.Length ? value : null;
        }
        catch (Exception problem) when (problem is FormatException or OverflowException or DivideByZeroException)
        {
            return null;
        }
    }

    private bool Takes(char sign)
    {
        bool takes = _at < _text.Length && _text[_at] == sign;
        _at += takes ? 1 : 0;
        return takes;
    }

    private decimal Sum()
    {
        decimal sum = Product();
        while (true)
        {
            if (Takes('+'))
            {
                sum += Product();
            }
            else if (Takes('−'))
            {
                sum -= Product();
            }
            else
            {
                return sum;
            }
        }
    }

    private decimal Product()
    {
        decimal product = Power();
        while (true)
        {
            if (Takes('×'))
            {
                product *= Power();
            }
            else if (Takes('÷'))
            {
                product /= Power();
            }
            else
            {
                return product;
            }
        }
    }

    private decimal Power()
    {
        decimal of = Factor();
        return Takes('²') ? of * of : Takes('^') ? (decimal)Math.Pow((double)of, (double)Factor()) : of;
    }

    private decimal Factor()
    {
        if (Takes('('))
        {
            decimal inner = Sum();
            return Takes(')') ? inner * Unit() : throw new FormatException();
        }

        if (Takes('⌊'))
        {
            decimal inner = decimal.Floor(Sum());
            return Takes('⌋') ? inner : throw new FormatException();
        }

        int start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '.'))
        {
            _at++;
        }

        ReadOnlySpan<char> digits = _text.AsSpan(start, _at - start);
        return decimal.Parse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * Unit();
    }

    private decimal Unit()
    {
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetter(_text[_at]) || _text[_at] is '/' or '%' or 'µ'))
        {
            _at++;
        }

        return _text[start.._at] switch
        {
            "%" => 0.01m,
            "ms" => 0.001m,
            "µs" => 0.000001m,
            _ => 1,
        };
    }

    [GeneratedRegex(@" = \d+")]
    private static partial Regex Interim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
