using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace PixelGameDev.ServiceDefaults;

/// <summary>Holds the state of the background work of this process, so that health can name a part that has failed.</summary>
/// <remarks>
/// An exception must neither end the process (the default of .NET for a background service) nor silently end one part. Each part registers
/// itself here and executes its rounds with <see cref="BackgroundPart.ExecuteAsync"/>, which catches, logs and records exceptions.
/// </remarks>
/// <param name="time">The clock.</param>
/// <param name="logger">Receives the first failure of a series with its stack, and a message when the part works again.</param>
public sealed class BackgroundWork(TimeProvider time, ILogger<BackgroundWork> logger)
{
    private readonly Lock _gate = new();
    private readonly List<BackgroundPart> _parts = [];

    /// <summary>Adds a part.</summary>
    /// <param name="name">The name for operators, e.g. <c>docker-reaper</c>.</param>
    /// <param name="staleAfter">The time without a finished round after which the part is reported; several times its interval.</param>
    public BackgroundPart Register(string name, TimeSpan staleAfter)
    {
        BackgroundPart part = new(name, staleAfter, time, logger);
        lock (_gate)
        {
            _parts.Add(part);
        }

        return part;
    }

    /// <summary>Describes every part, in the order of registration.</summary>
    public IReadOnlyList<BackgroundPartStatus> Describe()
    {
        lock (_gate)
        {
            return [.. _parts.Select(static part => part.Describe())];
        }
    }

    /// <summary>Returns a sentence for an operator for each failed part; normally none.</summary>
    public IReadOnlyList<string> Problems() => [.. Describe().Select(static part => part.Problem).OfType<string>()];
}

/// <summary>The state of one part at one moment.</summary>
/// <param name="Name">The name of the part.</param>
/// <param name="LastSuccess">The end of its last successful round; null: there has been none yet.</param>
/// <param name="FailingSince">The end of the first failed round after the last success; null: the last round succeeded.</param>
/// <param name="Failure">The message of the last failed round; null: the last round succeeded.</param>
/// <param name="Problem">A sentence if the part has not succeeded for too long; null: the part works or may still recover.</param>
public sealed record BackgroundPartStatus(
    string Name, DateTimeOffset? LastSuccess, DateTimeOffset? FailingSince, string? Failure, string? Problem);

/// <summary>Represents one part of the background work: executes its rounds and records their results. Thread-safe.</summary>
public sealed partial class BackgroundPart
{
    private readonly Lock _gate = new();
    private readonly string _name;
    private readonly TimeSpan _staleAfter;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private DateTimeOffset _reference;
    private DateTimeOffset? _lastSuccess;
    private DateTimeOffset? _failingSince;
    private string? _failure;
    private bool _finished;

    internal BackgroundPart(string name, TimeSpan staleAfter, TimeProvider time, ILogger logger)
    {
        _name = name;
        _staleAfter = staleAfter;
        _time = time;
        _logger = logger;
        _reference = time.GetUtcNow();
    }

    /// <summary>
    /// Executes one round without spans. Every exception except the service's own cancellation is caught, logged once for each series, and
    /// recorded.
    /// </summary>
    /// <returns>Whether the round succeeded.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stoppingToken"/> was cancelled.</exception>
    public async Task<bool> ExecuteAsync(Func<CancellationToken, Task> round, CancellationToken stoppingToken)
    {
        using Activity untraced = Untraced.Begin();
        try
        {
            await round(stoppingToken);
            Succeeded();
            return true;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            throw;
        }
        catch (BackgroundDependencyException away)
        {
            Failed(away.InnerException!, expected: true);
            return false;
        }
        catch (Exception error)
        {
            Failed(error);
            return false;
        }
    }

    /// <summary>Records a successful round.</summary>
    public void Succeeded()
    {
        bool again;
        lock (_gate)
        {
            again = _failingSince is not null;
            _reference = _time.GetUtcNow();
            _lastSuccess = _reference;
            _failingSince = null;
            _failure = null;
        }

        if (again)
        {
            LogWorksAgain(_logger, _name);
        }
    }

    /// <summary>Records a failed round.</summary>
    /// <param name="error">The reason.</param>
    /// <param name="expected">Whether a dependency is unavailable, which is reported elsewhere; then nothing is logged.</param>
    public void Failed(Exception error, bool expected = false)
    {
        bool first;
        lock (_gate)
        {
            first = _failingSince is null;
            _failingSince ??= _time.GetUtcNow();
            _failure = $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";
        }

        if (expected)
        {
            return;
        }

        if (first)
        {
            LogFailed(_logger, _name, error);
        }
        else
        {
            LogFailsStill(_logger, _name, error.Message);
        }
    }

    /// <summary>Records that the part has no more work; it is not reported from now on.</summary>
    public void Finished()
    {
        lock (_gate)
        {
            _finished = true;
        }
    }

    internal BackgroundPartStatus Describe()
    {
        lock (_gate)
        {
            TimeSpan since = _time.GetUtcNow() - _reference;
            string? problem = _finished || since <= _staleAfter
                ? null
                : $"Background work {_name} has not succeeded for {since.TotalSeconds:0} s: {_failure ?? "its round does not end"}";
            return new BackgroundPartStatus(_name, _lastSuccess, _failingSince, _failure, problem);
        }
    }

    [LoggerMessage(LogLevel.Error, "A round of {Work} failed; the next one tries again")]
    private static partial void LogFailed(ILogger logger, string work, Exception error);

    [LoggerMessage(LogLevel.Debug, "{Work} fails still: {Reason}")]
    private static partial void LogFailsStill(ILogger logger, string work, string reason);

    [LoggerMessage(LogLevel.Information, "{Work} works again")]
    private static partial void LogWorksAgain(ILogger logger, string work);
}

/// <summary>
/// Reports that a round failed because of an unavailable dependency, which is reported elsewhere: the failure is recorded but not logged.
/// </summary>
public sealed class BackgroundDependencyException(Exception inner) : Exception(inner.Message, inner);
