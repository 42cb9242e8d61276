using System.Runtime.CompilerServices;
using PixelGameDev.GameHost.Native;
using PixelGameDev.Streaming.Codec;

namespace PixelGameDev.GameHost.Capture;

/// <summary>The checked description of a picture in shared memory.</summary>
internal readonly record struct CapturedPicture(int Width, int Height, int PitchBytes, uint FrameNumber, uint CaptureMicros, uint InputSeq);

/// <summary>
/// Holds the memory shared with the Python runtime: a page of numbers and three slots for pictures. The game writes; the latest picture
/// wins.
/// </summary>
/// <remarks>
/// Layout, little-endian; the Python side is <c>pixel_runtime/frames.py</c>:
/// <code>
///    0  u32  version (3)
///    4  u32  host: there is a viewer (0/1)
///    8  u32  host: frames a second wanted
///   12  u32  host: 1 + slot that is being read; 0: none
///   72  u64  game: 4 × number of the last picture that is complete + its slot
///   80  u64  game: flips so far
///   88  u32  game: µs the game took for its last frame, without waiting
///  128 + 64·slot   u32 width, height, pitch, frame number, capture µs, input seq, number of hashed tiles
/// 4096 + 8294400·slot   pixels, BGRX
/// 4096 + 8294400·3 + 32768·slot   u64 hash of each 32×32 tile, row by row
/// </code>
/// The hashes come from the game's process (<c>native/pixelframe.c</c>), which has read the picture anyway. Two tiles with the same hash
/// are taken for equal. The number of hashed tiles is 0 where nobody has computed them; then the encoder compares the pixels.
/// <para>
/// The game writes into a slot that is neither the last complete one nor the one that is read. So one slot is always free, the game never
/// waits, and the picture that is read does not change. The host announces which slot it reads, and then checks that this is still the
/// last complete one. If it is, the game sees the announcement before it chooses its next slot. A game that writes elsewhere spoils only
/// its own picture: every number is read once and checked, the encoder tolerates pixels that change, and the memory's size is sealed, so
/// that the game cannot shrink the file and make the host fault.
/// </para>
/// </remarks>
internal sealed unsafe class SharedFrames
{
    /// <summary>Number of slots: the last complete one, one that is read, one that is written.</summary>
    private const int Slots = 3;

    private const int HeaderSize = 4096;
    private const int SlotSize = FrameHeader.MaxPixels * 4;
    private const int HashesAt = HeaderSize + (Slots * SlotSize);

    /// <summary>Bytes of a slot's hashes, for more tiles than a picture can have.</summary>
    private const int HashesSize = 4096 * sizeof(ulong);
    private const int TotalSize = HashesAt + (Slots * HashesSize);
    private const uint MfdCloexec = 1;
    private const uint MfdAllowSealing = 2;
    private const int SealShrinkGrowSeal = 1 | 2 | 4;

    private readonly byte* _memory;

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

        _memory = (byte*)address;
        Unsafe.WriteUnaligned(_memory, 3u);
    }

    /// <summary>Gets the descriptor of the memory. The child inherits it.</summary>
    public int Descriptor { get; }

    /// <summary>Gets number and slot of the last complete picture; 0: there is none yet.</summary>
    public ulong Latest => Volatile.Read(ref *(ulong*)(_memory + 72));

    /// <summary>Gets the number of flips so far.</summary>
    public ulong Flips => Volatile.Read(ref *(ulong*)(_memory + 80));

    /// <summary>Gets the time that the game took for its last frame, without waiting, µs.</summary>
    public uint GameMicros => Volatile.Read(ref *(uint*)(_memory + 88));

    /// <summary>Tells the game's side whether there is a viewer, and the frame rate.</summary>
    public void SetWatched(bool watched, int framesPerSecond)
    {
        Volatile.Write(ref *(uint*)(_memory + 8), (uint)framesPerSecond);
        Volatile.Write(ref *(uint*)(_memory + 4), watched ? 1u : 0u);
    }

    /// <summary>
    /// Takes the latest picture for reading, until <see cref="Release"/>; false if there is none or if its description is impossible.
    /// </summary>
    /// <param name="taken">Its number and slot.</param>
    /// <param name="picture">Its description.</param>
    /// <param name="pixels">Its pixels. The game should not write them now, but can.</param>
    /// <param name="hashes">The hashes of its tiles; empty if there are none. The game can write them too.</param>
    public bool TryTake(out ulong taken, out CapturedPicture picture, out ReadOnlySpan<byte> pixels, out ReadOnlySpan<ulong> hashes)
    {
        picture = default;
        pixels = default;
        hashes = default;
        taken = 0;
        for (int attempt = 0; attempt < 4; attempt++)
        {
            taken = Latest;
            int slot = (int)(taken & 3);
            if (taken == 0 || slot >= Slots)
            {
                break;
            }

            Volatile.Write(ref *(uint*)(_memory + 12), (uint)slot + 1);
            Interlocked.MemoryBarrier();
            if (Latest == taken)
            {
                return TryDescribe(slot, out picture, out pixels, out hashes);
            }
        }

        return false;
    }

    /// <summary>Lets the game write into the taken slot again.</summary>
    public void Release() => Volatile.Write(ref *(uint*)(_memory + 12), 0);

    private bool TryDescribe(int slot, out CapturedPicture picture, out ReadOnlySpan<byte> pixels, out ReadOnlySpan<ulong> hashes)
    {
        hashes = default;
        byte* header = _memory + 128 + (64 * slot);
        uint width = Volatile.Read(ref *(uint*)header);
        uint height = Volatile.Read(ref *(uint*)(header + 4));
        uint pitch = Volatile.Read(ref *(uint*)(header + 8));
        if (width is 0 or > FrameHeader.MaxSide || height is 0 or > FrameHeader.MaxSide
            || !FrameHeader.IsValidSize((int)width, (int)height) || pitch < width * 4 || (ulong)pitch * height > SlotSize)
        {
            picture = default;
            pixels = default;
            return false;
        }

        picture = new CapturedPicture(
            (int)width,
            (int)height,
            (int)pitch,
            Volatile.Read(ref *(uint*)(header + 12)),
            Volatile.Read(ref *(uint*)(header + 16)),
            Volatile.Read(ref *(uint*)(header + 20)));
        pixels = new ReadOnlySpan<byte>(_memory + HeaderSize + ((long)SlotSize * slot), (int)(pitch * height));
        int tiles = FrameHeader.CountTiles((int)width, (int)height);
        if (Volatile.Read(ref *(uint*)(header + 24)) == tiles)
        {
            hashes = new ReadOnlySpan<ulong>(_memory + HashesAt + ((long)HashesSize * slot), tiles);
        }

        return true;
    }
}
