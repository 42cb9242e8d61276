using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using PixelGameDev.GameHost.Game;
using PixelGameDev.GameHost.Native;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Audio;

/// <summary>
/// Reads what SDL's disk audio driver writes, at the pace of the wall clock, which is what paces the game's sound, and sends it in
/// messages of 20 ms while it is not silent. See docs/PROTOCOL.md, <i>Audio</i>.
/// </summary>
internal sealed class SoundPump
{
    private const int ChunksPerSecond = 50;
    private const int SilentChunksSent = 10;
    private const int HeaderSize = 13;

    /// <summary>A game that opens its mixer and then plays nothing writes all the same; this is for one that does neither.</summary>
    private const int LookForFormatMillis = 1000;

    private readonly int descriptor;
    private readonly Action<byte[]> send;
    private readonly ImaAdpcm left = new();
    private readonly ImaAdpcm right = new();
    private readonly AutoResetEvent changed = new(false);
    private readonly Lock gate = new();

    private SoundFormat format;
    private byte[] raw = [];
    private short[] samples = [];
    private int silentChunks = SilentChunksSent;
    private volatile bool listeners;

    /// <param name="descriptor">Non-blocking read end of the pipe.</param>
    /// <param name="send">Takes Audio messages.</param>
    public SoundPump(int descriptor, Action<byte[]> send)
    {
        this.descriptor = descriptor;
        this.send = send;
    }

    /// <summary>Whether sound is sent at all; it is read either way, else the game's mixer would stand still.</summary>
    public bool Enabled { get; set; } = true;

    public void Start() => new Thread(Run, 256 * 1024) { IsBackground = true, Name = "sound" }.Start();

    /// <summary>Sound that nobody hears is not sent.</summary>
    public void SetListeners(bool any) => listeners = any;

    /// <summary>The mixer has been opened with this format, or closed.</summary>
    public void SetFormat(SoundFormat opened)
    {
        bool known = opened.Rate is >= 8000 and <= 96000 && opened.Channels is >= 1 and <= 8
            && opened.Bits is -16 or 16 or 8 or -8 or 32 or -32;
        lock (gate)
        {
            format = known ? opened : default;
        }

        changed.Set();
    }

    private void Run()
    {
        long next = Stopwatch.GetTimestamp();
        long period = Stopwatch.Frequency / ChunksPerSecond;
        while (true)
        {
            SoundFormat now;
            lock (gate)
            {
                now = format;
            }

            if (now.Rate == 0)
            {
                // Closed, or closing: SDL's thread may still write and must not be left hanging. While it does not, nothing here
                // wakes: a sandbox that waits, or a game without sound, costs no time.
                if (Libc.WaitReadable(descriptor, LookForFormatMillis))
                {
                    Drain();
                    changed.WaitOne(20);
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
        while (Libc.Read(descriptor, scratch) > 0)
        {
        }
    }

    private void ReadChunk(SoundFormat now)
    {
        int sampleBytes = Math.Abs(now.Bits) / 8;
        int frameBytes = sampleBytes * now.Channels;
        int frameCount = now.Rate / ChunksPerSecond;
        int wanted = frameCount * frameBytes;
        if (raw.Length < wanted)
        {
            raw = new byte[wanted];
        }

        int read = 0;
        long giveUp = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / (ChunksPerSecond * 2));
        while (read < wanted)
        {
            int count = Libc.Read(descriptor, raw.AsSpan(read, wanted - read));
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
                _ = Libc.WaitReadable(descriptor, 5);
            }
        }

        if (read == 0)
        {
            changed.WaitOne(5);
            return;
        }

        frameCount = read / frameBytes;
        int channels = Math.Min(now.Channels, 2);
        bool silent = now.Bits is -16 or -8 or 32 && !raw.AsSpan(0, read).ContainsAnyExcept((byte)0);
        if (silent && silentChunks >= SilentChunksSent)
        {
            // Most games are silent most of the time: that needs no conversion.
            silentChunks = SilentChunksSent + 1;
            left.Reset();
            right.Reset();
            return;
        }

        if (!Convert(now, sampleBytes, frameCount, channels))
        {
            if (++silentChunks > SilentChunksSent)
            {
                silentChunks = SilentChunksSent + 1;
                left.Reset();
                right.Reset();
                return;
            }
        }
        else
        {
            silentChunks = 0;
        }

        if (Enabled && listeners && frameCount > 0)
        {
            Send(now.Rate, channels, frameCount);
        }
    }

    /// <summary>Fills <see cref="samples"/>, one channel after the other; false when all of it is silence.</summary>
    private bool Convert(SoundFormat now, int sampleBytes, int frameCount, int channels)
    {
        if (samples.Length < frameCount * 2)
        {
            samples = new short[frameCount * 2];
        }

        int any = 0;
        for (int channel = 0; channel < channels; channel++)
        {
            for (int i = 0; i < frameCount; i++)
            {
                ReadOnlySpan<byte> at = raw.AsSpan(((i * now.Channels) + channel) * sampleBytes, sampleBytes);
                short value = now.Bits switch
                {
                    -16 => BinaryPrimitives.ReadInt16LittleEndian(at),
                    16 => (short)(BinaryPrimitives.ReadUInt16LittleEndian(at) - 32768),
                    8 => (short)((at[0] - 128) << 8),
                    -8 => (short)((sbyte)at[0] << 8),
                    _ => (short)Math.Clamp(BinaryPrimitives.ReadSingleLittleEndian(at) * 32767f, -32768f, 32767f),
                };
                samples[(channel * frameCount) + i] = value;
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
        left.Encode(samples.AsSpan(0, frameCount), message.AsSpan(HeaderSize, block));
        if (channels == 2)
        {
            right.Encode(samples.AsSpan(frameCount, frameCount), message.AsSpan(HeaderSize + block, block));
        }

        send(message);
    }
}
