using System.Collections.Concurrent;
using System.Diagnostics;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Benchmarks.Processes;

/// <summary>What to start: a program, its arguments, its surroundings.</summary>
internal sealed record ProcessSpec(string FileName, IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    /// <summary>Added to the environment of this process; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The signal that asks the process to end, also sent by the kernel when this process dies.</summary>
    public int StopSignal { get; init; } = Posix.SigTerm;

    /// <summary>Written to standard input, which is then closed.</summary>
    public string? Input { get; init; }
}

/// <summary>
/// A child process in a session of its own (Ctrl-C at the terminal reaches this process alone, which then stops its children in
/// order), ended by the kernel when this process is killed, with its output read line by line.
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

    /// <summary>The last lines it wrote (at most 40), for a message about its end.</summary>
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
            // It ended before reading; its exit code tells.
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

    /// <summary>
    /// Asks it to end and waits; kills it, and what it started, after <paramref name="grace"/>. False when it had to be killed.
    /// </summary>
    public async Task<bool> StopAsync(TimeSpan grace)
    {
        Posix.Signal(Id, _stopSignal);
        await ((Task)Exited.WaitAsync(grace)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool inTime = HasExited;
        Kill();
        await Exited;
        return inTime;
    }

    /// <summary>Ends it at once, without a chance to tidy up, together with its process group.</summary>
    public void Kill()
    {
        if (!HasExited)
        {
            Posix.Signal(Id, Posix.SigKill);
        }

        // Its session is its own, so the group holds only what it started and left behind.
        Posix.Signal(-Id, Posix.SigKill);
    }

    /// <summary>Sends a signal to the process alone.</summary>
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
            // The process is gone and its pipe with it.
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
    /// Starts every child from one thread that never ends: the kernel's "signal me when my parent dies" means the parent
    /// <em>thread</em>, and those of the thread pool come and go.
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
