namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Calculates from a viewer's Acks how many frames its connection can carry. Buffers between here and the canvas (of two connections and of
/// the browser) hold seconds of pictures; only Acks show that they fill.
/// </summary>
/// <remarks>
/// An Ack contains the number of the newest frame on the canvas; its delay is the time since that frame was sent. When two consecutive
/// delays are much longer than the shortest known one, the viewer's frame rate is lowered, and GameHost then takes fewer pictures, each of
/// them the newest. When delays become short again, the rate rises slowly. A viewer that still falls behind is <see cref="IsCongested"/>
/// and gets no frames until it has caught up. The exception is an occasional keyframe (<see cref="AllowOneKeyframe"/>), because the Ack
/// that shows the recovery may never arrive. A viewer that never sends an Ack is not limited here; only its bounded queue limits it.
///
/// The shortest delay is that of the connection alone, without waiting. A first Ack that comes late may have waited behind earlier
/// pictures, so it counts as at most <see cref="AssumedDelay"/>. Where the lowest rate does not shorten the delays, they are those of the
/// connection, and the shortest of them is taken.
/// </remarks>
internal sealed class ViewerPace(TimeProvider time)
{
    /// <summary>
    /// The maximum number of unacknowledged frames. At 60 frames a second this allows a round trip of three quarters of a second at the
    /// full rate.
    /// </summary>
    internal const int MaxInFlight = 45;

    /// <summary>
    /// The maximum number of unacknowledged bytes, if those are at least <see cref="MinInFlight"/> frames. After a stall the page must
    /// decode all of them before it shows a new picture, so the number of large frames must be small.
    /// </summary>
    internal const long MaxBytesInFlight = 6 * 1024 * 1024;
    internal const int MinInFlight = 4;

    internal const int FullRate = 60;
    internal const int MinRate = 5;

    private const int Remembered = 64;
    private const int Step = 3;

    /// <summary>The time after which a congested viewer gets a keyframe nevertheless.</summary>
    internal static readonly TimeSpan PassInterval = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay that a first Ack shows if it has waited behind other frames.</summary>
    private static readonly TimeSpan AssumedDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>The time at the lowest rate after which what waits in the connection must have arrived.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LateAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan InTime = TimeSpan.FromMilliseconds(80);

    /// <summary>The increase of the shortest known delay at each Ack, which adapts it to a connection that has become slower.</summary>
    private static readonly TimeSpan Drift = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly (uint Number, long SentAt, long Bytes)[] _sent = new (uint, long, long)[Remembered];
    private uint _first;
    private long _sentCount;
    private long _arrivedCount;
    private long _sentBytes;
    private long _arrivedBytes;
    private bool _hasAcks;
    private bool _mayPass;
    private long _congestedSince;
    private bool _wasLate;
    private TimeSpan _shortest = TimeSpan.MaxValue;

    /// <summary>Since when the rate is the lowest and the delays are long nevertheless; null: they are not.</summary>
    private long? _slowSince;
    private TimeSpan _shortestWhileSlow;
    private int _maxFps = FullRate;

    /// <summary>Returns the frame rate that this viewer's connection can carry, in frames per second.</summary>
    public byte MaxFps
    {
        get
        {
            lock (_gate)
            {
                return (byte)_maxFps;
            }
        }
    }

    /// <summary>Gets whether there are so many unacknowledged frames that further ones would arrive too late.</summary>
    public bool IsCongested
    {
        get
        {
            lock (_gate)
            {
                return _hasAcks && IsFull;
            }
        }
    }

    private bool IsFull => _sentCount - _arrivedCount is var frames
        && (frames >= MaxInFlight || (frames >= MinInFlight && _sentBytes - _arrivedBytes >= MaxBytesInFlight));

    /// <summary>
    /// Allows one keyframe in spite of congestion. The viewer is present (it requests a keyframe, or its pings arrive), but does not
    /// acknowledge frames. Returns whether to request a keyframe; at most once in each <see cref="PassInterval"/>.
    /// </summary>
    public bool AllowOneKeyframe()
    {
        lock (_gate)
        {
            if (!_hasAcks || !IsFull || time.GetElapsedTime(_congestedSince) < PassInterval)
            {
                return false;
            }

            _congestedSince = time.GetTimestamp();
            _mayPass = true;
            return true;
        }
    }

    /// <summary>Returns whether a keyframe may be sent in spite of congestion; true once for each <see cref="AllowOneKeyframe"/>.</summary>
    public bool TryUsePass()
    {
        lock (_gate)
        {
            bool may = _mayPass;
            _mayPass = false;
            return may;
        }
    }

    /// <summary>Records that the frame with this number is sent now.</summary>
    public void Sent(uint number, int bytes = 0)
    {
        lock (_gate)
        {
            bool wasFull = IsFull;
            _first = _sentCount == 0 ? number : _first;
            _sentBytes += bytes;
            _sent[_sentCount++ % Remembered] = (number, time.GetTimestamp(), _sentBytes);
            if (!wasFull && IsFull)
            {
                _congestedSince = time.GetTimestamp();
            }
        }
    }

    /// <summary>Records that the frame with this number is on the canvas; returns whether that changed <see cref="MaxFps"/>.</summary>
    public bool Acknowledged(uint number)
    {
        lock (_gate)
        {
            // Search from the newest frame. The page may send any number, but only a number that was sent counts.
            long at = _sentCount - 1;
            long oldest = Math.Max(_arrivedCount, _sentCount - Remembered);
            while (at >= oldest && _sent[at % Remembered].Number != number)
            {
                at--;
            }

            if (at < oldest)
            {
                if (!IsForgotten(number))
                {
                    return false;
                }

                // The frame is so old that it is forgotten. The delay is at least that of the oldest remembered frame.
                at = oldest;
            }

            bool isFirst = !_hasAcks;
            bool waited = _sentCount - _arrivedCount > MinInFlight;
            _hasAcks = true;
            _mayPass = false;
            _arrivedCount = at + 1;
            _arrivedBytes = _sent[at % Remembered].Bytes;
            TimeSpan delay = time.GetElapsedTime(_sent[at % Remembered].SentAt);
            if (isFirst)
            {
                _shortest = waited && delay > AssumedDelay ? AssumedDelay : delay;
            }

            return AdjustRate(delay);
        }
    }

    /// <summary>Returns whether the frame with this number was sent, but before those that are remembered.</summary>
    private bool IsForgotten(uint number) =>
        _sentCount > Remembered && _arrivedCount <= _sentCount - Remembered
        && number >= _first && number < _sent[_sentCount % Remembered].Number;

    private bool AdjustRate(TimeSpan delay)
    {
        _shortest = delay < _shortest ? delay : _shortest + Drift;
        TimeSpan behind = delay - _shortest;
        int before = _maxFps;
        if (behind > LateAfter)
        {
            // A single late Ack may have another cause, for example a busy page.
            _maxFps = _wasLate ? Math.Max(MinRate, _maxFps * 2 / 3) : _maxFps;
        }
        else if (behind < InTime)
        {
            _maxFps = Math.Min(FullRate, _maxFps + Step);
        }

        _wasLate = behind > LateAfter;
        LearnShortest(delay, isSlow: _maxFps == MinRate && behind >= InTime);
        return _maxFps != before;
    }

    /// <summary>Takes the shortest delay of a while at the lowest rate, if all were long.</summary>
    private void LearnShortest(TimeSpan delay, bool isSlow)
    {
        if (!isSlow)
        {
            _slowSince = null;
        }
        else if (_slowSince is null)
        {
            (_slowSince, _shortestWhileSlow) = (time.GetTimestamp(), delay);
        }
        else if (time.GetElapsedTime(_slowSince.Value) < DrainTime)
        {
            _shortestWhileSlow = delay < _shortestWhileSlow ? delay : _shortestWhileSlow;
        }
        else
        {
            (_slowSince, _shortest) = (null, _shortestWhileSlow);
        }
    }
}
