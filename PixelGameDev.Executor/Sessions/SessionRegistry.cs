using System.Globalization;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Holds all sessions of this Executor: those that start, run, or have ended recently.</summary>
internal sealed class SessionRegistry(ExecutorOptions options, Incarnation incarnation, TimeProvider time)
{
    /// <summary>How long an Api counts as polling after its last request. It polls every second while sessions are open.</summary>
    public static readonly TimeSpan ApiPollTimeout = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Session> _sessions = [];
    private readonly Dictionary<Guid, Session> _starting = [];
    private bool _closed;
    private volatile bool _draining;
    private long? _lastListedAt;
    private long _lastEndNumber;

    /// <summary>Gets the number of sessions that run or start.</summary>
    public int Active
    {
        get
        {
            lock (_gate)
            {
                return CountActive();
            }
        }
    }

    /// <summary>Gets or sets whether new sessions are refused. Running sessions continue.</summary>
    public bool Draining
    {
        get => _draining;
        set => _draining = value;
    }

    /// <summary>Gets whether an Api polls the list.</summary>
    public bool IsListed
    {
        get
        {
            lock (_gate)
            {
                return _lastListedAt is { } listed && time.GetElapsedTime(listed) < ApiPollTimeout;
            }
        }
    }

    /// <summary>Gets the ids of the running sessions.</summary>
    public IReadOnlyList<Guid> ActiveIds
    {
        get
        {
            lock (_gate)
            {
                return [.. _sessions.Values.Where(static session => session.EndedAt is null).Select(static session => session.Id)];
            }
        }
    }

    /// <summary>Reserves a place for a session that is about to start.</summary>
    /// <exception cref="SessionRefusedException">There is no place; the exception gives the reason.</exception>
    public void Reserve(Session starting)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw SessionRefusedException.Unavailable(
                    RefusalCodes.ShuttingDown, "The server is being restarted. Try again in a minute.", "the Executor is stopping", 10);
            }

            if (_draining)
            {
                throw SessionRefusedException.Unavailable(
                    RefusalCodes.Draining, "The server starts no new games at the moment. Try again in a few minutes.",
                    "an operator drains this Executor", 10);
            }

            if (_sessions.ContainsKey(starting.Id) || _starting.ContainsKey(starting.Id))
            {
                throw new SessionRefusedException(new SessionRefusal(
                    StatusCodes.Status409Conflict, "session_exists", "This session exists already.", $"session {starting.Id} exists"));
            }

            int own = _sessions.Values.Count(session => session.EndedAt is null && session.Owner == starting.Owner)
                + _starting.Values.Count(session => session.Owner == starting.Owner);
            if (own >= options.MaxSessionsPerOwner)
            {
                throw new SessionRefusedException(new SessionRefusal(
                    StatusCodes.Status429TooManyRequests, "too_many_own_sessions",
                    "You have games running already. Stop one of them first.", $"MAX_SESSIONS_PER_OWNER is {options.MaxSessionsPerOwner}",
                    TimeSpan.FromSeconds(2)));
            }

            if (CountActive() >= options.MaxSessions)
            {
                throw SessionRefusedException.Unavailable(
                    RefusalCodes.AllSlotsTaken, "All places for games are taken right now. Try again in a moment.",
                    $"MAX_CONCURRENT_SESSIONS is {options.MaxSessions}", 5);
            }

            _starting.Add(starting.Id, starting);
        }
    }

    /// <summary>Releases the place of a session that did not start.</summary>
    public void GiveUp(Session starting)
    {
        lock (_gate)
        {
            _starting.Remove(starting.Id);
        }
    }

    /// <summary>Adds the session to the list.</summary>
    /// <returns>False when the Executor is stopping, so that the session must end.</returns>
    public bool Add(Session session)
    {
        lock (_gate)
        {
            _starting.Remove(session.Id);
            _sessions[session.Id] = session;
            return !_closed;
        }
    }

    /// <summary>Removes a session that ended long ago.</summary>
    public void Remove(Session session)
    {
        lock (_gate)
        {
            _sessions.Remove(session.Id);
        }
    }

    /// <summary>Returns a session by its id; null if it is unknown.</summary>
    public Session? Find(Guid id)
    {
        lock (_gate)
        {
            return _sessions.GetValueOrDefault(id) ?? _starting.GetValueOrDefault(id);
        }
    }

    /// <summary>Returns all listed sessions.</summary>
    public IReadOnlyList<Session> All()
    {
        lock (_gate)
        {
            return [.. _sessions.Values];
        }
    }

    /// <summary>Refuses all further sessions.</summary>
    /// <returns>All sessions that are listed or start.</returns>
    public IReadOnlyList<Session> Close()
    {
        lock (_gate)
        {
            _closed = true;
            return [.. _sessions.Values, .. _starting.Values];
        }
    }

    /// <summary>
    /// Returns the list with which an Api updates its records: the running sessions, and the first ones that ended after
    /// <paramref name="since"/>, the cursor of an earlier answer; see <see cref="ExecutorHeaders.Cursor"/>.
    /// </summary>
    public (IReadOnlyList<SessionInfo> Sessions, string Cursor) ListForApi(string? since)
    {
        List<Session> listed;
        long place;
        lock (_gate)
        {
            _lastListedAt = time.GetTimestamp();
            foreach (Session ended in _sessions.Values.Where(static session => session is { EndNumber: 0, EndedAt: not null })
                .OrderBy(static session => session.EndedAt))
            {
                ended.EndNumber = ++_lastEndNumber;
            }

            place = ParseCursor(since);
            listed = [.. _sessions.Values.Where(session => session.EndNumber > place).OrderBy(static session => session.EndNumber)
                .Take(since is null ? int.MaxValue : ExecutorHeaders.MaxEnded)];
            place = listed.Count > 0 ? listed[^1].EndNumber : Math.Max(place, 0);
            listed.AddRange(_sessions.Values.Where(static session => session.EndNumber == 0));
        }

        return ([.. listed.Select(static session => session.DescribeForApi(inList: true))],
            string.Create(CultureInfo.InvariantCulture, $"{incarnation.Id}.{place}"));
    }

    /// <summary>Returns the number from a cursor of this incarnation. Any other value starts at the beginning.</summary>
    private long ParseCursor(string? since) => since?.Split('.') is [string life, string place] && life == incarnation.Id
        && long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? Math.Min(number, _lastEndNumber)
            : 0;

    private int CountActive() => _starting.Count + _sessions.Values.Count(static session => session.EndedAt is null);
}
