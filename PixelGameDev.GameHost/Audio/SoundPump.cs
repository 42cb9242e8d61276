using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using PixelGameDev.GameHost.Game;
using PixelGameDev.GameHost.Native;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Audio;

/// <summary>
/// Reads what SDL's disk audio driver writes, and sends it in messages of 20 ms while it is not silent. See docs/PROTOCOL.md, <i>Audio</i>.
/// </summary>
/// <remarks>It reads at the pace of the wall clock, and this paces the game's sound.</remarks>
internal sealed class SoundPump
{
    private const int ChunksPerSecond = 50;
    private const int SilentChunksSent = 10;
    private const int HeaderSize = 13;

    /// <summary>Longest wait for data while the mixer is closed, ms. An open mixer writes data even while it plays nothing.</summary>
    private const int LookForFormatMillis = 1000;

    private readonly int _descriptor;
    private readonly Action<byte[]> _send;
    private readonly ImaAdpcm _left = new();
    private readonly ImaAdpcm _right = new();
    private readonly AutoResetEvent _changed = new(false);
    private readonly Lock _gate = new();

    private SoundFormat _format;
    private byte[] _raw = [];
    private short[] _samples = [];
    private int _silentChunks = SilentChunksSent;
    private volatile bool _listeners;

    /// <param name="descriptor">Non-blocking read end of the pipe.</param>
    /// <param name="send">Takes Audio messages.</param>
    public SoundPump(int descriptor, Action<byte[]> send)
    {
        _descriptor = descriptor;
        _send = send;
    }

    /// <summary>Gets or sets whether sound is sent. It is read in any case, otherwise the game's mixer would stand still.</summary>
    public bool Enabled { get; set; } = true;

    public void Start() => new Thread(Run, 256 * 1024) { IsBackground = true, Name = "sound" }.Start();

    /// <summary>Sets whether a viewer hears the sound; without one, no sound is sent.</summary>
    public void SetListeners(bool any) => _listeners = any;

    /// <summary>Records that the mixer has been opened with this format, or closed.</summary>
    public void SetFormat(SoundFormat opened)
    {
        bool known = opened.Rate is >= 8000 and <= 96000 && opened.Channels is >= 1 and <= 8
            && opened.Bits is -16 or 16 or 8 or -8 or 32 or -32;
        lock (_gate)
        {
            _format = known ? opened : default;
        }

        _changed.Set();
    }

    private void Run()
    {
        long next = Stopwatch.GetTimestamp();
        long period = Stopwatch.Frequency / ChunksPerSecond;
        while (true)
        {
            SoundFormat now;
            lock (_gate)
            {
                now = _format;
            }

            if (now.Rate == 0)
            {
                // The mixer is closed or closing. SDL's thread may still write and must not hang. If it does not write, this thread sleeps:
                // a waiting sandbox or a game without sound costs no time.
                if (Libc.WaitReadable(_descriptor, LookForFormatMillis))
                {
                    Drain();
                    _changed.WaitOne(20);
                }

                next = Stopwatch.GetTimestamp();
                continue;
            }

            int wait = (int)((next - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency);
            if (wait > 0)
            {
                Thread.Sleep(wait);
            }
            else if (wait < -200)
            {
                next = Stopwatch.GetTimestamp();
            }

            next += period;
            ReadChunk(now);
        }
    }

    private void Drain()
    {
        Span<byte> scratch = stackalloc byte[4096];
        while (Libc.Read(_descriptor, scratch) > 0)
        {
        }
    }

    private void ReadChunk(SoundFormat now)
    {
        int sampleBytes = Math.Abs(now.Bits) / 8;
        int frameBytes = sampleBytes * now.Channels;
        int frameCount = now.Rate / ChunksPerSecond;
        int wanted = frameCount * frameBytes;
        if (_raw.Length < wanted)
        {
            _raw = new byte[wanted];
        }

        int read = 0;
        long giveUp = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / (ChunksPerSecond * 2));
        while (read < wanted)
        {
            int count = Libc.Read(_descriptor, _raw.AsSpan(read, wanted - read));
            if (count > 0)
            {
                read += count;
            }
            else if (count == 0 || Stopwatch.GetTimestamp() > giveUp)
            {
                break;
            }
            else if (Marshal.GetLastPInvokeError() == Libc.EAgain)
            {
                _ = Libc.WaitReadable(_descriptor, 5);
            }
        }

        if (read == 0)
        {
            _changed.WaitOne(5);
            return;
        }

        frameCount = read / frameBytes;
        int channels = Math.Min(now.Channels, 2);
        bool silent = now.Bits is -16 or -8 or 32 && !_raw.AsSpan(0, read).ContainsAnyExcept((byte)0);
        if (silent && _silentChunks >= SilentChunksSent)
        {
            // Most games are silent most of the time. Silence needs no conversion.
            _silentChunks = SilentChunksSent + 1;
            _left.Reset();
            _right.Reset();
            return;
        }

        if (!Convert(now, sampleBytes, frameCount, channels))
        {
            if (++_silentChunks > SilentChunksSent)
            {
                _silentChunks = SilentChunksSent + 1;
                _left.Reset();
                _right.Reset();
                return;
            }
        }
        else
        {
            _silentChunks = 0;
        }

        if (Enabled && _listeners && frameCount > 0)
        {
            Send(now.Rate, channels, frameCount);
        }
    }

    /// <summary>Fills <see cref="_samples"/>, one channel after the other; false if all of it is silence.</summary>
    private bool Convert(SoundFormat now, int sampleBytes, int frameCount, int channels)
    {
        if (_samples.Length < frameCount * 2)
        {
            _samples = new short[frameCount * 2];
        }

        int any = 0;
        for (int channel = 0; channel < channels; channel++)
        {
            for (int i = 0; i < frameCount; i++)
            {
                ReadOnlySpan<byte> at = _raw.AsSpan(((i * now.Channels) + channel) * sampleBytes, sampleBytes);
                short value = now.Bits switch
                {
                    -16 => BinaryPrimitives.ReadInt16LittleEndian(at),
                    16 => (short)(BinaryPrimitives.ReadUInt16LittleEndian(at) - 32768),
                    8 => (short)((at[0] - 128) << 8),
                    -8 => (short)((sbyte)at[0] << 8),
                    _ => (short)Math.Clamp(BinaryPrimitives.ReadSingleLittleEndian(at) * 32767f, -32768f, 32767f),
                };
                _samples[(channel * frameCount) + i] = value;
                any |= (ushort)value;
            }
        }

        return any != 0;
    }

    private void Send(int rate, int channels, int frameCount)
    {
        int block = ImaAdpcm.BlockSize(frameCount);
        byte[] message = new byte[HeaderSize + (channels * block)];
        message[0] = (byte)MessageType.Audio;
        message[1] = 2;
        message[2] = (byte)channels;
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(3), (ushort)frameCount);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(5), rate);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(9), (uint)(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)));
        _left.Encode(_samples.AsSpan(0, frameCount), message.AsSpan(HeaderSize, block));
        if (channels == 2)
        {
            _right.Encode(_samples.AsSpan(frameCount, frameCount), message.AsSpan(HeaderSize + block, block));
        }

        _send(message);
    }
}
