using PixelGameDev.GameHost.Audio;
using PixelGameDev.GameHost.Capture;
using PixelGameDev.GameHost.Console;
using PixelGameDev.GameHost.Game;
using PixelGameDev.GameHost.Input;
using PixelGameDev.GameHost.Link;
using PixelGameDev.GameHost.SavedFiles;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost;

/// <summary>Runs one session: one Python process, one game, one link.</summary>
/// <remarks>
/// Step 1: start Python, wait until it is warm, send Hello. Step 2: take files and Start. Step 3: pass on input to the game; frames, sound
/// and console from it. Step 4: the game ends, by itself or on request; kill what it left. Step 5: send the rest, then Ended.
/// <para>
/// Threads: <c>main</c> waits here for the end; <c>link</c> reads the link (<see cref="LinkDispatcher"/>); <c>control</c> reads what the
/// game's process reports (<see cref="ControlChannel"/>); <c>frames</c> encodes pictures and writes them to the link
/// (<see cref="FramePump"/>); <c>sound</c> (<see cref="SoundPump"/>); <c>console</c> (<see cref="ConsolePump"/>); <c>outbox</c> writes
/// everything but pictures to the link (<see cref="Outbox"/>); <c>reaper</c> waits for the end of processes (<see cref="GameProcess"/>).
/// Only <c>frames</c> and <c>outbox</c> wait for a slow link.
/// </para>
/// </remarks>
internal sealed class GameHostRunner : IGameStarter
{
    /// <summary>Longest time to send the last picture, and to send the last messages with Ended.</summary>
    private static readonly TimeSpan FinalMessageTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Longest wait for the traceback of a dead game.</summary>
    private static readonly TimeSpan FinalReportTimeout = TimeSpan.FromSeconds(2);

    private readonly GameHostOptions _options;
    private readonly Outbox _outbox;
    private readonly FramePump _pump;
    private readonly GameProcess _process;
    private readonly ControlChannel _control;
    private readonly ConsolePump _console;
    private readonly InputFeeder _input;
    private readonly GameInputPipe _answers;
    private readonly SoundPump _sound;
    private readonly StateReports _states;
    private readonly PeriodicReports _reports;
    private readonly SavedFileScanner _files;
    private readonly SavedFileReports _saved;
    private readonly LinkDispatcher _dispatcher;
    private readonly GameState _state = new();
    private readonly ManualResetEventSlim _finished = new();
    private readonly ManualResetEventSlim _processExited = new();
    private readonly long _oomBefore = OomCounter.Read();

    private Timer? _graceTimer;
    private volatile bool _linkLost;
    private ProcessExit _exit;

    /// <param name="options">The command line.</param>
    /// <param name="receive">The link, to read from.</param>
    /// <param name="send">The link, to write to.</param>
    public GameHostRunner(GameHostOptions options, Stream receive, Stream send)
    {
        _options = options;
        LinkReader reader = new(receive, MessageRoute.ExecutorToSandbox | MessageRoute.PageToSandbox);
        LinkWriter writer = new(send);
        SharedFrames frames = new();
        _outbox = new Outbox(writer, MarkLinkLost);
        _states = new StateReports(_outbox);
        _pump = new FramePump(frames, writer, MarkLinkLost, () => _states.MarkPhase(StartPhases.FirstFrame));
        _reports = new PeriodicReports(_outbox, () => _pump.Counts, frames);
        _files = new SavedFileScanner(options.Work, TimeProvider.System);
        _saved = new SavedFileReports(_files, _outbox);
        _process = GameProcess.Start(options, frames.Descriptor, _pump.Signal, MarkProcessExited);
        GameDescriptors descriptors = _process.Descriptors;
        _console = new ConsolePump(descriptors.Output, descriptors.Error, _outbox.Post, () => KillForFlood(Flood.Printing));
        _sound = new SoundPump(descriptors.Sound, _outbox.Post);
        _control = new ControlChannel(
            descriptors.Control, new GameEvents(_state, _outbox, _console, _sound, _states, _reports, KillForFlood));
        _input = new InputFeeder(_control);
        _answers = new GameInputPipe(descriptors.Input);
        _dispatcher = new LinkDispatcher(reader, _input, _answers, _pump, _sound, _outbox, this, MarkLinkLost);
    }

    /// <summary>Runs until the session is over.</summary>
    /// <returns>The process's exit code: 0, or 1 when the link was lost.</returns>
    public int Run()
    {
        _console.Start();
        _control.Start();
        _pump.Start();
        _sound.Start();
        _dispatcher.Start();

        _finished.Wait();
        if (_linkLost)
        {
            _process.Kill();
            _processExited.Wait(FinalMessageTimeout);
            return 1;
        }

        // The game is dead, but its traceback and its result may still lie in the socket.
        if (!_control.WaitForEnd(FinalReportTimeout))
        {
            Program.WriteError("The game's last reports were not read in time.");
        }

        _console.Drain();
        _saved.ReportLast();
        _pump.Stop(FinalMessageTimeout);
        SessionEnded ended = EndReport.Create(_state.ToFacts(_exit, outOfMemory: OomCounter.Read() > _oomBefore));
        _outbox.Post(SandboxMessages.Json(MessageType.Ended, ended, ProtocolJson.Default.SessionEnded));
        return _outbox.Complete(FinalMessageTimeout) && !_linkLost ? 0 : 1;
    }

    /// <inheritdoc/>
    public void Stop(uint graceMillis)
    {
        if (!_state.TryStop(out bool started))
        {
            return;
        }

        _states.MarkStopping();
        if (!started)
        {
            _process.Kill();
            return;
        }

        _graceTimer = new Timer(_ => KillAfterGrace(), null, graceMillis, Timeout.Infinite);
        _input.Post(ExecutorMessages.Stop(graceMillis));

        // A game that waits in input() gets the end of its input instead of an answer.
        _answers.Close();
    }

    void IGameStarter.WriteFile(ReadOnlySpan<byte> message)
    {
        _states.StartClock();
        (string path, int offset) = ExecutorMessages.ReadFile(message);
        if (_state.IsStarted)
        {
            // The game owns the directory now and could have placed links in it.
            throw new ProtocolException("A file after Start.");
        }

        try
        {
            string full = Path.Combine(_options.Work, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using FileStream file = new(full, FileMode.Create, FileAccess.Write, FileShare.None, 0);
            file.Write(message[offset..]);
            file.Dispose();
            _files.AddGiven(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory is full, or a name is too long for it. The session gets a named end instead of a lost link.
            Program.WriteError(e.Message);
            _state.MarkProjectDoesNotFit();
            _process.Kill();
        }
    }

    void IGameStarter.Start(ReadOnlySpan<byte> message)
    {
        _states.StartClock();
        StartMessage start = ExecutorMessages.ReadStart(message);
        if (!_state.TryStart())
        {
            return;
        }

        _console.SetRate(start.ConsoleBytesPerSecond);
        _sound.Enabled = start.Audio;
        _states.MarkPhase(StartPhases.Files);
        _reports.Announce();
        _files.Begin(start.SavedBytes, start.Saved ?? []);
        _saved.Start();
        if (!_control.TrySend(message))
        {
            Program.WriteError("Python did not take the start.");
        }
    }

    private void KillAfterGrace()
    {
        _state.MarkKilledAfterGrace();
        _process.Kill();
    }

    private void KillForFlood(Flood by)
    {
        _state.MarkFlood(by);
        _process.Kill();
    }

    private void MarkProcessExited(ProcessExit how)
    {
        _graceTimer?.Dispose();
        _reports.Dispose();
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
}
