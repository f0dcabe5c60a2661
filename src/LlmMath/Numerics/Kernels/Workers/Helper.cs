using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.Intrinsics.X86;

namespace LlmMath.Numerics.Kernels;

/// <summary>One helper thread: spins for work, parks, works. It holds on to nobody that owns it, so that an owner that was
/// forgotten can be found and its threads ended.</summary>
internal sealed class Helper : IDisposable
{
    /// <summary>Pauses before a thread that waits gives its core away: 10 to 20 microseconds.</summary>
    private const int PatientSpins = 1024;

    /// <summary>What <c>_state</c> holds.</summary>
    private const int Idle = 0, Asked = 1, Working = 2;

    private readonly int _number;
    private readonly long _spinTicks;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread _thread;
    private HelperStarts? _starts;
    private IKernelPart? _part;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _ended;
    private volatile int _state;
    private int _parked;

    public Helper(int number, HelperStarts? starts, long spinTicks)
    {
        (_number, _starts, _spinTicks) = (number, starts, spinTicks);
        _thread = new Thread(Loop) { IsBackground = true, Name = $"LlmMath kernel {number}" };
        _thread.Start();
    }

    /// <summary>Hands over a part and wakes the thread if it is parked.</summary>
    public void Start(IKernelPart part)
    {
        _part = part;
        _failure = null;
        _state = Asked;
        Wake();
    }

    /// <summary>Takes the part back if the thread has not begun it; else waits until it is done.</summary>
    public void Finish()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Asked) == Asked)
        {
            _part = null;
            return;
        }

        // Both had like work: the helper is done any moment now. If not, the core is given away, in case the helper needs it.
        for (int i = 0; i < PatientSpins && _state == Working; i++)
        {
            Pause();
        }

        var spin = new SpinWait();
        while (_state == Working)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Throws what the part threw.</summary>
    public void ThrowIfFailed() => _failure?.Throw();

    /// <summary>Lets the thread go: it ends once it has nothing left to do. Nobody waits for it.</summary>
    public void End()
    {
        _ended = true;
        Wake();
    }

    /// <summary>Ends the thread and waits for it. Again, it does nothing.</summary>
    public void Dispose()
    {
        End();
        _thread.Join();
        _wake.Dispose();
    }

    /// <summary>The processor's own hint, some tens of cycles; Thread.SpinWait(1) waits longer than a small product's half
    /// takes.</summary>
    private static void Pause()
    {
        if (X86Base.IsSupported)
        {
            X86Base.Pause();
        }
        else
        {
            Thread.SpinWait(1);
        }
    }

    private void Wake()
    {
        // The exchange is a full fence: either this sees the helper parked, or the helper sees the work.
        if (Interlocked.Exchange(ref _parked, 0) == 1)
        {
            _wake.Release();
        }
    }

    // What is to be done first may hold on to the owner; here it is let go.
    private bool Begin()
    {
        HelperStarts? starts = _starts;
        _starts = null;
        return starts?.Begin(_number) ?? true;
    }

    private void Loop()
    {
        bool hasBegun = Begin();
        while (hasBegun && Await())
        {
            if (Interlocked.CompareExchange(ref _state, Working, Asked) != Asked)
            {
                continue;
            }

            try
            {
                _part!.Run(_number);
            }
#pragma warning disable CA1031 // Whatever it is, the caller's thread throws it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _failure = ExceptionDispatchInfo.Capture(failure);
            }

            _part = null;
            _state = Idle;
        }
    }

    /// <returns>False at the end.</returns>
    private bool Await()
    {
        long start = Stopwatch.GetTimestamp();
        int rounds = 0;
        while (_state != Asked && !_ended)
        {
            for (int i = 0; i < 64 && _state != Asked; i++)
            {
                Pause();
            }

            // Where the system has put both threads on one core, the caller could not hand over any work before this thread
            // parks.
            if (_state != Asked && ++rounds > PatientSpins / 64)
            {
                Thread.Yield();
            }

            if (_state != Asked && Stopwatch.GetTimestamp() - start > _spinTicks)
            {
                Interlocked.Exchange(ref _parked, 1);
                if ((_state != Asked && !_ended) || Interlocked.Exchange(ref _parked, 0) == 0)
                {
                    _wake.Wait();
                }
            }
        }

        return _state == Asked || !_ended;
    }
}
