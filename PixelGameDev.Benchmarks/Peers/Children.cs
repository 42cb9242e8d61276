using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PixelGameDev.Benchmarks.Peers;

/// <summary>Starts programs for the benchmark and ends them with it.</summary>
internal static partial class Children
{
    private static readonly HashSet<Process> Running = [];
    private static readonly HashSet<int> Asked = [];
    private static readonly List<PosixSignalRegistration> Signals = [];

    private static readonly List<Action> Ends = [];

    /// <summary>Runs this when the benchmark ends, for whatever reason: for what would be left.</summary>
    public static void AtEnd(Action end)
    {
        lock (Running)
        {
            Listen();
            Ends.Add(end);
        }
    }

    /// <summary>Starts a program. Its output goes to a file in <c>artifacts/bench/</c>.</summary>
    public static Process Start(string log, string program, IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? environment = null, string? directory = null)
    {
        ProcessStartInfo start = new(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        StreamWriter writer = new(Path.Combine(Results.Folder, log + ".log"), append: false) { AutoFlush = true };
        Process process;
        lock (Running)
        {
            Listen();
            process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
            Running.Add(process);
        }

        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Note(string? line)
        {
            if (line is not null)
            {
                lock (writer)
                {
                    writer.WriteLine(line);
                }
            }
        }
    }

    /// <summary>Asks this program to end when the benchmark ends, for whatever reason. The program ends what it has started.</summary>
    public static void AskAtEnd(Process process)
    {
        lock (Running)
        {
            Listen();
            Asked.Add(process.Id);
        }
    }

    /// <summary>Removes a process that has ended.</summary>
    public static void Forget(int process)
    {
        lock (Running)
        {
            Asked.Remove(process);
        }
    }

    /// <summary>Ends a program and what it started: politely first, then by force.</summary>
    public static async Task StopAsync(Process? process, bool polite = true)
    {
        if (process is null)
        {
            return;
        }

        if (!process.HasExited)
        {
            if (polite)
            {
                _ = Signal(process.Id, 15);
                await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5)).ContinueWith(_ => { }, TaskScheduler.Default);
            }

            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }

        lock (Running)
        {
            Running.Remove(process);
        }

        process.Dispose();
    }

    /// <summary>Throws with the program's last output when it has ended.</summary>
    public static void MustRun(Process process, string log)
    {
        if (process.HasExited)
        {
            string said = File.ReadAllText(Path.Combine(Results.Folder, log + ".log"));
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"{log} ended with {process.ExitCode}: {said[Math.Max(0, said.Length - 800)..]}"));
        }
    }

    private static void Listen()
    {
        if (Signals.Count == 0)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
            Signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => KillAll()));
            Signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => KillAll()));
            Signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => KillAll()));
        }
    }

    private static void KillAll()
    {
        lock (Running)
        {
            foreach (int process in Asked)
            {
                _ = Signal(process, 15);
            }

            Asked.Clear();
            Ends.ForEach(static end => end());
            Ends.Clear();
            foreach (Process process in Running)
            {
                try
                {
                    process.Kill(entireProcessTree: true);
                }
                catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
                {
                    // It has ended by itself.
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
