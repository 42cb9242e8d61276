using System.Globalization;
using System.Text.RegularExpressions;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Benchmarks.Processes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

/// <summary>Starts the AppHost as people start it, with a directory of its own, and finds its processes.</summary>
internal sealed partial class TestHost : IDisposable
{
    /// <summary>Returns the directory of this host; its data is in <c>data</c>.</summary>
    public TestDirectory Root { get; } = new();

    public void Dispose() => Root.Dispose();

    public ProcessSpec Spec(params string[] arguments) =>
        // A shell starts background jobs with an ignored interrupt. Tests inherit it, and .NET keeps ignored signals ignored.
        new("env", ["--default-signal=INT", Tool.Dotnet, Repository.Find().Assembly("PixelGameDev.AppHost"), "--data",
            Root.Sub("data"), "--executor-port", "0", .. arguments])
        {
            // Marks the environment that every child inherits, so that the test finds its children.
            Environment = new Dictionary<string, string?>
            {
                ["PIXELGAMEDEV_TEST"] = Root.Path,
                ["ASPNETCORE_ENVIRONMENT"] = null,
                ["RATE_LIMITS"] = "off"
            },
        };

    public Task<ManagedProcess> StartAsync() => ManagedProcess.StartAsync(Spec("--port", "0"));

    public static async Task<Uri> ReadyAsync(ManagedProcess host)
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

    public static async Task<int> EndAsync(ManagedProcess host)
    {
        await Task.WhenAny(host.Exited, Task.Delay(TimeSpan.FromMinutes(2)));
        Assert.True(host.HasExited, "The host did not end; its last lines:\n" + string.Join('\n', host.Tail));
        return await host.Exited;
    }

    /// <summary>Returns the sandboxes of this test's system that Docker still has.</summary>
    public async Task<string> ContainersAsync()
    {
        string executor = "executor-" + new UserData(Root.Sub("data")).ShortName;
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
    public List<int> Children(ManagedProcess host, string? program = null)
    {
        List<(int Id, int Parent)> found = [];
        foreach (string entry in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id != host.Id)
            {
                try
                {
                    if (File.ReadAllText(Path.Combine(entry, "environ"))
                        .Contains("PIXELGAMEDEV_TEST=" + Root.Path, StringComparison.Ordinal)
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
