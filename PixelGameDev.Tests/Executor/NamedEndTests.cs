using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Executor;

/// <summary>
/// Tests every limit of a running game with a real game in a real container: the name of the end, the sentence for the player, the reason
/// for the operator. SessionTests and RateLimitTests cover the limits of a start (size of the code, sessions at a time, presses of Run).
/// </summary>
public sealed class NamedEndTests
{
    private const string Hog = "hoard = []\nwhile True: hoard.append(bytearray(b'x' * (1 << 20)))";

    private static readonly (string What, string Program, string Reason, string Sentence, string Detail)[] Watched =
    [
        ("never ends", "while True: pass", EndReasons.TimeLimit, "Time is up: a game may run for 12 seconds.",
            "MAX_SESSION_TIME of 12 s is over"),
        ("uses too much memory", Hog, EndReasons.MemoryLimit, "more memory than it may", "SANDBOX_MEMORY of 160 MiB"),
        ("has a child that uses too much memory", $"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {Quoted(Hog)}])",
            EndReasons.MemoryLimit, "more memory than it may", "SANDBOX_MEMORY of 160 MiB"),
        ("starts too many threads",
            "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
            EndReasons.ProcessLimit, "threads or programs", "SANDBOX_PIDS of 40"),
        ("starts too many programs", "import subprocess\nall = []\nwhile True: all.append(subprocess.Popen(['/usr/bin/sleep', '60']))",
            EndReasons.ProcessLimit, "threads or programs", "SANDBOX_PIDS of 40"),
        ("fills the disk", "with open('big', 'wb') as file:\n    while True: file.write(bytes(1 << 16))", EndReasons.DiskLimit,
            "more files than it has room for", "64 MiB and 8192 files of /work"),
        ("makes too many files", "for number in range(100000): open(str(number), 'w').close()", EndReasons.DiskLimit,
            "more files than it has room for", "64 MiB and 8192 files of /work"),
        ("prints for ever", "while True: print('x' * 1000)", EndReasons.OutputLimit, "printed far too much", "limit of console text"),
    ];

    [Fact]
    public async Task Every_limit_of_a_running_game_has_its_name_its_sentence_and_its_reason()
    {
        await using ExecutorHost host = await ExecutorHost.StartRealAsync(new()
        {
            ["FORCE_DOCKER_EXECUTION"] = "true",
            ["SANDBOX_MEMORY"] = "160m",
            ["SANDBOX_PIDS"] = "40",
            ["MAX_SESSION_TIME"] = "12",
            ["SESSION_IDLE_TIME"] = "4",
            ["SANDBOX_WARM"] = "2",
        });
        List<string> wrong = [];
        foreach ((string what, string program, string reason, string sentence, string detail) in Watched)
        {
            SessionInfo session = await host.RunAsync(ExecutorHost.Request(program));
            await using TestViewer viewer = await TestViewer.ConnectAsync(host, session.SessionId);
            SessionEnded seen = await viewer.EndAsync();
            SessionInfo record = await host.EndOfAsync(session.SessionId);
            if (seen.Reason != reason || !seen.Message.Contains(sentence, StringComparison.Ordinal)
                || seen.Detail?.Contains(detail, StringComparison.Ordinal) != true
                || (record.EndReason, record.EndMessage, record.EndDetail) != (seen.Reason, seen.Message, seen.Detail))
            {
                wrong.Add($"A game that {what}: {seen}, on record {record.EndReason}: {record.EndMessage} ({record.EndDetail})");
            }
        }

        SessionInfo alone = await host.RunAsync(ExecutorHost.Request("import time\ntime.sleep(60)"));
        SessionInfo idle = await host.EndOfAsync(alone.SessionId);
        if ((idle.EndReason, idle.EndMessage) != (EndReasons.Idle,
            "Nobody was watching any more, so the game was stopped. Press Run to play again.")
            || idle.EndDetail?.Contains("no viewer for 4 s", StringComparison.Ordinal) != true)
        {
            wrong.Add($"A game that nobody watches: {idle}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string Quoted(string program) =>
        "'" + program.Replace("'", "\\'", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "'";
}
