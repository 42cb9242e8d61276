using System.Runtime.InteropServices;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.AppHost;

/// <summary>
/// Builds the parts that <c>dotnet build</c> does not build: the page (npm) if it is missing, and GameHost (native, ahead of time) if it is
/// missing or older than its sources. Only <c>./pixel run</c> checks whether the page is up to date.
/// </summary>
internal static class Preparation
{
    /// <exception cref="HostException">A build failed; the message says what to install.</exception>
    public static async Task EnsureAsync(Repository repository, Action<string> log, CancellationToken cancellationToken)
    {
        await EnsurePageAsync(repository, log, cancellationToken);
        await EnsureGameHostAsync(repository, log, cancellationToken);
    }

    private static async Task EnsurePageAsync(Repository repository, Action<string> log, CancellationToken cancellationToken)
    {
        string api = repository.Project("PixelGameDev.Api");
        string page = Path.Combine(api, "wwwroot/index.html");
        if (File.Exists(page))
        {
            return;
        }

        await using FileStream buildLock = await BuildLock.WaitAsync(repository.Root, log, cancellationToken);
        if (File.Exists(page))
        {
            return;
        }

        log("Building the page (npm), once …");
        string web = Path.Combine(api, "Web");
        const string Failure = "The page could not be built: see above.";
        if (!Directory.Exists(Path.Combine(web, "node_modules")))
        {
            await StepAsync(["npm", "ci"], web, Failure, log, cancellationToken);
        }

        await StepAsync(["npm", "run", "build"], web, Failure, log, cancellationToken);
    }

    internal static async Task EnsureGameHostAsync(Repository repository, Action<string> log, CancellationToken cancellationToken)
    {
        string output = Path.Combine(repository.Root, "artifacts/gamehost");
        string program = Path.Combine(output, "gamehost");
        if (IsCurrent())
        {
            return;
        }

        await using FileStream buildLock = await BuildLock.WaitAsync(repository.Root, log, cancellationToken);
        if (IsCurrent())
        {
            return;
        }

        log("Building the program inside the sandbox (native code) …");
        await StepAsync(
            [Tool.Dotnet, "publish", repository.Project("PixelGameDev.GameHost"), "-c", "Release", "-r", Platform(), "-o",
                output, "--nologo"],
            repository.Root,
            "GameHost could not be built: see above. It needs gcc or clang and zlib's headers (Debian, Ubuntu: apt install gcc " +
                "libc6-dev zlib1g-dev).",
            log,
            cancellationToken);
        // Without a relevant change the build leaves the old file.
        File.SetLastWriteTimeUtc(program, TimeProvider.System.GetUtcNow().UtcDateTime);

        bool IsCurrent() => File.Exists(program)
            && File.GetLastWriteTimeUtc(program) >= NewestSource(repository, "PixelGameDev.GameHost", "PixelGameDev.Streaming");
    }

    private static DateTime NewestSource(Repository repository, params string[] projects) => projects
        .SelectMany(project => Directory.EnumerateFiles(repository.Project(project), "*.c*", SearchOption.AllDirectories))
        .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Max(File.GetLastWriteTimeUtc);

    private static string Platform() => "linux-" + (RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64");

    private static async Task StepAsync(
        string[] command, string directory, string failure, Action<string> log, CancellationToken cancellationToken)
    {
        (int code, _) = await Tool.RunAsync(command, cancellationToken, directory, onLine: log);
        if (code == Tool.NotFound && command[0] == "npm")
        {
            throw new HostException(
                "Node.js with npm is missing; it builds the page. Install it as https://nodejs.org/en/download describes.");
        }

        if (code != 0)
        {
            throw new HostException(failure);
        }
    }
}
