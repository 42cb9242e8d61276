using System.Text.Json;
using System.Text.Json.Serialization;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Where an uncaught exception happened; <see cref="Source"/> is the line's text.</summary>
public sealed record ErrorFrame(string File, int Line, string Function, string? Source);

/// <summary>Payload of <see cref="MessageType.Error"/>; file and line are the learner's own, 1-based.</summary>
public sealed record ErrorReport(
    string Type, string Message, string? File, int? Line, int? Column, IReadOnlyList<ErrorFrame> Frames, string Text);

/// <summary>Payload of <see cref="MessageType.Ended"/>; <see cref="Reason"/> is one of <see cref="EndReasons"/>.</summary>
public sealed record SessionEnded(string Reason, string Message, string? Detail, int? ExitCode);

/// <summary>Payload of <see cref="MessageType.Stats"/>: figures of the last second.</summary>
public sealed record SandboxStats(double Fps, int Captured, int Encoded, int EncodeMicros, long Bytes, int Dropped, int GameMicros);

/// <summary>Payload of <see cref="MessageType.Use"/>: what the whole sandbox used of the processors since the last message.</summary>
/// <param name="Seconds">Length of the interval, seconds; more than 0.</param>
/// <param name="Processors">Average number of processors used; 0 or more.</param>
/// <param name="Throttled">Share of the interval's periods (0.1 s each) in which the sandbox wanted more than its limit, 0 … 1.</param>
/// <param name="Switches">How often per second one of its threads was put on a processor; 0 or more.</param>
public sealed record SandboxUse(double Seconds, double Processors, double Throttled, double Switches);

/// <summary>
/// Payload of <see cref="MessageType.State"/>; phases are µs since the sandbox received the session. <paramref name="Held"/>: the
/// sandbox understands <see cref="MessageType.Held"/>, so a page may send it. <paramref name="Waiting"/>: the session waits for a sandbox,
/// and this number of starts comes before it; only the Executor sends it, and only with the state <c>starting</c>. <paramref
/// name="Pointers"/>: the sandbox understands <see cref="MessageType.MouseTurn"/>, <see cref="MessageType.MouseInside"/>, <see
/// cref="MessageType.Fingers"/>, <see cref="MessageType.Gamepad"/>, five mouse buttons and fractions of the wheel.
/// <paramref name="Text"/>: the sandbox understands <see cref="MessageType.Text"/>. <paramref name="Clipboard"/>: it understands <see
/// cref="MessageType.Paste"/>.
/// </summary>
public sealed record SessionStateMessage(
    string State, IReadOnlyDictionary<string, long>? Phases = null, bool? Held = null, int? Waiting = null, bool? Pointers = null,
    bool? Text = null, bool? Clipboard = null);

/// <summary>
/// JSON after the version in <see cref="MessageType.Hello"/>. <paramref name="Held"/>: GameHost understands <see cref="MessageType.Held"/>.
/// </summary>
public sealed record HelloInfo(string Pygame, string Python, int Pid, bool? Held = null);

/// <summary>Payload of <see cref="MessageType.Start"/>.</summary>
/// <param name="Entry">The file that starts.</param>
/// <param name="ConsoleBytesPerSecond">Most bytes of console text in a second.</param>
/// <param name="Audio">Whether to send sound.</param>
/// <param name="SavedBytes">Most bytes of files that are kept for the player; 0: GameHost reports no files.</param>
/// <param name="Saved">The paths of those files that an earlier session has saved; null: none.</param>
public sealed record StartMessage(
    string Entry, int ConsoleBytesPerSecond = 65536, bool Audio = true, int SavedBytes = 0, IReadOnlyList<string>? Saved = null);

/// <summary>Holds the source-generated JSON (camelCase) of every message; works in ahead-of-time compilation.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(SessionEnded))]
[JsonSerializable(typeof(SandboxStats))]
[JsonSerializable(typeof(SandboxUse))]
[JsonSerializable(typeof(SessionStateMessage))]
[JsonSerializable(typeof(HelloInfo))]
[JsonSerializable(typeof(StartMessage))]
[JsonSerializable(typeof(NotSavedMessage))]
[JsonSerializable(typeof(SeatsMessage))]
public sealed partial class ProtocolJson : JsonSerializerContext;
