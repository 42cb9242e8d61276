using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.SavedFiles;

/// <summary>A file that a game has saved for its player, in a list.</summary>
/// <param name="Path">Its path in the project.</param>
/// <param name="Size">Bytes.</param>
/// <param name="SavedAt">When it was stored.</param>
/// <param name="Used">False if the project's own file has changed since; the next run gets that one.</param>
internal sealed record SavedFileInfo(string Path, int Size, DateTimeOffset SavedAt, bool Used);

/// <summary>Answer of <c>GET /api/projects/{id}/saved</c>.</summary>
/// <param name="Files">The files, by path.</param>
/// <param name="MaxBytes">How much is kept for one player of one project, bytes.</param>
/// <param name="MaxFiles">How many files are kept.</param>
internal sealed record SavedFileList(IReadOnlyList<SavedFileInfo> Files, int MaxBytes, int MaxFiles);

/// <summary>Holds what a run gets of earlier runs.</summary>
/// <param name="Files">The saved files that are still used.</param>
/// <param name="Bytes">How many bytes the run may keep.</param>
/// <param name="Earlier">Sessions of the same player and project whose record has no end.</param>
internal sealed record SavedForRun(IReadOnlyList<SessionFile> Files, int Bytes, IReadOnlyList<EarlierSession> Earlier);

/// <summary>Holds a session that may still save files.</summary>
internal sealed record EarlierSession(Guid Id, string? Executor, bool StopRequested);
