using System.Globalization;
using System.Runtime.InteropServices;
using PixelGameDev.AppHost;

namespace PixelGameDev.Benchmarks.Processes;

/// <summary>
/// Runs <c>system</c>, a command for the benchmarks: the system as child processes, so that a benchmark can find, measure and kill its
/// parts through the kernel.
/// </summary>
internal static class ProcessHostProgram
{
    public static async Task<int> RunAsync(Options options)
    {
        using CancellationTokenSource stopping = new();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            Lines lines = new();
            await using ProcessHost host = new(
                new ProcessHostOptions
                {
                    DataDirectory = options["data"] ?? throw new ArgumentException("--data DIRECTORY is missing."),
                    ExecutorPort = options.Int("executor-port", 0),
                },
                lines);
            await host.StartAsync(stopping.Token);
            lines.Line("host",
                string.Create(CultureInfo.InvariantCulture, $"PixelGameDev is ready: http://localhost:{host.Api.Address.Port}"));
            await Task.Delay(Timeout.Infinite, stopping.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return 0;
        }
        catch (HostException error)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    private sealed class Lines : ProcessLog
    {
        private readonly Lock _writing = new();

        public override void Line(string source, string text)
        {
            lock (_writing)
            {
                Console.WriteLine($"{source,-8} | {text}");
            }
        }
    }
}
