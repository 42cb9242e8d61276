using System.Collections.Concurrent;
using System.Diagnostics;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Benchmarks.Processes;

/// <summary>A program to start, with its arguments and its environment.</summary>
internal sealed record ProcessSpec(string FileName, IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables that are added to the environment of this process; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The signal that asks the process to end. The kernel also sends it when this process dies.</summary>
    public int StopSignal { get; init; } = Posix.SigTerm;

    /// <summary>The text for standard input, which is closed after it.</summary>
    public string? Input { get; init; }
}

/// <summary>
/// Runs a child process and reads its output line by line. The child has its own session, so Ctrl-C at the terminal reaches only this
/// process, which then stops its children in order. The kernel ends the child when this process is killed.
/// </summary>
internal sealed class ManagedProcess : IDisposable
{
    private const int TailLines = 40;

    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _tail = new();
    private readonly Action<string>? _onLine;
    private readonly int _stopSignal;
    private readonly Task _output;

    private ManagedProcess(Process process, Action<string>? onLine, int stopSignal)
    {
        _process = process;
        _onLine = onLine;
        _stopSignal = stopSignal;
        Id = process.Id;
        process.Exited += (_, _) => _exited.TrySetResult(process.ExitCode);
        process.EnableRaisingEvents = true;
        _output = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public int Id { get; }

    /// <summary>Completes with the exit code (128 + signal when a signal ended it).</summary>
    public Task<int> Exited => _exited.Task;

    public bool HasExited => _exited.Task.IsCompleted;

    /// <summary>Returns the last lines that it wrote (at most 40), for an error message.</summary>
    public IReadOnlyCollection<string> Tail => _tail;

    /// <summary>Starts a process; <paramref name="onLine"/> gets each line of its output and errors.</summary>
    public static async Task<ManagedProcess> StartAsync(ProcessSpec spec, Action<string>? onLine = null)
    {
        ProcessStartInfo start = ToStartInfo(spec);
        Process process = await ChildLauncher.StartAsync(start);
        ManagedProcess managed = new(process, onLine, spec.StopSignal);
        try
        {
            if (spec.Input is not null)
            {
                await process.StandardInput.WriteAsync(spec.Input);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read the input. Its exit code says why.
        }

        return managed;
    }

    /// <summary>Runs a process to its end and returns its exit code and last lines.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        ProcessSpec spec, CancellationToken cancellationToken, Action<string>? onLine = null)
    {
        using ManagedProcess process = await StartAsync(spec, onLine);
        try
        {
            int code = await process.Exited.WaitAsync(cancellationToken);
            await process._output.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return (code, string.Join('\n', process.Tail));
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Asks it to end and waits. After <paramref name="grace"/> kills it and what it started, and returns false.</summary>
    public async Task<bool> StopAsync(TimeSpan grace)
    {
        Posix.Signal(Id, _stopSignal);
        await ((Task)Exited.WaitAsync(grace)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool inTime = HasExited;
        Kill();
        await Exited;
        return inTime;
    }

    /// <summary>Kills it and its process group at once, without a chance to clean up.</summary>
    public void Kill()
    {
        if (!HasExited)
        {
            Posix.Signal(Id, Posix.SigKill);
        }

        // It has its own session, so the group contains only what it started and left behind.
        Posix.Signal(-Id, Posix.SigKill);
    }

    /// <summary>Sends a signal only to the process, not to its group.</summary>
    public void Signal(int signal) => Posix.Signal(Id, signal);

    public void Dispose()
    {
        if (!HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                _tail.Enqueue(line);
                while (_tail.Count > TailLines && _tail.TryDequeue(out _))
                {
                }

                _onLine?.Invoke(line);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The process and its pipe are gone.
        }
    }

    private static ProcessStartInfo ToStartInfo(ProcessSpec spec)
    {
        List<string> command = [spec.FileName, .. spec.Arguments];
        if (OperatingSystem.IsLinux())
        {
            List<string> wrapper = ["setsid", "setpriv"];
            wrapper.AddRange([spec.StopSignal == Posix.SigInt ? "--pdeathsig=INT" : "--pdeathsig=TERM", "--"]);
            command.InsertRange(0, wrapper);
        }

        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = spec.WorkingDirectory ?? "/",
        };
        foreach ((string name, string? value) in spec.Environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        return start;
    }

    /// <summary>
    /// Starts every child from one thread that never ends. The kernel's "signal me when my parent dies" means the parent <em>thread</em>,
    /// and threads of the pool end.
    /// </summary>
    private static class ChildLauncher
    {
        private static readonly BlockingCollection<Action> Requests = new(boundedCapacity: 64);

        static ChildLauncher()
        {
            Thread thread = new(() =>
            {
                foreach (Action request in Requests.GetConsumingEnumerable())
                {
                    request();
                }
            })
            { IsBackground = true, Name = "child launcher" };
            thread.Start();
        }

        public static Task<Process> StartAsync(ProcessStartInfo start)
        {
            TaskCompletionSource<Process> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Requests.Add(() =>
            {
                try
                {
                    started.SetResult(Process.Start(start)!);
                }
                catch (Exception error)
                {
                    started.SetException(error);
                }
            });
            return started.Task;
        }
    }
}
