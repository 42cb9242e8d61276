using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text.Json;

namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>Chooses the Executor of a new session by the free places that the Executors' health last told.</summary>
/// <remarks>
/// An Executor with twice the free places gets twice the sessions. The emptiest one does not get them all: several Apis choose at the same
/// time, from news that is up to some seconds old.
/// </remarks>
internal sealed class ExecutorPlacement(IReadOnlyList<string> names)
{
    /// <summary>The free places of an Executor that has told nothing, because it has an older version or has not answered yet.</summary>
    private const int Unknown = 1;

    private readonly ConcurrentDictionary<string, int> _free = new(StringComparer.Ordinal);

    /// <summary>Records the free places of an Executor; null: it told none.</summary>
    public void Report(string executor, int? free) => _free[executor] = free ?? Unknown;

    /// <summary>Records that a session was given to an Executor, so that it counts before the next news.</summary>
    public void Take(string executor) => _free.AddOrUpdate(executor, 0, static (_, free) => Math.Max(0, free - 1));

    /// <summary>
    /// Returns the chosen Executor, followed by the others for the case that it has no place after all: those with the most free places
    /// first. The last bytes of the session's id, which are random, decide.
    /// </summary>
    public IReadOnlyList<string> Order(Guid session)
    {
        Span<byte> bytes = stackalloc byte[16];
        session.TryWriteBytes(bytes);
        uint random = BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);
        int[] free = [.. names.Select(name => _free.GetValueOrDefault(name, Unknown))];
        long all = free.Sum(static places => (long)places);
        int chosen = 0;
        if (all == 0)
        {
            chosen = (int)(random % (uint)names.Count);
        }
        else
        {
            for (long place = random % all; place >= free[chosen]; chosen++)
            {
                place -= free[chosen];
            }
        }

        return
        [
            names[chosen],
            .. Enumerable.Range(0, names.Count).Where(index => index != chosen).OrderByDescending(index => free[index])
                .Select(index => names[index]),
        ];
    }

    /// <summary>Reads the free places from an Executor's health; null: they are not in it.</summary>
    public static int? FreePlaces(JsonElement health)
    {
        // Sample: "game_sessions": {"active_count":3,"max_allowed":5,"draining":false}
        if (!health.TryGetProperty("game_sessions", out JsonElement sessions) || sessions.ValueKind != JsonValueKind.Object
            || !TryRead(sessions, "active_count", out int active) || !TryRead(sessions, "max_allowed", out int most))
        {
            return null;
        }

        return sessions.TryGetProperty("draining", out JsonElement draining) && draining.ValueKind == JsonValueKind.True
            ? 0 : Math.Max(0, most - active);
    }

    private static bool TryRead(JsonElement element, string name, out int value)
    {
        value = 0;
        return element.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number
            && number.TryGetInt32(out value);
    }
}
