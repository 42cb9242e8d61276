using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Processes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

/// <summary>The host as people start it: a process of its own, with everything real.</summary>
[Collection(SystemCollection.Name)]
public sealed partial class ProcessHostTests : IDisposable
{
    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Ctrl_C_stops_everything_in_order_and_leaves_only_the_data()
    {
        using ManagedProcess host = await StartHostAsync();
        Uri address = await ReadyAsync(host);
        Assert.NotEmpty(Children(host));

        host.Signal(Posix.SigInt);

        Assert.Equal(0, await EndAsync(host));
        Assert.DoesNotContain(host.Tail, line => line.Contains("was killed", StringComparison.Ordinal));
        Assert.Empty(Children(host));
        Assert.False(File.Exists(directory.Sub("data/postgres.lock")));
        Assert.False(File.Exists(directory.Sub("data/postgres/postmaster.pid")));
        Assert.False(Directory.Exists(new UserData(directory.Sub("data")).Links));
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
            $"Port {port} for the page is taken: stop what uses it (ss -ltnp 'sport = :{port}' shows it), or choose another with --port N.", output);
    }

    [Fact]
    public async Task A_crashed_service_is_started_again_at_the_same_address()
    {
        await using TestSystem system = await TestSystem.StartAsync();
        int api = system.Host.Api.ProcessId!.Value;
        int executor = system.Host.Executor.ProcessId!.Value;

        Posix.Signal(api, Posix.SigKill);
        Posix.Signal(executor, Posix.SigKill);
        await system.Host.Postgres!.Server!.KillAsync();

        using HttpClient client = new();
        await Eventually.TrueAsync(
            async () => system.Host.Api.ProcessId is { } a && a != api && system.Host.Executor.ProcessId is { } e && e != executor
                && await HealthyAsync(client, system.Address) && await HealthyAsync(client, system.ExecutorAddress),
            "all three are back and healthy",
            TimeSpan.FromMinutes(2));
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

    private ProcessSpec Spec(params string[] arguments)
    {
        Repository repository = Repository.Find();
        // A test run in the background of a shell inherits an ignored interrupt, and .NET leaves ignored what it finds ignored.
        return new ProcessSpec(
            "env",
            ["--default-signal=INT", ProcessHost.DotnetProgram(), repository.Assembly("PixelGameDev.AppHost"), "--processes", "--data", directory.Sub("data"), "--executor-port", "0", .. arguments])
        {
            // Found again in what every child inherits.
            Environment = new Dictionary<string, string?> { ["PIXELGAMEDEV_TEST"] = directory.Path, ["ASPNETCORE_ENVIRONMENT"] = null },
        };
    }

    private Task<ManagedProcess> StartHostAsync() => ManagedProcess.StartAsync(Spec("--port", "0"));

    private static async Task<Uri> ReadyAsync(ManagedProcess host)
    {
        Match match = Match.Empty;
        await Eventually.TrueAsync(
            () => host.HasExited || (match = ReadyLine().Match(string.Join('\n', host.Tail))).Success, "the host says it is ready", TimeSpan.FromMinutes(2));
        Assert.True(match.Success, string.Join('\n', host.Tail));
        return new Uri(match.Groups[1].Value);
    }

    private static async Task<int> EndAsync(ManagedProcess host)
    {
        await Task.WhenAny(host.Exited, Task.Delay(TimeSpan.FromMinutes(2)));
        Assert.True(host.HasExited, "The host did not end; its last lines:\n" + string.Join('\n', host.Tail));
        return await host.Exited;
    }

    /// <summary>Sandboxes of this test's system that Docker still has.</summary>
    private async Task<string> ContainersAsync()
    {
        string executor = "local-" + new UserData(directory.Sub("data")).ShortName;
        (int code, string output) = await ManagedProcess.RunAsync(
            new ProcessSpec("docker", ["ps", "--all", "--quiet", "--filter", "label=pixelgamedev.executor=" + executor]), CancellationToken.None);
        Assert.Equal(0, code);
        return output;
    }

    /// <summary>Processes of this test, the host itself left out.</summary>
    private List<int> Children(ManagedProcess host)
    {
        List<int> found = [];
        foreach (string entry in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id != host.Id)
            {
                try
                {
                    if (File.ReadAllText(Path.Combine(entry, "environ")).Contains("PIXELGAMEDEV_TEST=" + directory.Path, StringComparison.Ordinal))
                    {
                        found.Add(id);
                    }
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // It ended meanwhile, or is another user's.
                }
            }
        }

        return found;
    }

    [GeneratedRegex("PixelGameDev is ready: (http://\\S+)")]
    private static partial Regex ReadyLine();
}
