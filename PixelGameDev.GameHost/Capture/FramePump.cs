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
/// Writing blocks this thread while the link is slow; the game goes on into shared memory and the next turn takes its newest
/// picture, so the latest frame wins and no encoded frame is ever thrown away (the decoder's window needs each of them).
/// Step 1 wait for a picture, a keyframe request or viewers; Step 2 keep to the rate; Step 3 take the picture; Step 4 encode it where it
/// lies and give its place back; Step 5 write.
/// </remarks>
internal sealed class FramePump
{
    private const double Burst = 2;

    /// <summary>A game that has not drawn for so long stands still, ms.</summary>
    private const int ExactAfterMillis = 50;

    private readonly SharedFrames frames;
    private readonly LinkWriter writer;
    private readonly Action linkFailed;
    private readonly Action firstFrame;
    private readonly FrameEncoder encoder = new();
    private readonly Thread thread;

    /// <summary>Our own, so that a game that fills or empties <see cref="Signal"/> keeps nobody from waking the thread.</summary>
    private readonly int wake;

    private CapturedPicture current;
    private ulong taken;
    private bool seen;
    private double tokens = Burst;
    private long tokensAt = Stopwatch.GetTimestamp();

    private volatile int framesPerSecond;
    /// <summary>
    /// 1: the next frame is to be complete. Taken by exchange, so that a request which comes while one is served is not lost.
    /// </summary>
    private volatile int keyframe;
    private volatile bool stopping;
    private int captured;
    private int encoded;
    private long encodeMicros;
    private long bytes;

    /// <param name="frames">The game's pictures.</param>
    /// <param name="writer">The link.</param>
    /// <param name="linkFailed">Called when the link has gone.</param>
    /// <param name="firstFrame">Called once, when the first picture has come.</param>
    public FramePump(SharedFrames frames, LinkWriter writer, Action linkFailed, Action firstFrame)
    {
        this.frames = frames;
        this.writer = writer;
        this.linkFailed = linkFailed;
        this.firstFrame = firstFrame;
        Signal = Libc.Check(Libc.EventFd(0, Libc.OCloexec | Libc.ONonblock), "eventfd");
        wake = Libc.Check(Libc.EventFd(0, Libc.OCloexec | Libc.ONonblock), "eventfd");
        thread = new Thread(Run, 512 * 1024) { IsBackground = true, Name = "frames" };
    }

    /// <summary>An eventfd that the game writes after each picture; for the child to inherit.</summary>
    public int Signal { get; }

    public void Start() => thread.Start();

    /// <summary>Sets how many frames a second to send; 0: nobody watches. New viewers need a keyframe.</summary>
    public void SetViewers(int maxFps, bool needsKeyframe)
    {
        // First, so that the first frame a viewer gets is the keyframe, not one more before it.
        if (needsKeyframe)
        {
            keyframe = 1;
        }

        framesPerSecond = maxFps;
        frames.SetWatched(maxFps > 0, maxFps);
        Wake();
    }

    /// <summary>The next frame will be complete, and there will be one even if the game does not draw.</summary>
    public void RequestKeyframe()
    {
        keyframe = 1;
        Wake();
    }

    /// <summary>Sends the last picture if it has not been sent, then ends; false if that took too long.</summary>
    public bool Stop(TimeSpan timeout)
    {
        stopping = true;
        Wake();
        return thread.Join(timeout);
    }

    public FrameCounts Counts =>
        new(Volatile.Read(ref captured), Volatile.Read(ref encoded), Interlocked.Read(ref encodeMicros), Interlocked.Read(ref bytes));

    private void Wake() => Libc.Write(wake, [1, 0, 0, 0, 0, 0, 0, 0]);

    private void Run()
    {
        Span<byte> counter = stackalloc byte[8];
        WarmUp();
        try
        {
            while (!stopping)
            {
                // Step 1. The game shares the signal and can change how it is read, so that only poll is sure to wait.
                (bool shown, bool woken) = Libc.WaitReadable(Signal, wake, encoder.IsInexact ? ExactAfterMillis : -1);
                if (shown)
                {
                    Libc.Read(Signal, counter);
                }

                if (woken)
                {
                    Libc.Read(wake, counter);
                }

                bool news = shown || woken;
                bool stop = stopping;

                // Step 2
                int rate = framesPerSecond;
                if (rate > 0 && keyframe == 0 && !stop)
                {
                    KeepRate(rate);
                }

                Send(finish: !news && encoder.IsInexact);
            }

            // The last one may have been drawn while the one before it was being sent.
            Send(finish: false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            linkFailed();
        }
    }

    /// <summary>The first picture must not pay for building the encoder's tables; now Python is still loading.</summary>
    private void WarmUp()
    {
        byte[] small = new byte[64 * 64 * 4];
        new Random(1).NextBytes(small.AsSpan(0, small.Length / 2));
        encoder.Encode(small, 64, 64, 64 * 4, keyframe: true, default);
        small[0]++;
        encoder.Encode(small, 64, 64, 64 * 4, keyframe: false, default);
    }

    /// <summary>A token bucket: bursts of two, so that a 60 fps game with jitter loses nothing to a limit of 60.</summary>
    private void KeepRate(int rate)
    {
        Refill(rate);
        if (tokens < 1)
        {
            Thread.Sleep(TimeSpan.FromSeconds((1 - tokens) / rate));
            Refill(rate);
        }

        tokens = Math.Max(0, tokens - 1);
    }

    private void Refill(int rate)
    {
        long now = Stopwatch.GetTimestamp();
        tokens = Math.Min(Burst, tokens + (Stopwatch.GetElapsedTime(tokensAt, now).TotalSeconds * rate));
        tokensAt = now;
    }

    /// <param name="finish">The picture stands still: what was sent simplified is made exact.</param>
    private void Send(bool finish)
    {
        // Step 3
        ulong latest = frames.Latest;
        bool fresh = latest != taken && latest != 0;
        if (fresh && !seen)
        {
            seen = true;
            firstFrame();
        }

        if (framesPerSecond == 0)
        {
            // Nobody watches: the picture stays where it is until somebody does.
            return;
        }

        ReadOnlySpan<byte> pixels = default;
        if (fresh)
        {
            if (frames.TryTake(out taken, out CapturedPicture picture, out pixels))
            {
                current = picture;
                captured++;
            }
            else
            {
                frames.Release();
            }
        }

        if (current.Width == 0 || (pixels.IsEmpty && keyframe == 0 && !finish))
        {
            return;
        }

        // Step 4
        bool complete = Interlocked.Exchange(ref keyframe, 0) != 0;
        long started = Stopwatch.GetTimestamp();
        FrameInfo info = new(current.FrameNumber, current.CaptureMicros, current.InputSeq);
        EncodedFrame frame;
        if (pixels.IsEmpty)
        {
            frame = encoder.EncodeAgain(complete, info);
        }
        else
        {
            frame = encoder.Encode(pixels, current.Width, current.Height, current.PitchBytes, complete, info);
            frames.Release();
        }

        Interlocked.Add(ref encodeMicros, (long)Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        encoded++;
        if (!frame.IsEmpty)
        {
            // Step 5
            Interlocked.Add(ref bytes, frame.Message.Length);
            writer.Write(frame.Message.Span);
        }
    }
}
