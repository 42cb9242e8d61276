using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace PixelGameDev.AppHost.Machine;

/// <summary>Runs programs that end by themselves.</summary>
internal static class Tool
{
    /// <summary>The exit code of a shell for a missing program.</summary>
    public const int NotFound = 127;

    /// <summary>Returns the path of the <c>dotnet</c> that runs this process.</summary>
    public static string Dotnet { get; } =
        // Sample: .../dotnet/shared/Microsoft.NETCore.App/10.0.x/
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    /// <summary>Runs a program to its end.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    /// <param name="directory">The working directory; the default is <c>/</c>.</param>
    /// <param name="input">The text for its standard input, which is then closed.</param>
    /// <param name="onLine">Receives each line immediately.</param>
    /// <param name="environment">Variables in addition to those of this process.</param>
    /// <returns>The exit code (<see cref="NotFound"/> for a missing program) and the whole output.</returns>
    public static async Task<(int Code, string Output)> RunAsync(
        IReadOnlyList<string> command, CancellationToken cancellationToken, string directory = "/", string? input = null,
        Action<string>? onLine = null,
        IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        StringBuilder output = new();
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo(command[0], command.Skip(1))
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = directory,
            },
        };
        foreach ((string name, string value) in environment ?? [])
        {
            process.StartInfo.Environment[name] = value;
        }

        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return (NotFound, $"{command[0]} is not on this machine.");
        }

        try
        {
            Task reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
            try
            {
                await process.StandardInput.WriteAsync(input);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The program ended before it read its input; the exit code shows why.
            }

            await reading.WaitAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, output.ToString().TrimEnd());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                lock (output)
                {
                    output.AppendLine(line);
                }

                onLine?.Invoke(line);
            }
        }
    }
}
