namespace PixelGameDev.Tests.Fixtures;

/// <summary>A clock that goes only when a test moves it, timers and delays with it.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<HandTimer> timers = [];
    private readonly DateTimeOffset begin = DateTimeOffset.UtcNow;
    private TimeSpan elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers and delays that are still to come.</summary>
    public int Pending
    {
        get
        {
            lock (gate)
            {
                return timers.Count(static timer => timer.Due < TimeSpan.MaxValue);
            }
        }
    }

    public override long GetTimestamp()
    {
        lock (gate)
        {
            // Not 0, which some take for "never".
            return elapsed.Ticks + TimeSpan.TicksPerHour;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return begin + elapsed;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        HandTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves it on; what is due then is called on this thread.</summary>
    public void Advance(TimeSpan time)
    {
        HandTimer[] due;
        lock (gate)
        {
            elapsed += time;
            due = [.. timers.Where(timer => timer.Due <= elapsed)];
            foreach (HandTimer timer in due)
            {
                timer.Due = timer.Period > TimeSpan.Zero ? elapsed + timer.Period : TimeSpan.MaxValue;
            }
        }

        foreach (HandTimer timer in due)
        {
            timer.Call();
        }
    }

    private sealed class HandTimer(HandClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; } = TimeSpan.MaxValue;

        public TimeSpan Period { get; private set; }

        public void Call() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                Due = dueTime < TimeSpan.Zero ? TimeSpan.MaxValue : clock.elapsed + dueTime;
                Period = period;
                clock.timers.Remove(this);
                clock.timers.Add(this);
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
