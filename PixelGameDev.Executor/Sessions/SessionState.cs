using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Processors;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Lists the states of a session as the Api and the page know them.</summary>
internal static class SessionStates
{
    public const string Starting = "starting";
    public const string Running = "running";
    public const string Stopping = "stopping";
    public const string Ended = "ended";
}

/// <summary>A request to end a session that gives the game some time to obey.</summary>
/// <param name="Reason">One of <see cref="EndReasons"/>.</param>
/// <param name="Detail">The detail for the operator.</param>
/// <param name="Deadline">The timestamp after which the session ends by force.</param>
internal sealed record StopRequest(string Reason, string Detail, long Deadline);

/// <summary>The state of a session at one moment.</summary>
/// <param name="Name">One of <see cref="SessionStates"/>.</param>
/// <param name="Sandbox">The sandbox; null before the session has one, and after the sandbox is removed.</param>
/// <param name="Cpu">Controls the sandbox's share of the processors; null if its kind does not support that.</param>
/// <param name="Warm">Whether the sandbox was warm.</param>
/// <param name="Begun">The timestamp at which the sandbox received the project.</param>
/// <param name="Stop">The stop request; null if there is none.</param>
/// <param name="End">The end; null while the session runs.</param>
/// <param name="EndedAt">The time of the end; null while the session runs.</param>
internal readonly record struct SessionSnapshot(
    string Name, WarmSandbox? Sandbox, CpuWatch? Cpu, bool Warm, long Begun, StopRequest? Stop, SessionEnded? End, DateTimeOffset? EndedAt);

/// <summary>Holds the state of a session. The first reason for its end counts.</summary>
internal sealed class SessionState(TimeProvider time)
{
    private readonly Lock _gate = new();
    private SessionSnapshot _now = new(
        SessionStates.Starting, null, null, Warm: false, time.GetTimestamp(), null, null, null);

    /// <summary>Returns the current state.</summary>
    public SessionSnapshot Read()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <summary>Attaches a sandbox that is about to get the project; false when the session has ended already.</summary>
    public bool TryAttach(WarmSandbox sandbox, CpuWatch? cpu, bool warm)
    {
        lock (_gate)
        {
            if (_now.End is not null)
            {
                return false;
            }

            _now = _now with { Sandbox = sandbox, Cpu = cpu, Warm = warm, Begun = time.GetTimestamp() };
            return true;
        }
    }

    /// <summary>Detaches the sandbox.</summary>
    /// <returns>The stop request that arrived meanwhile; null if there is none.</returns>
    public StopRequest? Detach()
    {
        lock (_gate)
        {
            _now = _now with { Sandbox = null, Cpu = null };
            return _now.Stop;
        }
    }

    /// <summary>Changes to the state that the sandbox reports. Only a starting session does this.</summary>
    public void Advance(string name)
    {
        lock (_gate)
        {
            if (_now.Name == SessionStates.Starting)
            {
                _now = _now with { Name = name };
            }
        }
    }

    /// <summary>Records a stop request; false when the session has ended or has a request already.</summary>
    /// <param name="reason">One of <see cref="EndReasons"/>.</param>
    /// <param name="detail">The detail for the operator.</param>
    /// <param name="limit">The time that the game may take.</param>
    /// <param name="sandbox">The sandbox to inform; null: there is none, so no wait is necessary.</param>
    public bool TryStop(string reason, string detail, TimeSpan limit, out WarmSandbox? sandbox)
    {
        lock (_gate)
        {
            sandbox = _now.Sandbox;
            if (_now.End is not null || _now.Stop is not null)
            {
                return false;
            }

            long deadline = time.GetTimestamp() + (long)(limit.TotalSeconds * time.TimestampFrequency);
            _now = _now with { Name = SessionStates.Stopping, Stop = new StopRequest(reason, detail, deadline) };
            return true;
        }
    }

    /// <summary>Ends the session; false when it has ended already.</summary>
    /// <param name="end">The end; replaced by the end that counts.</param>
    /// <param name="maxSessionTime">The time limit for the sentence of a stopped session.</param>
    /// <remarks>
    /// The stop request determines the reason, and the actual end of the game becomes its detail: a game that crashes during a stop counts
    /// as stopped.
    /// </remarks>
    public bool TryEnd(ref SessionEnded end, TimeSpan maxSessionTime)
    {
        lock (_gate)
        {
            if (_now.End is not null)
            {
                return false;
            }

            if (_now.Stop is { } stop && end.Reason != stop.Reason)
            {
                end = new SessionEnded(
                    stop.Reason, EndReasons.SentenceOf(stop.Reason, maxSessionTime),
                    $"{stop.Detail}; the sandbox says: {end.Reason}, {end.Detail}", end.ExitCode);
            }

            _now = _now with { Name = SessionStates.Ended, End = end, EndedAt = time.GetUtcNow() };
            return true;
        }
    }
}
