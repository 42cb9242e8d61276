namespace PixelGameDev.Executor.Sandboxes;

/// <summary>
/// Says how a sandbox ended. <see cref="ExitCode"/>: null when it is unknown (killed by us, daemon away). <see cref="OutOfMemory"/>:
/// the kernel killed something inside for memory, the main process or a child. <see cref="Detail"/>: for the operator.
/// </summary>
internal sealed record SandboxExit(int? ExitCode, bool OutOfMemory, string Detail);

/// <summary>
/// Is a place where one session executes, and its link. It serves one session: disposing kills what runs
/// inside and removes every trace of it on this machine.
/// </summary>
internal interface ISandbox : IAsyncDisposable
{
    /// <summary>Name in logs: container or process id.</summary>
    string Name { get; }

    /// <summary>One of <see cref="PixelGameDev.Streaming.Contracts.SandboxKinds"/>.</summary>
    string Kind { get; }

    /// <summary>Gets both directions of the link, connected. The user disposes it.</summary>
    Stream Link { get; }

    /// <summary>
    /// Waits until what runs inside has ended, <paramref name="limit"/> at most, and tells how; kills nothing. Null: it still
    /// runs.
    /// </summary>
    Task<SandboxExit?> WaitForExitAsync(TimeSpan limit, CancellationToken cancellationToken);
}

/// <summary>Is a sandbox whose use of processors can be weighed against that of others.</summary>
internal interface IWeightedSandbox : ISandbox
{
    /// <summary>Processors of the machine it runs on, 1 or more.</summary>
    int MachineProcessors { get; }

    /// <summary>Changes what it is given of the processors; false when that cannot be done now.</summary>
    Task<bool> SetCpuGrantAsync(CpuGrant grant, CancellationToken cancellationToken);
}

/// <summary>Is what a sandbox may have of the processors.</summary>
/// <param name="Weight">Against the others', 2 … 262144; only ratios count, and only where processors are short.</param>
/// <param name="Cpus">Processors' worth of time at most.</param>
internal readonly record struct CpuGrant(int Weight, double Cpus);

/// <summary>Makes sandboxes of one kind.</summary>
internal interface ISandboxFactory : IAsyncDisposable
{
    /// <summary>One of <see cref="PixelGameDev.Streaming.Contracts.SandboxKinds"/>.</summary>
    string Kind { get; }

    /// <summary>Processors of the machine where the sandboxes live, 1 or more.</summary>
    int MachineProcessors => Environment.ProcessorCount;

    /// <summary>Memory of the machine where the sandboxes live, bytes; null: they live in this process's own control group.</summary>
    long? MemoryTotal => null;

    /// <summary>Null when sandboxes can be made now, else why not, in words for an operator.</summary>
    string? UnavailableReason { get; }

    /// <summary>Starts a sandbox and waits until its link is connected.</summary>
    /// <exception cref="SandboxUnavailableException">It cannot be started; the message says why.</exception>
    Task<ISandbox> StartAsync(CancellationToken cancellationToken);
}

/// <summary>Says that there is no sandbox now, and why.</summary>
internal sealed class SandboxUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
