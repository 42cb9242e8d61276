using System.Collections.Concurrent;
using Npgsql;

namespace PixelGameDev.Benchmarks.Health;

/// <summary>One pace of asking while every dependency answers so late.</summary>
/// <param name="Delay">Of each answer of each dependency, seconds.</param>
/// <param name="Every">Seconds between two questions.</param>
/// <param name="Service">Api or Executor.</param>
/// <param name="Asked">Questions.</param>
/// <param name="Unhealthy">Answers that called something unhealthy.</param>
/// <param name="P50">Of the answer, ms.</param>
/// <param name="Max">Of the answer, ms.</param>
internal sealed record HealthRow(double Delay, double Every, string Service, int Asked, int Unhealthy, double P50, double Max);

/// <summary>A dependency that went away while everything is asked twenty times a second.</summary>
/// <param name="What">Which, and how it went.</param>
/// <param name="Seconds">Until the service that needs it said unhealthy.</param>
/// <param name="Back">Until it said healthy again, seconds.</param>
/// <param name="Max">The slowest answer meanwhile, ms.</param>
internal sealed record GoneRow(string What, double Seconds, double Back, double Max);

internal sealed record HealthResults(double Minutes, IReadOnlyList<HealthRow> Slow, IReadOnlyList<GoneRow> Gone);
