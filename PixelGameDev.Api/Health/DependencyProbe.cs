namespace PixelGameDev.Api.Health;

/// <summary>
/// The state of one dependency, for answers that must come at once: a look runs at most once at a time and at most once a second;
/// who asks waits a few milliseconds for it and else gets the last known state, as long as that is fresh.
/// </summary>
/// <remarks>A look has its own time limit, so a dependency that hangs costs one waiting task, never a slow answer.</remarks>
internal sealed class DependencyProbe<T>(Func<CancellationToken, Task<T>> look, T absent, TimeSpan limit, TimeProvider time)
{
    /// <summary>How long one result is given to everybody.</summary>
    private static readonly TimeSpan CacheFor = TimeSpan.FromSeconds(1);

    /// <summary>How long a result stands in for a look that is still under way.</summary>
    private static readonly TimeSpan TrustFor = TimeSpan.FromSeconds(5);

    /// <summary>The longest a caller waits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(40);

    private readonly Lock _lock = new();
    private Task<T>? _running;
    private T? _last;
    private long? _lastAt;

    public async Task<T> GetAsync()
    {
        Task<T> running;
        lock (_lock)
        {
            if (_lastAt is long at && time.GetElapsedTime(at) < CacheFor)
            {
                return _last!;
            }

            running = _running ??= Task.Run(LookAsync);
        }

        try
        {
            return await running.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            lock (_lock)
            {
                return _lastAt is long at && time.GetElapsedTime(at) < TrustFor ? _last! : absent;
            }
        }
    }

    private async Task<T> LookAsync()
    {
        T result;
        using CancellationTokenSource timeout = new(limit, time);
        try
        {
            // WaitAsync too: not everything that is asked to stop does.
            result = await look(timeout.Token).WaitAsync(limit, time);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            result = absent;
        }

        lock (_lock)
        {
            _last = result;
            _lastAt = time.GetTimestamp();
            _running = null;
        }

        return result;
    }
}
