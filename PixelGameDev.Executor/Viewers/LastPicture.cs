using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Codec;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Keeps the last keyframe and the few frames after it, so that a viewer that comes after the end, or is behind at the end, gets the last
/// picture. GameHost ends every session with a keyframe. The relay's lock guards it.
/// </summary>
/// <param name="budget">The memory for the last pictures of all sessions.</param>
internal sealed class LastPicture(StreamBudget budget)
{
    /// <summary>The maximum number of frames: a large keyframe is followed by the exact rest of its simplified parts.</summary>
    internal const int MaxFrames = 8;

    private readonly List<PooledMessage> _frames = new(MaxFrames);

    /// <summary>Keeps a frame, or drops all when the frame cannot be shown from the kept ones.</summary>
    public void Record(PooledMessage frame)
    {
        bool keyframe = FrameHeader.IsKeyframeMessage(frame.Memory.Span);
        bool continues = _frames.Count is > 0 and < MaxFrames;
        if (keyframe || !continues)
        {
            Clear();
        }

        if ((keyframe || continues) && budget.HasRoomFor(frame.Cost))
        {
            budget.Charge(frame.Cost);
            _frames.Add(frame.Retain());
        }
        else
        {
            Clear();
        }
    }

    /// <summary>Sends the picture to a viewer that does not have it.</summary>
    public void Replay(ViewerQueue queue) => queue.AddLastPicture(_frames);

    /// <summary>Moves the frames into fitting buffers, because they remain for some minutes.</summary>
    public void Shrink()
    {
        for (int index = 0; index < _frames.Count; index++)
        {
            budget.Release(_frames[index].Cost);
            _frames[index] = PooledMessage.Shrink(_frames[index]);
            budget.Charge(_frames[index].Cost);
        }
    }

    /// <summary>Returns all buffers.</summary>
    public void Clear()
    {
        foreach (PooledMessage frame in _frames)
        {
            budget.Release(frame.Cost);
            frame.Release();
        }

        _frames.Clear();
    }
}
