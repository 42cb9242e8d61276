namespace PixelGameDev.Executor.Pool;

/// <summary>Lets the pool sleep between two rounds.</summary>
internal sealed class PoolAlarm(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Ends the current sleep, or the next one.</summary>
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

    /// <summary>Sleeps until <see cref="Wake"/>, for <paramref name="longest"/> at most.</summary>
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
