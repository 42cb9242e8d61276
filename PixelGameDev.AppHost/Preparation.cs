using System.ComponentModel;
using System.Runtime.InteropServices;
using PixelGameDev.AppHost.Processes;

namespace PixelGameDev.AppHost;

/// <summary>
/// Makes what <c>dotnet build</c> does not: the page (npm) and the program inside the sandbox (native, ahead of time), each only when
/// it is missing. Whether they are out of date is for <c>./pixel run</c> to find out.
/// </summary>
internal static class Preparation
{
    // What the starting wrapper answers, as a shell does.
    private const int NotFound = 127;

    public static async Task EnsureAsync(Repository repository, HostLog log, CancellationToken cancellationToken)
    {
        await EnsurePageAsync(repository, log, cancellationToken);
        await EnsureGameHostAsync(repository, log, cancellationToken);
    }

    private static async Task EnsurePageAsync(Repository repository, HostLog log, CancellationToken cancellationToken)
    {
        string api = repository.Project("PixelGameDev.Api");
        if (File.Exists(Path.Combine(api, "wwwroot/index.html")))
        {
            return;
        }

        log.Line("host", "Building the page (npm), once …");
        string web = Path.Combine(api, "Web");
        if (!Directory.Exists(Path.Combine(web, "node_modules")))
        {
            await StepAsync("npm", ["ci"], web, "The page could not be built: see above.", log, cancellationToken);
        }

        await StepAsync("npm", ["run", "build"], web, "The page could not be built: see above.", log, cancellationToken);
    }

    internal static async Task EnsureGameHostAsync(Repository repository, HostLog log, CancellationToken cancellationToken)
    {
        string output = Path.Combine(repository.Root, "artifacts/gamehost");
        if (File.Exists(Path.Combine(output, "gamehost")))
        {
            return;
        }

        log.Line("host", "Building the program inside the sandbox (native code), once …");
        await StepAsync(
            ProcessHost.DotnetProgram(),
            ["publish", repository.Project("PixelGameDev.GameHost"), "-c", "Release", "-r", Platform(), "-o", output, "--nologo"],
            repository.Root,
            "GameHost could not be built: see above. It needs gcc or clang and zlib's headers (Debian, Ubuntu: apt install gcc libc6-dev zlib1g-dev).",
            log,
            cancellationToken);
    }

    private static string Platform() =>
        (OperatingSystem.IsMacOS() ? "osx-" : "linux-") + (RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64");

    private static async Task StepAsync(
        string program, string[] arguments, string directory, string failure, HostLog log, CancellationToken cancellationToken)
    {
        int code;
        try
        {
            (code, _) = await ManagedProcess.RunAsync(
                new ProcessSpec(program, arguments) { WorkingDirectory = directory }, cancellationToken, line => log.Line("build", line));
        }
        catch (Win32Exception)
        {
            code = NotFound;
        }

        if (code == NotFound && program == "npm")
        {
            throw new HostException("Node.js with npm is missing, which builds the page: install it as https://nodejs.org/en/download describes.");
        }

        if (code != 0)
        {
            throw new HostException(failure);
        }
    }
}
