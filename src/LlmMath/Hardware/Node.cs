namespace LlmMath;

/// <summary>The machine that GPUs stand in: how many it holds, and how they reach each other.</summary>
public sealed record Node
{
    /// <summary>A server with eight GPUs and the links that each GPU's entry states. Source of eight: boards of the Open Compute
    /// Project's Universal Baseboard (OAI-UBB, revision 1.0) and NVIDIA's HGX hold eight accelerators.</summary>
    public static Node Usual { get; } = new();

    /// <summary>GPUs of one machine, or of one domain of NVLink, 1 or more.</summary>
    public int Gpus { get; init; } = 8;

    /// <summary>Rate of the link between GPUs of one machine, in bytes a second, both directions together; null for what the
    /// GPU's entry states.</summary>
    public double? LinkBytesPerSecond { get; init; }

    /// <summary>Rate at which each GPU reaches GPUs of other machines, in bytes a second, both directions together; null for the
    /// same as within: no slower network is reckoned.</summary>
    public double? NetworkBytesPerSecond { get; init; }

    /// <summary>Memory of the machine's processors; null where it is not known.</summary>
    public ByteSize? HostMemory { get; init; }

    /// <summary>Rate at which each GPU reads from and writes to the machine's memory, in bytes a second, both directions
    /// together; null for what the GPU's entry states of its PCI Express link.</summary>
    public double? PcieBytesPerSecond { get; init; }
}
