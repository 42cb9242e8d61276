using System.Buffers.Binary;
using System.Text;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Benchmarks.Network;

/// <summary>
/// Reads the WebSocket messages of a game's stream that pass a <see cref="Relay"/>: the pictures that the server has sent, and those that
/// the page has acknowledged. It can drop some kinds of the page's messages. Other connections pass unread.
/// </summary>
internal sealed class StreamTap
{
    private readonly Lock _gate = new();
    private readonly List<uint> _sent = [];
    private HashSet<MessageType> _lost = [];
    private int _acknowledged;

    /// <summary>
    /// The pictures of the newest stream that the server has sent and the page has not acknowledged, counted as the server counts.
    /// </summary>
    public int InFlight
    {
        get
        {
            lock (_gate)
            {
                return _sent.Count - _acknowledged;
            }
        }
    }

    /// <summary>The number of pictures that the server has sent on the newest stream.</summary>
    public int SentCount
    {
        get
        {
            lock (_gate)
            {
                return _sent.Count;
            }
        }
    }

    /// <summary>Drops the page's messages of these kinds from now on, and no others.</summary>
    public void Lose(params MessageType[] types)
    {
        lock (_gate)
        {
            _lost = [.. types];
        }
    }

    internal Connection Connect() => new(this);

    private void Began()
    {
        lock (_gate)
        {
            _sent.Clear();
            _acknowledged = 0;
        }
    }

    private void Sent(uint frame)
    {
        lock (_gate)
        {
            _sent.Add(frame);
        }
    }

    /// <summary>Returns whether a message of the page may pass.</summary>
    private bool Passes(MessageType type, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (_lost.Contains(type))
            {
                return false;
            }

            if (type == MessageType.Ack && _sent.LastIndexOf(BinaryPrimitives.ReadUInt32LittleEndian(payload)) is >= 0 and int at)
            {
                _acknowledged = Math.Max(_acknowledged, at + 1);
            }

            return true;
        }
    }

    /// <summary>One connection, a stream or not. Bytes come in pieces of any size.</summary>
    internal sealed class Connection(StreamTap tap)
    {
        private const int Binary = 2;

        private readonly FrameReader _request = new();
        private readonly FrameReader _answer = new();
        private bool _isStream;

        /// <summary>Takes bytes of the page and returns the part that passes on now.</summary>
        public byte[] Request(byte[] bytes)
        {
            _request.Add(bytes);
            List<byte> passed = [];
            if (_request.TakeHead() is { } head)
            {
                _isStream = head.Split('\r')[0].Contains("/stream ", StringComparison.Ordinal);
                passed.AddRange(Encoding.Latin1.GetBytes(head));
                if (_isStream)
                {
                    tap.Began();
                }
            }

            if (!_isStream)
            {
                passed.AddRange(_request.TakeAll());
                return [.. passed];
            }

            while (_request.TakeFrame() is { } frame)
            {
                if (frame.Opcode != Binary || tap.Passes((MessageType)frame.Payload[0], frame.Payload.AsSpan(1)))
                {
                    passed.AddRange(frame.Whole);
                }
            }

            return [.. passed];
        }

        /// <summary>Takes bytes of the server. All of them pass on.</summary>
        public byte[] Answer(byte[] bytes)
        {
            if (_isStream)
            {
                _answer.Add(bytes);
                _answer.TakeHead();
                while (_answer.TakeFrame() is { } frame)
                {
                    if (frame.Opcode == Binary && frame.Payload[0] == (byte)MessageType.Frame)
                    {
                        tap.Sent(BinaryPrimitives.ReadUInt32LittleEndian(frame.Payload.AsSpan(6)));
                    }
                }
            }

            return bytes;
        }
    }

    /// <summary>One WebSocket frame (RFC 6455, 5.2), its payload unmasked.</summary>
    private sealed record WebSocketFrame(int Opcode, byte[] Payload, byte[] Whole);

    /// <summary>Splits one direction of a connection into the head of its request or answer and the frames after it.</summary>
    private sealed class FrameReader
    {
        private readonly List<byte> _waiting = [];
        private bool _headTaken;

        public void Add(byte[] bytes) => _waiting.AddRange(bytes);

        /// <summary>Returns the head with its empty line, once, when it is complete.</summary>
        public string? TakeHead()
        {
            if (_headTaken)
            {
                return null;
            }

            string text = Encoding.Latin1.GetString([.. _waiting]);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
            {
                return null;
            }

            _headTaken = true;
            _waiting.RemoveRange(0, end + 4);
            return text[..(end + 4)];
        }

        /// <summary>Returns the waiting bytes of a connection that is no stream.</summary>
        public byte[] TakeAll()
        {
            if (!_headTaken)
            {
                return [];
            }

            byte[] all = [.. _waiting];
            _waiting.Clear();
            return all;
        }

        /// <summary>Returns the next complete frame.</summary>
        public WebSocketFrame? TakeFrame()
        {
            if (!_headTaken || _waiting.Count < 2)
            {
                return null;
            }

            ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_waiting);
            int at = 2;
            long length = bytes[1] & 0x7F;
            if (length == 126)
            {
                at += 2;
            }
            else if (length == 127)
            {
                at += 8;
            }

            bool masked = (bytes[1] & 0x80) != 0;
            int maskAt = at;
            at += masked ? 4 : 0;
            if (bytes.Length < at)
            {
                return null;
            }

            length = length switch
            {
                126 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
                127 => BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
                _ => length,
            };
            if (bytes.Length < at + length)
            {
                return null;
            }

            byte[] whole = bytes[..(int)(at + length)].ToArray();
            byte[] payload = whole[at..];
            for (int i = 0; masked && i < payload.Length; i++)
            {
                payload[i] ^= whole[maskAt + (i & 3)];
            }

            _waiting.RemoveRange(0, whole.Length);
            return new WebSocketFrame(whole[0] & 0x0F, payload, whole);
        }
    }
}
