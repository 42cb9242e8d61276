namespace PixelGameDev.GameHost.Native;

/// <summary>Protects GameHost against the processes of its sandbox.</summary>
internal static class Hardening
{
    private const int PrSetDumpable = 4;
    private const int PrSetChildSubreaper = 36;
    private const int CloseRangeCloexec = 4;
    private const nint SigIgnore = 1;

    public static void Apply()
    {
        // The game runs as the same user. Without this call it could open GameHost's descriptors through /proc/1/fd, or attach to it.
        Libc.Check(Libc.Prctl(PrSetDumpable, 0, 0, 0, 0), "prctl(PR_SET_DUMPABLE)");

        // Descriptors that GameHost's own parent left open must not reach the game.
        _ = Libc.CloseRange(3, uint.MaxValue, CloseRangeCloexec);

        // Orphans of the game become children of GameHost even if it is not process 1, so that none outlives the session.
        _ = Libc.Prctl(PrSetChildSubreaper, 1, 0, 0, 0);

        // The kernel drops signals from inside the sandbox for which process 1 has no handler. .NET installs handlers for a few; sent by
        // kill(), those signals would end GameHost. As ignored signals they do nothing. A fault of GameHost's own still ends the process,
        // because the kernel forces that signal. SIGTERM (15) means stop and has its handler in Program. SIGCHLD (17) must keep its default
        // for waitpid. 9 and 19 cannot be ignored. 32 and up belong to the C library and the runtime.
        for (int signal = 1; signal < 32; signal++)
        {
            if (signal is not (9 or 15 or 17 or 18 or 19))
            {
                _ = Libc.Signal(signal, SigIgnore);
            }
        }
    }
    /// <summary>Creates the thread pool's threads now and keeps them (csproj: they never time out).</summary>
    /// <remarks>
    /// A game may use up the processes and threads of the sandbox. If the pool then needed a new thread, it would end the program.
    /// </remarks>
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
        // The first timer starts the thread of all timers.
        using ManualResetEventSlim ticked = new();
        using Timer first = new(_ => ticked.Set(), null, 0, Timeout.Infinite);
        ticked.Wait();
    }
}
