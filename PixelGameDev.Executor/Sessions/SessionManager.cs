using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Processors;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Starts sessions, applies their time limits, and ends them when the Executor stops.</summary>
/// <param name="registry">The sessions.</param>
/// <param name="options">The limits.</param>
/// <param name="pool">The pool of sandboxes.</param>
/// <param name="fairness">Distributes the processors.</param>
/// <param name="work">Reports the state of this background work to the health check.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Receives starts, ends and failures.</param>
internal sealed class SessionManager(
    SessionRegistry registry, ExecutorOptions options, WarmPool pool, CpuFairness fairness, BackgroundWork work, TimeProvider time,
    ILogger<SessionManager> logger) : BackgroundService, IHostedLifecycleService
{
    /// <summary>How long the record of an ended session is kept.</summary>
    public static readonly TimeSpan RecordRetention = TimeSpan.FromMinutes(10);

    /// <summary>The maximum delay of the answer to a start. A session that has not begun by then waits in the queue.</summary>
    private static readonly TimeSpan StartAnswerTimeout = TimeSpan.FromMilliseconds(700);

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RemovalTimeout = TimeSpan.FromSeconds(12);

    private readonly BackgroundPart _part = work.Register("session-limits", TimeSpan.FromSeconds(30));
    private readonly SandboxRemovals _removals = new(logger);

    /// <summary>
    /// Starts a session. Returns when the sandbox has accepted the project, or after a short time: then the session waits in the queue, and
    /// its viewers see how many starts come first.
    /// </summary>
    /// <exception cref="SessionRefusedException">The session may not start now; the exception gives the reason.</exception>
    public async Task<Session> StartAsync(StartSessionRequest request, CancellationToken cancellationToken)
    {
        if (SessionFiles.Check(request, options) is { } bad)
        {
            throw new SessionRefusedException(bad);
        }

        Session session = new(request, pool.Kind, options, time, logger);
        registry.Reserve(session);
        ExecutorTelemetry.SessionStarted();
        CancellationTokenSource givenUp = new();
        // The end of the session also cancels the wait.
        _ = session.Ended.ContinueWith(_ => givenUp.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        Task beginning = new SessionStarter(pool, fairness, _removals, logger).BeginAsync(session, request, givenUp.Token);
        try
        {
            if (await Task.WhenAny(beginning, Task.Delay(StartAnswerTimeout, time, cancellationToken)) != beginning)
            {
                cancellationToken.ThrowIfCancellationRequested();
                AddToList(session);
                _removals.Track(FinishAsync(session, beginning));
                return session;
            }

            await beginning;
        }
        catch (OperationCanceledException) when (session.EndedAt is not null)
        {
            // Stopped while it waited: the session has ended without an error.
        }
        catch (Exception error)
        {
            registry.GiveUp(session);
            session.End(EndReasons.NotStarted, "the session did not start");
            _removals.Track(beginning);
            if (error is SandboxUnavailableException)
            {
                throw SessionRefusedException.Unavailable("no_sandbox", EndReasons.SentenceOf(EndReasons.NotStarted), error.Message, 3);
            }

            throw;
        }

        AddToList(session);
        return session;
    }

    /// <summary>
    /// Informs all viewers, ends all sessions, and waits until their sandboxes are removed and the Api has read the reasons. This process
    /// holds all information about them; without the wait their records would say that they were lost.
    /// </summary>
    public async Task CloseAsync()
    {
        bool isListed = registry.IsListed;
        IReadOnlyList<Session> all = registry.Close();
        foreach (Session session in all)
        {
            session.End(EndReasons.ShuttingDown, "the Executor is stopping");
        }

        Task reported = isListed
            ? Task.WhenAny(
                Task.WhenAll(all.Select(static session => session.EndReported)), Task.Delay(SessionRegistry.ApiPollTimeout, time))
            : Task.CompletedTask;
        await Task.WhenAny(Task.WhenAll(reported, _removals.WhenAll()), Task.Delay(RemovalTimeout, time));
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Closes the sessions before the web server stops. The web server waits for its connections, and viewers disconnect when their session
    /// has ended.
    /// </summary>
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

    /// <summary>Waits for a start after its caller has received the answer. A later failure ends the session.</summary>
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
            session.End(EndReasons.NotStarted, error.Message);
            if (error is not SandboxUnavailableException)
            {
                throw;
            }
        }
    }

    private void AddToList(Session session)
    {
        if (!registry.Add(session))
        {
            session.End(EndReasons.ShuttingDown, "the Executor is stopping");
        }
    }

    /// <summary>Applies the time limits to every session, and removes old records.</summary>
    /// <exception cref="AggregateException">Some sessions failed; the others were handled nevertheless.</exception>
    private void TickAll()
    {
        List<Exception> failures = [];
        foreach (Session session in registry.All())
        {
            try
            {
                session.Tick();
                if (session.EndedAt is { } ended && time.GetUtcNow() - ended > RecordRetention)
                {
                    registry.Remove(session);
                    session.Relay.Clear();
                    session.SavedFiles.Clear();
                    session.Picture.Clear();
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
}
