using System.Threading.Tasks.Sources;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Wakes one waiter; two calls of <see cref="Set"/> before a wait count as one. Unlike a semaphore it does not allocate for a wait, because
/// it is used for every frame of every viewer.
/// </summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core;
    private bool _set;
    private bool _waiting;

    /// <param name="inline">
    /// Continues the waiter on this thread before the method returns. This avoids a thread switch, but the caller must hold no lock.
    /// </param>
    public void Set(bool inline = false)
    {
        lock (_gate)
        {
            if (!_waiting)
            {
                _set = true;
                return;
            }

            _waiting = false;
            _core.RunContinuationsAsynchronously = !inline;
        }

        _core.SetResult(true);
    }

    /// <summary>Completes at the next <see cref="Set"/>, or immediately if there was one. Only one waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_set)
            {
                _set = false;
                return ValueTask.CompletedTask;
            }

            _core.Reset();
            _waiting = true;
            return new ValueTask(this, _core.Version);
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
