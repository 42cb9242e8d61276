using System.Diagnostics;
using PixelGameDev.GameHost.Audio;
using PixelGameDev.GameHost.Console;
using PixelGameDev.GameHost.Link;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Game;

/// <summary>Turns what the game's process reports into messages of the link.</summary>
/// <param name="state">Holds how far the session has come.</param>
/// <param name="outbox">Takes the messages.</param>
/// <param name="console">Sends first what the game printed earlier.</param>
/// <param name="sound">Learns the format of the game's sound.</param>
/// <param name="states">Reports that the code runs.</param>
/// <param name="reports">Begins when the code runs.</param>
/// <param name="killForFlood">Ends a game that asks endlessly.</param>
internal sealed class GameEvents(
    GameState state, Outbox outbox, ConsolePump console, SoundPump sound, StateReports states, PeriodicReports reports,
    Action<Flood> killForFlood) : IGameEvents
{
    /// <summary>Longest text of a report that is too long as a whole, characters.</summary>
    private const int MaxText = 16_000;

    private const int MaxQuestionsPerSecond = 50;
    private const int QuestionFloodPerSecond = 1000;

    private int _questions;
    private long _questionsSince;

    /// <summary>The last question beyond the limit, which was not asked.</summary>
    private string? _unaskedPrompt;

    void IGameEvents.Warm(HelloInfo info)
    {
        if (state.TryMarkWarm())
        {
            outbox.Post(SandboxMessages.Hello(info with { Pid = Environment.ProcessId, Held = true }));
        }
    }

    void IGameEvents.Running()
    {
        // Only once: the game itself could send the report repeatedly.
        if (reports.TryStart(AskUnasked))
        {
            states.MarkPhase(StartPhases.Code);
        }
    }

    void IGameEvents.Caption(string text) => outbox.Post(SandboxMessages.Text(MessageType.Caption, text));

    void IGameEvents.Cursor(CursorState cursor) =>
        outbox.Post(SandboxMessages.Cursor(cursor.Visible, cursor.Grabbed, cursor.Shape, cursor.Relative));

    void IGameEvents.ForPage(byte[] message) => outbox.Post(message);

    void IGameEvents.Rumble(ReadOnlySpan<byte> strengths) => outbox.Post(SandboxMessages.Rumble(strengths));

    void IGameEvents.InputRequested(string prompt)
    {
        long now = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_questionsSince, now).TotalSeconds >= 1)
        {
            _questions = 0;
            _questionsSince = now;
        }

        if (++_questions > MaxQuestionsPerSecond)
        {
            // Nobody answers that fast. The last question is asked with the next statistics, so that the player can still answer it.
            Volatile.Write(ref _unaskedPrompt, prompt);
            if (_questions == QuestionFloodPerSecond)
            {
                killForFlood(Flood.Asking);
            }

            return;
        }

        Ask(prompt);
    }

    void IGameEvents.Failed(ErrorReport report)
    {
        console.Drain();
        if (state.IsStopAsked)
        {
            // A fault during the stop is worth a line in the console, not an alarm. GameHost itself ended input().
            if (report.Type != "EOFError")
            {
                outbox.Post(SandboxMessages.Console(ConsoleKind.Error, Truncate(report.Text)));
            }

            return;
        }

        byte[] message = SandboxMessages.Json(MessageType.Error, report, ProtocolJson.Default.ErrorReport);
        if (message.Length > MessageRules.MaxJsonBytes)
        {
            // The runtime sends no such report, but a game may. The report must not end the session as a broken rule.
            ErrorReport shorter = report with { Frames = [], Message = Truncate(report.Message ?? ""), Text = Truncate(report.Text) };
            message = SandboxMessages.Json(MessageType.Error, shorter, ProtocolJson.Default.ErrorReport);
        }

        outbox.Post(message);
    }

    void IGameEvents.Finishing(GameResult result) => state.SetResult(result);

    void IGameEvents.Sound(SoundFormat format) => sound.SetFormat(format);

    private static string Truncate(string text) => text.Length > MaxText ? text[..MaxText] : text;

    private void AskUnasked()
    {
        if (Interlocked.Exchange(ref _unaskedPrompt, null) is { } prompt)
        {
            Ask(prompt);
        }
    }

    private void Ask(string prompt)
    {
        console.Drain();
        outbox.Post(SandboxMessages.Text(MessageType.InputRequest, prompt));
    }
}
