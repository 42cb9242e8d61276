using System.Runtime.InteropServices;
using PixelGameDev.GameHost.Capture;
using PixelGameDev.GameHost.Native;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.GameHost;

/// <summary>Tests the way of a frame through GameHost, from shared memory to the link. The test plays the game's part.</summary>
public sealed unsafe class FramePumpTests
{
    private const int Width = 320;
    private const int Height = 240;
    private const int Tiles = 80;

    [Fact]
    public void A_frame_allocates_nothing()
    {
        // By then the encoder has met every kind of tile in these pictures and has allocated its buffers.
        const int settled = 300, last = 900;
        SharedFrames frames = new();
        RecordingLink link = new(last + 2);
        FramePump pump = new(frames, new LinkWriter(link), () => { }, () => { });
        using DrawnBy game = new(frames.Descriptor, pump.Signal);
        pump.Start();
        pump.SetViewers(100_000, needsKeyframe: true);
        for (int number = 0; number <= last; number++)
        {
            game.Draw((uint)number);
            link.AwaitWritten(number + 1);
        }

        Assert.True(pump.Stop(TimeSpan.FromSeconds(60)));
        // The pump ends with a keyframe of the last picture.
        Assert.Equal(last + 2, link.Count);
        SteadyState.AssertNothing(link.Allocated.AsSpan(settled..(last + 1)));
    }

    [Fact]
    public void Nobody_watching_costs_nothing_and_the_newest_picture_wins()
    {
        SharedFrames frames = new();
        RecordingLink link = new(10);
        FramePump pump = new(frames, new LinkWriter(link), () => { }, () => { });
        using DrawnBy game = new(frames.Descriptor, pump.Signal);
        pump.Start();
        for (uint number = 0; number < 50; number++)
        {
            game.Draw(number);
        }

        pump.SetViewers(60, needsKeyframe: true);
        link.AwaitWritten(1);
        Assert.True(pump.Stop(TimeSpan.FromSeconds(60)));
        Assert.Equal((1, 49u), (link.Count, link.LastNumber));
        Assert.Equal(1, pump.Counts.Encoded);
    }

    [Fact]
    public void A_game_that_shows_pictures_as_fast_as_it_can_tears_none()
    {
        SharedFrames frames = new();
        using DecodingLink link = new();
        FramePump pump = new(frames, new LinkWriter(link), () => { }, () => { });
        using DrawnBy game = new(frames.Descriptor, pump.Signal);
        pump.Start();
        pump.SetViewers(100_000, needsKeyframe: true);
        uint drawn = 0;
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                game.Fill(++drawn, drawn * 2654435761u);
                return link.Count >= 300;
            },
            TimeSpan.FromSeconds(60)));
        Assert.True(pump.Stop(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, link.Torn);
        Assert.Equal((drawn * 2654435761u) & 0xFFFFFF, link.Colour);
    }

    [Fact]
    public void What_is_read_is_left_alone_until_it_is_given_back()
    {
        SharedFrames frames = new();
        using DrawnBy game = new(frames.Descriptor, signal: -1);
        Assert.False(frames.TryTake(out _, out _, out _, out _));
        game.Fill(1, 0x111111);
        Assert.True(frames.TryTake(out ulong first, out CapturedPicture picture, out ReadOnlySpan<byte> pixels, out _));
        Assert.Equal((Width, Height, 1u), (picture.Width, picture.Height, picture.FrameNumber));
        for (uint i = 2; i < 10; i++)
        {
            game.Fill(i, i * 0x111111);
            Assert.Equal(0x111111u, MemoryMarshal.Read<uint>(pixels));
        }

        frames.Release();
        Assert.True(frames.TryTake(out ulong last, out picture, out pixels, out _));
        Assert.Equal((9u, 0x999999u), (picture.FrameNumber, MemoryMarshal.Read<uint>(pixels)));
        Assert.NotEqual(first, last);
    }

    [Theory]
    [InlineData(3, Width, Height, Width * 4)]
    [InlineData(0, 0, Height, Width * 4)]
    [InlineData(0, Width, 0xFFFFFFFF, Width * 4)]
    [InlineData(1, Width, Height, (Width * 4) - 1)]
    [InlineData(2, 1920, 1080, 0xFFFFFFFC)]
    [InlineData(2, 1920, 1920, 1920 * 4)]
    public void An_impossible_picture_is_none(uint slot, uint width, uint height, uint pitch)
    {
        SharedFrames frames = new();
        using DrawnBy game = new(frames.Descriptor, signal: -1);
        game.Claim(slot, width, height, pitch);
        Assert.False(frames.TryTake(out _, out _, out ReadOnlySpan<byte> pixels, out _));
        Assert.True(pixels.IsEmpty);
    }

    [Theory]
    [InlineData(Tiles, Tiles)]
    [InlineData(0, 0)]
    [InlineData(Tiles - 1, 0)]
    [InlineData(Tiles + 1, 0)]
    [InlineData(uint.MaxValue, 0)]
    public void Hashes_count_only_where_there_is_one_for_each_tile(uint claimed, int taken)
    {
        SharedFrames frames = new();
        using DrawnBy game = new(frames.Descriptor, signal: -1);
        game.Fill(1, 0x111111, claimed);
        Assert.True(frames.TryTake(out _, out _, out _, out ReadOnlySpan<ulong> hashes));
        Assert.Equal(taken, hashes.Length);
    }

    /// <summary>Does what <c>pixel_runtime/frames.py</c> does.</summary>
    private sealed class DrawnBy : IDisposable
    {
        private const int Size = 4096 + (3 * (8_294_400 + 32_768));

        private readonly byte* _memory;
        private readonly int _signal;
        private ulong _drawn;
        private int _last = -1;

        public DrawnBy(int descriptor, int signal)
        {
            _memory = (byte*)Libc.Mmap(0, Size, 3, 1, descriptor, 0);
            _signal = signal;
        }

        public void Draw(uint number)
        {
            Span<uint> pixels = Begin(number, out int slot);
            pixels.Fill(0x203040);
            pixels.Slice((int)(number * 37 % 200) * Width, Width * 8).Fill(number * 104729);
            Finish(slot);
        }

        public void Fill(uint number, uint colour, uint hashedTiles = 0)
        {
            Begin(number, out int slot).Fill(colour);
            *(uint*)(_memory + 128 + (64 * slot) + 24) = hashedTiles;
            Finish(slot);
        }

        public void Claim(uint slot, uint width, uint height, uint pitch)
        {
            ReadOnlySpan<uint> values = [width, height, pitch, 1, 0, 0];
            values.CopyTo(new Span<uint>(_memory + 128 + (64 * slot), 6));
            Volatile.Write(ref *(ulong*)(_memory + 72), (++_drawn * 4) + slot);
        }

        private Span<uint> Begin(uint number, out int slot)
        {
            int reading = (int)Volatile.Read(ref *(uint*)(_memory + 12)) - 1;
            slot = 0;
            while (slot == _last || slot == reading)
            {
                slot++;
            }

            ReadOnlySpan<uint> values = [Width, Height, Width * 4, number, 0, 0];
            values.CopyTo(new Span<uint>(_memory + 128 + (64 * slot), 6));
            return new Span<uint>(_memory + 4096 + (8_294_400 * slot), Width * Height);
        }

        private void Finish(int slot)
        {
            Volatile.Write(ref *(ulong*)(_memory + 72), (++_drawn * 4) + (ulong)slot);
            _last = slot;
            _ = Libc.Write(_signal, [1, 0, 0, 0, 0, 0, 0, 0]);
        }

        public void Dispose() => NativeMemoryMap.Unmap((nint)_memory, Size);
    }

    private static partial class NativeMemoryMap
    {
        [DllImport("libc", EntryPoint = "munmap")]
        private static extern int Munmap(nint address, nuint length);

        public static void Unmap(nint address, int length) => _ = Munmap(address, (nuint)length);
    }

    /// <summary>Decodes every frame and checks whether it has one colour.</summary>
    private sealed class DecodingLink : WriteOnlyStream
    {
        private readonly FrameDecoder _decoder = new();
        private int _written;

        public int Count => Volatile.Read(ref _written);

        public int Torn { get; private set; }

        /// <summary>The colour of the last frame, 0xRRGGBB.</summary>
        public uint Colour { get; private set; }

        protected override void WriteFrame(byte[] buffer, int offset, int count)
        {
            _decoder.Decode(buffer.AsSpan(offset + 4, count - 4));
            ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(_decoder.Rgba);
            Torn += pixels.ContainsAnyExcept(pixels[0]) ? 1 : 0;
            Colour = ((pixels[0] & 0xFF) << 16) | (pixels[0] & 0xFF00) | ((pixels[0] >> 16) & 0xFF);
            Volatile.Write(ref _written, _written + 1);
        }

        protected override void Dispose(bool disposing)
        {
            _decoder.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>Records what the writing thread has allocated so far.</summary>
    private sealed class RecordingLink(int most) : WriteOnlyStream
    {
        private int _written;

        public long[] Allocated { get; } = new long[most];

        public int Count => Volatile.Read(ref _written);

        public uint LastNumber { get; private set; }

        protected override void WriteFrame(byte[] buffer, int offset, int count)
        {
            Allocated[_written] = GC.GetAllocatedBytesForCurrentThread();
            LastNumber = BitConverter.ToUInt32(buffer, offset + 4 + 6);
            Volatile.Write(ref _written, _written + 1);
        }

        /// <summary>Polls, because an object that wakes this thread would be allocated by the measured thread.</summary>
        public void AwaitWritten(int frames) =>
            Assert.True(SpinWait.SpinUntil(() => Count >= frames, TimeSpan.FromSeconds(60)), $"{Count} of {frames} frames were written");
    }

    /// <summary>A link that looks at the frames and not at the small picture after the last of them.</summary>
    private abstract class WriteOnlyStream : Stream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            if (buffer[offset + LinkFraming.HeaderBytes] == (byte)MessageType.Frame)
            {
                WriteFrame(buffer, offset, count);
            }
        }

        protected abstract void WriteFrame(byte[] buffer, int offset, int count);

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
