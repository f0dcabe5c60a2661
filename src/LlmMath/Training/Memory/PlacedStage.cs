using LlmMath.Placement.Shards;
using LlmMath.Training.Activations;

namespace LlmMath.Training.Memory;

/// <summary>What one GPU of a stage holds of a run, and what its layers keep of a token.</summary>
/// <param name="Number">The stage, 0 first.</param>
/// <param name="Shard">Which part of the model.</param>
/// <param name="Frozen">Bytes of weights that are not trained.</param>
/// <param name="States">What it holds of what is trained.</param>
/// <param name="Trained">Parameters that are trained there.</param>
/// <param name="Copies">Bytes of copies of matrices that are there while the pass runs.</param>
/// <param name="LargestLayer">Bytes of parameters of its largest layer, in the format that is computed in.</param>
/// <param name="LargestGradients">Bytes of gradients of its largest layer.</param>
/// <param name="Layers">Its layers by kind, with what each keeps.</param>
/// <param name="Beside">What lies there beside, and never moves: a reference, a reward model.</param>
internal sealed record PlacedStage(int Number, Shard Shard, long Frozen, TrainingStates States, long Trained, long Copies,
    long LargestLayer, long LargestGradients, (LayerKept Kept, int Layers)[] Layers,
    RoleBytes Beside);
