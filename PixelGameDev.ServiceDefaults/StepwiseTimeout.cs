namespace PixelGameDev.ServiceDefaults;

/// <summary>Tells a dependency that is silent from one that this process had no time to listen to.</summary>
public static class StepwiseTimeout
{
    private const int Steps = 6;

    /// <summary>Waits for an answer, <paramref name="limit"/> at most.</summary>
    /// <returns>True when <paramref name="answer"/> has completed, in whatever way; false after the limit.</returns>
    /// <remarks>
    /// It waits in steps. A process that stood still for a minute (a machine that slept, a container that was paused) misses one step by
    /// that, not all of them, and reads the answer that has come meanwhile before it counts the next.
    /// </remarks>
    public static async Task<bool> WaitAsync(Task answer, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        for (int step = 0; step < Steps && !answer.IsCompleted; step++)
        {
            using CancellationTokenSource answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(answer, Task.Delay(limit / Steps, time, answered.Token));
            await answered.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }

        return answer.IsCompleted;
    }
}
