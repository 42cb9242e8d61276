using System.Collections.Concurrent;
using Npgsql;

namespace PixelGameDev.Benchmarks.Health;

/// <summary>The results of one interval of requests and one delay of every dependency.</summary>
/// <param name="Delay">The delay of each answer of each dependency, seconds.</param>
/// <param name="Every">Seconds between two requests.</param>
/// <param name="Service">Api or Executor.</param>
/// <param name="Asked">The number of requests.</param>
/// <param name="Unhealthy">The number of answers that report something as unhealthy.</param>
/// <param name="P50">The median time of an answer, ms.</param>
/// <param name="Max">The longest time of an answer, ms.</param>
internal sealed record HealthRow(double Delay, double Every, string Service, int Asked, int Unhealthy, double P50, double Max);

/// <summary>A dependency that failed while all health is read twenty times a second.</summary>
/// <param name="What">The dependency, and how it failed.</param>
/// <param name="Seconds">Seconds until the service that needs it reported unhealthy.</param>
/// <param name="Back">Seconds until the service reported healthy again.</param>
/// <param name="Max">The slowest answer meanwhile, ms.</param>
internal sealed record GoneRow(string What, double Seconds, double Back, double Max);

internal sealed record HealthResults(double Minutes, IReadOnlyList<HealthRow> Slow, IReadOnlyList<GoneRow> Gone);
