using System.Diagnostics;
using PixelGameDev.GameHost.Native;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Capture;

/// <summary>Counts of the frame pump since the session began.</summary>
internal readonly record struct FrameCounts(int Captured, int Encoded, long EncodeMicros, long Bytes);

/// <summary>
/// Takes the latest picture out of shared memory, encodes it and writes it to the link, at most as often as the viewers want.
/// </summary>
/// <remarks>
/// Writing blocks this thread while the link is slow. The game continues to draw into shared memory, and the next turn takes its newest
/// picture, so the latest frame wins. No encoded frame is ever dropped, because the decoder's window needs each of them.
/// Step 1: wait for a picture, a keyframe request or viewers. Step 2: keep to the rate. Step 3: take the picture. Step 4: encode it where
/// it lies, and release its slot. Step 5: write.
/// </remarks>
internal sealed class FramePump
{
    private const double Burst = 2;

    /// <summary>The most frames at the end: a complete one, and the exact rest of one that was simplified.</summary>
    private const int MaxLastFrames = 6;

    /// <summary>A game that has not drawn for this time stands still, ms.</summary>
    private const int ExactAfterMillis = 50;

    private readonly SharedFrames _frames;
    private readonly LinkWriter _writer;
    private readonly Action _linkFailed;
    private readonly Action _firstFrame;
    private readonly FrameEncoder _encoder = new();
    private readonly Thread _thread;

    /// <summary>Wakes the thread. The game has no access to it, unlike <see cref="Signal"/>.</summary>
    private readonly int _wake;

    private CapturedPicture _current;
    private ulong _taken;
    private bool _seen;
    private bool _lastWasComplete;
    private double _tokens = Burst;
    private long _tokensAt = Stopwatch.GetTimestamp();

    private volatile int _framesPerSecond;
    /// <summary>1: the next frame must be complete. The thread reads and clears it in one step, so that no request is lost.</summary>
    private volatile int _keyframe;
    private volatile bool _stopping;
    private int _captured;
    private int _encoded;
    private long _encodeMicros;
    private long _bytes;

    /// <param name="frames">The game's pictures.</param>
    /// <param name="writer">The link.</param>
    /// <param name="linkFailed">Called when the link is lost.</param>
    /// <param name="firstFrame">Called once, when the first picture arrives.</param>
    public FramePump(SharedFrames frames, LinkWriter writer, Action linkFailed, Action firstFrame)
    {
        _frames = frames;
        _writer = writer;
        _linkFailed = linkFailed;
        _firstFrame = firstFrame;
        Signal = Libc.Check(Libc.EventFd(0, Libc.OCloexec | Libc.ONonblock), "eventfd");
        _wake = Libc.Check(Libc.EventFd(0, Libc.OCloexec | Libc.ONonblock), "eventfd");
        _thread = new Thread(Run, 512 * 1024) { IsBackground = true, Name = "frames" };
    }

    /// <summary>Gets an eventfd that the game writes after each picture. The child inherits it.</summary>
    public int Signal { get; }

    public void Start() => _thread.Start();

    /// <summary>Sets how many frames per second to send; 0: there is no viewer. New viewers need a keyframe.</summary>
    public void SetViewers(int maxFps, bool needsKeyframe)
    {
        // The request comes before the rate, so that the first frame of a new viewer is the keyframe.
        if (needsKeyframe)
        {
            _keyframe = 1;
        }

        _framesPerSecond = maxFps;
        _frames.SetWatched(maxFps > 0, maxFps);
        Wake();
    }

    /// <summary>Sends a complete frame next, even if the game does not draw.</summary>
    public void RequestKeyframe()
    {
        _keyframe = 1;
        Wake();
    }

    /// <summary>Sends the last picture completely and exactly, then ends; false if that took too long.</summary>
    public bool Stop(TimeSpan timeout)
    {
        _stopping = true;
        Wake();
        return _thread.Join(timeout);
    }

    public FrameCounts Counts =>
        new(Volatile.Read(ref _captured), Volatile.Read(ref _encoded), Interlocked.Read(ref _encodeMicros), Interlocked.Read(ref _bytes));

    private void Wake() => Libc.Write(_wake, [1, 0, 0, 0, 0, 0, 0, 0]);

    private void Run()
    {
        Span<byte> counter = stackalloc byte[8];
        WarmUp();
        try
        {
            while (!_stopping)
            {
                // Step 1. The game shares the signal and can make reads of it non-blocking, so only poll waits reliably.
                (bool shown, bool woken) = Libc.WaitReadable(Signal, _wake, _encoder.IsInexact ? ExactAfterMillis : -1);
                if (shown)
                {
                    Libc.Read(Signal, counter);
                }

                if (woken)
                {
                    Libc.Read(_wake, counter);
                }

                bool news = shown || woken;
                bool stop = _stopping;

                // Step 2
                int rate = _framesPerSecond;
                if (rate > 0 && _keyframe == 0 && !stop)
                {
                    KeepRate(rate);
                }

                Send(finish: !news && _encoder.IsInexact);
            }

            SendLastPicture();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _linkFailed();
        }
    }

    /// <summary>Builds the encoder's tables while Python loads, so that the first picture does not wait for them.</summary>
    private void WarmUp()
    {
        byte[] small = new byte[64 * 64 * 4];
        new Random(1).NextBytes(small.AsSpan(0, small.Length / 2));
        _encoder.Encode(small, 64, 64, 64 * 4, keyframe: true, default);
        small[0]++;
        _encoder.Encode(small, 64, 64, 64 * 4, keyframe: false, default);
    }

    /// <summary>
    /// Waits for a token of a bucket with bursts of two, so that a 60 fps game with jitter loses no frame to a limit of 60.
    /// </summary>
    private void KeepRate(int rate)
    {
        Refill(rate);
        if (_tokens < 1)
        {
            Thread.Sleep(TimeSpan.FromSeconds((1 - _tokens) / rate));
            Refill(rate);
        }

        _tokens = Math.Max(0, _tokens - 1);
    }

    private void Refill(int rate)
    {
        long now = Stopwatch.GetTimestamp();
        _tokens = Math.Min(Burst, _tokens + (Stopwatch.GetElapsedTime(_tokensAt, now).TotalSeconds * rate));
        _tokensAt = now;
    }

    /// <summary>
    /// Sends a keyframe, unless the last frame was one and the game has drawn nothing since, and then the exact rest. The Executor keeps
    /// these frames for viewers that come after the end or are behind. A small copy of the picture goes to the history of the project.
    /// </summary>
    private void SendLastPicture()
    {
        if (!_lastWasComplete || _frames.Latest != _taken)
        {
            _keyframe = 1;
            Send(finish: false);
        }

        for (int count = 1; count < MaxLastFrames && _encoder.IsInexact; count++)
        {
            Send(finish: true);
        }

        // The encoder has had pictures of its own before the game's first one.
        if (_current.Width > 0 && _encoder.CreateSmallPicture() is { } small)
        {
            _writer.Write(small);
        }
    }

    /// <param name="finish">Whether the picture stands still, so that simplified parts become exact.</param>
    private void Send(bool finish)
    {
        // Step 3
        ulong latest = _frames.Latest;
        bool fresh = latest != _taken && latest != 0;
        if (fresh && !_seen)
        {
            _seen = true;
            _firstFrame();
        }

        if (_framesPerSecond == 0 && !_stopping)
        {
            // There is no viewer: the picture stays in shared memory until one comes, or the game ends.
            return;
        }

        ReadOnlySpan<byte> pixels = default;
        ReadOnlySpan<ulong> hashes = default;
        if (fresh)
        {
            if (_frames.TryTake(out _taken, out CapturedPicture picture, out pixels, out hashes))
            {
                _current = picture;
                _captured++;
            }
            else
            {
                _frames.Release();
            }
        }

        if (_current.Width == 0 || (pixels.IsEmpty && _keyframe == 0 && !finish))
        {
            return;
        }

        // Step 4
        bool complete = Interlocked.Exchange(ref _keyframe, 0) != 0;
        long started = Stopwatch.GetTimestamp();
        FrameInfo info = new(_current.FrameNumber, _current.CaptureMicros, _current.InputSeq);
        EncodedFrame frame;
        if (pixels.IsEmpty)
        {
            frame = _encoder.EncodeAgain(complete, info);
        }
        else
        {
            frame = _encoder.Encode(pixels, _current.Width, _current.Height, _current.PitchBytes, complete, info, hashes);
            _frames.Release();
        }

        Interlocked.Add(ref _encodeMicros, (long)Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        _encoded++;
        if (!frame.IsEmpty)
        {
            // Step 5
            _lastWasComplete = FrameHeader.IsKeyframeMessage(frame.Message.Span);
            Interlocked.Add(ref _bytes, frame.Message.Length);
            _writer.Write(frame.Message.Span);
        }
    }
}
