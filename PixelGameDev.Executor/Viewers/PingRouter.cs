using System.Buffers.Binary;
using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Brings each Pong back to the viewer that sent the Ping. A page's Ping carries a number of its own choice; it travels on under a
/// number of ours, and the answer goes back with the page's number. The newest <see cref="Kept"/> are remembered.
/// </summary>
internal sealed class PingRouter
{
    private const int Kept = 256;

    private readonly Lock _gate = new();
    private (Viewer? Viewer, ulong Theirs, ulong Ours)[]? _entries;
    private ulong _next;
    private bool _over;

    /// <summary>Returns the ping as it goes to the sandbox.</summary>
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

    /// <summary>Brings a Pong of the sandbox to the viewer that asked; one that no viewer asked for is dropped.</summary>
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
    /// Forgets the viewers that wait for an answer, and with them their connections: the sandbox is gone.
    /// </summary>
    public void Close()
    {
        lock (_gate)
        {
            (_entries, _over) = (null, true);
        }
    }
}
