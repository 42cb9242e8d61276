using System.Diagnostics;
using System.Text;
using PixelGameDev.GameHost.Native;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Console;

/// <summary>
/// Reads the game's standard output and error for as long as it lives and passes on what the rate allows; the rest is dropped with a
/// note. The game is never held up by printing.
/// </summary>
internal sealed class ConsolePump
{
    /// <summary>Bytes dropped without a second of quiet in between after which the session ends with <c>output_limit</c>.</summary>
    public const long FloodBytes = 48L * 1024 * 1024;

    private const int ChunkSize = 16 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);

    private readonly Lock gate = new();
    private readonly Source output;
    private readonly Source error;
    private readonly Action<byte[]> send;
    private readonly Action flooded;
    private readonly byte[] chunk = new byte[ChunkSize];

    private double allowance;
    private double rate = 65536;
    private long refilled = Stopwatch.GetTimestamp();
    private long dropped;
    private long droppedInARow;
    private long lastDrop;
    private long lastNote;
    private long lastSent;
    private bool floodReported;

    /// <param name="output">Non-blocking read end of standard output.</param>
    /// <param name="error">Non-blocking read end of standard error.</param>
    /// <param name="send">Takes Console messages.</param>
    /// <param name="flooded">Called once when the game floods its output.</param>
    public ConsolePump(int output, int error, Action<byte[]> send, Action flooded)
    {
        this.output = new Source(output, ConsoleKind.Output);
        this.error = new Source(error, ConsoleKind.Error);
        this.send = send;
        this.flooded = flooded;
        allowance = rate;
    }

    public void Start() => new Thread(Run, 256 * 1024) { IsBackground = true, Name = "console" }.Start();

    /// <summary>Bytes a second from now on.</summary>
    public void SetRate(int bytesPerSecond)
    {
        lock (gate)
        {
            rate = bytesPerSecond;
            allowance = Math.Min(allowance, rate);
        }
    }

    /// <summary>Passes on what the game has written so far, so that what is sent next comes after it.</summary>
    public void Drain()
    {
        lock (gate)
        {
            for (int i = 0; i < 64 && (ReadOnce(output) | ReadOnce(error)); i++)
            {
            }

            NoteDropped();
        }
    }

    private unsafe void Run()
    {
        Libc.PollFd* polls = stackalloc Libc.PollFd[2];
        while (!output.Ended || !error.Ended)
        {
            polls[0] = new Libc.PollFd { Fd = output.Ended ? -1 : output.Descriptor, Events = Libc.PollIn };
            polls[1] = new Libc.PollFd { Fd = error.Ended ? -1 : error.Descriptor, Events = Libc.PollIn };
            bool notePending = Volatile.Read(ref dropped) > 0;
            _ = Libc.Poll(polls, 2, notePending ? 250 : -1);
            lock (gate)
            {
                ReadOnce(output);
                ReadOnce(error);
                if (polls[0].Returned == 0 && polls[1].Returned == 0)
                {
                    NoteDropped();
                }
            }

            // Lines printed together travel together: at most 250 messages a second.
            if (!floodReported && dropped == 0)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    private bool ReadOnce(Source source)
    {
        if (source.Ended)
        {
            return false;
        }

        int count = Libc.Read(source.Descriptor, chunk);
        if (count <= 0)
        {
            source.Ended = count == 0;
            return false;
        }

        Refill();
        int allowed = (int)Math.Min(count, allowance);
        if (dropped > 0 && Stopwatch.GetElapsedTime(lastSent, refilled) < Pause)
        {
            // A flood is read in pieces as small as its writes: what trickles through must not become a flood of messages.
            allowed = 0;
        }

        if (allowed < count)
        {
            Drop(count - allowed);
        }
        else
        {
            NoteDroppedNowAndThen(refilled);
        }

        if (allowed > 0)
        {
            allowance -= allowed;
            lastSent = refilled;
            string text = source.Decode(chunk.AsSpan(0, allowed));
            if (text.Length > 0)
            {
                send(SandboxMessages.Console(source.Kind, text));
            }
        }

        return true;
    }

    private void Refill()
    {
        long now = Stopwatch.GetTimestamp();
        allowance = Math.Min(rate, allowance + (Stopwatch.GetElapsedTime(refilled, now).TotalSeconds * rate));
        refilled = now;
    }

    private void Drop(int count)
    {
        long now = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(lastDrop, now).TotalSeconds > 1)
        {
            droppedInARow = 0;
        }

        lastDrop = now;
        dropped += count;
        droppedInARow += count;

        NoteDroppedNowAndThen(now);
        if (droppedInARow > FloodBytes && !floodReported)
        {
            floodReported = true;
            flooded();
        }
    }

    private void NoteDroppedNowAndThen(long now)
    {
        if (Stopwatch.GetElapsedTime(lastNote, now).TotalSeconds > 1)
        {
            lastNote = now;
            NoteDropped();
        }
    }

    private void NoteDropped()
    {
        if (dropped > 0)
        {
            string amount = dropped < 10_240 ? $"{dropped} bytes" : $"{dropped / 1024} kB";
            dropped = 0;
            send(SandboxMessages.Console(ConsoleKind.System, $"\n… {amount} of output were left out: the game prints too much …\n"));
        }
    }

    private sealed class Source(int descriptor, ConsoleKind kind)
    {
        // Keeps the first half of a character that was cut by the end of a chunk.
        private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
        private readonly char[] characters = new char[ChunkSize + 4];

        public int Descriptor => descriptor;

        public ConsoleKind Kind => kind;

        public bool Ended { get; set; }

        public string Decode(ReadOnlySpan<byte> bytes) => new(characters, 0, decoder.GetChars(bytes, characters, flush: false));
    }
}
