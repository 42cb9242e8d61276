using System.Text.Json.Serialization;

namespace PixelGameDev.Api.Health;

/// <summary>
/// The document of <c>GET /api/health</c>; names and shape are the monitors' contract. <see cref="Reasons"/> is there only when background
/// work has died, and names it.
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

/// <summary>Bytes.</summary>
internal sealed record MemoryFigures(long Rss, long HeapUsed);

/// <summary>Each <c>healthy</c> or <c>unhealthy</c>.</summary>
internal sealed record DependencyStates(string Database, string Executor);

/// <summary>The same as yes and no, and whether the Executor reaches Docker.</summary>
internal sealed record DependencyChecks(bool Database, bool Executor, bool Docker);

/// <summary>The document of <c>GET /api/info</c>: what the page needs to know about this server.</summary>
internal sealed record InfoDocument(string Version, string? Sandbox, InfoLimits Limits);

/// <summary>Limits as the page tells them: bytes, counts, seconds.</summary>
internal sealed record InfoLimits(
    int CodeBytes, int FileBytes, int ProjectBytes, int FilesPerProject, int Projects, int PathLength, int PathDepth, int SessionSeconds);
