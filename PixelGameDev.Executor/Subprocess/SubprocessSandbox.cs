using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Subprocess;

/// <summary>Represents one GameHost process (with or without bubblewrap), its directories and its user id.</summary>
internal sealed class SubprocessSandbox(
    string kind, Process process, Stream link, LinkDirectory directory, string? work, int? user, Action<int> giveBack) : ISandbox
{
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);

    private int _disposed;

    public string Name { get; } = process.Id.ToString(CultureInfo.InvariantCulture);

    public string Kind => kind;

    public Stream Link => link;

    public async Task<SandboxExit?> WaitForExitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(timer.Token);
            return new SandboxExit(process.ExitCode, OutOfMemory: false,
                string.Create(CultureInfo.InvariantCulture, $"exit code {process.ExitCode}"));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await link.DisposeAsync();
        await EndAsync(process, user);
        process.Dispose();
        directory.Dispose();
        if (work is not null)
        {
            DeleteTree(work);
        }

        if (user is { } number)
        {
            giveBack(number);
        }
    }

    /// <summary>Kills the process and all its descendants.</summary>
    internal static async Task EndAsync(Process process, int? user)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or AggregateException or Win32Exception)
        {
            // The process has ended already.
        }

        if (user is { } number)
        {
            KillAllOf(number);
        }

        using CancellationTokenSource limit = new(KillTimeout);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The process is in an uninterruptible call; the kernel ends it when the call returns.
        }
    }

    internal static void DeleteTree(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A game may have removed its own permissions. The directory of this Executor is removed as a whole later.
        }
    }

    /// <summary>
    /// Kills every process with this sandbox's user id, including daemons that forked twice. No other sandbox has this id.
    /// </summary>
    private static void KillAllOf(int user)
    {
        const int rounds = 20;
        // A fork bomb starts new processes meanwhile, so repeat until there are none.
        for (int round = 0; round < rounds; round++)
        {
            bool any = false;
            foreach (string path in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                    && IsAliveAndOf(path, user))
                {
                    any = true;
                    Posix.Kill(id);
                }
            }

            if (!any)
            {
                return;
            }
        }
    }

    // Sample of /proc/<pid>/status: "State:\tZ (zombie)", "Uid:\t61184\t61184\t61184\t61184"
    private static bool IsAliveAndOf(string path, int user)
    {
        try
        {
            string wanted = user.ToString(CultureInfo.InvariantCulture);
            bool of = false;
            foreach (string line in File.ReadLines(path + "/status"))
            {
                if (line.StartsWith("State:\tZ", StringComparison.Ordinal))
                {
                    return false;
                }

                of |= line.StartsWith("Uid:", StringComparison.Ordinal) && line.Split('\t') is [_, string real, ..] && real == wanted;
            }

            return of;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
