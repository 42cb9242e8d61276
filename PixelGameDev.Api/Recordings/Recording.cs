namespace PixelGameDev.Api.Recordings;

/// <summary>
/// A recording that is kept. <see cref="Name"/> is its SHA-256. <see cref="Size"/> is in bytes, <see cref="Width"/> and
/// <see cref="Height"/> in pixels. <see cref="Shown"/>: it shows the game.
/// </summary>
internal sealed record Recording(
    string Name, DateTimeOffset CreatedAt, int Size, int Width, int Height, int Millis, int Frames, bool Shown);

/// <summary>Where the file of a recording is stored: its SHA-256 and its size in bytes.</summary>
internal sealed record RecordingBlob(byte[] Hash, int Size)
{
    public string Name => Convert.ToHexStringLower(Hash);
}

/// <summary>Answer of <c>GET /api/projects/{id}/recordings</c>; <see cref="Most"/> is how many a project may have.</summary>
internal sealed record RecordingList(IReadOnlyList<Recording> Recordings, int Most);

/// <summary>Body of <c>POST /api/projects/{id}/recordings</c>: the session whose recording is kept.</summary>
internal sealed record KeepRecordingRequest(Guid Session);

/// <summary>Body of <c>PATCH /api/projects/{id}/recordings/{hash}</c>: whether this recording shows the game.</summary>
internal sealed record ShowRecordingRequest(bool Shown);
