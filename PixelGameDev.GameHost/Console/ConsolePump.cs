using System.Diagnostics;
using System.Text;
using PixelGameDev.GameHost.Native;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Console;

/// <summary>
/// Reads the game's standard output and error, and passes on what the rate allows. The rest is dropped with a note. Printing never makes
/// the game wait.
/// </summary>
internal sealed class ConsolePump
{
    /// <summary>After this many dropped bytes without a second of quiet, the session ends with <c>output_limit</c>.</summary>
    public const long FloodBytes = 48L * 1024 * 1024;

    private const int ChunkSize = 16 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);

    private readonly Lock _gate = new();
    private readonly Source _output;
    private readonly Source _error;
    private readonly Action<byte[]> _send;
    private readonly Action _flooded;
    private readonly byte[] _chunk = new byte[ChunkSize];

    private double _allowance;
    private double _rate = 65536;
    private long _refilled = Stopwatch.GetTimestamp();
    private long _dropped;
    private long _droppedInARow;
    private long _lastDrop;
    private long _lastNote;
    private long _lastSent;
    private bool _floodReported;

    /// <param name="output">Non-blocking read end of standard output.</param>
    /// <param name="error">Non-blocking read end of standard error.</param>
    /// <param name="send">Takes Console messages.</param>
    /// <param name="flooded">Called once when the game floods its output.</param>
    public ConsolePump(int output, int error, Action<byte[]> send, Action flooded)
    {
        _output = new Source(output, ConsoleKind.Output);
        _error = new Source(error, ConsoleKind.Error);
        _send = send;
        _flooded = flooded;
        _allowance = _rate;
    }

    public void Start() => new Thread(Run, 256 * 1024) { IsBackground = true, Name = "console" }.Start();

    /// <summary>Sets the rate, bytes per second.</summary>
    public void SetRate(int bytesPerSecond)
    {
        lock (_gate)
        {
            _rate = bytesPerSecond;
            _allowance = Math.Min(_allowance, _rate);
        }
    }

    /// <summary>Passes on what the game has written so far, so that the next message follows it.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            for (int i = 0; i < 64 && (ReadOnce(_output) | ReadOnce(_error)); i++)
            {
            }

            NoteDropped();
        }
    }

    private unsafe void Run()
    {
        Libc.PollFd* polls = stackalloc Libc.PollFd[2];
        while (!_output.Ended || !_error.Ended)
        {
            polls[0] = new Libc.PollFd { Fd = _output.Ended ? -1 : _output.Descriptor, Events = Libc.PollIn };
            polls[1] = new Libc.PollFd { Fd = _error.Ended ? -1 : _error.Descriptor, Events = Libc.PollIn };
            bool notePending = Volatile.Read(ref _dropped) > 0;
            _ = Libc.Poll(polls, 2, notePending ? 250 : -1);
            lock (_gate)
            {
                ReadOnce(_output);
                ReadOnce(_error);
                if (polls[0].Returned == 0 && polls[1].Returned == 0)
                {
                    NoteDropped();
                }
            }

            // Lines that are printed together travel together: at most 250 messages per second.
            if (!_floodReported && _dropped == 0)
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

        int count = Libc.Read(source.Descriptor, _chunk);
        if (count <= 0)
        {
            source.Ended = count == 0;
            return false;
        }

        Refill();
        int allowed = (int)Math.Min(count, _allowance);
        if (_dropped > 0 && Stopwatch.GetElapsedTime(_lastSent, _refilled) < Pause)
        {
            // The pieces of a flood are as small as the game's writes. Without the pause they would become a flood of messages.
            allowed = 0;
        }

        if (allowed < count)
        {
            Drop(count - allowed);
        }
        else
        {
            NoteDroppedNowAndThen(_refilled);
        }

        if (allowed > 0)
        {
            _allowance -= allowed;
            _lastSent = _refilled;
            string text = source.Decode(_chunk.AsSpan(0, allowed));
            if (text.Length > 0)
            {
                _send(SandboxMessages.Console(source.Kind, text));
            }
        }

        return true;
    }

    private void Refill()
    {
        long now = Stopwatch.GetTimestamp();
        _allowance = Math.Min(_rate, _allowance + (Stopwatch.GetElapsedTime(_refilled, now).TotalSeconds * _rate));
        _refilled = now;
    }

    private void Drop(int count)
    {
        long now = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_lastDrop, now).TotalSeconds > 1)
        {
            _droppedInARow = 0;
        }

        _lastDrop = now;
        _dropped += count;
        _droppedInARow += count;

        NoteDroppedNowAndThen(now);
        if (_droppedInARow > FloodBytes && !_floodReported)
        {
            _floodReported = true;
            _flooded();
        }
    }

    private void NoteDroppedNowAndThen(long now)
    {
        if (Stopwatch.GetElapsedTime(_lastNote, now).TotalSeconds > 1)
        {
            _lastNote = now;
            NoteDropped();
        }
    }

    private void NoteDropped()
    {
        if (_dropped > 0)
        {
            string amount = _dropped < 10_240 ? $"{_dropped} bytes" : $"{_dropped / 1024} kB";
            _dropped = 0;
            _send(SandboxMessages.Console(ConsoleKind.System, $"\n… {amount} of output were left out: the game prints too much …\n"));
        }
    }

    private sealed class Source(int descriptor, ConsoleKind kind)
    {
        // Keeps the first part of a character that the end of a chunk has cut.
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
        private readonly char[] _characters = new char[ChunkSize + 4];

        public int Descriptor => descriptor;

        public ConsoleKind Kind => kind;

        public bool Ended { get; set; }

        public string Decode(ReadOnlySpan<byte> bytes) => new(_characters, 0, _decoder.GetChars(bytes, _characters, flush: false));
    }
}
