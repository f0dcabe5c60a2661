namespace LlmMath.Training.Memory;

/// <summary>What lies beside the model that is trained, in bytes.</summary>
/// <param name="Reference">A frozen copy that the policy is held to.</param>
/// <param name="Critic">The critic's weights and the state of its training.</param>
/// <param name="Reward">The model that scores answers.</param>
/// <param name="Policy">The policy's weights and state while the critic is trained.</param>
/// <param name="Engine">What the engine holds that writes answers.</param>
internal readonly record struct RoleBytes(long Reference, long Critic, long Reward, long Policy, long Engine)
{
    public long Total => checked(Reference + Critic + Reward + Policy + Engine);
}
