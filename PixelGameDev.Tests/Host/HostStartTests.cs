using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.AppHost.Postgres;
using PixelGameDev.Benchmarks.Processes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

/// <summary>Tests starts of the AppHost that do not get far, with a database program that misbehaves.</summary>
public sealed class HostStartTests : IDisposable
{
    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_database_that_ends_while_it_starts_ends_the_start_with_its_words()
    {
        (int code, string output) = await ManagedProcess.RunAsync(
            await SpecAsync("echo 'FATAL: there is no room'; exit 3"), CancellationToken.None);

        Assert.Equal(1, code);
        Assert.Contains("FATAL: there is no room", output, StringComparison.Ordinal);
        Assert.Contains("Postgres ended while starting (exit code 3)", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_named_and_ctrl_c_ends_the_start_at_once()
    {
        using ManagedProcess host = await ManagedProcess.StartAsync(await SpecAsync("exec sleep 1000"));
        await Eventually.TrueAsync(
            () => string.Join('\n', host.Tail).Contains("Postgres is not up after 15 s: its health check says: It does not answer. Still",
                StringComparison.Ordinal),
            "it says what it waits for", TimeSpan.FromMinutes(2));
        Assert.NotEmpty(_host.Children(host));

        host.Signal(Posix.SigInt);

        Assert.Equal(0, await TestHost.EndAsync(host));
        await Eventually.TrueAsync(() => _host.Children(host).Count == 0, "nothing that it started lives");
        Assert.DoesNotContain(host.Tail, static line => line.Contains("Exception", StringComparison.Ordinal));
    }

    /// <summary>Returns a start whose PostgreSQL makes its cluster as usual, and runs a shell command in place of the server.</summary>
    private async Task<ProcessSpec> SpecAsync(string server)
    {
        PostgresPrograms programs = await PostgresPrograms.FindAsync(UserData.Programs(), null, static _ => { }, CancellationToken.None);
        string folder = _host.Root.Sub("bin");
        Directory.CreateDirectory(folder);
        Write("initdb", $"exec {programs.Initdb} \"$@\"");
        // Only the server has options of the kind -c port=12345.
        Write("postgres", $"case \"$*\" in *' port='*) {server};; esac; exec {programs.Server} \"$@\"");
        ProcessSpec spec = _host.Spec("--port", "0");
        return spec with
        {
            Environment = new Dictionary<string, string?>(spec.Environment)
            {
                ["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}"
            },
        };

        void Write(string name, string command)
        {
            string path = Path.Combine(folder, name);
            File.WriteAllText(path, $"#!/bin/sh\n{command}\n");
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }
    }
}
