using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Finds out how a session's sandbox ended: by what it says, and where that is not enough by what the kernel says.</summary>
/// <param name="session">Names the session in logs.</param>
/// <param name="state">Knows the sandbox, and whether somebody asked it to stop.</param>
/// <param name="options">The limits that can be met.</param>
/// <param name="end">Ends the session.</param>
/// <param name="logger">Learns when the kernel cannot be asked.</param>
internal sealed partial class SessionEndResolver(
    Guid session, SessionState state, ExecutorOptions options, Action<SessionEnded> end, ILogger logger)
{
    /// <summary>How long the end of a container may take to show its reason.</summary>
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(3);

    private const int OutOfMemoryKill = 137;

    private volatile bool _resolving;

    /// <summary>Takes the sandbox's Ended message.</summary>
    /// <exception cref="ProtocolException">It has a reason that a sandbox may not give.</exception>
    public void ReceiveEnded(SessionEnded said)
    {
        if (!EndReasons.MaySandboxSay(said.Reason))
        {
            throw new ProtocolException("Ended with a reason that is not a sandbox's to give.");
        }

        if (said.Reason == EndReasons.Stopped && state.Read().Stop is null)
        {
            // Somebody else told it to stop: the daemon ends the containers that it finds when it comes back, or an operator did.
            end(Create(EndReasons.SandboxLost,
                "the sandbox was told to stop by somebody else than the Executor; " + SandboxEndReport.Clean(said, options).Detail,
                said.ExitCode));
            return;
        }

        // An end that looks like a kill is worth asking the kernel about; any other is what it seems.
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

    /// <summary>Takes the end of the link.</summary>
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
