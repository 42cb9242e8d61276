namespace PixelGameDev.GameHost.Native;

/// <summary>Protects GameHost against what runs inside its sandbox.</summary>
internal static class Hardening
{
    private const int PrSetDumpable = 4;
    private const int PrSetChildSubreaper = 36;
    private const int CloseRangeCloexec = 4;
    private const nint SigIgnore = 1;

    public static void Apply()
    {
        // The game runs as the same user: without this it could open our descriptors through /proc/1/fd or attach to us.
        Libc.Check(Libc.Prctl(PrSetDumpable, 0, 0, 0, 0), "prctl(PR_SET_DUMPABLE)");

        // What GameHost's own parent left open is not for the game.
        _ = Libc.CloseRange(3, uint.MaxValue, CloseRangeCloexec);

        // Orphans of the game come to us even where we are not process 1, so that none outlives the session unseen.
        _ = Libc.Prctl(PrSetChildSubreaper, 1, 0, 0, 0);

        // The kernel drops signals from inside that process 1 has no handler for. .NET installs handlers for a few; sent by kill() they
        // would end GameHost. Ignored they do nothing, and a fault of its own still ends the process, because the kernel forces it.
        // SIGTERM (15) means stop and has its handler in Program; SIGCHLD (17) must stay at its default for waitpid;
        // 9 and 19 cannot be ignored; 32 and up belong to the C library and the runtime.
        for (int signal = 1; signal < 32; signal++)
        {
            if (signal is not (9 or 15 or 17 or 18 or 19))
            {
                _ = Libc.Signal(signal, SigIgnore);
            }
        }
    }
    /// <summary>
    /// Makes the pool's threads now and keeps them (csproj: they never time out). A game may use up the processes and threads the
    /// sandbox has, and the pool ends the program when it then needs a thread it cannot get.
    /// </summary>
    public static void ReserveThreads()
    {
        int count = Environment.ProcessorCount;
        ThreadPool.SetMinThreads(count, 1);
        ThreadPool.SetMaxThreads(count, 1);
        using CountdownEvent arrived = new(count);
        using ManualResetEventSlim go = new();
        using CountdownEvent left = new(count);
        for (int i = 0; i < count; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                arrived.Signal();
                go.Wait();
                left.Signal();
            }, null);
        }

        arrived.Wait();
        go.Set();
        left.Wait();
        // The thread of all timers begins with the first of them.
        using ManualResetEventSlim ticked = new();
        using Timer first = new(_ => ticked.Set(), null, 0, Timeout.Infinite);
        ticked.Wait();
    }
}
