using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Game;

/// <summary>What a game made so much of that it was stopped.</summary>
internal enum Flood
{
    None,
    Printing,
    Asking,
}

/// <summary>Everything known when the game's process has gone.</summary>
/// <param name="Exit">How the process ended.</param>
/// <param name="Result">What the Python side said last, if it could.</param>
/// <param name="Warm">Python had loaded pygame.</param>
/// <param name="Started">The learner's code had been started.</param>
/// <param name="StopAsked">The session was told to stop.</param>
/// <param name="KilledAfterGrace">The game did not end by itself then.</param>
/// <param name="Flood">What the game flooded.</param>
/// <param name="OutOfMemory">The kernel killed something here for memory.</param>
/// <param name="ProjectDoesNotFit">A file of the project could not be written.</param>
internal readonly record struct EndFacts(
    ProcessExit Exit, GameResult? Result, bool Warm, bool Started, bool StopAsked, bool KilledAfterGrace, Flood Flood, bool OutOfMemory,
    bool ProjectDoesNotFit = false);

/// <summary>Names the end of a session.</summary>
internal static class EndReport
{
    public static SessionEnded Of(EndFacts facts)
    {
        string detail = facts.Exit.Signal is { } signal ? $"killed by signal {signal}" : $"exit code {facts.Exit.Code}";
        int? code = facts.Exit.Code;
        return facts switch
        {
            { ProjectDoesNotFit: true } => new(EndReasons.DiskLimit, "Your project does not fit: its files need more room than a game has.",
                "a file of the project could not be written; " + detail, code),
            { Flood: Flood.Asking } =>
                new(EndReasons.OutputLimit,
                    "Your game asked for input over and over, faster than anybody can answer. Is there an input() in a fast loop?",
                    "too many questions a second; " + detail, code),
            { Flood: Flood.Printing } =>
                new(EndReasons.OutputLimit, "Your game printed far too much, so it was stopped. Is there a print() in a fast loop?",
                    detail, code),
            { StopAsked: true, KilledAfterGrace: true } =>
                new(EndReasons.Stopped, "Your game was stopped.", detail + "; it did not end by itself after QUIT", code),
            { StopAsked: true } => new(EndReasons.Stopped, "Your game was stopped.", detail, code),
            { Warm: false } => new(EndReasons.SandboxLost, "The sandbox could not start Python. Please try again.",
                detail + " before Python was ready", code),
            { OutOfMemory: true } =>
                new(EndReasons.MemoryLimit, "Your game used more memory than it may have.",
                    detail + "; the kernel killed for memory", code),
            { Result.Kind: EndReasons.MemoryLimit } =>
                new(EndReasons.MemoryLimit, "Your game used more memory than it may have.", "MemoryError; " + detail, code),
            { Result.Kind: EndReasons.DiskLimit } =>
                new(EndReasons.DiskLimit, "Your game wrote more files than it has room for.", "no space left; " + detail, code),
            { Result.Kind: EndReasons.ProcessLimit } =>
                new(EndReasons.ProcessLimit, "Your game started more threads or programs than it may.",
                    "no more threads or processes; " + detail, code),
            { Result.Kind: EndReasons.Crashed } =>
                new(EndReasons.Crashed, "Your game stopped because of an error.", "uncaught exception; " + detail, code),
            { Exit.Signal: Native.Libc.SigKill } => new(EndReasons.SandboxLost, "Your game was ended from outside.", detail, code),
            { Exit.Signal: not null } => new(EndReasons.Crashed, "Python itself crashed while it ran your game.", detail, code),
            { Exit.Code: 0 } => new(EndReasons.Finished, "Your game finished.", detail, code),
            _ => new(EndReasons.Finished, $"Your game finished with exit code {code}.", detail, code),
        };
    }
}
