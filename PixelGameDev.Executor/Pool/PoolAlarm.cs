namespace PixelGameDev.Executor.Pool;

/// <summary>Lets the pool sleep between two rounds, until there is something to do.</summary>
internal sealed class PoolAlarm(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Ends the sleep, or the next one.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Awake already.
        }
    }

    /// <summary>Sleeps until <see cref="Wake"/> or the end of <paramref name="longest"/>.</summary>
    /// <exception cref="OperationCanceledException">The pool stops.</exception>
    public async Task SleepAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        if (longest == TimeSpan.Zero)
        {
            return;
        }

        using CancellationTokenSource timer = new(longest, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        await _wake.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose() => _wake.Dispose();
}
