using System.Net;
using System.Net.Sockets;
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
public sealed class AppHostTests(BrowserFixture browser) : IClassFixture<BrowserFixture>, IDisposable
{
    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_game_is_played_and_ctrl_c_stops_everything_and_leaves_only_the_data()
    {
        using ManagedProcess host = await _host.StartAsync();
        Uri address = await TestHost.ReadyAsync(host);
        await Visitor.VisitAsync(browser, address, async visitor =>
        {
            await visitor.PressRunAsync();
            await visitor.SeeAnyPictureAsync();
        });
        Assert.NotEmpty(await _host.ContainersAsync());
        Assert.All(
            [host.Id, .. _host.Children(host, "PixelGameDev.Api"), .. _host.Children(host, "PixelGameDev.Executor")],
            static process => Assert.Equal(0, WatchedDirectories(process)));

        host.Signal(Posix.SigInt);

        Assert.Equal(0, await TestHost.EndAsync(host));
        await Eventually.TrueAsync(() => _host.Children(host).Count == 0, "nothing that it started lives");
        Assert.False(File.Exists(_host.Root.Sub("data/postgres.lock")));
        Assert.False(File.Exists(_host.Root.Sub("data/postgres/postmaster.pid")));
        Assert.False(Directory.Exists(new UserData(_host.Root.Sub("data")).Links));
        Assert.Empty(await _host.ContainersAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => new HttpClient().GetAsync(address));
    }

    [Fact]
    public async Task A_killed_host_takes_its_children_along_and_the_next_start_works()
    {
        using (ManagedProcess host = await _host.StartAsync())
        {
            await TestHost.ReadyAsync(host);
            Posix.Signal(host.Id, Posix.SigKill);
            await host.Exited;
            await Eventually.TrueAsync(() => _host.Children(host).Count == 0, "no process of the killed host lives");
        }

        using ManagedProcess next = await _host.StartAsync();
        await TestHost.ReadyAsync(next);
        next.Signal(Posix.SigTerm);
        Assert.Equal(0, await TestHost.EndAsync(next));
    }

    [Fact]
    public async Task A_taken_port_ends_the_start_with_one_sentence()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        (int code, string output) = await ManagedProcess.RunAsync(_host.Spec("--port", $"{port}"), CancellationToken.None);

        Assert.Equal(1, code);
        Assert.Equal(
            $"Port {port} for the page is taken: stop what uses it (ss -ltnp 'sport = :{port}' shows it), or choose another with --port N.",
            output);
    }

    [Fact]
    public async Task A_wrong_option_ends_the_start_with_one_sentence()
    {
        (int code, string output) = await ManagedProcess.RunAsync(_host.Spec("--porrt", "1"), CancellationToken.None);

        Assert.Equal((1, "'--porrt' is no option of this program; --help shows them."), (code, output));
    }

    [Fact]
    public async Task Without_docker_where_it_is_a_must_the_start_ends_and_says_so()
    {
        ProcessSpec spec = _host.Spec("--port", "0");
        (int code, string output) = await ManagedProcess.RunAsync(
            spec with
            {
                Environment = new Dictionary<string, string?>(spec.Environment)
                {
                    ["FORCE_DOCKER_EXECUTION"] = "true",
                    ["DOCKER_HOST"] = "unix://" + _host.Root.Sub("nothing.sock")
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
        using ManagedProcess host = await _host.StartAsync();
        Uri address = await TestHost.ReadyAsync(host);
        using HttpClient client = new();
        string[] parts = ["bin/postgres", "PixelGameDev.Executor", "PixelGameDev.Api"];
        foreach (string part in parts)
        {
            int first = Assert.Single(_host.Children(host, part));
            Posix.Signal(first, Posix.SigKill);
            await Eventually.TrueAsync(
                async () => _host.Children(host, part) is [int next] && next != first && await HealthyAsync(client, address),
                $"{part} is back and the system is healthy", TimeSpan.FromMinutes(2));
        }

        host.Signal(Posix.SigTerm);
        Assert.Equal(0, await TestHost.EndAsync(host));
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
}
