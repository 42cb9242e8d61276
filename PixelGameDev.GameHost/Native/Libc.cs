using System.Runtime.InteropServices;
using System.Text;

namespace PixelGameDev.GameHost.Native;

/// <summary>Makes the system calls that .NET does not offer, on Linux with glibc. The constants are those of x64 and arm64.</summary>
internal static unsafe partial class Libc
{
    public const int EIntr = 4;
    public const int EConnReset = 104;
    public const int EAgain = 11;
    public const int EChild = 10;

    public const int SigKill = 9;
    public const int SigSegv = 11;

    public const int AfUnix = 1;
    public const int SockStream = 1;
    public const int SockCloexec = OCloexec;

    public const int OCloexec = 0x80000;
    public const int ONonblock = 0x800;
    public const int FDupfdCloexec = 1030;
    public const int FGetfl = 3;
    public const int FSetfl = 4;
    public const int FAddSeals = 1033;
    public const int FSetPipeSize = 1031;

    public const short PollIn = 1;
    public const short PollHup = 16;

    private const string C = "libc";

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    [LibraryImport(C, EntryPoint = "prctl", SetLastError = true)]
    public static partial int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport(C, EntryPoint = "socketpair", SetLastError = true)]
    public static partial int SocketPair(int domain, int type, int protocol, int* fds);

    [LibraryImport(C, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int domain, int type, int protocol);

    [LibraryImport(C, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int fd, byte* address, uint length);

    [LibraryImport(C, EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe2(int* fds, int flags);

    [LibraryImport(C, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport(C, EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MemfdCreate(string name, uint flags);

    [LibraryImport(C, EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Ftruncate(int fd, long length);

    [LibraryImport(C, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Mmap(nint address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport(C, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(int fd, int command, int argument);

    [LibraryImport(C, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);

    [LibraryImport(C, EntryPoint = "close_range", SetLastError = true)]
    public static partial int CloseRange(uint first, uint last, int flags);

    [LibraryImport(C, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, byte* buffer, nuint count);

    [LibraryImport(C, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, byte* buffer, nuint count);

    [LibraryImport(C, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int fd, byte* buffer, nuint count, int flags);

    [LibraryImport(C, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollFd* fds, nuint count, int timeoutMillis);

    [LibraryImport(C, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, int* status, int options);

    [LibraryImport(C, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport(C, EntryPoint = "signal", SetLastError = true)]
    public static partial nint Signal(int signal, nint handler);

    [LibraryImport(C, EntryPoint = "sigfillset")]
    public static partial int SigFillSet(byte* set);

    [LibraryImport(C, EntryPoint = "sigemptyset")]
    public static partial int SigEmptySet(byte* set);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int SpawnActionsInit(byte* actions);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int SpawnActionsDup2(byte* actions, int from, int to);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SpawnActionsChdir(byte* actions, string path);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int SpawnActionsDestroy(byte* actions);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_init")]
    public static partial int SpawnAttributesInit(byte* attributes);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SpawnAttributesFlags(byte* attributes, short flags);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SpawnAttributesSignalMask(byte* attributes, byte* set);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SpawnAttributesSignalDefault(byte* attributes, byte* set);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_destroy")]
    public static partial int SpawnAttributesDestroy(byte* attributes);

    [LibraryImport(C, EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Spawn(int* pid, string path, byte* actions, byte* attributes, nint* arguments, nint* environment);

    /// <summary>Throws with the error of the last call if <paramref name="result"/> is negative.</summary>
    public static int Check(int result, string what) => result >= 0
        ? result
        : throw new IOException($"{what}: {Marshal.GetLastPInvokeErrorMessage()} (errno {Marshal.GetLastPInvokeError()})");

    /// <summary>Waits until a descriptor can be read or its other side is gone; false on a timeout.</summary>
    public static bool WaitReadable(int fd, int timeoutMillis)
    {
        PollFd poll = new() { Fd = fd, Events = PollIn };
        return Poll(&poll, 1, timeoutMillis) > 0;
    }

    /// <summary>Waits until one of two descriptors can be read; returns which, none on a timeout.</summary>
    public static (bool First, bool Second) WaitReadable(int first, int second, int timeoutMillis)
    {
        PollFd* poll = stackalloc PollFd[2];
        poll[0] = new() { Fd = first, Events = PollIn };
        poll[1] = new() { Fd = second, Events = PollIn };
        return Poll(poll, 2, timeoutMillis) > 0 ? (poll[0].Returned != 0, poll[1].Returned != 0) : (false, false);
    }

    /// <summary>Reads once, and again after a signal. Returns 0 at the end, -1 if there is no data (non-blocking) or on an error.</summary>
    public static int Read(int fd, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            while (true)
            {
                nint count = Read(fd, pointer, (nuint)buffer.Length);
                if (count >= 0 || Marshal.GetLastPInvokeError() != EIntr)
                {
                    return (int)count;
                }
            }
        }
    }

    /// <summary>Writes once, and again after a signal; returns -1 on an error.</summary>
    public static int Write(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
        {
            while (true)
            {
                nint count = Write(fd, pointer, (nuint)bytes.Length);
                if (count >= 0 || Marshal.GetLastPInvokeError() != EIntr)
                {
                    return (int)count;
                }
            }
        }
    }

    /// <summary>Connects to a Unix socket.</summary>
    /// <remarks>
    /// .NET's own sockets need epoll, which a sandbox does not have, because the kernel counts epoll watches per user of the host.
    /// </remarks>
    /// <exception cref="IOException">There is no listener, or the path is too long.</exception>
    public static int ConnectUnix(string path)
    {
        const int familyBytes = 2, mostPathBytes = 107;
        Span<byte> address = stackalloc byte[familyBytes + mostPathBytes + 1];
        address.Clear();
        MemoryMarshal.Write(address, (ushort)AfUnix);
        if (!Encoding.UTF8.TryGetBytes(path, address.Slice(familyBytes, mostPathBytes), out _))
        {
            throw new IOException($"The path of the link is longer than {mostPathBytes} bytes: {path}");
        }

        int fd = Check(Socket(AfUnix, SockStream | SockCloexec, 0), "socket");
        fixed (byte* pointer = address)
        {
            while (Connect(fd, pointer, (uint)address.Length) < 0)
            {
                if (Marshal.GetLastPInvokeError() != EIntr)
                {
                    IOException error = new($"connect to {path}: {Marshal.GetLastPInvokeErrorMessage()}");
                    _ = Close(fd);
                    throw error;
                }
            }
        }

        return fd;
    }

    public static void SetNonblocking(int fd) =>
        Check(Fcntl(fd, FSetfl, Fcntl(fd, FGetfl, 0) | ONonblock), "fcntl");
}
