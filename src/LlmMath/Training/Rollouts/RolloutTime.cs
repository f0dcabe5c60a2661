using LlmMath.Training.Memory;

namespace LlmMath.Training.Rollouts;

/// <summary>How long the answers of a step take to be written: from the deployment's own speed.</summary>
internal static class RolloutTime
{
    // Points at which speed is asked, over the tokens of the longest answer.
    private const int Points = 16;

    // Tokens of the answers that stand for those at a point, their prompts read before: few, so that all are about as long.
    private const int Asked = 128;

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
    /// T = ∫ τ(r(t), t) · max(1, r(t) ÷ room) · (1 − (1 − S(t))ᴺ) dt over the tokens of the longest answer: τ the time between
    /// tokens, r(t) = n·S(t) of a replica's n answers still running, S the share of answers that are longer, room those that the
    /// cache holds, and the last factor the chance that any of all N answers runs. What does not fit waits, and takes as much
    /// longer.
    /// </summary>
    private static double Writing(Deployment writer, long answers, long prompt, TokenLengths lengths)
    {
        int replicas = writer.Placement.Data;
        double each = Math.Max(1, (double)answers / replicas), width = (double)lengths.Limit / Points, sum = 0;
        for (int i = 0; i < Points; i++)
        {
            double at = (i + 0.5) * width, above = lengths.Above(at);
            double any = -double.ExpM1(answers * Math.Log(Math.Max(1e-300, 1 - Math.Min(above, 1 - 1e-16))));
            if (any < 1e-3)
            {
                break;
            }

            int running = Requests(Math.Max(1, Math.Round(each * above)) * replicas);
            long read = Math.Max(2, Tokens(prompt + at) - (Asked / 2));
            InferenceEstimate now = writer.Speed(new(read, Asked, running)
            {
                CachedPromptTokens = read - 1, Arrival = Arrival.Continuous, ExtendsContext = true,
            });
            double room = Math.Clamp(now.RunningRequests, 1, running);
            sum += any * width * now.InterTokenLatency.Expected.TotalSeconds * (running / room);
        }

        return sum;
    }

    private static long Tokens(double mean) => (long)Math.Max(1, Math.Round(mean));

    // Batches of more are as the largest: what does not fit waits.
    private static int Requests(double requests) => (int)Math.Min(1 << 20, requests);
}
