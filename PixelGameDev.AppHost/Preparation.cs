using System.Runtime.InteropServices;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.AppHost;

/// <summary>
/// Makes what <c>dotnet build</c> does not: the page (npm) and the program inside the sandbox (native, ahead of time), each only when
/// it is missing. Whether they are out of date is for <c>./pixel run</c> to find out.
/// </summary>
internal static class Preparation
{
    /// <exception cref="HostException">Something could not be made; the message says what to install.</exception>
    public static async Task EnsureAsync(Repository repository, Action<string> log, CancellationToken cancellationToken)
    {
        await EnsurePageAsync(repository, log, cancellationToken);
        await EnsureGameHostAsync(repository, log, cancellationToken);
    }

    private static async Task EnsurePageAsync(Repository repository, Action<string> log, CancellationToken cancellationToken)
    {
        string api = repository.Project("PixelGameDev.Api");
        if (File.Exists(Path.Combine(api, "wwwroot/index.html")))
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
        if (File.Exists(Path.Combine(output, "gamehost")))
        {
            return;
        }

        log("Building the program inside the sandbox (native code), once …");
        await StepAsync(
            [Tool.Dotnet, "publish", repository.Project("PixelGameDev.GameHost"), "-c", "Release", "-r", Platform(), "-o", output, "--nologo"],
            repository.Root,
            "GameHost could not be built: see above. It needs gcc or clang and zlib's headers (Debian, Ubuntu: apt install gcc libc6-dev zlib1g-dev).",
            log,
            cancellationToken);
    }

    private static string Platform() => "linux-" + (RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64");

    private static async Task StepAsync(string[] command, string directory, string failure, Action<string> log, CancellationToken cancellationToken)
    {
        (int code, _) = await Tool.RunAsync(command, cancellationToken, directory, onLine: log);
        if (code == Tool.NotFound && command[0] == "npm")
        {
            throw new HostException("Node.js with npm is missing, which builds the page: install it as https://nodejs.org/en/download describes.");
        }

        if (code != 0)
        {
            throw new HostException(failure);
        }
    }
}
