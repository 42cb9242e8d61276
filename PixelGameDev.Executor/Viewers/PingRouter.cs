using System.Buffers.Binary;
using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Returns each Pong to the viewer that sent the Ping. A page chooses the number of its Ping. The Ping gets an internal number for the
/// sandbox, and its answer gets the page's number again. The newest <see cref="Kept"/> pings are remembered.
/// </summary>
internal sealed class PingRouter
{
    private const int Kept = 256;

    private readonly Lock _gate = new();
    private (Viewer? Viewer, ulong Theirs, ulong Ours)[]? _entries;
    private ulong _next;
    private bool _over;

    /// <summary>Returns the ping with its number for the sandbox.</summary>
    public PooledMessage Send(Viewer viewer, ReadOnlySpan<byte> payload)
    {
        ulong ours;
        lock (_gate)
        {
            ours = ++_next;
            if (!_over)
            {
                _entries ??= new (Viewer?, ulong, ulong)[Kept];
                _entries[ours % Kept] = (viewer, BinaryPrimitives.ReadUInt64LittleEndian(payload), ours);
            }
        }

        PooledMessage message = PooledMessage.Rent(1 + sizeof(ulong));
        message.Buffer.Span[0] = (byte)MessageType.Ping;
        BinaryPrimitives.WriteUInt64LittleEndian(message.Buffer.Span[1..], ours);
        return message;
    }

    /// <summary>Passes a Pong of the sandbox to its viewer; drops a Pong without a Ping.</summary>
    public void Answer(PooledMessage pong)
    {
        Span<byte> number = pong.Buffer.Span.Slice(1, sizeof(ulong));
        ulong ours = BinaryPrimitives.ReadUInt64LittleEndian(number);
        Viewer? viewer;
        lock (_gate)
        {
            if (_entries is null)
            {
                return;
            }

            ref (Viewer? Viewer, ulong Theirs, ulong Ours) entry = ref _entries[ours % Kept];
            if (entry.Viewer is null || entry.Ours != ours)
            {
                return;
            }

            viewer = entry.Viewer;
            BinaryPrimitives.WriteUInt64LittleEndian(number, entry.Theirs);
            entry.Viewer = null;
        }

        viewer.Queue.Enqueue(pong);
    }

    /// <summary>
    /// Removes the viewers that wait for an answer, and the references to their connections, when the sandbox is removed.
    /// </summary>
    public void Close()
    {
        lock (_gate)
        {
            (_entries, _over) = (null, true);
        }
    }
}
