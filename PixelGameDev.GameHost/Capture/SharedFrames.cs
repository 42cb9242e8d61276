using System.Runtime.CompilerServices;
using PixelGameDev.GameHost.Native;
using PixelGameDev.Streaming.Codec;

namespace PixelGameDev.GameHost.Capture;

/// <summary>A picture copied out of shared memory.</summary>
internal readonly record struct CapturedPicture(int Width, int Height, int PitchBytes, uint FrameNumber, uint CaptureMicros, uint InputSeq);

/// <summary>
/// Memory shared with the Python runtime: a page of numbers and two picture buffers; the game writes, the latest picture wins.
/// </summary>
/// <remarks>
/// Layout, little-endian; the Python side is <c>pixel_runtime/frames.py</c>:
/// <code>
///    0  u32  version (1)
///    4  u32  host: somebody watches (0/1)
///    8  u32  host: frames a second wanted
///   64  u64  game: number of the picture being written
///   72  u64  game: number of the last picture that is complete
///   80  u64  game: flips so far
///   88  u32  game: µs the game took for its last frame, without waiting
///  128 + 64·slot   u32 width, height, pitch, frame number, capture µs, input seq
/// 4096 + 8294400·slot   pixels, BGRX
/// </code>
/// Picture n goes to slot n mod 2. A copy is torn only if picture n+2 was begun meanwhile, which is checked after copying.
/// The game can write anything here at any time: every number is read once and checked, pixels are copied before use, and the
/// memory's size is sealed so that a shrunken file cannot fault us.
/// </remarks>
internal sealed unsafe class SharedFrames
{
    private const int HeaderSize = 4096;
    private const int SlotSize = FrameHeader.MaxPixels * 4;
    private const int TotalSize = HeaderSize + (2 * SlotSize);
    private const uint MfdCloexec = 1;
    private const uint MfdAllowSealing = 2;
    private const int SealShrinkGrowSeal = 1 | 2 | 4;

    private readonly byte* memory;

    public SharedFrames()
    {
        Descriptor = Libc.Check(Libc.MemfdCreate("frames", MfdCloexec | MfdAllowSealing), "memfd_create");
        Libc.Check(Libc.Ftruncate(Descriptor, TotalSize), "ftruncate");
        Libc.Check(Libc.Fcntl(Descriptor, Libc.FAddSeals, SealShrinkGrowSeal), "fcntl(F_ADD_SEALS)");
        nint address = Libc.Mmap(0, TotalSize, 3, 1, Descriptor, 0);
        if (address == -1)
        {
            throw new IOException("mmap of the shared frames failed.");
        }

        memory = (byte*)address;
        Unsafe.WriteUnaligned(memory, 1u);
    }

    /// <summary>For the child to inherit.</summary>
    public int Descriptor { get; }

    /// <summary>Number of the last complete picture; 0: none yet.</summary>
    public ulong Latest => Volatile.Read(ref *(ulong*)(memory + 72));

    /// <summary>Flips so far.</summary>
    public ulong Flips => Volatile.Read(ref *(ulong*)(memory + 80));

    /// <summary>µs the game took for its last frame, without waiting.</summary>
    public uint GameMicros => Volatile.Read(ref *(uint*)(memory + 88));

    /// <summary>Tells the game's side whether anybody watches, and how fast.</summary>
    public void SetWatched(bool watched, int framesPerSecond)
    {
        Volatile.Write(ref *(uint*)(memory + 8), (uint)framesPerSecond);
        Volatile.Write(ref *(uint*)(memory + 4), watched ? 1u : 0u);
    }

    /// <summary>
    /// Copies the latest picture into <paramref name="target"/>, which grows as needed; false when there is none or the game
    /// claims an impossible one.
    /// </summary>
    public bool TryCopy(ref byte[] target, out CapturedPicture picture)
    {
        for (int attempt = 0; attempt < 4; attempt++)
        {
            ulong number = Latest;
            if (number == 0)
            {
                break;
            }

            byte* header = memory + 128 + (64 * (int)(number & 1));
            uint width = Volatile.Read(ref *(uint*)header);
            uint height = Volatile.Read(ref *(uint*)(header + 4));
            uint pitch = Volatile.Read(ref *(uint*)(header + 8));
            picture = new CapturedPicture(
                (int)width,
                (int)height,
                (int)pitch,
                Volatile.Read(ref *(uint*)(header + 12)),
                Volatile.Read(ref *(uint*)(header + 16)),
                Volatile.Read(ref *(uint*)(header + 20)));
            if (width is 0 or > FrameHeader.MaxSide || height is 0 or > FrameHeader.MaxSide
                || !FrameHeader.IsValidSize((int)width, (int)height) || pitch < width * 4 || (ulong)pitch * height > SlotSize)
            {
                break;
            }

            int length = (int)(pitch * height);
            if (target.Length < length)
            {
                target = GC.AllocateUninitializedArray<byte>(length);
            }

            new ReadOnlySpan<byte>(memory + HeaderSize + (SlotSize * (int)(number & 1)), length).CopyTo(target);
            Thread.MemoryBarrier();
            if (Volatile.Read(ref *(ulong*)(memory + 64)) < number + 2)
            {
                return true;
            }
        }

        picture = default;
        return false;
    }
}
