using System.Runtime.InteropServices;
using PixelGameDev.GameHost.SavedFiles;

namespace PixelGameDev.GameHost.Native;

/// <summary>Holds what <c>statx</c> reports; its layout is the same on all architectures (256 bytes).</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatX
{
    private const ushort TypeMask = 0xF000;
    private const ushort Directory = 0x4000;
    private const ushort Regular = 0x8000;

    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(32)]
    private readonly ulong _inode;

    [FieldOffset(40)]
    private readonly ulong _size;

    [FieldOffset(96)]
    private readonly long _changedSeconds;

    [FieldOffset(104)]
    private readonly uint _changedNanoseconds;

    public readonly bool IsFile => (_mode & TypeMask) == Regular;

    public readonly bool IsDirectory => (_mode & TypeMask) == Directory;

    public readonly FileStamp Stamp => new(_inode, (long)_size, _changedSeconds, _changedNanoseconds);
}

/// <content>Opens and lists files below a directory's descriptor.</content>
internal static unsafe partial class Libc
{
    public const int AtCurrentDirectory = -100;
    public const int AtSymlinkNofollow = 0x100;
    public const int AtEmptyPath = 0x1000;

    private const uint BasicStatus = 0x7FF;

    // These two flags are swapped between the architectures.
    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    private static readonly int Nofollow = IsArm ? 0x8000 : 0x20000;

    /// <summary>Opens a directory for reading, and nothing else.</summary>
    public static readonly int DirectoryFlags = (IsArm ? 0x4000 : 0x10000) | Nofollow | OCloexec;

    /// <summary>Opens a file for reading without following a link or waiting for a pipe.</summary>
    public static readonly int FileFlags = Nofollow | ONonblock | OCloexec;

    [LibraryImport(C, EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(int folder, byte* name, int flags);

    /// <summary>Takes over the descriptor; returns 0 on an error, and then does not.</summary>
    [LibraryImport(C, EntryPoint = "fdopendir", SetLastError = true)]
    public static partial nint OpenDirectory(int fd);

    /// <summary>Returns the next <c>struct dirent</c>; null at the end and on an error.</summary>
    [LibraryImport(C, EntryPoint = "readdir", SetLastError = true)]
    public static partial byte* ReadDirectory(nint stream);

    [LibraryImport(C, EntryPoint = "closedir", SetLastError = true)]
    public static partial int CloseDirectory(nint stream);

    public static int StatX(int folder, byte* name, int flags, out StatX status)
    {
        fixed (StatX* target = &status)
        {
            return StatX(folder, name, flags, BasicStatus, target);
        }
    }

    [LibraryImport(C, EntryPoint = "statx", SetLastError = true)]
    private static partial int StatX(int folder, byte* name, int flags, uint mask, StatX* status);
}
