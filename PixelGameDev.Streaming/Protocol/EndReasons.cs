namespace PixelGameDev.Streaming.Protocol;

/// <summary>
/// Lists the named ends of a session, and the sentence that people read for each. This is the only table of them. GameHost, the
/// Executor and the Api take their sentences from here; the page has its own words for each reason in each language.
/// </summary>
/// <remarks>
/// A new reason needs a constant and a row here, and a title and a text in <c>PixelGameDev.Api/Web/src/language/*/play.ts</c>;
/// <c>EndReasonTests</c> names what is missing.
/// </remarks>
public static class EndReasons
{
    public const string Finished = "finished";
    public const string Stopped = "stopped";
    public const string Crashed = "crashed";
    public const string TimeLimit = "time_limit";
    public const string MemoryLimit = "memory_limit";
    public const string ProcessLimit = "process_limit";
    public const string DiskLimit = "disk_limit";
    public const string OutputLimit = "output_limit";
    public const string StreamLimit = "stream_limit";
    public const string Idle = "idle";
    public const string ProtocolError = "protocol_error";
    public const string SandboxLost = "sandbox_lost";
    public const string ShuttingDown = "shutting_down";

    /// <summary>No sandbox took the project, and the game has not run at all.</summary>
    public const string NotStarted = "not_started";

    private static readonly Dictionary<string, Row> Table = new()
    {
        [Finished] = new("Your game finished.", BySandbox: true),
        [Stopped] = new("You stopped the game.", BySandbox: true),
        [Crashed] = new("Your game stopped because of an error.", BySandbox: true),
        [TimeLimit] = new("Time is up: a game may run for {0}. Press Run to play again."),
        [MemoryLimit] = new("Your game used more memory than it may. Does a list or a picture keep growing?", BySandbox: true),
        [ProcessLimit] = new("Your game started too many threads or programs at once.", BySandbox: true),
        [DiskLimit] = new("Your game wrote more files than it has room for.", BySandbox: true),
        [OutputLimit] = new("Your game printed far too much. Is there a print() in a fast loop?", BySandbox: true),
        [StreamLimit] = new("Your game sent more pictures than can be shown.", BySandbox: true),
        [Idle] = new("Nobody was watching any more, so the game was stopped. Press Run to play again."),
        [ProtocolError] = new("The game was stopped because it did something that is not allowed here."),
        [SandboxLost] = new("The place your game ran in went away. That is not your fault: press Run to try again.", BySandbox: true),
        [ShuttingDown] = new("The server is being restarted. Press Run again in a minute."),
        [NotStarted] = new("Games cannot be started right now. Try again in a moment."),
    };

    /// <summary>Gets every reason.</summary>
    public static IReadOnlyCollection<string> All => Table.Keys;

    /// <summary>Returns whether a sandbox may name this end; only the Executor may name the others.</summary>
    public static bool MaySandboxSay(string? reason) => reason is not null && Table.TryGetValue(reason, out Row row) && row.BySandbox;

    /// <summary>Returns the sentence for a reason.</summary>
    /// <param name="reason">One of <see cref="All"/>; any other gets a sentence that fits every end.</param>
    /// <param name="maxSessionTime">The longest time that a game may run; only <see cref="TimeLimit"/> names it.</param>
    public static string SentenceOf(string reason, TimeSpan maxSessionTime = default) => !Table.TryGetValue(reason, out Row row)
        ? "The game has ended."
        : row.Sentence.Replace("{0}", InWords(maxSessionTime), StringComparison.Ordinal);

    private static string InWords(TimeSpan time) => time.TotalSeconds switch
    {
        < 120 => $"{time.TotalSeconds:0} seconds",
        _ when time.Seconds == 0 => $"{time.TotalMinutes:0} minutes",
        _ => $"{(int)time.TotalMinutes} minutes and {time.Seconds} seconds",
    };

    /// <param name="Sentence">The sentence for people; <c>{0}</c> stands for the longest time of a session.</param>
    /// <param name="BySandbox">Whether a sandbox may name this end.</param>
    private readonly record struct Row(string Sentence, bool BySandbox = false);

    /// <summary>Holds the sentences of ends whose cause is known more exactly than their reason says.</summary>
    public static class Precise
    {
        /// <summary>A <see cref="DiskLimit"/> before the game has started.</summary>
        public const string ProjectDoesNotFit = "Your project does not fit: its files need more room than a game has.";

        /// <summary>An <see cref="OutputLimit"/> of calls of <c>input()</c>.</summary>
        public const string TooManyQuestions =
            "Your game asked for input over and over, faster than anybody can answer. Is there an input() in a fast loop?";

        /// <summary>A <see cref="Crashed"/> without an exception of the learner's code.</summary>
        public const string PythonCrashed = "Python itself crashed while it ran your game.";

        /// <summary>A <see cref="SandboxLost"/> before the game has started.</summary>
        public const string PythonDidNotStart = "The sandbox could not start Python. Please try again.";

        /// <summary>A <see cref="SandboxLost"/> together with the Executor that ran it.</summary>
        public const string ServerRestarted = "The game stopped because its server was restarted. Press Run to play again.";

        /// <summary>A <see cref="SandboxLost"/> whose Executor does not answer.</summary>
        public const string ServerSilent = "The game was lost because its server has not answered for a minute. Press Run to play again.";

        /// <summary>A <see cref="Finished"/> with an exit code other than 0.</summary>
        public static string FinishedWithCode(int code) => $"Your game finished with exit code {code}.";
    }
}
