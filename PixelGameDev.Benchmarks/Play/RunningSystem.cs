using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Benchmarks.Play;

/// <summary>
/// The measured system: either one of our own, as plain child processes on free ports with separate data, or one that runs already, such as
/// that of <c>./pixel run</c>.
/// </summary>
internal sealed partial class RunningSystem : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan QuietLimit = TimeSpan.FromMinutes(2);

    private readonly Process? _process;
    private readonly string? _data;

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Uri _executor;
    private string? _identity;

    private RunningSystem(Uri address, Uri executor, Process? process, string? data)
    {
        Address = address;
        _executor = executor;
        _process = process;
        _data = data;
    }

    /// <summary>The address of the page.</summary>
    public Uri Address { get; }

    /// <summary>The process that started the others; null when the system ran before.</summary>
    public int? ProcessId => _process?.Id;

    /// <param name="address">The address of a system that runs already; null starts one.</param>
    /// <param name="settings">Additional environment variables for a system that this starts.</param>
    /// <param name="executor">The address of the Executor of a system that runs already.</param>
    public static async Task<RunningSystem> StartAsync(
        string? address, IEnumerable<KeyValuePair<string, string>>? settings = null, string? executor = null)
    {
        if (address is not null)
        {
            RunningSystem there = new(new Uri(address), new Uri(executor ?? "http://127.0.0.1:5001"), null, null);
            await there.UntilQuietAsync();
            return there;
        }

        string root = Results.RepositoryRoot();
        string data = Directory.CreateTempSubdirectory("pixel-bench-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // As root, Postgres runs as another user, who must be able to enter the directory.
            File.SetUnixFileMode(data, (UnixFileMode)0b111_101_101);
        }

        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = root };
        string executorPort = Ports.Free().ToString(CultureInfo.InvariantCulture);
        foreach (string argument in new[] { typeof(RunningSystem).Assembly.Location, "system", "--executor-port", executorPort,
            "--data", data })
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
        process.Exited += (_, _) =>
            ready.TrySetException(new InvalidOperationException("The system ended at its start:\n" + string.Join('\n', output)));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Uri found = await ready.Task.WaitAsync(StartLimit);
        RunningSystem system = new(found, new Uri("http://127.0.0.1:" + executorPort), process, data);
        try
        {
            await system.UntilGamesCanStartAsync();
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }

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
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < StartLimit; await Task.Delay(200))
        {
            // {"checks":{"database":true,"executor":true,"docker":true}, …}
            using JsonDocument health = JsonDocument.Parse(await _http.GetStringAsync(new Uri(Address, "/api/health")));
            if (health.RootElement.GetProperty("checks").EnumerateObject().All(check => check.Value.GetBoolean()))
            {
                await UntilQuietAsync();
                return;
            }
        }

        throw new TimeoutException($"No game can start {StartLimit.TotalMinutes:0} minutes after the system was ready.");
    }

    /// <summary>
    /// Waits until at most <paramref name="playing"/> games run, the pool has as many warm sandboxes as it wants, and no other sandbox
    /// exists (one that is created or removed). Then only these games affect the next measurement.
    /// </summary>
    /// <exception cref="InvalidOperationException">This did not happen in time; the message gives the last state.</exception>
    public async Task UntilQuietAsync(int playing = 0)
    {
        string stood = "";
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < QuietLimit; await Task.Delay(50))
        {
            JsonElement games;
            try
            {
                // The answer of status 503 contains the document too.
                using HttpResponseMessage answer = await _http.GetAsync(new Uri(_executor, "/api/health"));
                games = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("game_sessions");
            }
            catch (Exception error) when (error is HttpRequestException or JsonException or KeyNotFoundException
                or OperationCanceledException)
            {
                stood = $"its health document at {_executor} cannot be read ({error.Message}); --executor URL says where it is";
                continue;
            }

            int active = games.GetProperty("active_count").GetInt32();
            int warm = games.GetProperty("warm").GetInt32();
            int wanted = games.GetProperty("warm_wanted").GetInt32();
            stood = string.Create(CultureInfo.InvariantCulture,
                $"{active} games run where {playing} should, {warm} sandboxes wait where {wanted} should");
            if (active <= playing && warm == wanted)
            {
                // This comes last, because it costs more.
                int sandboxes = Identity() is { } name ? Docker.Sandboxes(name).Length : 0;
                if (sandboxes <= warm + active)
                {
                    return;
                }

                stood += string.Create(CultureInfo.InvariantCulture, $"; there are {sandboxes} containers");
            }
        }

        throw new InvalidOperationException($"The Executor did not get quiet within {QuietLimit.TotalMinutes:0} minutes: {stood}.");
    }

    /// <summary>Returns the number of sandboxes that wait in the Executor's pool.</summary>
    public async Task<int> WarmAsync()
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(_executor, "/api/health"));
        using JsonDocument health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return health.RootElement.GetProperty("game_sessions").GetProperty("warm").GetInt32();
    }

    /// <summary>Returns the processes of the Executor; none when the system is not ours.</summary>
    public IEnumerable<int> Executors() => _process is null
        ? []
        : ProcessTimes.Descendants(_process.Id)
            .Where(id => ProcessTimes.CommandOf(id)?.Contains("PixelGameDev.Executor", StringComparison.Ordinal) == true);

    /// <summary>Returns the Api's process; null when the system is not ours or the Api does not run now.</summary>
    public int? ApiProcess() => _process is null
        ? null
        : ProcessTimes.Descendants(_process.Id).Where(id =>
            ProcessTimes.CommandOf(id)?.Contains("PixelGameDev.Api", StringComparison.Ordinal) == true).Cast<int?>().FirstOrDefault();

    /// <summary>Returns the first process of the database server, which started the others; null when the system is not ours.</summary>
    public int? DatabaseProcess() => _process is null ? null : ProcessTimes.Roots(_process.Id, "postgres").Cast<int?>().FirstOrDefault();

    /// <summary>Returns the Executor's process; null when the system is not ours or the Executor does not run now.</summary>
    public int? ExecutorProcess() => Executors().Cast<int?>().FirstOrDefault();

    /// <summary>The address of the Executor.</summary>
    public Uri ExecutorAddress => _executor;

    /// <summary>The directory of its database and secrets; null when the system is not ours.</summary>
    public string? DataDirectory => _data;

    /// <summary>Returns the directory of the links between the Executor and its sandboxes; null when the system is not ours.</summary>
    public string? LinkDirectory() => SettingOf(ExecutorProcess(), "SANDBOX_LINK_DIRECTORY");

    /// <summary>Returns the connection string of its database.</summary>
    public string ConnectionString() =>
        SettingOf(ApiProcess(), "ConnectionStrings__pixel-gamedev")
            ?? throw new InvalidOperationException("The Api is not there, or not ours.");

    /// <summary>Returns the name in the labels of its Executor's containers; null when the system is not ours.</summary>
    public string? Identity() => _identity ??= SettingOf(ExecutorProcess(), "EXECUTOR_ID");

    /// <summary>Returns a variable of a process's environment; null when the process or the variable does not exist.</summary>
    private static string? SettingOf(int? process, string name)
    {
        try
        {
            return process is null
                ? null
                : File.ReadAllText($"/proc/{process}/environ").Split('\0')
                    .FirstOrDefault(setting => setting.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    /// <summary>Ends the processes. Their data stay until <see cref="DisposeAsync"/>.</summary>
    public async Task StopAsync()
    {
        if (_process is { HasExited: false })
        {
            _ = Signal(_process.Id, 15);
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30)).ContinueWith(_ => { }, TaskScheduler.Default);
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is null)
        {
            return;
        }

        await StopAsync();
        Peers.Children.Forget(_process.Id);
        _process.Dispose();
        Directory.Delete(_data!, recursive: true);
    }

    [GeneratedRegex(@"PixelGameDev is ready: (\S+)")]
    private static partial Regex ReadyLine();

    /// <summary>Sends a signal to a process and returns 0 when the process exists.</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Signal(int process, int signal);
}
