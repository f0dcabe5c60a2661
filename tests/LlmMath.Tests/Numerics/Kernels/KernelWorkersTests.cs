using System.Runtime.CompilerServices;
using LlmMath.Numerics.Kernels;

namespace LlmMath.Tests.Numerics.Kernels;

/// <summary>Threads that begin badly, are forgotten, or are to end while others are at work.</summary>
public class KernelWorkersTests
{
    /// <summary>For a thread that would else wait for ever: the test fails then, so that no slow machine does.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void WhatAThreadThrowsWhenItStartsIsThrownByTheConstructorAndTheOthersEnd(int bad)
    {
        var threads = new List<Thread>();
        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => new KernelWorkers(4, number =>
        {
            lock (threads)
            {
                threads.Add(Thread.CurrentThread);
            }

            if (number == bad)
            {
                throw new InvalidOperationException($"no core for {number}");
            }
        }));

        Assert.Equal($"no core for {bad}", thrown.Message);
        AssertEnd(threads);
    }

    [Fact]
    public void AThreadThatNeverStartsDoesNotHideAnothersFailure()
    {
        using var never = new ManualResetEventSlim();
        Assert.Throws<InvalidOperationException>(() => new KernelWorkers(3, number =>
        {
            if (number == 2)
            {
                throw new InvalidOperationException();
            }

            never.Wait();
        }));
        never.Set();
    }

    [Fact]
    public void EveryThreadHasStartedOnceTheWorkersAreMade()
    {
        int started = 0;
        using var workers = new KernelWorkers(4, _ =>
        {
            Thread.Sleep(20);
            Interlocked.Increment(ref started);
        });
        Assert.Equal(3, started);
    }

    [Fact]
    public void ForgottenWorkersGiveTheirThreadsBack()
    {
        List<Thread> threads = Forget(20);
        Assert.Equal(40, threads.Count);
        long end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (threads.Exists(thread => thread.IsAlive) && Environment.TickCount64 < end)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }

        Assert.DoesNotContain(threads, thread => thread.IsAlive);
    }

    // Callers that multiply without a pause must not keep the one that ends the threads from its turn.
    [Fact]
    public void ProductsThatWaitForTheirTurnAreRefusedOnceTheWorkersAreToEnd()
    {
        var workers = new KernelWorkers(2);
        using ManualResetEventSlim begun = new(), goOn = new();
        var rest = new Counted();
        Exception? next = null, waiting = null;
        Thread first = Start(() =>
        {
            workers.Run(new Held(begun, goOn));
            next = Record.Exception(() => workers.Run(rest));
        });
        begun.Wait();
        Thread second = Start(() => waiting = Record.Exception(() => workers.Run(rest)));
        AwaitBlocked(second);
        Thread last = Start(workers.Dispose);
        AwaitBlocked(last);
        goOn.Set();

        Assert.True(first.Join(s_patience) && second.Join(s_patience) && last.Join(s_patience));
        Assert.IsType<ObjectDisposedException>(next);
        Assert.IsType<ObjectDisposedException>(waiting);
        Assert.Equal(0, rest.Runs);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<Thread> Forget(int workers)
    {
        var threads = new List<Thread>();
        using var probe = new ReadProbe(1 << 20);
        for (int i = 0; i < workers; i++)
        {
            // What is called at the start may know the workers themselves.
            KernelWorkers? made = null;
            made = new KernelWorkers(3, _ =>
            {
                lock (threads)
                {
                    threads.Add(Thread.CurrentThread);
                }

                GC.KeepAlive(made);
            });
            probe.Read(made);
        }

        return threads;
    }

    // One that starts late may still add itself.
    private static void AssertEnd(List<Thread> threads)
    {
        Thread[] started;
        lock (threads)
        {
            started = [.. threads];
        }

        Assert.All(started, thread => Assert.True(thread.Join(s_patience)));
    }

    private static Thread Start(Action work)
    {
        var thread = new Thread(() => work()) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private static void AwaitBlocked(Thread thread) => Assert.True(SpinWait.SpinUntil(
        () => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), s_patience));

    /// <summary>Holds the workers until it is let go.</summary>
    private sealed class Held(ManualResetEventSlim begun, ManualResetEventSlim goOn) : IKernelPart
    {
        public void Run(int thread)
        {
            begun.Set();
            goOn.Wait();
        }
    }

    private sealed class Counted : IKernelPart
    {
        private int _runs;

        public int Runs => _runs;

        public void Run(int thread) => Interlocked.Increment(ref _runs);
    }
}
