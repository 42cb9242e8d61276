using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace PixelGameDev.Executor.Subprocess;

/// <summary>A Python that can import pygame: its program and the directories outside <c>/usr</c> that it needs.</summary>
internal sealed record PythonInstallation(string Program, IReadOnlyList<string> Directories)
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(20);

    // Prints the paths of the interpreter and of pygame, without the user's own site-packages, which a sandbox does not have.
    private const string Script =
        "import json, os, sys, pygame; print(json.dumps([os.path.realpath(sys.executable), sys.prefix, sys.base_prefix, " +
            "os.path.dirname(os.path.dirname(pygame.__file__))]))";

    /// <summary>Returns the first Python that works: the named one, or Debian's and then the one on the path.</summary>
    /// <returns>Null if none can import pygame.</returns>
    public static async Task<PythonInstallation?> FindAsync(string? named, CancellationToken cancellationToken)
    {
        foreach (string program in named is null ? (string[])["/usr/bin/python3", "python3"] : [named])
        {
            if (await TryAsync(program, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static async Task<PythonInstallation?> TryAsync(string program, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(program, ["-s", "-c", Script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYGAME_HIDE_SUPPORT_PROMPT"] = "1";
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ProbeTimeout);
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> noise = process.StandardError.ReadToEndAsync(limit.Token);
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            await noise;
            if (process.ExitCode != 0 || JsonSerializer.Deserialize<string[]>(output) is not [string executable, .. string[] directories])
            {
                return null;
            }

            string[] outside =
                [.. directories.Where(static path => !path.StartsWith("/usr/", StringComparison.Ordinal) && path != "/usr").Distinct()];
            return new PythonInstallation(program.Contains('/', StringComparison.Ordinal) ? program : executable, outside);
        }
        catch (Exception error) when (error is Win32Exception or JsonException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
