using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Holds the small picture of how a game looked at its end, until the Api takes it. Thread-safe.</summary>
/// <remarks>
/// GameHost sends one at most. All sessions together hold at most <see cref="MaxTotalBytes"/>; above that a picture is dropped, and its
/// revision has none.
/// </remarks>
internal sealed class PictureBuffer
{
    /// <summary>Most bytes that all sessions of this Executor hold.</summary>
    internal const long MaxTotalBytes = 16 << 20;

    private static long _totalBytes;

    private readonly Lock _gate = new();
    private SmallPicture? _picture;
    private bool _isReceived;
    private bool _isClosed;

    /// <summary>Gets whether there is a picture to take.</summary>
    public bool IsThere
    {
        get
        {
            lock (_gate)
            {
                return _picture is not null;
            }
        }
    }

    /// <summary>Gets the bytes that all sessions hold; for tests.</summary>
    internal static long TotalBytes => Interlocked.Read(ref _totalBytes);

    /// <summary>Receives the message of the sandbox.</summary>
    /// <exception cref="ProtocolException">Malformed, or the second one.</exception>
    public void Receive(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            if (_isReceived)
            {
                throw new ProtocolException("A second small picture.");
            }

            _isReceived = true;
            SmallPicture picture = SmallPictureMessage.Read(message);
            if (_isClosed)
            {
                return;
            }

            if (Interlocked.Add(ref _totalBytes, picture.Pixels.Length) > MaxTotalBytes)
            {
                Interlocked.Add(ref _totalBytes, -picture.Pixels.Length);
                return;
            }

            _picture = picture;
        }
    }

    /// <summary>Returns the picture and forgets it; null if there is none.</summary>
    public SmallPicture? Take()
    {
        lock (_gate)
        {
            SmallPicture? picture = _picture;
            Interlocked.Add(ref _totalBytes, -(picture?.Pixels.Length ?? 0));
            _picture = null;
            return picture;
        }
    }

    /// <summary>Forgets the picture when the session's record is removed.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _isClosed = true;
            Take();
        }
    }
}
