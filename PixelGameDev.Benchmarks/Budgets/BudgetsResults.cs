namespace PixelGameDev.Benchmarks.Budgets;

/// <summary>Memory of one service, MB (10⁶ bytes).</summary>
internal sealed record ServiceMemory(double Resident, double Heap);

/// <summary>One kind of hostile request.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Requests">The number of requests.</param>
/// <param name="Seconds">The time that they took.</param>
/// <param name="Statuses">The number of answers by status; 0 stands for a closed connection.</param>
/// <param name="Before">Memory before, by service.</param>
/// <param name="After">Memory after.</param>
internal sealed record FloodResult(
    string Kind, int Requests, double Seconds, IReadOnlyDictionary<int, int> Statuses,
    IReadOnlyDictionary<string, ServiceMemory> Before, IReadOnlyDictionary<string, ServiceMemory> After)
{
    /// <summary>Returns true when the memory of every service is at most a tenth more than before.</summary>
    public bool IsBack => Before.All(service => After[service.Key].Resident <= service.Value.Resident * 1.1);
}

/// <summary>The results of the benchmark.</summary>
/// <param name="QuotaBytes">Bytes that a guest had saved when it met its quota.</param>
/// <param name="QuotaStatus">The status of the answer to the next save.</param>
/// <param name="QuotaSentence">The sentence that the person reads then.</param>
/// <param name="Floods">One result for each kind.</param>
/// <param name="Silent">The results of a hundred viewers that never read; null: not measured.</param>
internal sealed record BudgetsResults(
    long QuotaBytes, int QuotaStatus, string QuotaSentence, IReadOnlyList<FloodResult> Floods, SilentResults? Silent = null);
