namespace PixelGameDev.ServiceDefaults;

/// <summary>Distinguishes a silent dependency from a process that had no time to read the answer.</summary>
public static class StepwiseTimeout
{
    private const int Steps = 6;

    /// <summary>Waits for an answer, <paramref name="limit"/> at most.</summary>
    /// <returns>True when <paramref name="answer"/> has completed in any way; false after the limit.</returns>
    /// <remarks>
    /// It waits in steps. A process that was suspended for a minute (a sleeping machine, a paused container) loses only one step, and reads
    /// an answer that has arrived meanwhile before it counts the next step.
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
