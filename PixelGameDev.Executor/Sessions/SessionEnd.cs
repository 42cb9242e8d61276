using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>The named ends, each in a sentence a child understands.</summary>
internal static class SessionEnd
{
    /// <summary>Ends a sandbox may name itself; the others are the Executor's to say.</summary>
    private static readonly HashSet<string> OfSandbox =
    [
        EndReasons.Finished, EndReasons.Stopped, EndReasons.Crashed, EndReasons.MemoryLimit, EndReasons.ProcessLimit,
        EndReasons.DiskLimit, EndReasons.OutputLimit, EndReasons.StreamLimit, EndReasons.SandboxLost,
    ];

    /// <summary>The sentence for a start that found no sandbox.</summary>
    public const string NoSandbox = "Games cannot be started right now. Try again in a moment.";

    private const int LongestMessage = 300;
    private const int LongestDetail = 1000;

    public static bool MaySandboxSay(string? reason) => reason is not null && OfSandbox.Contains(reason);

    /// <summary>The sentence for a reason.</summary>
    public static string Message(string reason, TimeSpan maxSessionTime) => reason switch
    {
        EndReasons.Finished => "Your game finished.",
        EndReasons.Stopped => "You stopped the game.",
        EndReasons.Crashed => "Your game stopped because of an error.",
        EndReasons.TimeLimit => $"Time is up: a game may run for {InWords(maxSessionTime)}. Press Run to play again.",
        EndReasons.MemoryLimit => "Your game used more memory than it may. Does a list or a picture keep growing?",
        EndReasons.ProcessLimit => "Your game started too many programs or threads at once.",
        EndReasons.DiskLimit => "Your game wrote more files than there is room for.",
        EndReasons.OutputLimit => "Your game printed far too much. Is there a print in a loop?",
        EndReasons.StreamLimit => "Your game sent more pictures than can be shown.",
        EndReasons.Idle => "Nobody was watching any more, so the game was stopped. Press Run to play again.",
        EndReasons.ProtocolError => "The game was stopped, because it did something that is not allowed here.",
        EndReasons.SandboxLost => "The place your game ran in went away. That is not your fault: press Run to try again.",
        EndReasons.ShuttingDown => "The server is being restarted. Press Run again in a minute.",
        EndReasons.NotStarted => NoSandbox,
        _ => "The game has ended.",
    };

    /// <summary>
    /// What a sandbox said of its end, made safe: known reason, bounded text, no control characters. A sandbox does not know the
    /// settings that it met: an operator is told.
    /// </summary>
    public static SessionEnded Clean(SessionEnded said, ExecutorOptions options) => said with
    {
        Message = Text(said.Message, LongestMessage) is { Length: > 0 } text ? text : Message(said.Reason, options.MaxSessionTime),
        Detail = string.Join("; ", new[] { Limit(said.Reason, options), Text(said.Detail, LongestDetail) }.Where(static part =>
            !string.IsNullOrEmpty(part))) is { Length: > 0 } detail
            ? detail
            : null,
    };

    private static string? Limit(string reason, ExecutorOptions options) => reason switch
    {
        EndReasons.MemoryLimit => $"SANDBOX_MEMORY of {options.Policy.MemoryBytes >> 20} MiB is used up",
        EndReasons.ProcessLimit => $"SANDBOX_PIDS of {options.Policy.Pids} processes and threads is met",
        EndReasons.DiskLimit =>
            $"the {options.Policy.WorkBytes >> 20} MiB and {options.Policy.WorkInodes} files of {SandboxPolicy.WorkPath}, or those of " +
            $"/tmp, are used up",
        EndReasons.OutputLimit => "GameHost's limit of console text or of questions is met",
        EndReasons.StreamLimit => "GameHost's limit of messages is met",
        _ => null,
    };

    private static string Text(string? text, int longest) =>
        text is null ? "" : new string([.. text.Take(longest).Select(static c => char.IsControl(c) ? ' ' : c)]).Trim();

    private static string InWords(TimeSpan time) => time.TotalSeconds switch
    {
        < 120 => $"{time.TotalSeconds:0} seconds",
        _ when time.Seconds == 0 => $"{time.TotalMinutes:0} minutes",
        _ => $"{(int)time.TotalMinutes} minutes and {time.Seconds} seconds",
    };
}
