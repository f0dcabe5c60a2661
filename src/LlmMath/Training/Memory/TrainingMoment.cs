namespace LlmMath.Training;

/// <summary>When in a step memory is fullest.</summary>
public enum TrainingMoment
{
    /// <summary>The forward pass is over on a stage that has no loss.</summary>
    EndOfForward,

    /// <summary>The loss is passed back to the logits.</summary>
    Loss,

    /// <summary>The last layer is passed back: all else that was kept is still there.</summary>
    LastLayerBackward,

    /// <summary>The first layer is passed back: all gradients are there.</summary>
    FirstLayerBackward,

    /// <summary>The optimizer's step.</summary>
    OptimizerStep,

    /// <summary>The reference passes a batch forward: of preference while what the policy kept is there.</summary>
    ReferencePass,

    /// <summary>The reference passes all examples forward before training.</summary>
    Precomputation,

    /// <summary>Answers are written.</summary>
    Rollout,

    /// <summary>The policy passes its answers forward.</summary>
    PolicyPass,

    /// <summary>Answers are scored, and the critic values them.</summary>
    ScorePass,

    /// <summary>The critic is trained.</summary>
    CriticUpdate,
}

/// <summary>A part of what one GPU holds.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Size">What it takes.</param>
public readonly record struct MemoryPart(string Name, ByteSize Size);
