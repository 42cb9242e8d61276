namespace PixelGameDev.Executor.Sandboxes;

/// <summary>
/// Describes how a sandbox ended. <see cref="ExitCode"/> is null if it is unknown (killed by the Executor, daemon unavailable).
/// <see cref="OutOfMemory"/>: the kernel killed the main process or a child because of memory. <see cref="Detail"/> is for the operator.
/// </summary>
internal sealed record SandboxExit(int? ExitCode, bool OutOfMemory, string Detail);

/// <summary>
/// Represents a place where one session executes, and its link. It serves only one session. Disposal kills all processes inside and removes
/// every trace of it from this machine.
/// </summary>
internal interface ISandbox : IAsyncDisposable
{
    /// <summary>The name in logs: a container id or process id.</summary>
    string Name { get; }

    /// <summary>Gets the kind: one of <see cref="PixelGameDev.Streaming.Contracts.SandboxKinds"/>.</summary>
    string Kind { get; }

    /// <summary>Gets both directions of the connected link. The user disposes it.</summary>
    Stream Link { get; }

    /// <summary>
    /// Waits up to <paramref name="limit"/> until the program inside has ended, and returns how it ended; kills nothing. Null: it still
    /// runs.
    /// </summary>
    Task<SandboxExit?> WaitForExitAsync(TimeSpan limit, CancellationToken cancellationToken);
}

/// <summary>Represents a sandbox whose processor use can be weighted against that of others.</summary>
internal interface IWeightedSandbox : ISandbox
{
    /// <summary>Gets the number of processors of its machine, at least 1.</summary>
    int MachineProcessors { get; }

    /// <summary>Changes the grant of processor time; false if that is not possible now.</summary>
    Task<bool> SetCpuGrantAsync(CpuGrant grant, CancellationToken cancellationToken);
}

/// <summary>The processor time that a sandbox may use.</summary>
/// <param name="Weight">The weight relative to other sandboxes, 2 … 262144. Only ratios count, and only when processors are short.</param>
/// <param name="Cpus">The maximum time in processors.</param>
internal readonly record struct CpuGrant(int Weight, double Cpus);

/// <summary>Makes sandboxes of one kind.</summary>
internal interface ISandboxFactory : IAsyncDisposable
{
    /// <summary>Gets the kind: one of <see cref="PixelGameDev.Streaming.Contracts.SandboxKinds"/>.</summary>
    string Kind { get; }

    /// <summary>Gets the number of processors of the machine where the sandboxes run, at least 1.</summary>
    int MachineProcessors => Environment.ProcessorCount;

    /// <summary>The memory of the machine where the sandboxes run in bytes; null: they run in this process's own control group.</summary>
    long? MemoryTotal => null;

    /// <summary>Why no sandbox can be made now, in words for an operator; null when sandboxes can be made.</summary>
    string? UnavailableReason { get; }

    /// <summary>Starts a sandbox and waits until its link is connected.</summary>
    /// <exception cref="SandboxUnavailableException">The sandbox cannot be started; the message gives the reason.</exception>
    Task<ISandbox> StartAsync(CancellationToken cancellationToken);
}

/// <summary>Reports that no sandbox is available, and why.</summary>
internal sealed class SandboxUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
