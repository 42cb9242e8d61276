using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PixelGameDev.Benchmarks.Play;

/// <summary>
/// The system under measurement: one of our own, started as <c>./pixel run</c> starts it, on free ports with data of its own;
/// or one that runs already.
/// </summary>
internal sealed partial class RunningSystem : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(6);

    private readonly Process? process;
    private readonly string? data;

    private RunningSystem(Uri address, Process? process, string? data)
    {
        Address = address;
        this.process = process;
        this.data = data;
    }

    /// <summary>Where the page is.</summary>
    public Uri Address { get; }

    /// <summary>The AppHost; null when the system was there before.</summary>
    public int? ProcessId => process?.Id;

    /// <param name="address">A system that runs already; null starts one.</param>
    /// <param name="settings">More of the environment of one that is started.</param>
    public static async Task<RunningSystem> StartAsync(string? address, IEnumerable<KeyValuePair<string, string>>? settings = null)
    {
        if (address is not null)
        {
            return new RunningSystem(new Uri(address), null, null);
        }

        string root = Results.RepositoryRoot();
        string configuration = AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";
        string host = Path.Combine(root, "PixelGameDev.AppHost", "bin", configuration, "net10.0", "PixelGameDev.AppHost.dll");
        string data = Directory.CreateTempSubdirectory("pixel-bench-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // Postgres refuses to run as root, and then runs as a user who must get in.
            File.SetUnixFileMode(data, (UnixFileMode)0b111_101_101);
        }

        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = root };
        foreach (string argument in new[] { host, "--processes", "--port", "0", "--executor-port", "0", "--data", data })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["FORCE_DOCKER_EXECUTION"] = "true";
        start.Environment["LOG_LEVEL"] = "warning";
        // One visitor presses Run more often than a person would.
        start.Environment["RATE_LIMITS"] = "off";
        foreach ((string name, string value) in settings ?? [])
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException("The system did not start.");
        Peers.Children.AskAtEnd(process);
        TaskCompletionSource<Uri> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ConcurrentQueue<string> output = new();
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("The system ended at its start:\n" + string.Join('\n', output)));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Uri found = await ready.Task.WaitAsync(StartLimit);
        RunningSystem system = new(found, process, data);
        await system.UntilGamesCanStartAsync();
        return system;

        void Read(string? line)
        {
            if (line is null)
            {
                return;
            }

            output.Enqueue(line);
            while (output.Count > 200 && output.TryDequeue(out _))
            {
            }

            // "host | PixelGameDev is ready: http://localhost:5000"
            if (ReadyLine().Match(line) is { Success: true } match)
            {
                ready.TrySetResult(new Uri(match.Groups[1].Value));
            }
        }
    }

    private async Task UntilGamesCanStartAsync()
    {
        using HttpClient http = new() { BaseAddress = Address };
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < StartLimit; await Task.Delay(200))
        {
            // {"checks":{"database":true,"executor":true,"docker":true}, …}
            using System.Text.Json.JsonDocument health = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync("/api/health"));
            if (health.RootElement.GetProperty("checks").EnumerateObject().All(check => check.Value.GetBoolean()))
            {
                // The pool fills.
                await Task.Delay(2000);
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is null)
        {
            return;
        }

        if (!process.HasExited)
        {
            _ = Signal(process.Id, 15);
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30)).ContinueWith(_ => { }, TaskScheduler.Default);
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        Peers.Children.Forget(process.Id);
        process.Dispose();
        Directory.Delete(data!, recursive: true);
    }

    [GeneratedRegex(@"PixelGameDev is ready: (\S+)")]
    private static partial Regex ReadyLine();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
