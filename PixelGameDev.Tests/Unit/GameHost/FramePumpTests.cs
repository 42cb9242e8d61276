using System.Runtime.InteropServices;
using PixelGameDev.GameHost.Capture;
using PixelGameDev.GameHost.Native;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.GameHost;

/// <summary>The way of a frame through GameHost: from shared memory to the link, with the game's part played by the test.</summary>
public sealed unsafe class FramePumpTests
{
    private const int Width = 320;
    private const int Height = 240;

    [Fact]
    public void A_frame_allocates_nothing()
    {
        // Until then the encoder has met everything that these pictures have, and made once what it needs for each.
        const int settled = 300, last = 900;
        SharedFrames frames = new();
        RecordingLink link = new(last + 1);
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
        Assert.Equal(last + 1, link.Count);
        SteadyState.AssertNothing(link.Allocated.AsSpan(settled));
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

    /// <summary>What <c>pixel_runtime/frames.py</c> does.</summary>
    private sealed class DrawnBy : IDisposable
    {
        private const int Size = 4096 + (2 * 8_294_400);

        private readonly byte* memory;
        private readonly int signal;
        private ulong drawn;

        public DrawnBy(int descriptor, int signal)
        {
            memory = (byte*)Libc.Mmap(0, Size, 3, 1, descriptor, 0);
            this.signal = signal;
        }

        public void Draw(uint number)
        {
            ulong picture = ++drawn;
            int slot = (int)(picture & 1);
            *(ulong*)(memory + 64) = picture;
            Span<uint> header = new(memory + 128 + (64 * slot), 6);
            ReadOnlySpan<uint> values = [Width, Height, Width * 4, number, 0, 0];
            values.CopyTo(header);
            Span<uint> pixels = new(memory + 4096 + (8_294_400 * slot), Width * Height);
            pixels.Fill(0x203040);
            pixels.Slice((int)(number * 37 % 200) * Width, Width * 8).Fill(number * 104729);
            *(ulong*)(memory + 72) = picture;
            _ = Libc.Write(signal, [1, 0, 0, 0, 0, 0, 0, 0]);
        }

        public void Dispose() => NativeMemoryMap.Unmap((nint)memory, Size);
    }

    private static partial class NativeMemoryMap
    {
        [DllImport("libc", EntryPoint = "munmap")]
        private static extern int Munmap(nint address, nuint length);

        public static void Unmap(nint address, int length) => _ = Munmap(address, (nuint)length);
    }

    /// <summary>Notes what the writing thread has allocated so far.</summary>
    private sealed class RecordingLink(int most) : Stream
    {
        private int written;

        public long[] Allocated { get; } = new long[most];

        public int Count => Volatile.Read(ref written);

        public uint LastNumber { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count)
        {
            Allocated[written] = GC.GetAllocatedBytesForCurrentThread();
            LastNumber = BitConverter.ToUInt32(buffer, offset + 4 + 6);
            Volatile.Write(ref written, written + 1);
        }

        /// <summary>Looks again and again: whatever would wake this thread would have to be allocated by the one that is measured.</summary>
        public void AwaitWritten(int frames) =>
            Assert.True(SpinWait.SpinUntil(() => Count >= frames, TimeSpan.FromSeconds(60)), $"{Count} of {frames} frames were written");

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
