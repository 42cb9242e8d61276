using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Game;

/// <summary>Names what a game produced in such amounts that it was stopped.</summary>
internal enum Flood
{
    None,
    Printing,
    Asking,
}

/// <summary>Everything that is known after the game's process has ended.</summary>
/// <param name="Exit">How the process ended.</param>
/// <param name="Result">The Python side's last report, if there is one.</param>
/// <param name="Warm">Python had loaded pygame.</param>
/// <param name="Started">The learner's code had been started.</param>
/// <param name="StopAsked">The Executor asked the session to stop.</param>
/// <param name="KilledAfterGrace">The game did not end by itself within the grace time.</param>
/// <param name="Flood">What the game flooded.</param>
/// <param name="OutOfMemory">The kernel killed a process of the sandbox because of memory.</param>
/// <param name="ProjectDoesNotFit">A file of the project could not be written.</param>
internal readonly record struct EndFacts(
    ProcessExit Exit, GameResult? Result, bool Warm, bool Started, bool StopAsked, bool KilledAfterGrace, Flood Flood, bool OutOfMemory,
    bool ProjectDoesNotFit = false);

/// <summary>Names the end of a session from the facts about the game's process.</summary>
internal static class EndReport
{
    /// <summary>Returns the end; the first one that fits counts.</summary>
    public static SessionEnded Create(EndFacts facts)
    {
        string how = facts.Exit.Signal is { } signal ? $"killed by signal {signal}" : $"exit code {facts.Exit.Code}";
        return facts switch
        {
            { ProjectDoesNotFit: true } => End(EndReasons.DiskLimit, "a file of the project could not be written; " + how,
                EndReasons.Precise.ProjectDoesNotFit),
            { Flood: Flood.Asking } => End(EndReasons.OutputLimit, "too many questions a second; " + how,
                EndReasons.Precise.TooManyQuestions),
            { Flood: Flood.Printing } => End(EndReasons.OutputLimit, how),
            { StopAsked: true, KilledAfterGrace: true } => End(EndReasons.Stopped, how + "; it did not end by itself after QUIT"),
            { StopAsked: true } => End(EndReasons.Stopped, how),
            { Warm: false } => End(EndReasons.SandboxLost, how + " before Python was ready", EndReasons.Precise.PythonDidNotStart),
            { OutOfMemory: true } => End(EndReasons.MemoryLimit, how + "; the kernel killed for memory"),
            { Result.Kind: EndReasons.MemoryLimit } => End(EndReasons.MemoryLimit, "MemoryError; " + how),
            { Result.Kind: EndReasons.DiskLimit } => End(EndReasons.DiskLimit, "no space left; " + how),
            { Result.Kind: EndReasons.ProcessLimit } => End(EndReasons.ProcessLimit, "no more threads or processes; " + how),
            { Result.Kind: EndReasons.Crashed } => End(EndReasons.Crashed, "uncaught exception; " + how),
            { Exit.Signal: Native.Libc.SigKill } => End(EndReasons.SandboxLost, how),
            { Exit.Signal: not null } => End(EndReasons.Crashed, how, EndReasons.Precise.PythonCrashed),
            { Exit.Code: { } code and not 0 } => End(EndReasons.Finished, how, EndReasons.Precise.FinishedWithCode(code)),
            _ => End(EndReasons.Finished, how),
        };

        SessionEnded End(string reason, string detail, string? sentence = null) =>
            new(reason, sentence ?? EndReasons.SentenceOf(reason), detail, facts.Exit.Code);
    }
}
