using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PixelGameDev.Executor.Links;

/// <summary>
/// Wraps an <c>epoll</c> of Linux with an <c>eventfd</c> that ends a wait. One thread calls <see cref="Wait"/>, <see cref="ReadEvent"/>
/// and <see cref="ClearWake"/>; all threads may call the rest.
/// </summary>
/// <remarks>
/// Sockets are registered edge-triggered: an event says that something has arrived since the last one, so nothing is registered again
/// after each read. Descriptors are passed as safe handles. So a call never reaches a descriptor that has been closed and whose number
/// belongs to another file by now.
/// </remarks>
internal sealed unsafe partial class Epoll : IDisposable
{
    /// <summary>The number in the events of <see cref="Wake"/>.</summary>
    public const long WakeId = 0;

    private const int MaxEvents = 128;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int Add = 1;
    private const int Delete = 2;
    private const int Interrupted = 4;

    private const uint In = 0x1;
    private const uint Error = 0x8;
    private const uint HangUp = 0x10;
    private const uint PeerHangUp = 0x2000;
    private const uint EdgeTriggered = 1u << 31;

    /// <summary>
    /// The size of <c>struct epoll_event</c>: a <c>u32</c> of flags and a <c>u64</c> of ours. Only on x86 there is no gap between them.
    /// </summary>
    private static readonly int EventBytes =
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;

    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _wake;
    private readonly byte[] _events = GC.AllocateArray<byte>(MaxEvents * EventBytes, pinned: true);

    /// <exception cref="IOException">The system has no descriptor left.</exception>
    public Epoll()
    {
        _epoll = Handle(EpollCreate(CloseOnExec), "epoll_create1");
        try
        {
            _wake = Handle(EventFd(0, CloseOnExec | NonBlocking), "eventfd");
            Register(_wake, WakeId, In);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Reports from now on what arrives at a socket, first what is there already.</summary>
    /// <param name="socket">The socket, which is not registered yet.</param>
    /// <param name="id">The number of its events.</param>
    /// <exception cref="IOException">The system has no memory or too many sockets.</exception>
    /// <exception cref="ObjectDisposedException">The socket or this object is closed.</exception>
    public void Register(SafeHandle socket, long id) => Register(socket, id, In | PeerHangUp | EdgeTriggered);

    /// <summary>Forgets a socket; call it before the socket is closed. <see cref="ReadEvent"/> may still return an earlier event.</summary>
    public void Forget(SafeSocketHandle socket)
    {
        try
        {
            _ = EpollControl(_epoll, Delete, socket, null);
        }
        catch (ObjectDisposedException)
        {
            // The system has forgotten it with its last descriptor.
        }
    }

    /// <summary>Waits for events and returns their number; 0: a signal has interrupted the wait.</summary>
    /// <param name="forever">Waits until there is an event; otherwise does not wait at all.</param>
    public int Wait(bool forever)
    {
        int count;
        fixed (byte* events = _events)
        {
            count = EpollWait(_epoll, events, MaxEvents, forever ? -1 : 0);
        }

        return count >= 0 || Marshal.GetLastPInvokeError() == Interrupted ? Math.Max(count, 0) : throw Failed("epoll_wait");
    }

    /// <summary>Returns an event of the last <see cref="Wait"/>.</summary>
    /// <param name="index">The number of the event, from 0.</param>
    /// <param name="isOver">Whether the other side sends nothing more, so that no further event follows.</param>
    /// <returns>The number of the socket, or <see cref="WakeId"/>.</returns>
    public long ReadEvent(int index, out bool isOver)
    {
        ReadOnlySpan<byte> one = _events.AsSpan(index * EventBytes, EventBytes);
        isOver = (MemoryMarshal.Read<uint>(one) & (Error | HangUp | PeerHangUp)) != 0;
        return MemoryMarshal.Read<long>(one[^sizeof(long)..]);
    }

    /// <summary>Ends the current wait, or the next one if there is none.</summary>
    public void Wake()
    {
        try
        {
            ulong one = 1;
            _ = Write(_wake, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }

    /// <summary>Handles the event of <see cref="Wake"/>.</summary>
    public void ClearWake()
    {
        ulong count;
        _ = Read(_wake, &count, sizeof(ulong));
    }

    public void Dispose()
    {
        _wake?.Dispose();
        _epoll.Dispose();
    }

    private void Register(SafeHandle descriptor, long id, uint events)
    {
        byte* one = stackalloc byte[EventBytes];
        Span<byte> bytes = new(one, EventBytes);
        MemoryMarshal.Write(bytes, in events);
        MemoryMarshal.Write(bytes[^sizeof(long)..], in id);
        if (EpollControl(_epoll, Add, descriptor, one) != 0)
        {
            throw Failed("epoll_ctl");
        }
    }

    private static SafeFileHandle Handle(int descriptor, string call) =>
        descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failed(call);

    private static IOException Failed(string call) => new($"{call}: error {Marshal.GetLastPInvokeError()}");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(SafeFileHandle epoll, int operation, SafeHandle descriptor, byte* change);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(SafeFileHandle epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle descriptor, void* buffer, nuint bytes);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle descriptor, void* buffer, nuint bytes);
}
