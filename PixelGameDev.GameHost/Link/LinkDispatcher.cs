using System.Diagnostics;
using PixelGameDev.GameHost.Audio;
using PixelGameDev.GameHost.Capture;
using PixelGameDev.GameHost.Input;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Link;

/// <summary>Reads the link and passes each message to its part.</summary>
/// <param name="reader">The link; it checks type, route and length.</param>
/// <param name="input">Gets keys and mouse.</param>
/// <param name="answers">Gets the lines for <c>input()</c>.</param>
/// <param name="pump">Learns the number of viewers and the frame rate.</param>
/// <param name="sound">Learns whether there is a listener.</param>
/// <param name="outbox">Takes the answers to pings.</param>
/// <param name="game">Gets files, start and stop.</param>
/// <param name="linkLost">Called once, when the link ends.</param>
internal sealed class LinkDispatcher(
    LinkReader reader, InputFeeder input, GameInputPipe answers, FramePump pump, SoundPump sound, Outbox outbox, IGameStarter game,
    Action linkLost)
{
    private ushort _viewers;

    /// <summary>Begins to read, on its own thread.</summary>
    public void Start() => new Thread(Run, 512 * 1024) { IsBackground = true, Name = "link" }.Start();

    private void Run()
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
            Program.WriteError(e.Message);
        }

        linkLost();
    }

    private void Dispatch(ReadOnlySpan<byte> message)
    {
        MessageRules.CheckContent(message);
        switch ((MessageType)message[0])
        {
            case MessageType.ConsoleInput:
                answers.WriteLine(ConsoleInputMessage.Read(message));
                break;
            case var type when MessageRules.IsInput(type):
                input.Post(message);
                break;
            case MessageType.KeyframeRequest:
                pump.RequestKeyframe();
                break;
            case MessageType.Ping:
                outbox.Post(SandboxMessages.Pong(message, (uint)(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000))));
                break;
            case MessageType.File:
                game.WriteFile(message);
                break;
            case MessageType.Start:
                game.Start(message);
                break;
            case MessageType.Stop:
                game.Stop(ExecutorMessages.ReadStop(message));
                break;
            case MessageType.Viewers:
                SetViewers(ExecutorMessages.ReadViewers(message));
                break;
        }
    }

    private void SetViewers((ushort Count, byte MaxFps) watching)
    {
        bool more = watching.Count > _viewers;
        _viewers = watching.Count;
        pump.SetViewers(watching.Count == 0 ? 0 : watching.MaxFps, more);
        sound.SetListeners(watching.Count > 0);
    }
}
