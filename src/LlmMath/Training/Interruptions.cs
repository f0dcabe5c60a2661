using LlmMath.Basics;

namespace LlmMath.Training;

/// <summary>What stops a run, and what it costs to go on: failures by hours of a GPU, restarts, checkpoints.</summary>
public sealed record Interruptions
{
    /// <summary>As Llama 3 405B was stopped.</summary>
    public static Interruptions Usual { get; } = new();

    /// <summary>Nothing stops the run, and no checkpoint is written.</summary>
    public static Interruptions None { get; } = new() { GpuHoursBetween = double.PositiveInfinity };

    /// <summary>Hours of a GPU between two failures that stop all GPUs, above 0; infinite for none. Llama 3 405B: 54 days × 24 ×
    /// 16,384 GPUs ÷ 419 unexpected stops = 50,676. Source: arXiv:2407.21783, section 3.3.4. 504 B200 had 10 failures in 55
    /// days, one in 66,528 hours. Source: arXiv:2605.09370, abstract.</summary>
    public double GpuHoursBetween { get; init; } = 54 * 24 * 16_384 / 419.0;

    /// <summary>Minutes from a failure until steps go on from the last checkpoint, 0 or more. Of 11: the median between two
    /// tries on 504 B200. Source: arXiv:2605.09370, abstract.</summary>
    public double RestartMinutes { get; init; } = 11;

    /// <summary>Seconds that steps wait for a checkpoint, above 0; null for its bytes ÷ GPUs ÷
    /// <see cref="StorageBytesPerSecond"/>.</summary>
    public double? CheckpointSeconds { get; init; }

    /// <summary>Bytes a second that storage takes of each GPU where nothing is said: 2 TB/s sustained for 16,384 GPUs. Source:
    /// arXiv:2407.21783, section 3.3.1.</summary>
    public const double StorageBytesPerSecond = 2e12 / 16_384;

    /// <summary>
    /// Hours between checkpoints that lose least: √(2·δ·M), δ hours of writing one, M hours between failures. Source: Young,
    /// Communications of the ACM 17 (1974), 530; Daly, Future Generation Computer Systems 22 (2006), 303, equation 20.
    /// </summary>
    /// <param name="checkpointHours">Hours of writing one, above 0.</param>
    /// <param name="hoursBetweenFailures">Hours between failures, above 0.</param>
    public static double CheckpointInterval(double checkpointHours, double hoursBetweenFailures) =>
        Math.Sqrt(2 * checkpointHours * hoursBetweenFailures);

    /// <summary>
    /// Share of a run's hours that trains, with failures at random: τ ÷ (M·e^(R÷M)·(e^((τ+δ)÷M) − 1)), τ hours between
    /// checkpoints, the best of them, δ hours of writing one, R of a restart, M between failures; for small δ and R about
    /// 1 − √(2δ÷M) − R÷M. Source: Daly (2006), the complete cost function, of runs much longer than τ.
    /// </summary>
    /// <param name="checkpointHours">Hours of writing a checkpoint, above 0.</param>
    /// <param name="restartHours">Hours of a restart, 0 or more.</param>
    /// <param name="hoursBetweenFailures">Hours between failures, above 0; infinite for none.</param>
    public static double Goodput(double checkpointHours, double restartHours, double hoursBetweenFailures)
    {
        double m = hoursBetweenFailures, tau = CheckpointInterval(checkpointHours, m);
        return double.IsInfinity(m) ? 1
            : tau / (m * Math.Exp(restartHours / m) * double.ExpM1((tau + checkpointHours) / m));
    }

    /// <summary>The goodput of a run, failures as expected, twice as often and half as often.</summary>
    internal RateRange GoodputOf(int gpus, double checkpointHours)
    {
        double At(double times) => Goodput(checkpointHours, RestartMinutes / 60, GpuHoursBetween * times / gpus);
        return new(At(0.5), At(1), At(2));
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(Interruptions), PrintMembers);
}
