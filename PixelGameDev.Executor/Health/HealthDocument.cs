using System.Text.Json.Serialization;

namespace PixelGameDev.Executor.Health;

/// <summary>The document of <c>/api/health</c>. Monitors rely on its names.</summary>
internal sealed record HealthDocument(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("service")] string Service,
    [property: JsonPropertyName("version")] string Version,
    [property: JsonPropertyName("timestamp")] string Timestamp,
    [property: JsonPropertyName("environment")] string Environment,
    [property: JsonPropertyName("system")] HealthSystem System,
    [property: JsonPropertyName("game_sessions")] HealthSessions GameSessions,
    [property: JsonPropertyName("checks")] HealthChecks Checks,
    [property: JsonPropertyName("sandbox")] HealthSandbox Sandbox,
    [property: JsonPropertyName("memory")] HealthMemory Memory,
    [property: JsonPropertyName("reasons"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Reasons);

/// <param name="Resident">The memory of the Executor's own process in bytes.</param>
/// <param name="HeapUsed">The managed heap in bytes, a part of it.</param>
internal sealed record HealthMemory(
    [property: JsonPropertyName("rss")] long Resident,
    [property: JsonPropertyName("heap_used")] long HeapUsed);

internal sealed record HealthSystem(
    [property: JsonPropertyName("cpu_count")] int CpuCount,
    [property: JsonPropertyName("memory_total")] long MemoryTotal,
    [property: JsonPropertyName("memory_available")] long MemoryAvailable,
    [property: JsonPropertyName("disk_usage")] double DiskUsage);

/// <param name="ActiveCount">The number of sessions that run or start.</param>
/// <param name="MaxAllowed"><c>MAX_CONCURRENT_SESSIONS</c>: the maximum number of sessions.</param>
/// <param name="Warm">The number of ready sandboxes.</param>
/// <param name="WarmWanted">The wanted number of ready sandboxes: higher than <paramref name="Warm"/> while the pool fills.</param>
/// <param name="Draining">Whether the Executor is drained.</param>
/// <param name="Sessions">The ids of the running sessions.</param>
internal sealed record HealthSessions(
    [property: JsonPropertyName("active_count")] int ActiveCount,
    [property: JsonPropertyName("max_allowed")] int MaxAllowed,
    [property: JsonPropertyName("warm")] int Warm,
    [property: JsonPropertyName("warm_wanted")] int WarmWanted,
    [property: JsonPropertyName("draining")] bool Draining,
    [property: JsonPropertyName("sessions")] IReadOnlyList<Guid> Sessions);

internal sealed record HealthChecks(
    [property: JsonPropertyName("docker_available")] bool DockerAvailable,
    [property: JsonPropertyName("docker_daemon")] bool DockerDaemon,
    [property: JsonPropertyName("game_executor_image")] bool GameExecutorImage,
    [property: JsonPropertyName("force_docker_mode")] bool ForceDockerMode);

/// <summary>
/// The kind of the sandboxes, whether a sandbox is available now, and the parts of the policy that this machine does not support.
/// </summary>
internal sealed record HealthSandbox(
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("ready")] bool Ready,
    [property: JsonPropertyName("state"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? State,
    [property: JsonPropertyName("gaps"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Gaps);
