using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Processors;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Names the states of a session, as the Api and the page know them.</summary>
internal static class SessionStates
{
    public const string Starting = "starting";
    public const string Running = "running";
    public const string Stopping = "stopping";
    public const string Ended = "ended";
}

/// <summary>Is a request to end a session, which the game gets some time to follow.</summary>
/// <param name="Reason">One of <see cref="EndReasons"/>.</param>
/// <param name="Detail">For the operator.</param>
/// <param name="Deadline">Timestamp from which on the session ends by force.</param>
internal sealed record StopRequest(string Reason, string Detail, long Deadline);

/// <summary>Is what a session knows of itself at one moment.</summary>
/// <param name="Name">One of <see cref="SessionStates"/>.</param>
/// <param name="Sandbox">Null before it has got one, and after that is gone.</param>
/// <param name="Cpu">Watches the sandbox's use of processors; null where that cannot be weighed.</param>
/// <param name="Warm">Whether the sandbox was waiting for it.</param>
/// <param name="Begun">Timestamp from which the sandbox has the project.</param>
/// <param name="Stop">The request to end it, if there is one.</param>
/// <param name="End">How it ended, if it has.</param>
/// <param name="EndedAt">When it ended, if it has.</param>
internal readonly record struct SessionSnapshot(
    string Name, WarmSandbox? Sandbox, CpuWatch? Cpu, bool Warm, long Begun, StopRequest? Stop, SessionEnded? End, DateTimeOffset? EndedAt);

/// <summary>Keeps the state of a session and decides which reason for its end counts: the first.</summary>
internal sealed class SessionState(TimeProvider time)
{
    private readonly Lock _gate = new();
    private SessionSnapshot _now = new(
        SessionStates.Starting, null, null, Warm: false, time.GetTimestamp(), null, null, null);

    /// <summary>Returns all of it.</summary>
    public SessionSnapshot Read()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <summary>Takes a sandbox that is about to get the project; false when the session has ended already.</summary>
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

    /// <summary>Forgets the sandbox.</summary>
    /// <returns>The request to stop that came meanwhile, if there is one.</returns>
    public StopRequest? Detach()
    {
        lock (_gate)
        {
            _now = _now with { Sandbox = null, Cpu = null };
            return _now.Stop;
        }
    }

    /// <summary>Takes over what the sandbox says of its state; only a session that starts listens to it.</summary>
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

    /// <summary>Notes that the session shall end; false when it has ended or is asked already.</summary>
    /// <param name="reason">One of <see cref="EndReasons"/>.</param>
    /// <param name="detail">For the operator.</param>
    /// <param name="limit">How long the game may take.</param>
    /// <param name="sandbox">The sandbox to ask; null: there is none, so that nothing is to be waited for.</param>
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
    /// <param name="end">The end; replaced by the one that counts.</param>
    /// <param name="maxSessionTime">For the sentence of a session that was asked to stop.</param>
    /// <remarks>
    /// The one who asked for the end gave its reason, and how the game then ended is detail: a crash on the way out stays a stop.
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
