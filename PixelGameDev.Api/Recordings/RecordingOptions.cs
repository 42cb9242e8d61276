namespace PixelGameDev.Api.Recordings;

/// <summary>Holds the setting of recordings.</summary>
/// <param name="Seconds"><c>RECORDING_SECONDS</c>: the length of a recording, seconds; 0: nothing is recorded.</param>
internal sealed record RecordingOptions(int Seconds);
