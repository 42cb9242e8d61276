namespace PixelGameDev.Executor.Viewers;

// What is kept of a session: the tail of its console, and a recording.
internal sealed partial class SessionRelay
{
    /// <summary>Gets the memory of the stored console in bytes.</summary>
    internal int ConsoleCost => _history.ConsoleCost;

    public string ConsoleTail(int mostBytes)
    {
        lock (_gate)
        {
            return _history.ConsoleTail(mostBytes);
        }
    }

    /// <summary>Returns the file of the recording so far; null: there is none, or no longer.</summary>
    public byte[]? ReadRecording()
    {
        lock (_gate)
        {
            return _recorder.Read();
        }
    }

    /// <summary>Begins a new recording with the next keyframe; false if the session has ended or is not recorded.</summary>
    public bool TryRestartRecording()
    {
        lock (_gate)
        {
            if (_ended || !_recorder.IsOn)
            {
                return false;
            }

            _recorder.Restart();
            RequestRecording();
            return true;
        }
    }

    /// <summary>Requests the keyframe that a new recording begins with; a request that was lost is repeated.</summary>
    private void RequestRecording()
    {
        if (_recorder.IsAwaited && _requests.HasPicture)
        {
            _requests.SendKeyframeRequest();
        }
    }
}
