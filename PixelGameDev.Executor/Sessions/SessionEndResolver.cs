using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>
/// Determines how a session's sandbox ended: by its own report, and if that is not sufficient, by the report of the kernel.
/// </summary>
/// <param name="session">The session's id for the log.</param>
/// <param name="state">The state with the sandbox and a possible stop request.</param>
/// <param name="options">The limits.</param>
/// <param name="end">Ends the session.</param>
/// <param name="logger">Receives a failure to query the kernel.</param>
internal sealed partial class SessionEndResolver(
    Guid session, SessionState state, ExecutorOptions options, Action<SessionEnded> end, ILogger logger)
{
    /// <summary>The maximum wait for the exit state of a container.</summary>
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(3);

    private const int OutOfMemoryKill = 137;

    private volatile bool _resolving;

    /// <summary>Handles the sandbox's Ended message.</summary>
    /// <exception cref="ProtocolException">The message has a reason that a sandbox must not give.</exception>
    public void ReceiveEnded(SessionEnded said)
    {
        if (!EndReasons.MaySandboxSay(said.Reason))
        {
            throw new ProtocolException("Ended with a reason that is not a sandbox's to give.");
        }

        if (said.Reason == EndReasons.Stopped && state.Read().Stop is null)
        {
            // Something else stopped the sandbox: the daemon, which ends running containers after its own restart, or an operator.
            end(Create(EndReasons.SandboxLost,
                "the sandbox was told to stop by somebody else than the Executor; " + SandboxEndReport.Clean(said, options).Detail,
                said.ExitCode));
            return;
        }

        // Ask the kernel about an end that looks like a kill. Every other end report is used as it is.
        if (said.Reason is EndReasons.Crashed or EndReasons.SandboxLost)
        {
            _resolving = true;
            _ = ResolveAsync(said);
        }
        else
        {
            end(SandboxEndReport.Clean(said, options));
        }
    }

    /// <summary>Handles the end of the link.</summary>
    public void ReceiveClosed(LinkFault? fault)
    {
        if (fault is not null)
        {
            end(Create(fault.Reason, fault.Detail));
        }
        else if (state.Read().End is null && !_resolving)
        {
            _ = ResolveAsync(null);
        }
    }

    /// <summary>Returns an end with the sentence of its reason.</summary>
    public SessionEnded Create(string reason, string? detail, int? exitCode = null) =>
        new(reason, EndReasons.SentenceOf(reason, options.MaxSessionTime), detail, exitCode);

    private async Task ResolveAsync(SessionEnded? said)
    {
        // Leave the thread that reads all links: a question to the daemon may open a connection.
        await Task.Yield();
        SandboxExit? exit = null;
        try
        {
            exit = state.Read().Sandbox is { } sandbox ? await sandbox.Sandbox.WaitForExitAsync(ExitTimeout, CancellationToken.None) : null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Log.NoExit(logger, session, error.Message);
        }

        if (exit is { OutOfMemory: true })
        {
            end(Create(EndReasons.MemoryLimit, $"{SandboxEndReport.DescribeMemoryLimit(options.Policy)}; {exit.Detail}",
                exit.ExitCode ?? OutOfMemoryKill));
        }
        else if (said is not null)
        {
            end(SandboxEndReport.Clean(said, options));
        }
        else
        {
            end(Create(EndReasons.SandboxLost, "the link closed without Ended; " + (exit?.Detail ?? "what runs inside is still there"),
                exit?.ExitCode));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Session {Session}: its sandbox cannot be asked how it ended: {Reason}")]
        public static partial void NoExit(ILogger logger, Guid session, string reason);
    }
}
