using LlmMath.Placement;
using LlmMath.Speed;
using LlmMath.Training.Memory;

namespace LlmMath.Training.Rollouts;

/// <summary>How long the answers of a step take to be written: from the deployment's own speed.</summary>
internal static class RolloutTime
{
    // Where the integrand is asked, over [−1, 1], and what each place counts, both ways from the middle: Gauss and Legendre's
    // rule of eight. Source: https://dlmf.nist.gov/3.5, (2026-12-01).
    private static readonly (double At, double Weight)[] s_rule =
    [
        (0.1834346424956498, 0.3626837833783620), (0.5255324099163290, 0.3137066458778873),
        (0.7966664774136267, 0.2223810344533745), (0.9602898564975363, 0.1012285362903763),
    ];

    // The longest answer is looked for up to where so many of all are expected.
    private const double Longest = 1e-3;

    // Prompts read at once to find what one takes.
    private const int ReadTogether = 8;

    /// <summary>Seconds that a run's answers take to be served.</summary>
    public static double Of(PlacedRun run)
    {
        Rollout rollout = run.Run.Rollout!;
        Deployment writer = run.Roles!.Writer;
        long prompt = Tokens(rollout.Prompt.Mean), completion = Tokens(rollout.Completion.Mean);
        return rollout.Mode == RolloutMode.Asynchronous
            ? run.Answers * rollout.Completion.Mean / writer.Speed(
                new(prompt, completion, Requests(run.Answers)) { ExtendsContext = true }).TokensPerSecond.Expected
            : Reading(writer, prompt, rollout.Prompts) + Writing(writer, run.Answers, prompt, rollout.Completion);
    }

    // Each prompt is read once for all of its answers.
    private static double Reading(Deployment writer, long prompt, int prompts)
    {
        int replicas = writer.Placement.Data, together = (int)Math.Min(ReadTogether, ((long)prompts + replicas - 1) / replicas);
        double read = writer.Speed(new(prompt, 1, together * replicas) { Arrival = Arrival.Together, ExtendsContext = true })
            .TimeToFirstToken.Expected.TotalSeconds;
        return read * Math.Max(1, (double)prompts / ((long)together * replicas));
    }

    /// <summary>
    /// T = ∫ τ(r(t), t) · max(1, r(t) ÷ room) · (1 − (1 − S(t))ᴺ) dt over the tokens of the longest answer: τ the time of a step,
    /// r(t) = n·S(t) of a replica's n answers still running, S the share of answers that are longer, room those that the cache
    /// holds, and the last factor the chance that any of all N answers runs. What does not fit waits, and takes as much longer.
    /// </summary>
    private static double Writing(Deployment writer, long answers, long prompt, TokenLengths lengths)
    {
        var speed = DeployedSpeed.Of(writer.Placed);
        double each = Math.Max(1, (double)answers / writer.Placement.Data), sum = 0;
        double longest = Math.Min(lengths.Limit, lengths.At(100 * (1 - Math.Max(Longest / answers, 1e-12))));
        var load = new SequenceLoad(0, 0, prompt, 0);
        double Room(double running, double context) =>
            speed.RoomFor(load with { Context = Tokens(context) }, Requests(Math.Ceiling(running)));
        bool allFit = Room(each, prompt + longest) >= each;
        // As at = longest · u², u from 0 to 1: most answers end early.
        foreach ((double place, double weight) in s_rule)
        {
            sum += weight * (At((1 + place) / 2) + At((1 - place) / 2));
        }

        return longest * sum;

        double At(double u)
        {
            double at = longest * u * u, above = lengths.Above(at), running = Math.Max(1, each * above);
            // Where so many are expected, some run for sure.
            double any = answers * above > 40 ? 1 : -double.ExpM1(answers * double.LogP1(-above));
            double room = allFit ? running : Math.Clamp(Room(running, prompt + at), 1, running);
            return u * any * speed.StepOf(room, prompt + at) * (running / room);
        }
    }

    private static long Tokens(double mean) => (long)Math.Max(1, Math.Round(mean));

    // Batches of more are as the largest: what does not fit waits.
    private static int Requests(double requests) => (int)Math.Min(1 << 20, requests);
}
