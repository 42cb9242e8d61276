using PixelGameDev.GameHost.Game;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Link;

/// <summary>Reports how far the session has come, with the time until each phase.</summary>
internal sealed class StateReports(Outbox outbox)
{
    private readonly Lock _gate = new();
    private readonly StartPhases _phases = new(TimeProvider.System);
    private bool _stopping;

    /// <summary>Starts the clock of the phases; only the first call counts.</summary>
    public void StartClock()
    {
        lock (_gate)
        {
            _phases.StartClock();
        }
    }

    /// <summary>Reports that a phase is reached; a session that stops keeps its state.</summary>
    /// <param name="name">One of <see cref="StartPhases"/>.</param>
    public void MarkPhase(string name)
    {
        lock (_gate)
        {
            _phases.MarkReached(name);
            if (!_stopping)
            {
                Post(name == StartPhases.Files ? "starting" : "running");
            }
        }
    }

    /// <summary>Reports that the session stops.</summary>
    public void MarkStopping()
    {
        lock (_gate)
        {
            _stopping = true;
            Post("stopping");
        }
    }

    private void Post(string state) => outbox.Post(SandboxMessages.Json(
        MessageType.State, new SessionStateMessage(state, _phases.Micros(), Held: true, Pointers: true, Text: true, Clipboard: true),
        ProtocolJson.Default.SessionStateMessage));
}
