using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PixelGameDev.ServiceDefaults;

/// <summary>
/// Answers all health requests from memory: executes the registered checks in the background, one loop for each, and stores the last result
/// of each. <c>/health</c>, <c>/alive</c>, <c>/api/health</c> and <c>/api/info</c> all use this service.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A slow answer is still an answer: the last result is valid until the current check ends, or for <see cref="MaxSilence"/>.</item>
/// <item>A refusal or an error counts at once.</item>
/// <item>
/// A caller waits only for the first result of a check, at most <see cref="FirstWait"/>. Until then the check counts as
/// unhealthy, because nothing is known about it.
/// </item>
/// </list>
/// Checks tagged <see cref="ServiceDefaultsExtensions.MemoryTag"/> answer from memory themselves: they are executed at each request.
/// </remarks>
internal sealed partial class LastKnownHealth : HealthCheckService, IHostedService, IAsyncDisposable
{
    /// <summary>The key of the framework's own service, which executes the checks.</summary>
    public const string Direct = "direct";

    /// <summary>The name of a result's age in seconds in the data of a report's entry.</summary>
    public const string Age = "ageSeconds";

    /// <summary>How long a dependency may be silent before it counts as unavailable.</summary>
    internal static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(3);

    /// <summary>The pause between two checks of a healthy part; together with <see cref="MaxSilence"/> less than four seconds.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(750);

    /// <summary>The pause between two checks of an unhealthy part.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait of a caller for the first result of a check; an answer takes less than 100 ms.</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait of the start: most first results are known when the server starts to listen.</summary>
    private static readonly TimeSpan StartWait = TimeSpan.FromMilliseconds(250);

    private readonly HealthCheckService _checks;
    private readonly Entry[] _entries;
    private readonly TimeProvider _time;
    private readonly ILogger<LastKnownHealth> _logger;
    private readonly CancellationTokenSource _stop = new();
    private Task _refreshing = Task.CompletedTask;
    private bool _disposed;

    public LastKnownHealth(
        [FromKeyedServices(Direct)] HealthCheckService checks, IOptions<HealthCheckServiceOptions> options, TimeProvider time,
        ILogger<LastKnownHealth> logger)
    {
        _checks = checks;
        _time = time;
        _logger = logger;
        _entries = [.. options.Value.Registrations.Where(static check => !check.Tags.Contains(ServiceDefaultsExtensions.MemoryTag))
            .Select(static check => new Entry(check))];
    }

    /// <summary>Starts the loops and waits briefly for the first results.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _refreshing = Task.WhenAll(_entries.Select(entry => Task.Run(() => RefreshAsync(entry, _stop.Token), CancellationToken.None)));
        await WaitForFirstAsync(_entries, StartWait);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_refreshing, Task.Delay(Timeout.Infinite, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        // It is registered under several types, so it is disposed several times.
        if (!_disposed)
        {
            _disposed = true;
            await StopAsync(new CancellationToken(canceled: true));
            _stop.Dispose();
        }
    }

    /// <summary>Reports the last results of the checks that <paramref name="predicate"/> selects; null: of all checks.</summary>
    public override async Task<HealthReport> CheckHealthAsync(
        Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
    {
        Entry[] chosen = [.. _entries.Where(entry => predicate?.Invoke(entry.Registration) != false)];
        await WaitForFirstAsync(chosen, FirstWait);
        HealthReport direct = await _checks.CheckHealthAsync(
            check => check.Tags.Contains(ServiceDefaultsExtensions.MemoryTag) && predicate?.Invoke(check) != false, cancellationToken);
        Dictionary<string, HealthReportEntry> entries = new(direct.Entries);
        foreach (Entry entry in chosen)
        {
            entries.Add(entry.Registration.Name, Report(entry));
        }

        return new HealthReport(entries, direct.TotalDuration);
    }

    private static Task WaitForFirstAsync(IEnumerable<Entry> entries, TimeSpan limit)
    {
        Task all = Task.WhenAll(entries.Select(static entry => entry.First.Task));
        // Use the machine's clock, even if a test stops the service's clock.
        return all.IsCompleted ? all : Task.WhenAny(all, Task.Delay(limit, TimeProvider.System));
    }

    private HealthReportEntry Report(Entry entry)
    {
        if (entry.Known is not { } known)
        {
            return new HealthReportEntry(HealthStatus.Unhealthy, "Not known yet: the first check is under way.", TimeSpan.Zero, null, null,
                entry.Registration.Tags);
        }

        Dictionary<string, object> data = new(known.Result.Data) { [Age] = _time.GetElapsedTime(known.At).TotalSeconds };
        return new HealthReportEntry(known.Result.Status, known.Result.Description, known.Result.Duration, known.Result.Exception, data,
            known.Result.Tags);
    }

    private async Task RefreshAsync(Entry entry, CancellationToken stopping)
    {
        using Activity untraced = Untraced.Begin();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Task<HealthReport> check = _checks.CheckHealthAsync(registration => registration.Name == entry.Registration.Name, stopping);
                if (!await StepwiseTimeout.WaitAsync(check, MaxSilence, _time, stopping))
                {
                    Keep(entry, new HealthReportEntry(
                        HealthStatus.Unhealthy, $"No answer for {MaxSilence.TotalSeconds:0} s.", MaxSilence, null, null,
                        entry.Registration.Tags));
                }

                // The check continues: a late answer shows that the dependency is available again.
                Keep(entry, (await check).Entries[entry.Registration.Name]);
                await Task.Delay(entry.IsHealthy ? Interval : RetryInterval, _time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The framework's service catches exceptions of checks. Any other exception must not end the loop.
                Keep(entry,
                    new HealthReportEntry(HealthStatus.Unhealthy, error.Message, TimeSpan.Zero, error, null, entry.Registration.Tags));
                await Task.Delay(RetryInterval, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private void Keep(Entry entry, HealthReportEntry result)
    {
        HealthStatus? before = entry.Known?.Result.Status;
        entry.Known = new Known(result, _time.GetTimestamp());
        entry.First.TrySetResult();
        if (result.Status != before && result.Status != HealthStatus.Healthy)
        {
            LogWorse(entry.Registration.Name, result.Status, result.Description, result.Exception?.Message);
        }
        else if (result.Status != before && before is not null)
        {
            LogHealthy(entry.Registration.Name);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Health: {Check} is {Status}: {Description} {Reason}")]
    private partial void LogWorse(string check, HealthStatus status, string? description, string? reason);

    [LoggerMessage(LogLevel.Information, "Health: {Check} is healthy again")]
    private partial void LogHealthy(string check);

    private sealed record Known(HealthReportEntry Result, long At);

    private sealed class Entry(HealthCheckRegistration registration)
    {
        private volatile Known? _known;

        public HealthCheckRegistration Registration => registration;

        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Known? Known
        {
            get => _known;
            set => _known = value;
        }

        public bool IsHealthy => _known?.Result.Status == HealthStatus.Healthy;
    }
}
