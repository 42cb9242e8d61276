using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

// Which frames a viewer gets.
internal sealed partial class ViewerQueue
{
    /// <summary>Gets whether frames are omitted until a keyframe arrives, and the queue would accept one.</summary>
    public bool NeedsKeyframe
    {
        get
        {
            lock (_gate)
            {
                return _awaitsKeyframe && !_paused && !_completed && !Pace.IsCongested && !GivesWay;
            }
        }
    }

    /// <summary>Stops frames and sound for a hidden page. When the page becomes visible, it starts with a keyframe.</summary>
    public void Pause(bool paused)
    {
        lock (_gate)
        {
            _paused = paused;
            if (paused)
            {
                DropFrames();
                _items.DropAll(MessageType.Audio);
            }
        }
    }

    /// <summary>Releases the waiting frames when memory is short and the viewer makes no progress.</summary>
    public void DropFramesIfStalled()
    {
        lock (_gate)
        {
            if (GivesWay)
            {
                DropFrames();
            }
        }
    }

    /// <summary>
    /// Adds the session's last picture for a viewer that would otherwise remain without it: one that is new, hidden or behind.
    /// </summary>
    /// <param name="frames">A keyframe and the frames after it; empty when there is no picture.</param>
    public void AddLastPicture(IReadOnlyCollection<PooledMessage> frames)
    {
        lock (_gate)
        {
            if (_completed || !_awaitsKeyframe || !_budget.HasRoomFor(frames.Sum(static frame => (long)frame.Cost)))
            {
                return;
            }

            foreach (PooledMessage frame in frames)
            {
                _items.Append(frame);
            }
        }
    }

    private bool AcceptFrame(PooledMessage message, out bool wantsKeyframe)
    {
        wantsKeyframe = false;
        bool keyframe = FrameHeader.IsKeyframeMessage(message.Memory.Span);
        if (_paused || (_awaitsKeyframe && !keyframe))
        {
            DroppedFrames++;
            return false;
        }

        bool stuffed = Pace.IsCongested && !(keyframe && Pace.TryUsePass());
        if (stuffed || GivesWay)
        {
            // Further frames would arrive too late. A keyframe is requested when the sent frames have arrived.
            DropFrames();
            DroppedFrames++;
            return false;
        }

        if (keyframe)
        {
            // A keyframe makes all earlier frames unnecessary: a viewer that is behind is up to date at once.
            DropFrames();
        }

        // A viewer that keeps up has no waiting frame, so it gets this one regardless of the others' memory.
        int frames = _items.CountOf(MessageType.Frame);
        bool behind = frames > 0;
        bool tooMuch = behind && (frames >= MaxFrames || _items.CostOf(MessageType.Frame) + message.Cost > MaxFrameBytes);
        if (tooMuch || ((behind || _sending is not null) && !_budget.HasRoomFor(message.Cost)))
        {
            DropFrames();
            DroppedFrames++;
            wantsKeyframe = true;
            return false;
        }

        _awaitsKeyframe = false;
        return true;
    }

    private void DropFrames()
    {
        DroppedFrames += _items.DropAll(MessageType.Frame);
        _awaitsKeyframe = true;
    }
}
