using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Processors;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Finds a sandbox for a session, and replaces one that ends before it accepts the project.</summary>
/// <param name="pool">The pool of sandboxes.</param>
/// <param name="fairness">Distributes the processors.</param>
/// <param name="removals">Tracks the removal of sandboxes.</param>
/// <param name="logger">Receives each start.</param>
internal sealed partial class SessionStarter(WarmPool pool, CpuFairness fairness, SandboxRemovals removals, ILogger logger)
{
    /// <summary>The maximum number of sandboxes that one start tries.</summary>
    private const int MaxAttempts = 3;

    /// <summary>Starts the session. Its sandbox is removed when the session has ended.</summary>
    /// <exception cref="SandboxUnavailableException">There is no sandbox; the message gives the reason.</exception>
    public async Task BeginAsync(Session session, StartSessionRequest request, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            WarmSandbox sandbox;
            bool warm;
            using (ExecutorTelemetry.Phase taking = ExecutorTelemetry.BeginTake())
            {
                (sandbox, warm) = await pool.TakeAsync(session.Owner, session.ReportPosition, cancellationToken);
                ExecutorTelemetry.SandboxTaken(warm);
                taking.Tag("pixelgamedev.warm", warm);
            }

            CpuWatch? cpu = fairness.Watch(sandbox.Sandbox);
            bool begun = false;
            try
            {
                using ExecutorTelemetry.Phase beginning = ExecutorTelemetry.BeginStart();
                begun = await session.TryBeginAsync(request, sandbox, warm, cpu, cancellationToken);
            }
            finally
            {
                if (!begun)
                {
                    removals.Track(DiscardAsync(sandbox, cpu));
                }
            }

            if (begun)
            {
                Log.Started(logger, session.Id, sandbox.Sandbox.Kind, sandbox.Sandbox.Name, session.Warm);
                removals.Track(RemoveWhenEndedAsync(session));
                return;
            }

            cancellationToken.ThrowIfCancellationRequested();
            Log.Replaced(logger, session.Id, sandbox.Sandbox.Name);
            if (attempt == MaxAttempts)
            {
                throw new SandboxUnavailableException($"{attempt} sandboxes died before they took the project");
            }
        }
    }

    private static async Task RemoveWhenEndedAsync(Session session)
    {
        await session.Ended;
        await session.DisposeSandboxAsync();
    }

    private static async Task DiscardAsync(WarmSandbox sandbox, CpuWatch? cpu)
    {
        if (cpu is not null)
        {
            await cpu.DisposeAsync();
        }

        await sandbox.DisposeAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Session {Session} started in {Kind} sandbox {Sandbox} (warm: {Warm})")]
        public static partial void Started(ILogger logger, Guid session, string kind, string sandbox, bool warm);

        [LoggerMessage(LogLevel.Warning, "Session {Session}: sandbox {Sandbox} died before it took the project; another is tried")]
        public static partial void Replaced(ILogger logger, Guid session, string sandbox);
    }
}
