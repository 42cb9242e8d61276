using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Benchmarks.Processes;
using PixelGameDev.Tests.Browser;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

/// <summary>
/// Tests the AppHost as people start it: as a process, with Aspire's orchestrator and everything else real. It runs in parallel to other
/// tests, because it mostly waits.
/// </summary>
public sealed partial class AppHostTests(BrowserFixture browser) : IClassFixture<BrowserFixture>, IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_game_is_played_and_ctrl_c_stops_everything_and_leaves_only_the_data()
    {
        using ManagedProcess host = await StartHostAsync();
        Uri address = await ReadyAsync(host);
        await Visitor.VisitAsync(browser, address, async visitor =>
        {
            await visitor.PressRunAsync();
            await visitor.SeeAnyPictureAsync();
        });
        Assert.NotEmpty(await ContainersAsync());
        Assert.All([host.Id, .. Children(host, "PixelGameDev.Api"), .. Children(host, "PixelGameDev.Executor")], static process =>
            Assert.Equal(0, WatchedDirectories(process)));

        host.Signal(Posix.SigInt);

        Assert.Equal(0, await EndAsync(host));
        await Eventually.TrueAsync(() => Children(host).Count == 0, "nothing that it started lives");
        Assert.False(File.Exists(_directory.Sub("data/postgres.lock")));
        Assert.False(File.Exists(_directory.Sub("data/postgres/postmaster.pid")));
        Assert.False(Directory.Exists(new UserData(_directory.Sub("data")).Links));
        Assert.Empty(await ContainersAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => new HttpClient().GetAsync(address));
    }

    [Fact]
    public async Task A_killed_host_takes_its_children_along_and_the_next_start_works()
    {
        using (ManagedProcess host = await StartHostAsync())
        {
            await ReadyAsync(host);
            Posix.Signal(host.Id, Posix.SigKill);
            await host.Exited;
            await Eventually.TrueAsync(() => Children(host).Count == 0, "no process of the killed host lives");
        }

        using ManagedProcess next = await StartHostAsync();
        await ReadyAsync(next);
        next.Signal(Posix.SigTerm);
        Assert.Equal(0, await EndAsync(next));
    }

    [Fact]
    public async Task A_taken_port_ends_the_start_with_one_sentence()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        (int code, string output) = await ManagedProcess.RunAsync(Spec("--port", $"{port}"), CancellationToken.None);

        Assert.Equal(1, code);
        Assert.Equal(
            $"Port {port} for the page is taken: stop what uses it (ss -ltnp 'sport = :{port}' shows it), or choose another with --port N.",
            output);
    }

    [Fact]
    public async Task A_wrong_option_ends_the_start_with_one_sentence()
    {
        (int code, string output) = await ManagedProcess.RunAsync(Spec("--porrt", "1"), CancellationToken.None);

        Assert.Equal((1, "'--porrt' is no option of this program; --help shows them."), (code, output));
    }

    [Fact]
    public async Task Without_docker_where_it_is_a_must_the_start_ends_and_says_so()
    {
        ProcessSpec spec = Spec("--port", "0");
        (int code, string output) = await ManagedProcess.RunAsync(
            spec with
            {
                Environment = new Dictionary<string, string?>(spec.Environment)
                {
                    ["FORCE_DOCKER_EXECUTION"] = "true",
                    ["DOCKER_HOST"] = "unix://" + _directory.Sub("nothing.sock")
                },
            },
            CancellationToken.None);

        Assert.Equal(1, code);
        Assert.Contains("Postgres is up.", output, StringComparison.Ordinal);
        Assert.Contains("Api is up.", output, StringComparison.Ordinal);
        Assert.Contains("Docker", output, StringComparison.Ordinal);
        Assert.Contains("Executor ended while starting", output, StringComparison.Ordinal);
        Assert.DoesNotContain("PixelGameDev is ready", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crashed_part_is_started_again_at_the_same_address()
    {
        using ManagedProcess host = await StartHostAsync();
        Uri address = await ReadyAsync(host);
        using HttpClient client = new();
        string[] parts = ["bin/postgres", "PixelGameDev.Executor", "PixelGameDev.Api"];
        foreach (string part in parts)
        {
            int first = Assert.Single(Children(host, part));
            Posix.Signal(first, Posix.SigKill);
            await Eventually.TrueAsync(
                async () => Children(host, part) is [int next] && next != first && await HealthyAsync(client, address),
                $"{part} is back and the system is healthy", TimeSpan.FromMinutes(2));
        }

        host.Signal(Posix.SigTerm);
        Assert.Equal(0, await EndAsync(host));
    }

    private static async Task<bool> HealthyAsync(HttpClient client, Uri service)
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri(service, "/api/health"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private ProcessSpec Spec(params string[] arguments) =>
        // A shell starts background jobs with an ignored interrupt. Tests inherit it, and .NET keeps ignored signals ignored.
        new("env", ["--default-signal=INT", Tool.Dotnet, Repository.Find().Assembly("PixelGameDev.AppHost"), "--data",
            _directory.Sub("data"), "--executor-port", "0", .. arguments])
        {
            // Marks the environment that every child inherits, so that the test finds its children.
            Environment = new Dictionary<string, string?>
            {
                ["PIXELGAMEDEV_TEST"] = _directory.Path,
                ["ASPNETCORE_ENVIRONMENT"] = null,
                ["RATE_LIMITS"] = "off"
            },
        };

    private Task<ManagedProcess> StartHostAsync() => ManagedProcess.StartAsync(Spec("--port", "0"));

    private static async Task<Uri> ReadyAsync(ManagedProcess host)
    {
        Match match = Match.Empty;
        long limit = Environment.TickCount64 + 120_000;
        while (!host.HasExited && !(match = ReadyLine().Match(string.Join('\n', host.Tail))).Success && Environment.TickCount64 < limit)
        {
            await Task.Delay(50);
        }

        Assert.True(match.Success, "It did not get ready; its last lines:\n" + string.Join('\n', host.Tail));
        return new Uri(match.Groups[1].Value);
    }

    /// <summary>Returns how many files and directories a process watches for changes (inotify).</summary>
    private static int WatchedDirectories(int process)
    {
        int count = 0;
        foreach (string descriptor in Directory.GetFiles($"/proc/{process}/fdinfo"))
        {
            try
            {
                count += File.ReadLines(descriptor).Count(static line => line.StartsWith("inotify ", StringComparison.Ordinal));
            }
            catch (FileNotFoundException)
            {
                // It was closed meanwhile.
            }
        }

        return count;
    }

    private static async Task<int> EndAsync(ManagedProcess host)
    {
        await Task.WhenAny(host.Exited, Task.Delay(TimeSpan.FromMinutes(2)));
        Assert.True(host.HasExited, "The host did not end; its last lines:\n" + string.Join('\n', host.Tail));
        return await host.Exited;
    }

    /// <summary>Returns the sandboxes of this test's system that Docker still has.</summary>
    private async Task<string> ContainersAsync()
    {
        string executor = "executor-" + new UserData(_directory.Sub("data")).ShortName;
        (int code, string output) = await ManagedProcess.RunAsync(
            new ProcessSpec("docker", ["ps", "--all", "--quiet", "--filter", "label=pixelgamedev.executor=" + executor]),
            CancellationToken.None);
        Assert.Equal(0, code);
        return output;
    }

    /// <summary>
    /// Returns the processes of this test without the host, the oldest first. With <paramref name="program"/> it returns only the first
    /// process of that program.
    /// </summary>
    private List<int> Children(ManagedProcess host, string? program = null)
    {
        List<(int Id, int Parent)> found = [];
        foreach (string entry in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id != host.Id)
            {
                try
                {
                    if (File.ReadAllText(Path.Combine(entry, "environ"))
                        .Contains("PIXELGAMEDEV_TEST=" + _directory.Path, StringComparison.Ordinal)
                        && (program is null || IsProgram(File.ReadAllText(Path.Combine(entry, "cmdline")).Split('\0'), program)))
                    {
                        string stat = File.ReadAllText(Path.Combine(entry, "stat"));
                        found.Add((id, int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture)));
                    }
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // It ended meanwhile, or belongs to another user.
                }
            }
        }

        return program is null
            ? [.. found.Select(static one => one.Id)]
            : [.. found.Where(one => found.All(other => other.Id != one.Parent)).Select(static one => one.Id)];
    }

    private static bool IsProgram(string[] command, string program) =>
        command[0].EndsWith(program, StringComparison.Ordinal)
            || (command.Length > 1 && command[1].EndsWith($"{program}.dll", StringComparison.Ordinal));

    [GeneratedRegex("PixelGameDev is ready: (http://\\S+)")]
    private static partial Regex ReadyLine();
}
