using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Game;

/// <summary>Holds how far the session has come. Thread-safe; each step happens once.</summary>
internal sealed class GameState
{
    private readonly Lock _gate = new();
    private bool _warm;
    private bool _started;
    private bool _stopAsked;
    private bool _killedAfterGrace;
    private Flood _flood;
    private bool _projectDoesNotFit;
    private GameResult? _result;

    /// <summary>Gets whether the learner's code has been started. After that the game owns its directory.</summary>
    public bool IsStarted
    {
        get
        {
            lock (_gate)
            {
                return _started;
            }
        }
    }

    /// <summary>Gets whether the session has been told to stop.</summary>
    public bool IsStopAsked
    {
        get
        {
            lock (_gate)
            {
                return _stopAsked;
            }
        }
    }

    /// <summary>Records that Python has loaded pygame; false if that is known already.</summary>
    public bool TryMarkWarm()
    {
        lock (_gate)
        {
            bool first = !_warm;
            _warm = true;
            return first;
        }
    }

    /// <summary>Records that the game is about to start; false if it may not, or has started already.</summary>
    public bool TryStart()
    {
        lock (_gate)
        {
            if (_started || _stopAsked || _projectDoesNotFit)
            {
                return false;
            }

            _started = true;
            return true;
        }
    }

    /// <summary>Records that the session has been told to stop; false if that is known already.</summary>
    /// <param name="started">Whether there is a game that could end by itself.</param>
    public bool TryStop(out bool started)
    {
        lock (_gate)
        {
            started = _started;
            bool first = !_stopAsked;
            _stopAsked = true;
            return first;
        }
    }

    /// <summary>Records that the game did not end by itself in time.</summary>
    public void MarkKilledAfterGrace()
    {
        lock (_gate)
        {
            _killedAfterGrace = true;
        }
    }

    /// <summary>Records what the game flooded. A game that was told to stop may flood.</summary>
    public void MarkFlood(Flood by)
    {
        lock (_gate)
        {
            _flood = _stopAsked ? Flood.None : by;
        }
    }

    /// <summary>Records that a file of the project could not be written.</summary>
    public void MarkProjectDoesNotFit()
    {
        lock (_gate)
        {
            _projectDoesNotFit = true;
        }
    }

    /// <summary>Keeps the first result that the Python side sends.</summary>
    public void SetResult(GameResult result)
    {
        lock (_gate)
        {
            _result ??= result;
        }
    }

    /// <summary>Returns all facts after the end of the game's process.</summary>
    public EndFacts ToFacts(ProcessExit exit, bool outOfMemory)
    {
        lock (_gate)
        {
            return new EndFacts(
                exit, _result, _warm, _started, _stopAsked, _killedAfterGrace, _flood, outOfMemory, _projectDoesNotFit);
        }
    }
}
