using System.Diagnostics;
using PixelGameDev.AppHost;

namespace PixelGameDev.Tests.Fixtures.Sandbox;

/// <summary>
/// Finds the games of <c>pygame.examples</c> from Debian's package <c>python-pygame-doc</c>: installed, or fetched once with apt and
/// unpacked next to this person's other data. Other people wrote them, and they are not part of this repository.
/// </summary>
internal static class PygameExamples
{
    private const string Installed = "/usr/share/doc/python-pygame-doc/examples";
    private static readonly SemaphoreSlim Turn = new(1);
    private static string? _directory;

    /// <summary>Returns the directory with <c>aliens.py</c>, <c>chimp.py</c> … and <c>data/</c>.</summary>
    public static async Task<string> FindAsync()
    {
        await Turn.WaitAsync();
        try
        {
            return _directory ??= File.Exists(Path.Combine(Installed, "aliens.py")) ? Installed : await FetchAsync();
        }
        finally
        {
            Turn.Release();
        }
    }

    private static async Task<string> FetchAsync()
    {
        string cache = Path.Combine(UserData.DefaultDirectory(), "tests", "python-pygame-doc");
        string examples = cache + Installed;
        if (!File.Exists(Path.Combine(examples, "aliens.py")))
        {
            Directory.CreateDirectory(cache);
            await RunAsync("apt-get", ["download", "python-pygame-doc"], cache);
            string package = Directory.GetFiles(cache, "python-pygame-doc_*.deb").Single();
            await RunAsync("dpkg-deb", ["-x", package, cache], cache);
            File.Delete(package);
        }

        return examples;
    }

    private static async Task RunAsync(string program, string[] arguments, string workingDirectory)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0,
            $"pygame's examples (Debian package python-pygame-doc) are not installed and could not be fetched: {errors}");
    }
}
