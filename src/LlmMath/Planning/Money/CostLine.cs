using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>What something costs against how much of it there is: requests, the share of the time that it works, months. Renting,
/// buying and calling an API are such lines; where two cross, they break even.</summary>
/// <param name="Fixed">US dollars whatever the amount.</param>
/// <param name="PerUnit">US dollars for each unit.</param>
public readonly record struct CostLine(double Fixed, double PerUnit)
{
    /// <summary>US dollars at an amount: fixed + per unit · x.</summary>
    /// <param name="amount">The amount.</param>
    public double At(double amount) => Fixed + (PerUnit * amount);

    /// <summary>The amount above 0 at which both cost the same, x = (F₂ − F₁) ÷ (p₁ − p₂); null where they never do.</summary>
    /// <param name="other">The other.</param>
    public double? BreakEven(CostLine other)
    {
        double amount = (other.Fixed - Fixed) / (PerUnit - other.PerUnit);
        return amount is > 0 and < double.PositiveInfinity ? amount : null;
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(CostLine), PrintMembers);
}
