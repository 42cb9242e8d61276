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
internal sealed class GameHostRunner : IGameEvents
{
    private static readonly TimeSpan FinalMessageTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How long the traceback of a dead game is waited for.</summary>
    private static readonly TimeSpan FinalReportTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Times a second that the game may ask for a line of input; and from when on it is a flood.</summary>
    private const int MaxQuestionsPerSecond = 50;
    private const int QuestionFloodPerSecond = 1000;

    private readonly GameHostOptions _options;
    private readonly LinkReader _reader;
    private readonly LinkWriter _writer;
    private readonly Outbox _outbox;
    private readonly SharedFrames _frames = new();
    private readonly FramePump _pump;
    private readonly GameProcess _process;
    private readonly ControlChannel _control;
    private readonly ConsolePump _console;
    private readonly InputFeeder _input;
    private readonly SoundPump _sound;
    private readonly ManualResetEventSlim _finished = new();
    private readonly ManualResetEventSlim _processExited = new();
    private readonly Lock _gate = new();
    private readonly StartPhases _phases = new(TimeProvider.System);
    private readonly long _oomBefore = OomCounter.Read();

    /// <summary>
    /// Opened before anything of the game runs; null where this is not a sandbox with processes and a control group of its own.
    /// </summary>
    private readonly CpuMeter? _meter = Environment.ProcessId == 1 ? new() : null;

    private Timer? _grace;
    private PeriodicTimer? _statistics;
    private PeriodicTimer? _use;
    private ushort _viewers;
    private int _questions;
    private long _questionsSince;
    private string? _unaskedPrompt;
    private bool _warm;
    private bool _started;
    private bool _stopAsked;
    private bool _killedAfterGrace;
    private Flood _flood;
    private bool _projectDoesNotFit;
    private volatile bool _linkLost;
    private bool _stdinClosed;
    private GameResult? _result;
    private ProcessExit _exit;

    public GameHostRunner(GameHostOptions options, Stream receive, Stream send)
    {
        _options = options;
        _reader = new LinkReader(receive, MessageRoute.ExecutorToSandbox | MessageRoute.PageToSandbox);
        _writer = new LinkWriter(send);
        _outbox = new Outbox(_writer, MarkLinkLost);
        _pump = new FramePump(_frames, _writer, MarkLinkLost, () => MarkPhase(StartPhases.FirstFrame));
        _process = GameProcess.Start(options, _frames.Descriptor, _pump.Signal, MarkProcessExited);
        GameDescriptors descriptors = _process.Descriptors;
        _control = new ControlChannel(descriptors.Control, this);
        _console = new ConsolePump(descriptors.Output, descriptors.Error, _outbox.Post, () => KillForFlood(Flood.Printing));
        _input = new InputFeeder(_control);
        _sound = new SoundPump(descriptors.Sound, _outbox.Post);
    }

    /// <summary>Runs until the session is over; the process's exit code: 0, or 1 when the link was lost.</summary>
    public int Run()
    {
        _console.Start();
        _control.Start();
        _pump.Start();
        _sound.Start();
        new Thread(ReadLink, 512 * 1024) { IsBackground = true, Name = "link" }.Start();

        _finished.Wait();
        if (_linkLost)
        {
            _process.Kill();
            _processExited.Wait(FinalMessageTimeout);
            return 1;
        }

        // The game is dead, but what it said last may still lie in the socket: its traceback and its result.
        if (!_control.WaitForEnd(FinalReportTimeout))
        {
            Program.WriteError("What the game said last was not read in time.");
        }

        _console.Drain();
        _pump.Stop(FinalMessageTimeout);
        SessionEnded ended;
        lock (_gate)
        {
            ended = EndReport.Of(new EndFacts(
                _exit, _result, _warm, _started, _stopAsked, _killedAfterGrace, _flood, OomCounter.Read() > _oomBefore,
                _projectDoesNotFit));
        }

        _outbox.Post(SandboxMessages.Json(MessageType.Ended, ended, ProtocolJson.Default.SessionEnded));
        return _outbox.Complete(FinalMessageTimeout) && !_linkLost ? 0 : 1;
    }

    /// <summary>Ends the game: QUIT, <paramref name="graceMillis"/> of time, then kill.</summary>
    public void Stop(uint graceMillis)
    {
        lock (_gate)
        {
            if (_stopAsked)
            {
                return;
            }

            _stopAsked = true;
            PostState("stopping");
            if (!_started)
            {
                _process.Kill();
                return;
            }

            _grace = new Timer(_ => KillAfterGrace(), null, graceMillis, Timeout.Infinite);
        }

        _input.Post(ExecutorMessages.Stop(graceMillis));

        // A game that waits in input() sees the end of its input instead of an answer.
        CloseStdin();
    }

    void IGameEvents.Warm(HelloInfo info)
    {
        lock (_gate)
        {
            if (_warm)
            {
                return;
            }

            _warm = true;
        }

        _outbox.Post(SandboxMessages.Hello(info with { Pid = Environment.ProcessId, Held = true }));
    }

    void IGameEvents.Running()
    {
        if (_statistics is not null)
        {
            return; // once; the game itself could say it again and again
        }

        MarkPhase(StartPhases.Code);
        FrameStatistics counted = new(() => _pump.Counts, _frames);
        _ = RepeatAsync(TimeSpan.Zero, _statistics = new PeriodicTimer(TimeSpan.FromSeconds(1)), () => PostStatistics(counted));
        if (_meter is not null)
        {
            // What was used while it waited in the pool does not count. A game that only disturbs the others is soon found out.
            _meter.Read();
            _use = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
            _ = RepeatAsync(TimeSpan.FromMilliseconds(100), _use, () => PostUse(_meter));
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

    void IGameEvents.Caption(string text) => _outbox.Post(SandboxMessages.Text(MessageType.Caption, text));

    void IGameEvents.Cursor(bool visible, bool grabbed) => _outbox.Post(SandboxMessages.Cursor(visible, grabbed));

    void IGameEvents.InputRequested(string prompt)
    {
        long now = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_questionsSince, now).TotalSeconds >= 1)
        {
            _questions = 0;
            _questionsSince = now;
        }

        if (++_questions > MaxQuestionsPerSecond)
        {
            // Nobody answers that fast. The last one is asked with the next statistics, in case somebody still may.
            Volatile.Write(ref _unaskedPrompt, prompt);
            if (_questions == QuestionFloodPerSecond)
            {
                KillForFlood(Flood.Asking);
            }

            return;
        }

        Ask(prompt);
    }

    private void Ask(string prompt)
    {
        _console.Drain();
        _outbox.Post(SandboxMessages.Text(MessageType.InputRequest, prompt));
    }

    void IGameEvents.Failed(ErrorReport report)
    {
        _console.Drain();
        lock (_gate)
        {
            if (_stopAsked)
            {
                // It was told to stop: what breaks on the way out is worth a line in the console, not an alarm; and that
                // input() has ended is our own doing.
                if (report.Type != "EOFError")
                {
                    _outbox.Post(SandboxMessages.Console(ConsoleKind.Error, Truncate(report.Text)));
                }

                return;
            }
        }

        byte[] message = SandboxMessages.Json(MessageType.Error, report, ProtocolJson.Default.ErrorReport);
        if (message.Length > MessageRules.MaxJsonBytes)
        {
            // The runtime sends no such report, a game may. It must not end the session as a broken rule.
            ErrorReport shorter = report with { Frames = [], Message = Truncate(report.Message ?? ""), Text = Truncate(report.Text) };
            message = SandboxMessages.Json(MessageType.Error, shorter, ProtocolJson.Default.ErrorReport);
        }

        _outbox.Post(message);
    }

    void IGameEvents.Finishing(GameResult finishing)
    {
        lock (_gate)
        {
            _result ??= finishing;
        }
    }

    void IGameEvents.Sound(SoundFormat format) => _sound.SetFormat(format);

    private static string Truncate(string text) => text.Length > 16_000 ? text[..16_000] : text;

    private void ReadLink()
    {
        try
        {
            while (_reader.Read() is { IsEmpty: false } message)
            {
                Dispatch(message.Span);
            }
        }
        catch (Exception e) when (e is IOException or ProtocolException or UnauthorizedAccessException)
        {
            Program.WriteError(e.Message);
        }

        MarkLinkLost();
    }

    private void Dispatch(ReadOnlySpan<byte> message)
    {
        switch ((MessageType)message[0])
        {
            case MessageType.Key:
                KeyMessage.Read(message);
                _input.Post(message);
                break;
            case MessageType.MouseMove:
                MouseMoveMessage.Read(message);
                _input.Post(message);
                break;
            case MessageType.MouseButton:
                MouseButtonMessage.Read(message);
                _input.Post(message);
                break;
            case MessageType.Wheel:
                WheelMessage.Read(message);
                _input.Post(message);
                break;
            case MessageType.Focus:
                FocusMessage.Read(message);
                _input.Post(message);
                break;
            case MessageType.Held when HeldInput.IsValid(message):
                _input.Post(message);
                break;
            case MessageType.ConsoleInput:
                WriteToStdin(SandboxMessages.ReadText(message, MessageType.ConsoleInput));
                break;
            case MessageType.KeyframeRequest:
                _pump.RequestKeyframe();
                break;
            case MessageType.Ping:
                _outbox.Post(SandboxMessages.Pong(message, (uint)(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000))));
                break;
            case MessageType.File:
                _phases.StartClock();
                WriteFile(message);
                break;
            case MessageType.Start:
                _phases.StartClock();
                StartGame(ExecutorMessages.ReadStart(message), message);
                break;
            case MessageType.Stop:
                Stop(ExecutorMessages.ReadStop(message));
                break;
            case MessageType.Viewers:
                (ushort count, byte fps) = ExecutorMessages.ReadViewers(message);
                bool more = count > _viewers;
                _viewers = count;
                _pump.SetViewers(count == 0 ? 0 : fps, more);
                _sound.SetListeners(count > 0);
                break;
        }
    }

    private void WriteFile(ReadOnlySpan<byte> message)
    {
        (string path, int offset) = ExecutorMessages.ReadFile(message);
        lock (_gate)
        {
            if (_started)
            {
                // From now on the game owns the directory and could have placed links in it.
                throw new ProtocolException("A file after Start.");
            }
        }

        try
        {
            string full = Path.Combine(_options.Work, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using FileStream file = new(full, FileMode.Create, FileAccess.Write, FileShare.None, 0);
            file.Write(message[offset..]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory is full, or a name is too long for it: a named end, not a lost link.
            Program.WriteError(e.Message);
            lock (_gate)
            {
                _projectDoesNotFit = true;
            }

            _process.Kill();
        }
    }

    private void StartGame(StartMessage start, ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            if (_started || _stopAsked || _projectDoesNotFit)
            {
                return;
            }

            _started = true;
        }

        _console.SetRate(start.ConsoleBytesPerSecond);
        _sound.Enabled = start.Audio;
        MarkPhase(StartPhases.Files);
        if (_meter?.SeesGroup == true)
        {
            // Says, before the game can do anything about it, that reports will come: from then on silence counts against it.
            PostUse(new SandboxUse(0.001, 0, 0, 0));
        }

        if (!_control.TrySend(message))
        {
            Program.WriteError("Python did not take the start.");
        }
    }

    private void WriteToStdin(string line)
    {
        lock (_gate)
        {
            if (!_stdinClosed)
            {
                // The pipe holds 64 KiB: an answer is lost only if that many wait unread.
                Libc.Write(_process.Descriptors.Input, Encoding.UTF8.GetBytes(line.ReplaceLineEndings(" ") + "\n"));
            }
        }
    }

    private void CloseStdin()
    {
        lock (_gate)
        {
            if (!_stdinClosed)
            {
                _stdinClosed = true;
                _ = Libc.Close(_process.Descriptors.Input);
            }
        }
    }

    private void KillAfterGrace()
    {
        lock (_gate)
        {
            _killedAfterGrace = true;
        }

        _process.Kill();
    }

    private void KillForFlood(Flood by)
    {
        lock (_gate)
        {
            // On its way out it may say what it likes.
            _flood = _stopAsked ? Flood.None : by;
        }

        _process.Kill();
    }

    private void MarkProcessExited(ProcessExit how)
    {
        _grace?.Dispose();
        _statistics?.Dispose();
        _use?.Dispose();
        _exit = how;
        _processExited.Set();
        _finished.Set();
    }

    private void MarkLinkLost()
    {
        if (!_finished.IsSet)
        {
            _linkLost = true;
            _finished.Set();
        }
    }

    private void MarkPhase(string name)
    {
        lock (_gate)
        {
            _phases.MarkReached(name);
            if (!_stopAsked)
            {
                PostState(name == StartPhases.Files ? "starting" : "running");
            }
        }
    }

    private void PostState(string state) => _outbox.Post(SandboxMessages.Json(
        MessageType.State, new SessionStateMessage(state, _phases.Micros(), Held: true), ProtocolJson.Default.SessionStateMessage));

    private void PostUse(CpuMeter measured)
    {
        if (measured.Read() is { } used)
        {
            PostUse(used);
        }
    }

    private void PostUse(SandboxUse used) => _outbox.Post(SandboxMessages.Json(MessageType.Use, used, ProtocolJson.Default.SandboxUse));

    private void PostStatistics(FrameStatistics counted)
    {
        if (Interlocked.Exchange(ref _unaskedPrompt, null) is { } prompt)
        {
            Ask(prompt);
        }

        _outbox.Post(SandboxMessages.Json(MessageType.Stats, counted.Read(), ProtocolJson.Default.SandboxStats));
    }
}
