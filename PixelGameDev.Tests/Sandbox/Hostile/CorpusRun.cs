using System.Collections.Concurrent;
using System.Diagnostics;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Sandbox.Hostile;

/// <summary>The result of one program.</summary>
/// <param name="Program">The program.</param>
/// <param name="End">How its session ended; null: it did not end.</param>
/// <param name="Console">What it printed.</param>
/// <param name="NeighbourLost">The part of the neighbour's frames that was lost meanwhile; null: there was no neighbour.</param>
/// <param name="Alone">Whether no second program ran at the same time.</param>
internal sealed record Outcome(HostileProgram Program, SessionEnded? End, string Console, double? NeighbourLost, bool Alone = false)
{
    /// <summary>Returns what is wrong; null when everything is right.</summary>
    public string? Failure
    {
        get
        {
            string said = string.Join('\n', Console.Split('\n').Where(static line => line.Length < 300).TakeLast(12));
            if (Console.Contains("ESCAPED", StringComparison.Ordinal))
            {
                return $"{Program.Name} escaped: {said}";
            }

            if (End is null || !Program.Ends.Contains(End.Reason))
            {
                return $"{Program.Name} ended as {End?.ToString() ?? "nothing at all"}, not as {string.Join(" or ", Program.Ends)}: {said}";
            }

            string? word = Program.Expect switch
            {
                Expectation.Blocked => "BLOCKED",
                Expectation.Survived => "SURVIVED",
                _ => null,
            };
            // A process that the kernel ended cannot print any more.
            bool mute = End.Reason is EndReasons.MemoryLimit or EndReasons.ProcessLimit or EndReasons.DiskLimit or EndReasons.SandboxLost;
            return word is null || mute || Console.Contains(word, StringComparison.Ordinal) ? null
                : $"{Program.Name} never said {word}: {said}";
        }
    }
}

/// <summary>
/// Runs the whole corpus through a real Executor, two programs at a time, while a neighbour plays, and checks what is left.
/// </summary>
/// <remarks>
/// The neighbour's loss compares the frames that arrive from those shown while a program runs (at least <see cref="LeastWindow"/>) with the
/// frames that arrive while nobody else plays. Two hostile programs at once are harder than the promise, so if next to nothing was lost,
/// both have kept it. The other programs are measured again, each alone and at first for as long. One starts again every
/// <see cref="Pace"/> until next to nothing was lost since its first start, or for <see cref="LongWindow"/>. Then that figure counts.
/// </remarks>
public sealed class CorpusRun : IAsyncLifetime
{
    /// <summary>The promise: a neighbour loses less than this part of its frames to any program.</summary>
    internal const double MostLost = 0.05;

    /// <summary>A loss next to two programs that says nothing against either. One frame in a window of 1.5 s is 0.011.</summary>
    private const double NextToNothing = 0.035;

    private const int Lanes = 2;
    private const int SubprocessLanes = 4;
    private const int Sessions = 6;
    private static readonly TimeSpan LeastWindow = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan PressStopAfter = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan LongWindow = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(3);
    // With twenty processes at the memory limit the kernel searched for 1 to 13 s before each kill, 41 s in all.
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ShortSession = TimeSpan.FromSeconds(4);

    /// <summary>Holds the outcome of each program in Docker sandboxes.</summary>
    internal IReadOnlyList<Outcome> Docker { get; private set; } = [];

    /// <summary>Holds the outcome of each program that the subprocess sandbox promises to contain.</summary>
    internal IReadOnlyList<Outcome> Subprocess { get; private set; } = [];

    /// <summary>The kind of the subprocess sandbox on this machine.</summary>
    internal string SubprocessKind { get; private set; } = "";

    /// <summary>Lists what was left at the end. It must be empty.</summary>
    internal List<string> Leftovers { get; } = [];

    public async Task InitializeAsync()
    {
        Docker = await RunInDockerAsync();
        await ReportAsync();
        Subprocess = await RunInSubprocessesAsync();
        await ReportAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Writes the full report with its figures, which differ from run to run. It is not committed.</summary>
    private Task ReportAsync()
    {
        string file = Path.Combine(PixelGameDev.AppHost.Repository.Find().Root, "artifacts", "hostile.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return File.WriteAllLinesAsync(file, Docker.Select(static outcome => ("docker", outcome))
            .Concat(Subprocess.Select(static outcome => ("subprocess", outcome)))
            .Select(static row => string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{row.Item1,-10} {row.outcome.Program.Name,-32} {row.outcome.End?.Reason ?? "-",-14} lost " +
                    $"{row.outcome.NeighbourLost ?? 0:P1} {(row.outcome.Alone ? "alone" : "")} | " +
                    $"{row.outcome.Failure?.ReplaceLineEndings(" / ") ?? "held"} | {row.outcome.End?.Detail}")));
    }

    private async Task<IReadOnlyList<Outcome>> RunInDockerAsync()
    {
        Dictionary<string, string?> settings = new()
        {
            ["FORCE_DOCKER_EXECUTION"] = "true",
            ["MAX_CONCURRENT_SESSIONS"] = Sessions.ToString(System.Globalization.CultureInfo.InvariantCulture),
            // The neighbour plays all the time.
            ["MAX_SESSION_TIME"] = "3600",
            ["SANDBOX_WARM"] = "2",
        };
        await using TestExecutor executor = await TestExecutor.StartAsync(settings);
        // The same daemon and machine, but a short time limit: for programs that only the time limit ends.
        await using TestExecutor impatient = await TestExecutor.StartAsync(new Dictionary<string, string?>(settings)
        {
            ["MAX_SESSION_TIME"] = ShortSession.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["SANDBOX_WARM"] = "0",
        });

        ConcurrentBag<Outcome> outcomes = [];
        await using (Neighbour neighbour = await Neighbour.StartAsync(executor))
        {
            await EachAsync(Lanes, async program => outcomes.Add(await RunAsync(Suited(program), program, neighbour)));

            Docker = [.. outcomes];
            await ReportAsync();
            foreach (Outcome unclear in Docker.Where(static outcome => outcome is { Failure: null, NeighbourLost: > NextToNothing }))
            {
                Outcome alone = await RunAloneAsync(unclear, neighbour);
                Docker = [.. Docker.Where(outcome => outcome != unclear), alone];
                await ReportAsync();
            }

            if (!neighbour.Plays)
            {
                Leftovers.Add($"The neighbour's game did not survive: {neighbour.End}\n{executor.Log}");
            }

            if (!await BecomesAsync(() => OnlyThePoolIsLeftAsync(executor)))
            {
                Leftovers.AddRange(await SandboxLeftovers.ContainersAsync(executor.Identity));
                Leftovers.Add($"{await executor.WarmAsync()} of them wait, one is the neighbour's.");
            }
        }

        await executor.StopAsync();
        await impatient.StopAsync();
        await CollectLeftoversAsync(executor);
        await CollectLeftoversAsync(impatient);
        return [.. Docker.OrderBy(static outcome => outcome.Program.Name, StringComparer.Ordinal)];

        async Task<Outcome> RunAloneAsync(Outcome unclear, Neighbour neighbour)
        {
            long from = Stopwatch.GetTimestamp();
            Outcome outcome = unclear;
            TimeSpan pace = LeastWindow;
            while (outcome is { Failure: null, NeighbourLost: > NextToNothing } && Stopwatch.GetElapsedTime(from) < LongWindow)
            {
                outcome = await RunAsync(Suited(unclear.Program), unclear.Program, neighbour, pace, pace);
                outcome = outcome with { NeighbourLost = await neighbour.LostAsync(from, Stopwatch.GetTimestamp()) };
                pace = Pace;
            }

            return outcome with { Alone = true };
        }

        TestExecutor Suited(HostileProgram program) => program.Ends is [EndReasons.TimeLimit] ? impatient : executor;
    }

    private async Task<IReadOnlyList<Outcome>> RunInSubprocessesAsync()
    {
        await using TestExecutor executor = await TestExecutor.StartAsync(new Dictionary<string, string?>
        {
            ["FORCE_DOCKER_EXECUTION"] = "false",
            ["SANDBOX_KIND"] = SandboxKinds.Bubblewrap,
            ["MAX_CONCURRENT_SESSIONS"] = "6",
            ["SANDBOX_WARM"] = "1",
        });
        SubprocessKind = SandboxKinds.Bubblewrap;
        ConcurrentBag<Outcome> outcomes = [];
        await EachAsync(
            SubprocessLanes,
            async program => outcomes.Add(await RunAsync(executor, program, neighbour: null)),
            static program => program.SubprocessGap is null && program.Ends is not [EndReasons.TimeLimit]);
        await executor.StopAsync();
        await CollectLeftoversAsync(executor);
        return [.. outcomes.OrderBy(static outcome => outcome.Program.Name, StringComparer.Ordinal)];
    }

    private static async Task EachAsync(int lanes, Func<HostileProgram, Task> run, Func<HostileProgram, bool>? which = null)
    {
        ConcurrentQueue<HostileProgram> waiting = new(HostileProgram.All.Where(which ?? (static _ => true)));
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(async _ =>
        {
            while (waiting.TryDequeue(out HostileProgram? program))
            {
                await run(program);
            }
        }));
    }

    private static Task<Outcome> RunAsync(TestExecutor executor, HostileProgram program, Neighbour? neighbour) =>
        RunAsync(executor, program, neighbour, PressStopAfter, LeastWindow);

    private static async Task<Outcome> RunAsync(
        TestExecutor executor, HostileProgram program, Neighbour? neighbour, TimeSpan pressStopAfter, TimeSpan leastWindow)
    {
        long from = Stopwatch.GetTimestamp();
        WatchedSession? started = null;
        try
        {
            started = await WatchedSession.StartAsync(executor, program.Source, ("hostile.py", HostileProgram.Support));
        }
        catch (Exception error) when (error is Xunit.Sdk.XunitException or HttpRequestException or System.Net.WebSockets.WebSocketException)
        {
            return new Outcome(program, null, error.Message, null);
        }

        await using WatchedSession session = started;
        SessionEnded? end = null;
        try
        {
            if (program.Ends.Contains(EndReasons.Stopped)
                && await Task.WhenAny(session.Ended, Task.Delay(pressStopAfter)) != session.Ended)
            {
                await session.StopAsync();
            }

            end = await session.Ended.WaitAsync(LongestRun);
        }
        catch (TimeoutException)
        {
            await session.StopAsync();
        }
        catch (InvalidOperationException)
        {
            // The stream was cut. The outcome has no end then.
        }

        TimeSpan left = leastWindow - Stopwatch.GetElapsedTime(from);
        if (neighbour is not null && left > TimeSpan.Zero)
        {
            await Task.Delay(left);
        }

        return new Outcome(program, end, session.Console, neighbour is null ? null
            : await neighbour.LostAsync(from, Stopwatch.GetTimestamp()));
    }

    /// <summary>
    /// Returns whether only the pool's sandboxes and the neighbour are left. The pool grows and shrinks with demand, so this asks before
    /// and after: a sandbox that is warm both times was there in between.
    /// </summary>
    private static async Task<bool> OnlyThePoolIsLeftAsync(TestExecutor executor)
    {
        int before = await executor.WarmAsync();
        int containers = (await SandboxLeftovers.ContainersAsync(executor.Identity)).Count;
        int warm = Math.Min(before, await executor.WarmAsync());
        return warm < Sessions && containers <= warm + 1;
    }

    private async Task CollectLeftoversAsync(TestExecutor executor)
    {
        if (!await BecomesAsync(async () => (await Left()).Count == 0))
        {
            Leftovers.AddRange(await Left());
        }

        async Task<List<string>> Left() =>
        [
            .. await SandboxLeftovers.ContainersAsync(executor.Identity),
            .. SandboxLeftovers.Files(executor.Links),
            .. SandboxLeftovers.Files(executor.TemporaryFiles),
            .. SandboxLeftovers.Processes(executor.Root),
        ];
    }

    private static async Task<bool> BecomesAsync(Func<Task<bool>> condition)
    {
        try
        {
            await Eventually.TrueAsync(condition, limit: TimeSpan.FromSeconds(30));
            return true;
        }
        catch (Xunit.Sdk.FailException)
        {
            return false;
        }
    }
}
