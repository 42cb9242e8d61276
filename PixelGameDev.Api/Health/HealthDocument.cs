using System.Text.Json.Serialization;

namespace PixelGameDev.Api.Health;

/// <summary>
/// The document of <c>GET /api/health</c>. Monitors rely on its names and shape. <see cref="Reasons"/> is present only when background work
/// has failed, and names that work.
/// </summary>
internal sealed record HealthDocument(
    string Status,
    string Service,
    string Version,
    string Timestamp,
    string Environment,
    long Uptime,
    MemoryFigures Memory,
    DependencyStates Dependencies,
    DependencyChecks Checks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Reasons);

/// <summary>Memory use in bytes.</summary>
internal sealed record MemoryFigures(long Rss, long HeapUsed);

/// <summary>The state of each dependency: <c>healthy</c> or <c>unhealthy</c>.</summary>
internal sealed record DependencyStates(string Database, string Executor);

/// <summary>The state of each dependency as a truth value, and whether the Executor reaches Docker.</summary>
internal sealed record DependencyChecks(bool Database, bool Executor, bool Docker);

/// <summary>
/// The document of <c>GET /api/info</c>: what the page needs to know about this server. <paramref name="SignUp"/> is <c>open</c>,
/// <c>invitation</c> or <c>closed</c>. <paramref name="Gallery"/> is <c>off</c>, <c>members</c> or <c>public</c>.
/// </summary>
internal sealed record InfoDocument(string Version, string? Sandbox, string SignUp, string Gallery, InfoLimits Limits);

/// <summary>The limits that the page shows, in bytes, counts and seconds.</summary>
internal sealed record InfoLimits(
    int CodeBytes, int FileBytes, int ProjectBytes, int FilesPerProject, int Projects, int PathLength, int PathDepth, int SessionSeconds,
    int RecordingSeconds);
