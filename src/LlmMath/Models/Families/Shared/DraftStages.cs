using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>DeepSeek's DSpark: stages that draft several tokens at once from hidden states of some layers. The first projects
/// these states, the last has a table of which token follows which, at low rank, and says how sure it is. Source:
/// NVIDIA-NeMo/Automodel, nemo_automodel/components/models/deepseek_v41/dspark.py, commit 014468d5fd0b.</summary>
internal static class DraftStages
{
    private const string Prefix = "mtp.{layer}.";

    /// <summary>The stages, named by number from 0.</summary>
    /// <param name="c">The config, for <c>dspark_target_layer_ids</c> and <c>dspark_markov_rank</c>.</param>
    /// <param name="stages">How many, 1 or more.</param>
    /// <param name="vocabulary">Rows of the embedding.</param>
    /// <param name="hidden">Width of the residual stream.</param>
    /// <param name="block">A stage's block.</param>
    /// <param name="last">What the last stage has of the decoder's end.</param>
    public static Addition Of(ConfigReader c, int stages, long vocabulary, long hidden, IEnumerable<Tensor> block,
        IEnumerable<Tensor> last)
    {
        long rank = c.Size("dspark_markov_rank", 256);
        // Where no list says which layers, there are as many as stages, as in DeepSeek V4.1.
        long targets = c.Counts("dspark_target_layer_ids")?.Count ?? stages;
        return Addition.MultiTokenPrediction([.. Enumerable.Range(0, stages)],
        [
            .. Under("mtp.0.",
            [
                .. Linear("main_proj", targets * hidden, hidden, TensorRole.Projection, MatrixKind.Other),
                .. Norm("main_norm", hidden),
            ]),
            .. InEachLayer(Prefix, block),
            .. Under($"mtp.{stages - 1}.",
            [
                .. Norm("norm", hidden),
                .. last,
                Embedding("markov_head.embed.weight", vocabulary, rank),
                .. Head("markov_head.head", vocabulary, rank, tiedTo: null),
                .. Linear("confidence_head.proj", hidden + rank, 1, TensorRole.Projection, MatrixKind.None),
            ]),
        ]);
    }
}
