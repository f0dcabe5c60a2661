using LlmMath.Engines;

namespace LlmMath.Speed.Own;

/// <summary>
/// What measured times make of an estimate. y = ln(measured ÷ profile) ÷ σ of the rows, σ from the profile's range, is taken
/// as normal with mean 0 and the covariance K of <see cref="OwnShares"/>; a row's own part, of variance v, has heavy tails
/// (Student's t with 4 degrees of freedom), so that one wrong row hardly counts: v is divided by w = 5 ÷ (4 + e² ÷ v), e what
/// the others leave of the row, until w stays. An estimate is multiplied by e^(σ·kᵀK⁻¹y), and its range raised to the power
/// √(1 − kᵀK⁻¹k), k what it has in common with the rows: more rows, narrower. Rows that contradict each other make it wider, by
/// √((4 + yᵀK⁻¹y) ÷ (4 + rows)) where that exceeds 1. Source: Rasmussen and Williams, Gaussian Processes for Machine Learning,
/// 2006, equations 2.25 and 2.26.
/// </summary>
internal sealed class OwnPosterior
{
    // Degrees of freedom of a row's tails, and how many rows the prior of the width counts for.
    private const double Tails = 4, PriorRows = 4;

    private const int MostRounds = 30;

    private readonly OwnPlace[] _places;
    private readonly OwnShares _shares;
    private readonly Spread _spread;
    private readonly double _sigma, _wider;
    private readonly double[][] _root;
    private readonly double[] _solved;

    private OwnPosterior(IReadOnlyList<OwnTime> rows, in OwnShares shares, Spread spread)
    {
        (_shares, _spread, _sigma) = (shares, spread, OwnShares.Width(spread));
        double sigma = _sigma;
        _places = [.. rows.Select(row => row.Place)];
        double[] y = [.. rows.Select(row => Math.Log(row.MeasuredMilliseconds / row.ProfileMilliseconds) / sigma)];
        Weights = [.. y.Select(_ => 1.0)];
        (_root, _solved) = Solve(y);
        for (int round = 0; round < MostRounds && Reweigh(); round++)
        {
            (_root, _solved) = Solve(y);
        }

        double misfit = y.Zip(_solved, (value, solved) => value * solved).Sum();
        _wider = Math.Sqrt(Math.Max(1, (PriorRows + misfit) / (PriorRows + y.Length)));
    }

    /// <summary>How much each row counts: 1.25 for one that agrees with the others, near 0 for one that contradicts
    /// them.</summary>
    public double[] Weights { get; }

    /// <summary>How much wider than their number asks for the rows make a range, by how they contradict each other; 1 where they
    /// do not.</summary>
    public double Wider => _wider;

    /// <summary>Learns from rows of one machine.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="shares">What they have in common.</param>
    /// <param name="spread">The profile's range.</param>
    public static OwnPosterior Of(IReadOnlyList<OwnTime> rows, in OwnShares shares, Spread spread) => new(rows, shares, spread);

    /// <summary>The factor on the profile's time at a place, and the range around the product.</summary>
    public (double Factor, Spread Range) At(in OwnPlace place)
    {
        double[] common = new double[_places.Length];
        double mean = 0;
        for (int i = 0; i < common.Length; i++)
        {
            common[i] = _shares.Between(place, _places[i]);
            mean += common[i] * _solved[i];
        }

        double known = Cholesky.Forward(_root, common).Sum(value => value * value);
        double power = _wider * Math.Sqrt(Math.Max(0, 1 - known));
        return (Math.Exp(_sigma * mean), new(Math.Pow(_spread.Low, power), Math.Pow(_spread.High, power)));
    }

    private bool Reweigh()
    {
        bool moved = false;
        for (int i = 0; i < Weights.Length; i++)
        {
            double noise = _shares.Row, rest = noise / Weights[i] * _solved[i];
            double weight = (Tails + 1) / (Tails + (rest * rest / noise));
            moved |= Math.Abs(weight - Weights[i]) > 1e-4;
            Weights[i] = weight;
        }

        return moved;
    }

    private (double[][] Root, double[] Solved) Solve(double[] y)
    {
        double[][] covariance = [.. y.Select((_, i) => Enumerable.Range(0, i + 1).Select(j =>
            _shares.Between(_places[i], _places[j]) + (i == j ? _shares.Row / Weights[i] : 0)).ToArray())];
        double[][] root = Cholesky.Root(covariance);
        return (root, Cholesky.Solve(root, y));
    }
}
