using LlmMath.Training;

namespace LlmMath.Calibration;

/// <summary>A measured peak of training, with the run that it was measured of.</summary>
/// <param name="Set">What it is used for: <c>t4</c>, <c>check</c>, <c>ladder</c>.</param>
/// <param name="On">The deployment.</param>
/// <param name="Run">The run.</param>
/// <param name="Peak">Which peak was measured.</param>
/// <param name="Bytes">What was measured.</param>
/// <param name="Note">What the file says of the row.</param>
/// <param name="Beside">Bytes of tensors that the row's script alone holds, as its sources say.</param>
internal sealed record TrainingMemoryRow(string Set, Deployment On, TrainingRun Run, string Peak, double Bytes, string Note,
    double Beside)
{
    /// <summary>The estimate of the same peak, in bytes.</summary>
    public double Estimate
    {
        get
        {
            TrainingMemory memory = On.Training(Run).Memory;
            double peak = Peak switch
            {
                "allocated" or "active" => memory.Allocated.Bytes,
                "reserved" or "unstated" => memory.Reserved.Expected.Bytes,
                "process" => memory.Process.Expected.Bytes,
                _ => throw new InvalidDataException($"training-memory.csv: peak {Peak}"),
            };
            return peak + Beside;
        }
    }

    /// <summary>Estimate ÷ measured − 1.</summary>
    public double Error => (Estimate / Bytes) - 1;
}
