using LlmMath.Models.Families;
using LlmMath.Placement.Work;

namespace LlmMath.Speed.Pass;

/// <summary>How well the stages of a pipeline are filled while passes of a prompt follow each other.</summary>
internal static class PipelineFill
{
    // Copies of a pass's inputs that llama.cpp keeps, and so passes under way. Source: github:ggml-org/llama.cpp, pull request
    // 6017 (March 2024), GGML_SCHED_MAX_COPIES.
    private const int MostPasses = 4;

    // Launches of a layer beside its matrices, without flash attention: norms, rotations, cache writes, scores, softmax,
    // activation, residuals. Not counted in a source: 27 was chosen because with it the count agrees with which of
    // catalog/evidence/speed.csv's runs overlap.
    private const double LaunchesBesideMatrices = 27;

    /// <summary>
    /// The time of m passes through P stages ÷ the time of one pass after the other on one GPU. Without a limit of launches it is
    /// (m + P − 1) ÷ (m·P). One thread launches the kernels of all stages in order, and waits where a stage's queue of Q launches
    /// is full: of K launches a stage and pass, q = Q ÷ K passes can be pending, so that ⌊q⌋ + 1 passes follow each other and the
    /// next waits for the last stage to have done all but the share q − ⌊q⌋ of one: these take max(⌊q⌋ + 1, P − (q − ⌊q⌋)) stage
    /// times.
    /// </summary>
    public static double Of(in DeployedModel on, double passes)
    {
        int stages = on.Pipeline;
        if (on.QueuedLaunches == 0 || stages == 1)
        {
            return (passes + stages - 1) / (passes * stages);
        }

        double pending = on.QueuedLaunches * stages / Launches(on.Work, on.UnpacksWeights), whole = Math.Floor(pending);
        double together = Math.Min(MostPasses, whole + 1), cycle = Math.Max(together, stages - (pending - whole));
        double after = passes - 1, cycles = Math.Floor(after / together);
        return (stages + (cycles * cycle) + (after - (cycles * together))) / (passes * stages);
    }

    /// <summary>The time of equal passes through the stages, in the time of one pass on one GPU; 0 of none.</summary>
    public static double Passes(in DeployedModel on, double passes) => passes == 0 ? 0 : passes * Of(on, passes);

    // A matrix takes three launches, into and out of 16 bits and the product, and one more where its weights are unpacked.
    private static double Launches(ModelWork work, bool unpacks)
    {
        double each = unpacks && work.Blocks.Packed > 0 ? 4 : 3, matrices = work.Blocks.Matrices;
        foreach (ref readonly ExpertWork experts in work.Experts.AsSpan())
        {
            matrices += experts.Layers * experts.Experts * experts.Each.Matrices;
        }

        return (each * matrices) + (LaunchesBesideMatrices * work.Layers);
    }
}
