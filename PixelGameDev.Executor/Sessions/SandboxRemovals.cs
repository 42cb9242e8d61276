using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Tracks the background work of starts and ends, so that the Executor can wait for it when it stops.</summary>
internal sealed partial class SandboxRemovals(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>Tracks a task until it ends, and logs a failure.</summary>
    public void Track(Task task)
    {
        lock (_gate)
        {
            _running.Add(task);
        }

        task.ContinueWith(
            done =>
            {
                lock (_gate)
                {
                    _running.Remove(done);
                }

                if (done.Exception is { } error && error.GetBaseException() is not SandboxUnavailableException)
                {
                    Log.NotRemoved(logger, error.GetBaseException());
                }
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Returns all current tasks as one task.</summary>
    public Task WhenAll()
    {
        lock (_gate)
        {
            return Task.WhenAll([.. _running]);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A sandbox could not be removed")]
        public static partial void NotRemoved(ILogger logger, Exception error);
    }
}
