namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Decides by a viewer's Acks how many frames its connection takes. Between here and the canvas lie buffers (of two connections, of
/// the browser) that hold seconds of pictures; only the Acks show when they fill.
/// </summary>
/// <remarks>
/// An Ack names the newest frame on the canvas; its delay is the time since that frame was sent. When delays grow well beyond
/// the shortest one known, twice in a row, the viewer gets fewer frames a second, and GameHost then takes fewer, each of them the
/// newest picture. When delays are short again the rate rises again, slowly. A viewer that
/// falls behind all the same is <see cref="IsCongested"/> and gets nothing before it has caught up, but for one keyframe now and then
/// (<see cref="AllowOneKeyframe"/>): the Ack that would tell of it may never come. One that never sends an Ack is not judged; its
/// bounded queue is all there is.
/// </remarks>
internal sealed class ViewerPace(TimeProvider time)
{
    /// <summary>Frames on their way, at most; at 60 a second a round trip of three quarters of a second still runs at full rate.</summary>
    internal const int MaxInFlight = 45;

    /// <summary>
    /// Bytes on their way, at most, where that are <see cref="MinInFlight"/> frames or more. After a stall the page has to decode
    /// all of it before it shows what is new: heavy frames must be fewer.
    /// </summary>
    internal const long MaxBytesInFlight = 6 * 1024 * 1024;
    internal const int MinInFlight = 4;

    internal const int FullRate = 60;
    internal const int MinRate = 5;

    private const int Remembered = 64;
    private const int Step = 3;

    /// <summary>A viewer that has been congested for this long gets a keyframe all the same.</summary>
    internal static readonly TimeSpan PassInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LateAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan InTime = TimeSpan.FromMilliseconds(80);

    /// <summary>How much longer the shortest delay is taken to be with each Ack, so that a way that has become longer is learned.</summary>
    private static readonly TimeSpan Drift = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly (uint Number, long SentAt, long Bytes)[] _sent = new (uint, long, long)[Remembered];
    private long _sentCount;
    private long _arrivedCount;
    private long _sentBytes;
    private long _arrivedBytes;
    private bool _hasAcks;
    private bool _mayPass;
    private long _congestedSince;
    private bool _wasLate;
    private TimeSpan _shortest = TimeSpan.MaxValue;
    private int _maxFps = FullRate;

    /// <summary>Frames a second that this viewer's way takes.</summary>
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

    /// <summary>Gets whether so many frames are on their way that more would come too late.</summary>
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
    /// Lets one keyframe through although the viewer is congested: it is there (it asks for a keyframe, or its pings arrive), but what was
    /// sent is not acknowledged. Returns whether to ask for one; at most once each <see cref="PassInterval"/>.
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

    /// <summary>
    /// Returns whether a keyframe may go although the viewer is congested; true once for each <see cref="AllowOneKeyframe"/>.
    /// </summary>
    public bool TryUsePass()
    {
        lock (_gate)
        {
            bool may = _mayPass;
            _mayPass = false;
            return may;
        }
    }

    /// <summary>Records that the frame of this number leaves now.</summary>
    public void Sent(uint number, int bytes = 0)
    {
        lock (_gate)
        {
            bool wasFull = IsFull;
            _sentBytes += bytes;
            _sent[_sentCount++ % Remembered] = (number, time.GetTimestamp(), _sentBytes);
            if (!wasFull && IsFull)
            {
                _congestedSince = time.GetTimestamp();
            }
        }
    }

    /// <summary>Records that the frame of this number is on the canvas; returns whether that changed <see cref="MaxFps"/>.</summary>
    public bool Acknowledged(uint number)
    {
        lock (_gate)
        {
            // From the newest on: the page may say any number, only one that was sent counts.
            long at = _sentCount - 1;
            long oldest = Math.Max(_arrivedCount, _sentCount - Remembered);
            while (at >= oldest && _sent[at % Remembered].Number != number)
            {
                at--;
            }

            if (at < oldest)
            {
                return false;
            }

            _hasAcks = true;
            _mayPass = false;
            _arrivedCount = at + 1;
            _arrivedBytes = _sent[at % Remembered].Bytes;
            return AdjustRate(time.GetElapsedTime(_sent[at % Remembered].SentAt));
        }
    }

    private bool AdjustRate(TimeSpan delay)
    {
        _shortest = _shortest == TimeSpan.MaxValue || delay < _shortest ? delay : _shortest + Drift;
        TimeSpan behind = delay - _shortest;
        int before = _maxFps;
        if (behind > LateAfter)
        {
            // Once can be anything: a page that was busy for a moment.
            _maxFps = _wasLate ? Math.Max(MinRate, _maxFps * 2 / 3) : _maxFps;
        }
        else if (behind < InTime)
        {
            _maxFps = Math.Min(FullRate, _maxFps + Step);
        }

        _wasLate = behind > LateAfter;
        return _maxFps != before;
    }
}
