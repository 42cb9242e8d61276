using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace PixelGameDev.AppHost.Machine;

/// <summary>Runs programs that end by themselves.</summary>
internal static class Tool
{
    /// <summary>What a shell answers for a program that is not there.</summary>
    public const int NotFound = 127;

    /// <summary>The <c>dotnet</c> that this process itself runs on.</summary>
    public static string Dotnet { get; } =
        // .../dotnet/shared/Microsoft.NETCore.App/10.0.x/
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    /// <summary>Runs a program to its end.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <param name="directory">Where it runs; <c>/</c>.</param>
    /// <param name="input">Written to its standard input, which is then closed.</param>
    /// <param name="onLine">Gets each line as it comes.</param>
    /// <param name="environment">Variables in addition to those of this process.</param>
    /// <returns>Its exit code, <see cref="NotFound"/> when there is no such program, and all it wrote.</returns>
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
                // It ended before it read its input; the exit code says why.
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
