using System.Globalization;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Processors;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>All sessions of this Executor: running ones within the limits, ended ones for a while.</summary>
internal sealed partial class SessionManager(
    ExecutorOptions options, WarmPool pool, CpuFairness fairness, Incarnation incarnation, BackgroundWork work, TimeProvider time,
    ILogger<SessionManager> logger) : BackgroundService, IHostedLifecycleService
{
    /// <summary>How long the record of an ended session is kept.</summary>
    public static readonly TimeSpan RecordRetention = TimeSpan.FromMinutes(10);

    /// <summary>How long the answer to a start is held back; a session that has not begun by then waits in its queue.</summary>
    private static readonly TimeSpan StartAnswerTimeout = TimeSpan.FromMilliseconds(700);

    /// <summary>Sandboxes that may die under one start before it is given up.</summary>
    private const int MaxAttempts = 3;

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RemovalTimeout = TimeSpan.FromSeconds(12);

    /// <summary>An Api asks every second while there are sessions: one that has not asked for this long will not.</summary>
    private static readonly TimeSpan ApiPollTimeout = TimeSpan.FromSeconds(3);

    private readonly BackgroundPart _part = work.Register("session-limits", TimeSpan.FromSeconds(30));
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Session> _sessions = [];
    private readonly Dictionary<Guid, Session> _starting = [];
    private readonly HashSet<Task> _removing = [];
    private bool _closed;
    private volatile bool _draining;
    private long? _lastListedAt;
    private long _lastEndNumber;

    /// <summary>Sessions that run or start.</summary>
    public int Active
    {
        get
        {
            lock (_gate)
            {
                return ActiveLocked();
            }
        }
    }

    /// <summary>True while no new session is taken.</summary>
    public bool Draining => _draining;

    /// <summary>Ids of the sessions that run.</summary>
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

    /// <summary>
    /// Starts a session. Answers when its sandbox has taken the project, or after a moment: then the session waits for its turn, and
    /// its viewers are told how many come first.
    /// </summary>
    /// <exception cref="SessionRefusedException">It may not start now; says why.</exception>
    public async Task<Session> StartAsync(StartSessionRequest request, CancellationToken cancellationToken)
    {
        if (SessionFiles.Check(request, options) is { } bad)
        {
            throw new SessionRefusedException(bad);
        }

        Session session = new(request, pool.Kind, options, time, logger);
        Reserve(session);
        ExecutorTelemetry.SessionStarted();
        CancellationTokenSource givenUp = new();
        // An end of the session ends the waiting, too.
        _ = session.Ended.ContinueWith(_ => givenUp.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        Task beginning = BeginAsync(session, request, givenUp.Token);
        try
        {
            if (await Task.WhenAny(beginning, Task.Delay(StartAnswerTimeout, time, cancellationToken)) != beginning)
            {
                cancellationToken.ThrowIfCancellationRequested();
                AddToList(session);
                Track(FinishAsync(session, beginning));
                return session;
            }

            await beginning;
        }
        catch (OperationCanceledException) when (session.EndedAt is not null)
        {
            // Stopped while it waited: a session that has ended, not an error.
        }
        catch (Exception error)
        {
            lock (_gate)
            {
                _starting.Remove(session.Id);
            }

            session.End(EndReasons.NotStarted, "the session did not start");
            Track(beginning);
            if (error is SandboxUnavailableException)
            {
                throw Refused(StatusCodes.Status503ServiceUnavailable, "no_sandbox", SessionEnd.NoSandbox, error.Message, 3);
            }

            throw;
        }

        AddToList(session);
        return session;
    }

    /// <summary>Finds a sandbox for the session; one that dies before it has taken the project is replaced.</summary>
    private async Task BeginAsync(Session session, StartSessionRequest request, CancellationToken givenUp)
    {
        for (int attempt = 1; ; attempt++)
        {
            WarmSandbox sandbox;
            bool warm;
            using (ExecutorTelemetry.Phase taking = ExecutorTelemetry.BeginTake())
            {
                (sandbox, warm) = await pool.TakeAsync(session.Owner, session.ReportPosition, givenUp);
                ExecutorTelemetry.SandboxTaken(warm);
                taking.Tag("pixelgamedev.warm", warm);
            }

            CpuWatch? cpu = fairness.Watch(sandbox.Sandbox);
            bool begun = false;
            try
            {
                using ExecutorTelemetry.Phase beginning = ExecutorTelemetry.BeginStart();
                begun = await session.TryBeginAsync(request, sandbox, warm, cpu, givenUp);
            }
            finally
            {
                if (!begun)
                {
                    Track(DiscardAsync(sandbox, cpu));
                }
            }

            if (begun)
            {
                Log.Started(logger, session.Id, sandbox.Sandbox.Kind, sandbox.Sandbox.Name, session.Warm);
                Track(RemoveWhenEndedAsync(session));
                return;
            }

            givenUp.ThrowIfCancellationRequested();
            Log.Replaced(logger, session.Id, sandbox.Sandbox.Name);
            if (attempt == MaxAttempts)
            {
                throw new SandboxUnavailableException($"{attempt} sandboxes died before they took the project");
            }
        }
    }

    /// <summary>The caller has had its answer: what goes wrong from now on is the session's end.</summary>
    private static async Task FinishAsync(Session session, Task beginning)
    {
        try
        {
            await beginning;
        }
        catch (OperationCanceledException) when (session.EndedAt is not null)
        {
            // Stopped while it waited.
        }
        catch (Exception error)
        {
            session.FailToStart(error.Message);
            if (error is not SandboxUnavailableException)
            {
                throw;
            }
        }
    }

    /// <summary>From now on the session is listed.</summary>
    private void AddToList(Session session)
    {
        bool closed;
        lock (_gate)
        {
            _starting.Remove(session.Id);
            _sessions[session.Id] = session;
            closed = _closed;
        }

        if (closed)
        {
            session.End(EndReasons.ShuttingDown, "the Executor is stopping");
        }
    }

    /// <summary>Takes no new session from now on, or takes them again; those that run go on.</summary>
    public void Drain(bool drain) => _draining = drain;

    public Session? Find(Guid id)
    {
        lock (_gate)
        {
            return _sessions.GetValueOrDefault(id) ?? _starting.GetValueOrDefault(id);
        }
    }

    public IReadOnlyList<Session> All()
    {
        lock (_gate)
        {
            return [.. _sessions.Values];
        }
    }

    /// <summary>
    /// The list that an Api asks for to keep its records: the sessions that run, and the first of those that ended behind
    /// <paramref name="since"/>, an earlier answer's cursor; see <see cref="ExecutorHeaders.Cursor"/>.
    /// </summary>
    public (IReadOnlyList<SessionInfo> Sessions, string Cursor) ListForApi(string? since)
    {
        List<Session> told;
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
            told = [.. _sessions.Values.Where(session => session.EndNumber > place).OrderBy(static session => session.EndNumber)
                .Take(since is null ? int.MaxValue : ExecutorHeaders.MaxEnded)];
            place = told.Count > 0 ? told[^1].EndNumber : Math.Max(place, 0);
            told.AddRange(_sessions.Values.Where(static session => session.EndNumber == 0));
        }

        return ([.. told.Select(static session => session.DescribeForApi(inList: true))],
            string.Create(CultureInfo.InvariantCulture, $"{incarnation.Id}.{place}"));
    }

    /// <summary>The number in a cursor of this life of the process; anything else begins at the beginning.</summary>
    private long ParseCursor(string? since) =>
        since?.Split('.') is [string life, string place] && life == incarnation.Id
            && long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? Math.Min(number, _lastEndNumber)
            : 0;

    /// <summary>
    /// Tells all viewers, ends all sessions and waits until their sandboxes are gone and the Api knows why: with this process goes all
    /// that is known of them, and their records would say that they were lost.
    /// </summary>
    public async Task CloseAsync()
    {
        List<Session> all;
        bool watched;
        lock (_gate)
        {
            _closed = true;
            watched = _lastListedAt is { } asked && time.GetElapsedTime(asked) < ApiPollTimeout;
            all = [.. _sessions.Values, .. _starting.Values];
        }

        foreach (Session session in all)
        {
            session.End(EndReasons.ShuttingDown, "the Executor is stopping");
        }

        Task[] removing;
        lock (_gate)
        {
            removing = [.. _removing];
        }

        Task told = watched
            ? Task.WhenAny(Task.WhenAll(all.Select(static session => session.EndReported)), Task.Delay(ApiPollTimeout, time))
            : Task.CompletedTask;
        await Task.WhenAny(Task.WhenAll([told, .. removing]), Task.Delay(RemovalTimeout, time));
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the web server stops: it waits for its connections, and viewers leave when their session has ended.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => CloseAsync();

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(TickInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await _part.ExecuteAsync(_ => { TickAll(); return Task.CompletedTask; }, stoppingToken);
        }
    }

    /// <summary>Applies the limits that are a matter of time to every session, and forgets old ones.</summary>
    /// <exception cref="AggregateException">Some sessions threw; the others were looked after all the same.</exception>
    private void TickAll()
    {
        List<Exception> failures = [];
        foreach (Session session in All())
        {
            try
            {
                session.Tick();
                if (session.EndedAt is { } ended && time.GetUtcNow() - ended > RecordRetention)
                {
                    lock (_gate)
                    {
                        _sessions.Remove(session.Id);
                    }

                    session.Relay.Clear();
                }
            }
            catch (Exception error)
            {
                failures.Add(error);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    private void Reserve(Session starting)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw Refused(StatusCodes.Status503ServiceUnavailable, RefusalCodes.ShuttingDown,
                    "The server is being restarted. Try again in a minute.", "the Executor is stopping", 10);
            }

            if (_draining)
            {
                throw Refused(
                    StatusCodes.Status503ServiceUnavailable, RefusalCodes.Draining,
                    "The server takes no new games just now. Try again in a few minutes.", "an operator drains this Executor", 10);
            }

            if (_sessions.ContainsKey(starting.Id) || _starting.ContainsKey(starting.Id))
            {
                throw Refused(StatusCodes.Status409Conflict, "session_exists", "This session exists already.",
                    $"session {starting.Id} exists");
            }

            int own = _sessions.Values.Count(session => session.EndedAt is null && session.Owner == starting.Owner)
                + _starting.Values.Count(session => session.Owner == starting.Owner);
            if (own >= options.MaxSessionsPerOwner)
            {
                throw Refused(
                    StatusCodes.Status429TooManyRequests, "too_many_own_sessions",
                    "You have games running already. Stop one of them first.",
                    $"MAX_SESSIONS_PER_OWNER is {options.MaxSessionsPerOwner}", 2);
            }

            if (ActiveLocked() >= options.MaxSessions)
            {
                throw Refused(
                    StatusCodes.Status503ServiceUnavailable, RefusalCodes.AllSlotsTaken,
                    "All places for games are taken right now. Try again in a moment.",
                    $"MAX_CONCURRENT_SESSIONS is {options.MaxSessions}", 5);
            }

            _starting.Add(starting.Id, starting);
        }
    }

    private int ActiveLocked() => _starting.Count + _sessions.Values.Count(static session => session.EndedAt is null);

    private static async Task RemoveWhenEndedAsync(Session session)
    {
        await session.Ended;
        await session.DisposeSandboxAsync();
    }

    private static async Task DiscardAsync(WarmSandbox sandbox, CpuWatch? cpu)
    {
        if (cpu is not null)
        {
            await cpu.DisposeAsync();
        }

        await sandbox.DisposeAsync();
    }

    private void Track(Task task)
    {
        lock (_gate)
        {
            _removing.Add(task);
        }

        task.ContinueWith(
            done =>
            {
                lock (_gate)
                {
                    _removing.Remove(done);
                }

                if (done.Exception is { } error && error.GetBaseException() is not SandboxUnavailableException)
                {
                    Log.NotRemoved(logger, error.GetBaseException());
                }
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static SessionRefusedException Refused(int status, string code, string title, string detail, int? retrySeconds = null) =>
        new(new SessionRefusal(status, code, title, detail, retrySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Session {Session} started in {Kind} sandbox {Sandbox} (warm: {Warm})")]
        public static partial void Started(ILogger logger, Guid session, string kind, string sandbox, bool warm);

        [LoggerMessage(LogLevel.Warning, "Session {Session}: sandbox {Sandbox} died before it took the project; another is tried")]
        public static partial void Replaced(ILogger logger, Guid session, string sandbox);

        [LoggerMessage(LogLevel.Error, "A sandbox could not be removed")]
        public static partial void NotRemoved(ILogger logger, Exception error);
    }
}
