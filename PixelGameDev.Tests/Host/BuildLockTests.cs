using System.Diagnostics;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

/// <summary>Tests the lock of builds together with the one of <c>./pixel</c>, which is flock(1)'s.</summary>
public sealed class BuildLockTests
{
    [Fact]
    public async Task A_build_of_the_AppHost_waits_for_one_of_pixel_and_the_other_way_round()
    {
        using TestDirectory tree = new();
        string path = tree.Sub("artifacts/build.lock");
        Directory.CreateDirectory(tree.Sub("artifacts"));
        using Process pixel = Process.Start(new ProcessStartInfo("flock", [path, "sh", "-c", "echo locked; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("locked", await pixel.StandardOutput.ReadLineAsync());

        TaskCompletionSource<string> logged = new();
        Task<FileStream> waiting = BuildLock.WaitAsync(tree.Path, line => logged.TrySetResult(line), CancellationToken.None);
        Assert.Contains("another process", await logged.Task.WaitAsync(Eventually.Limit), StringComparison.Ordinal);
        Assert.False(waiting.IsCompleted);

        pixel.StandardInput.Close();
        await using (await waiting.WaitAsync(Eventually.Limit))
        {
            using Process refused = Process.Start("flock", ["--nonblock", path, "true"]);
            await refused.WaitForExitAsync();
            Assert.Equal(1, refused.ExitCode);

            // Another AppHost waits, too.
            using CancellationTokenSource enough = new();
            Task second = BuildLock.WaitAsync(tree.Path, _ => enough.Cancel(), enough.Token);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(Eventually.Limit));
        }

        using Process accepted = Process.Start("flock", ["--nonblock", path, "true"]);
        await accepted.WaitForExitAsync();
        Assert.Equal(0, accepted.ExitCode);
    }
}
