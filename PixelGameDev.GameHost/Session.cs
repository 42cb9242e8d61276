using System.Diagnostics;
using System.Text;
using PixelGameDev.GameHost.Audio;
using PixelGameDev.GameHost.Capture;
using PixelGameDev.GameHost.Console;
using PixelGameDev.GameHost.Game;
using PixelGameDev.GameHost.Input;
using PixelGameDev.GameHost.Link;
using PixelGameDev.GameHost.Native;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost;

/// <summary>One session: one Python process, one game, one link.</summary>
/// <remarks>
/// Step 1 start Python and wait until it is warm, say Hello. Step 2 take files and Start. Step 3 pass input in; frames, sound and
/// console out. Step 4 the game ends, by itself or asked to; whatever it left behind is killed. Step 5 send what is left, then Ended.
/// </remarks>
internal sealed class Session : IGameEvents
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    /// <summary>How long the traceback of a dead game is waited for.</summary>
    private static readonly TimeSpan LastReports = TimeSpan.FromSeconds(2);

    /// <summary>Times a second that the game may ask for a line of input; and from when on it is a flood.</summary>
    private const int MostQuestions = 50;
    private const int FloodOfQuestions = 1000;

    private readonly HostOptions options;
    private readonly LinkReader reader;
    private readonly LinkWriter writer;
    private readonly Outbox outbox;
    private readonly SharedFrames frames = new();
    private readonly FramePump pump;
    private readonly GameProcess process;
    private readonly ControlChannel control;
    private readonly ConsolePump console;
    private readonly InputFeeder input;
    private readonly SoundPump sound;
    private readonly ManualResetEventSlim over = new();
    private readonly ManualResetEventSlim gone = new();
    private readonly Lock gate = new();
    private readonly StartPhases phases = new(TimeProvider.System);
    private readonly long oomBefore = OomCounter.Read();

    /// <summary>
    /// Opened before anything of the game runs; null where this is not a sandbox with processes and a control group of its own.
    /// </summary>
    private readonly CpuMeter? meter = Environment.ProcessId == 1 ? new() : null;

    private Timer? grace;
    private PeriodicTimer? statistics;
    private PeriodicTimer? use;
    private ushort viewers;
    private int questions;
    private long questionsSince;
    private string? question;
    private bool warm;
    private bool started;
    private bool stopAsked;
    private bool killedAfterGrace;
    private Flood flood;
    private bool projectDoesNotFit;
    private volatile bool linkLost;
    private bool stdinClosed;
    private GameResult? result;
    private ProcessExit exit;

    public Session(HostOptions options, Stream receive, Stream send)
    {
        this.options = options;
        reader = new LinkReader(receive, MessageRoute.ExecutorToSandbox | MessageRoute.PageToSandbox);
        writer = new LinkWriter(send);
        outbox = new Outbox(writer, LinkFailed);
        pump = new FramePump(frames, writer, LinkFailed, () => Phase(StartPhases.FirstFrame));
        process = GameProcess.Start(options, frames.Descriptor, pump.Signal, Exited);
        GameDescriptors descriptors = process.Descriptors;
        control = new ControlChannel(descriptors.Control, this);
        console = new ConsolePump(descriptors.Output, descriptors.Error, outbox.Post, () => Flooded(Flood.Printing));
        input = new InputFeeder(control);
        sound = new SoundPump(descriptors.Sound, outbox.Post);
    }

    /// <summary>Runs until the session is over; the process's exit code: 0, or 1 when the link was lost.</summary>
    public int Run()
    {
        console.Start();
        control.Start();
        pump.Start();
        sound.Start();
        new Thread(ReadLink, 512 * 1024) { IsBackground = true, Name = "link" }.Start();

        over.Wait();
        if (linkLost)
        {
            process.Kill();
            gone.Wait(LastWords);
            return 1;
        }

        // The game is dead, but what it said last may still lie in the socket: its traceback and its result.
        if (!control.WaitForEnd(LastReports))
        {
            Program.Complain("What the game said last was not read in time.");
        }

        console.Drain();
        pump.Stop(LastWords);
        SessionEnded ended;
        lock (gate)
        {
            ended = EndReport.Of(new EndFacts(
                exit, result, warm, started, stopAsked, killedAfterGrace, flood, OomCounter.Read() > oomBefore, projectDoesNotFit));
        }

        outbox.Post(SandboxMessages.Json(MessageType.Ended, ended, ProtocolJson.Default.SessionEnded));
        return outbox.Complete(LastWords) && !linkLost ? 0 : 1;
    }

    /// <summary>Ends the game: QUIT, <paramref name="graceMillis"/> of time, then kill.</summary>
    public void Stop(uint graceMillis)
    {
        lock (gate)
        {
            if (stopAsked)
            {
                return;
            }

            stopAsked = true;
            PostState("stopping");
            if (!started)
            {
                process.Kill();
                return;
            }

            grace = new Timer(_ => KillAfterGrace(), null, graceMillis, Timeout.Infinite);
        }

        input.Post(ExecutorMessages.Stop(graceMillis));

        // A game that waits in input() sees the end of its input instead of an answer.
        CloseStdin();
    }

    void IGameEvents.Warm(HelloInfo info)
    {
        lock (gate)
        {
            if (warm)
            {
                return;
            }

            warm = true;
        }

        outbox.Post(SandboxMessages.Hello(info with { Pid = Environment.ProcessId, Held = true }));
    }

    void IGameEvents.Running()
    {
        if (statistics is not null)
        {
            return; // once; the game itself could say it again and again
        }

        Phase(StartPhases.Code);
        FrameStatistics counted = new(() => pump.Counts, frames);
        _ = RepeatAsync(TimeSpan.Zero, statistics = new PeriodicTimer(TimeSpan.FromSeconds(1)), () => PostStatistics(counted));
        if (meter is not null)
        {
            // What was used while it waited in the pool does not count. A game that only disturbs the others is soon found out.
            meter.Read();
            _ = RepeatAsync(TimeSpan.FromMilliseconds(100), use = new PeriodicTimer(TimeSpan.FromMilliseconds(250)), () => PostUse(meter));
        }
    }

    /// <summary>One report after the other: where processors are short, one may take longer than the time to the next.</summary>
    /// <param name="first">When there is one before the first tick; zero: none.</param>
    /// <param name="timer">The others; disposed to end them.</param>
    /// <param name="report">What to do.</param>
    private static async Task RepeatAsync(TimeSpan first, PeriodicTimer timer, Action report)
    {
        if (first > TimeSpan.Zero)
        {
            await Task.Delay(first);
            report();
        }

        while (await timer.WaitForNextTickAsync())
        {
            report();
        }
    }

    void IGameEvents.Caption(string text) => outbox.Post(SandboxMessages.Text(MessageType.Caption, text));

    void IGameEvents.Cursor(bool visible, bool grabbed) => outbox.Post(SandboxMessages.Cursor(visible, grabbed));

    void IGameEvents.InputRequested(string prompt)
    {
        long now = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(questionsSince, now).TotalSeconds >= 1)
        {
            questions = 0;
            questionsSince = now;
        }

        if (++questions > MostQuestions)
        {
            // Nobody answers that fast. The last one is asked with the next statistics, in case somebody still may.
            Volatile.Write(ref question, prompt);
            if (questions == FloodOfQuestions)
            {
                Flooded(Flood.Asking);
            }

            return;
        }

        Ask(prompt);
    }

    private void Ask(string prompt)
    {
        console.Drain();
        outbox.Post(SandboxMessages.Text(MessageType.InputRequest, prompt));
    }

    void IGameEvents.Failed(ErrorReport report)
    {
        console.Drain();
        lock (gate)
        {
            if (stopAsked)
            {
                // It was told to stop: what breaks on the way out is worth a line in the console, not an alarm; and that
                // input() has ended is our own doing.
                if (report.Type != "EOFError")
                {
                    outbox.Post(SandboxMessages.Console(ConsoleKind.Error, Cut(report.Text)));
                }

                return;
            }
        }

        byte[] message = SandboxMessages.Json(MessageType.Error, report, ProtocolJson.Default.ErrorReport);
        if (message.Length > MessageRules.MaxJsonBytes)
        {
            // The runtime sends no such report, a game may. It must not end the session as a broken rule.
            ErrorReport shorter = report with { Frames = [], Message = Cut(report.Message ?? ""), Text = Cut(report.Text) };
            message = SandboxMessages.Json(MessageType.Error, shorter, ProtocolJson.Default.ErrorReport);
        }

        outbox.Post(message);
    }

    void IGameEvents.Finishing(GameResult finishing)
    {
        lock (gate)
        {
            result ??= finishing;
        }
    }

    void IGameEvents.Sound(SoundFormat format) => sound.SetFormat(format);

    private static string Cut(string text) => text.Length > 16_000 ? text[..16_000] : text;

    private void ReadLink()
    {
        try
        {
            while (reader.Read() is { IsEmpty: false } message)
            {
                Dispatch(message.Span);
            }
        }
        catch (Exception e) when (e is IOException or ProtocolException or UnauthorizedAccessException)
        {
            Program.Complain(e.Message);
        }

        LinkFailed();
    }

    private void Dispatch(ReadOnlySpan<byte> message)
    {
        switch ((MessageType)message[0])
        {
            case MessageType.Key:
                KeyMessage.Read(message);
                input.Post(message);
                break;
            case MessageType.MouseMove:
                MouseMoveMessage.Read(message);
                input.Post(message);
                break;
            case MessageType.MouseButton:
                MouseButtonMessage.Read(message);
                input.Post(message);
                break;
            case MessageType.Wheel:
                WheelMessage.Read(message);
                input.Post(message);
                break;
            case MessageType.Focus:
                FocusMessage.Read(message);
                input.Post(message);
                break;
            case MessageType.Held when HeldInput.IsValid(message):
                input.Post(message);
                break;
            case MessageType.ConsoleInput:
                Answer(SandboxMessages.ReadText(message, MessageType.ConsoleInput));
                break;
            case MessageType.KeyframeRequest:
                pump.RequestKeyframe();
                break;
            case MessageType.Ping:
                outbox.Post(SandboxMessages.Pong(message, (uint)(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000))));
                break;
            case MessageType.File:
                phases.Given();
                WriteFile(message);
                break;
            case MessageType.Start:
                phases.Given();
                StartGame(ExecutorMessages.ReadStart(message), message);
                break;
            case MessageType.Stop:
                Stop(ExecutorMessages.ReadStop(message));
                break;
            case MessageType.Viewers:
                (ushort count, byte fps) = ExecutorMessages.ReadViewers(message);
                bool more = count > viewers;
                viewers = count;
                pump.SetViewers(count == 0 ? 0 : fps, more);
                sound.SetListeners(count > 0);
                break;
        }
    }

    private void WriteFile(ReadOnlySpan<byte> message)
    {
        (string path, int offset) = ExecutorMessages.ReadFile(message);
        lock (gate)
        {
            if (started)
            {
                // From now on the game owns the directory and could have placed links in it.
                throw new ProtocolException("A file after Start.");
            }
        }

        try
        {
            string full = Path.Combine(options.Work, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using FileStream file = new(full, FileMode.Create, FileAccess.Write, FileShare.None, 0);
            file.Write(message[offset..]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory is full, or a name is too long for it: a named end, not a lost link.
            Program.Complain(e.Message);
            lock (gate)
            {
                projectDoesNotFit = true;
            }

            process.Kill();
        }
    }

    private void StartGame(StartMessage start, ReadOnlySpan<byte> message)
    {
        lock (gate)
        {
            if (started || stopAsked || projectDoesNotFit)
            {
                return;
            }

            started = true;
        }

        console.SetRate(start.ConsoleBytesPerSecond);
        sound.Enabled = start.Audio;
        Phase(StartPhases.Files);
        if (meter?.SeesGroup == true)
        {
            // Says, before the game can do anything about it, that reports will come: from then on silence counts against it.
            PostUse(new SandboxUse(0.001, 0, 0, 0));
        }

        if (!control.TrySend(message))
        {
            Program.Complain("Python did not take the start.");
        }
    }

    private void Answer(string line)
    {
        lock (gate)
        {
            if (!stdinClosed)
            {
                // The pipe holds 64 KiB: an answer is lost only if that many wait unread.
                Libc.Write(process.Descriptors.Input, Encoding.UTF8.GetBytes(line.ReplaceLineEndings(" ") + "\n"));
            }
        }
    }

    private void CloseStdin()
    {
        lock (gate)
        {
            if (!stdinClosed)
            {
                stdinClosed = true;
                _ = Libc.Close(process.Descriptors.Input);
            }
        }
    }

    private void KillAfterGrace()
    {
        lock (gate)
        {
            killedAfterGrace = true;
        }

        process.Kill();
    }

    private void Flooded(Flood by)
    {
        lock (gate)
        {
            // On its way out it may say what it likes.
            flood = stopAsked ? Flood.None : by;
        }

        process.Kill();
    }

    private void Exited(ProcessExit how)
    {
        grace?.Dispose();
        statistics?.Dispose();
        use?.Dispose();
        exit = how;
        gone.Set();
        over.Set();
    }

    private void LinkFailed()
    {
        if (!over.IsSet)
        {
            linkLost = true;
            over.Set();
        }
    }

    private void Phase(string name)
    {
        lock (gate)
        {
            phases.Reached(name);
            if (!stopAsked)
            {
                PostState(name == StartPhases.Files ? "starting" : "running");
            }
        }
    }

    private void PostState(string state) => outbox.Post(SandboxMessages.Json(
        MessageType.State, new SessionStateMessage(state, phases.Micros(), Held: true), ProtocolJson.Default.SessionStateMessage));

    private void PostUse(CpuMeter measured)
    {
        if (measured.Read() is { } used)
        {
            PostUse(used);
        }
    }

    private void PostUse(SandboxUse used) => outbox.Post(SandboxMessages.Json(MessageType.Use, used, ProtocolJson.Default.SandboxUse));

    private void PostStatistics(FrameStatistics counted)
    {
        if (Interlocked.Exchange(ref question, null) is { } prompt)
        {
            Ask(prompt);
        }

        outbox.Post(SandboxMessages.Json(MessageType.Stats, counted.Take(), ProtocolJson.Default.SandboxStats));
    }
}
