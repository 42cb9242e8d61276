using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Keeps the Frame messages of some seconds of a session, from a keyframe on, as the file of a recording (<see cref="RecordingFile"/>). It
/// begins with the first picture, and again when somebody asks for it.
/// </summary>
/// <remarks>
/// It copies what goes to the viewers anyway and decodes nothing. The relay's lock guards it while the session runs, and afterwards the
/// lock of the budget, which may drop it.
/// </remarks>
/// <param name="seconds">The length of a recording, seconds; 0: nothing is recorded.</param>
/// <param name="time">The clock.</param>
/// <param name="budget">The memory of all recordings.</param>
internal sealed class Recorder(int seconds, TimeProvider time, RecordingBudget budget)
{
    /// <summary>The memory is taken in pieces of so many bytes.</summary>
    internal const int PieceSize = 64 * 1024;

    private readonly TimeSpan _longest = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, RecordingFile.MaxSeconds));
    private readonly List<byte[]> _pieces = [];
    private int _length;
    private int _frames;
    private long _started;
    private (int Width, int Height) _size;
    private TimeSpan? _took;

    /// <summary>Gets whether this session is recorded.</summary>
    public bool IsOn => _longest > TimeSpan.Zero;

    /// <summary>Gets whether somebody has asked for a new recording, which begins with the next keyframe.</summary>
    public bool IsAwaited { get; private set; }

    /// <summary>Adds a message of the session, if it is a frame that belongs to the recording.</summary>
    public void Record(PooledMessage message)
    {
        if (message.Type != MessageType.Frame || !IsOn || _took is not null)
        {
            return;
        }

        ReadOnlySpan<byte> frame = message.Memory.Span;
        if (_frames == 0)
        {
            if (!FrameHeader.IsKeyframeMessage(frame))
            {
                return;
            }

            FrameHeader header = FrameHeader.Read(frame);
            _size = (header.Width, header.Height);
            _started = time.GetTimestamp();
            IsAwaited = false;
        }

        TimeSpan at = time.GetElapsedTime(_started);
        if (at > _longest || !TryMakeRoom(RecordingFile.EntrySize + frame.Length))
        {
            _took = Shorter(at, _longest);
            return;
        }

        Span<byte> entry = stackalloc byte[RecordingFile.EntrySize];
        RecordingFile.WriteEntry(entry, (int)at.TotalMilliseconds, frame.Length);
        Append(entry);
        Append(frame);
        _frames++;
    }

    /// <summary>Drops the recording. A new one begins with the next keyframe, which the caller requests.</summary>
    public void Restart()
    {
        Release();
        IsAwaited = true;
    }

    /// <summary>Ends the recording with its session.</summary>
    public void End()
    {
        IsAwaited = false;
        if (_frames > 0)
        {
            _took ??= Shorter(time.GetElapsedTime(_started), _longest);
            budget.MarkEnded(this);
        }
    }

    /// <summary>Returns the file of what is recorded so far; null: nothing is.</summary>
    public byte[]? Read()
    {
        lock (budget.Gate)
        {
            if (_frames == 0)
            {
                return null;
            }

            byte[] file = new byte[RecordingFile.HeaderSize + _length];
            TimeSpan took = _took ?? Shorter(time.GetElapsedTime(_started), _longest);
            RecordingFile.WriteHeader(file, new RecordingInfo(_size.Width, _size.Height, (int)took.TotalMilliseconds, _frames));
            for (int piece = 0, at = 0; at < _length; piece++, at += PieceSize)
            {
                _pieces[piece].AsSpan(0, Math.Min(PieceSize, _length - at)).CopyTo(file.AsSpan(RecordingFile.HeaderSize + at));
            }

            return file;
        }
    }

    /// <summary>Returns the memory of a session that has ended.</summary>
    public void Drop()
    {
        lock (budget.Gate)
        {
            budget.Forget(this);
            Release();
        }
    }

    private void Release()
    {
        budget.Release((long)_pieces.Count * PieceSize);
        _pieces.Clear();
        (_length, _frames, _took) = (0, 0, null);
    }

    private bool TryMakeRoom(int bytes)
    {
        if (RecordingFile.HeaderSize + _length + bytes > RecordingFile.MaxBytes)
        {
            return false;
        }

        while (_length + bytes > _pieces.Count * PieceSize)
        {
            if (!budget.TryCharge(PieceSize))
            {
                return false;
            }

            _pieces.Add(new byte[PieceSize]);
        }

        return true;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            Span<byte> room = _pieces[_length / PieceSize].AsSpan(_length % PieceSize);
            int some = Math.Min(room.Length, bytes.Length);
            bytes[..some].CopyTo(room);
            bytes = bytes[some..];
            _length += some;
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
